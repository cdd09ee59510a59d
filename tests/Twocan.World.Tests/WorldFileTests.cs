using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Worlds.Tests;

public sealed class WorldFileTests
{
    [Theory]
    [InlineData("buses: {coax: '10 Mbit/s, full duplex'}", "a--coax: at 0 m", "a bus is half duplex")]
    [InlineData("buses: {coax: '10 Mbit/s, loss 1 %'}", "a--coax: at 0 m", "belong to the links of its stations")]
    [InlineData("buses: {coax: '10 Mbit/s, 500 m'}", "a--coax: 100 Mbit/s", "a link to a bus has none of its own")]
    [InlineData("buses: {coax: '10 Mbit/s, 500 m'}", "a--coax: at 1 km", "beyond the end of coax, which is 500 m long")]
    [InlineData("hubs: [h]", "{a--h: half duplex, b--h: full duplex}", "the cables of a hub are all half duplex")]
    [InlineData(
        "hubs: [h]",
        "{a--h: '10 Mbit/s, half duplex', b--h: '100 Mbit/s, half duplex'}",
        "all half-duplex cables"
    )]
    [InlineData("hubs: [h]", "a--h: at 5 m", "'at' is for a link to a bus")]
    [InlineData("hubs: [h]", "a--h: '10 Gbit/s, half duplex'", "half duplex ends at 1 Gbit/s")]
    public void Wires_that_do_not_fit_together_are_told_with_their_place(string wire, string links, string says)
    {
        var text = $"""
            hosts:
              a: 10.0.0.1/24
              b: 10.0.0.2/24
            {wire}
            links: {(links[0] == '{' ? links : "{" + links + "}")}
            """;
        var wrong = Assert.Throws<WorldFileException>(() => WorldFile.Read(text, "x.yaml", new ServiceCatalog()));
        Assert.Contains(
            wrong.Errors,
            error => error.Message.Contains(says, StringComparison.Ordinal) && error.Line > 1
        );
    }

    [Fact]
    public void Buses_may_be_just_listed_and_are_then_the_yellow_cable()
    {
        using var world = Read(
            """
            buses: [coax]
            hosts: { a: 10.0.0.1/24, b: 10.0.0.2/24 }
            links: { a--coax: at 0 m, b--coax: at 5 m }
            """
        );
        Assert.Equal("500 m", Assert.IsType<Bus>(world.Find("coax")).Length);
        Assert.Contains("10 Mbit/s, 500 m", SvgAtlas.Draw(world, ""), StringComparison.Ordinal);
    }

    private const string Small = """
        clock: 2021-02-03T04:05:06Z
        name-servers: [b]
        cables:
          slow: 10 Mbit/s, 5 ms
        hubs: [h]
        hosts:
          a: 10.0.0.2/24
          b:
            address: 10.0.1.2/24
            mac: 02:00:00:00:00:77
            services:
              echo: {}
        routers:
          r:
            addresses:
              h: 10.0.0.1/24
              b: 10.0.1.1/24
        links:
          a--h: slow
          h--r: slow, loss 1 %
          r--b: 1 Gbit/s
        faults:
          - loss 10% b--r
        """;

    [Fact]
    public void A_small_world_is_read_as_it_stands()
    {
        using var world = Read(Small);
        Assert.Equal(["h", "a", "b", "r"], world.Nodes.Select(node => node.Name));
        Assert.Equal(["a--h", "h--r", "r--b"], world.Cables.Select(cable => cable.Name));
        Assert.Equal("10 Mbit/s, 5 ms, loss 1 %", world.Cables[1].Settings.ToString());
        Assert.Equal(FaultKind.Loss, Assert.Single(world.Cables[2].Faults).What.Kind);
        Assert.Equal(new DateTimeOffset(2021, 2, 3, 4, 5, 6, TimeSpan.Zero), world.Loop.UtcNow);
        Assert.Equal(IpAddress.Parse("10.0.1.2"), Assert.Single(world.Host("a").Network.NameServers));
        Assert.Equal("02:00:00:00:00:77", world.Host("b").Adapters[0].Mac.ToString());
        Assert.Equal("02:00:00:00:03:02", world.Host("r").Adapters[1].Mac.ToString());
    }

    [Fact]
    public void Routes_are_found_where_none_are_given()
    {
        using var world = Read(Small);
        Assert.Equal(
            ["10.0.0.0/24 dev eth0", "0.0.0.0/0 via 10.0.0.1 dev eth0"],
            world.Host("a").Stack.Ip.Routes.Entries.Select(route => route.ToString())
        );
    }

    [Fact]
    public void A_router_finds_the_way_with_the_fewest_routers_to_every_subnet()
    {
        using var world = Read(
            """
            hosts: {far: 10.0.9.2/24}
            routers:
              a: {addresses: {b: 10.0.1.1/30, c: 10.0.2.1/30}}
              b: {addresses: {a: 10.0.1.2/30, d: 10.0.3.1/30}}
              c: {addresses: {a: 10.0.2.2/30, far: 10.0.9.1/24, d: 10.0.4.1/30}}
              d: {addresses: {b: 10.0.3.2/30, c: 10.0.4.2/30}}
            links: {a--b: , a--c: , b--d: , d--c: , c--far: }
            """
        );
        Assert.Equal(
            [
                "10.0.1.0/30",
                "10.0.2.0/30",
                "10.0.3.0/30 via 10.0.1.2",
                "10.0.4.0/30 via 10.0.2.2",
                "10.0.9.0/24 via 10.0.2.2",
            ],
            world.Host("a").Stack.Ip.Routes.Entries.Select(route => route.ToString().Split(" dev ")[0])
        );
    }

    [Fact]
    public void Given_routes_are_the_only_ones()
    {
        using var world = Read(
            """
            hosts:
              a: {address: 10.0.1.2/24, gateway: 10.0.1.1}
            routers:
              r: {addresses: {a: 10.0.1.1/24, s: 10.0.2.1/30}, routes: [10.9.0.0/16 via 10.0.2.2]}
              s: {address: 10.0.2.2/30, routes: auto}
            links: {a--r: , r--s: }
            """
        );
        Assert.Equal(
            ["10.0.2.0/30 dev eth1", "10.0.1.0/24 dev eth0", "10.9.0.0/16 via 10.0.2.2 dev eth1"],
            world.Host("r").Stack.Ip.Routes.Entries.Select(route => route.ToString())
        );
        Assert.Contains("10.0.1.0/24 via 10.0.2.1", string.Join(' ', world.Host("s").Stack.Ip.Routes.Entries));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_each_with_its_place()
    {
        var errors = Errors(
            """
            cloks: 2020-10-07
            hosts:
              a: 10.0.0.2
              b:
                adress: 10.0.0.3/24
                services:
                  ecko: {}
              c: 10.0.0.0/24
              d: 10.0.7.4/24
              e: 10.0.0.5/24
              f: 10.0.0.5/24
              lonely: 10.0.0.9/24
              b: 10.0.0.6/24
            hubs: [h]
            links:
              a--h: 100 Mbps
              b--h: 5 ms
              c--h: loss 3
              d--h:
              e--h:
              f--h:
              f--hh:
              h--h:
              e--h:
            faults:
              - cut a--g
              - break a--h
            """
        );
        Assert.Equal(
            [
                "w.yaml:1:1: a world has no 'cloks': did you mean 'clock'?",
                "w.yaml:3:6: '10.0.0.2' is without its subnet: write 10.0.0.2/24",
                "w.yaml:4:3: b has no address: write 'address: 10.11.12.13/24' below it, or 'address: dhcp'",
                "w.yaml:5:5: a host has no 'adress': did you mean 'address'?",
                "w.yaml:7:7: there is no service 'ecko': did you mean 'echo'? there are echo",
                "w.yaml:8:6: 10.0.0.0 names the subnet 10.0.0.0/24 itself: its hosts are 10.0.0.1 to 10.0.0.254",
                "w.yaml:11:6: 10.0.0.5 is the address of e already (line 10)",
                "w.yaml:12:3: no cable leads to lonely: add a line 'lonely--…' to 'links'",
                "w.yaml:13:3: 'b' stands here a second time: it is in line 4 already",
                "w.yaml:16:9: 'Mbps' is not a unit of a cable: a rate is in bit/s, kbit/s, Mbit/s or Gbit/s, a delay in ns, µs, ms or s, a length in m or km",
                "w.yaml:18:9: '3' is not a share: the unit is missing, as in '20 %' (units: %)",
                "w.yaml:22:6: there is no 'hh' to plug this cable into; near to it: h, a, b",
                "w.yaml:23:3: both ends of this cable are h: it needs two",
                "w.yaml:24:3: 'e--h' stands here a second time: it is in line 20 already",
                "w.yaml:26:5: there is no cable 'a--g'; did you mean 'a--h'?",
                "w.yaml:27:5: 'break' is not a fault: write 'loss 20% CABLE', 'bursty loss 20% in bursts of 5 CABLE', 'delay 50ms CABLE', 'jitter 5ms CABLE', 'reorder 10% by 5ms CABLE', 'duplicate 5% CABLE', 'corrupt 1% CABLE', 'rate 1 Mbit/s CABLE', 'cut CABLE' or 'crash HOST', then perhaps 'at 40ms' and 'for 2s'",
            ],
            errors
        );
    }

    [Theory]
    [InlineData("10.0.7.4/24", "3:6: 10.0.7.4/24 is outside of its link's subnet 10.0.0.0/24, in which b, c stand")]
    [InlineData("10.0.0.4/25", "3:6: 10.0.0.4/25 has another mask than the others on its link: write 10.0.0.4/24")]
    [InlineData("10.0.0.255/24", "3:6: 10.0.0.255 is the broadcast address of 10.0.0.0/24")]
    [InlineData("224.0.0.1/24", "3:6: 224.0.0.1 cannot be an adapter's address")]
    [InlineData("10.0.0.300/24", "3:6: '10.0.0.300/24' is not an address with its subnet, such as 10.11.12.13/24")]
    [InlineData(
        "{address: 10.0.0.4/24, gateway: 10.1.0.1}",
        "3:38: 10.1.0.1 is on no link of a, which stands in 10.0.0.0/24"
    )]
    [InlineData("{address: 10.0.0.4/24, gateway: 10.0.0.2}", "3:38: 10.0.0.2 is not a router's address")]
    [InlineData("{address: 10.0.0.4/24, gateway: there}", "3:38: 'there' is not an address")]
    [InlineData("{address: 10.0.0.4/24, routes: [all via me]}", "3:38: 'all via me' is not a route")]
    [InlineData("{address: 10.0.0.4/24, routes: never}", "3:37: 'routes' is 'auto', or a list of lines")]
    [InlineData(
        "{address: 10.0.0.4/24, mac: 01:00:5e:00:00:01}",
        "3:34: '01:00:5e:00:00:01' is not an adapter's MAC address"
    )]
    [InlineData("{address: 10.0.0.4/24, name-servers: [bb]}", "3:44: no host of this world is 'bb': did you mean 'b'?")]
    [InlineData("{address: 10.0.0.4/24, name-servers: [10.0.0.77]}", "3:44: no host of this world is '10.0.0.77'")]
    [InlineData("{address: 10.0.0.4/24, name-servers: [far]}", "3:44: no cable leads from a to its name server far")]
    [InlineData(
        "{addresses: {h: 10.0.0.4/24, x: 10.0.0.5/24}}",
        "3:35: no cable leads from a to 'x': its neighbours are h"
    )]
    [InlineData("[10.0.0.4/24, 2001:db8::4]", "3:20: '2001:db8::4' is without its subnet: write 2001:db8::4/64")]
    [InlineData("[10.0.0.4/24, ff02::4/64]", "3:20: ff02::4 cannot be an adapter's address")]
    [InlineData(
        "{address: [10.0.0.4/24, 2001:db8::4/64], gateway: [10.0.0.1, 2001:db8:1::1]}",
        "3:67: 2001:db8:1::1 is on no link of a, which stands in 10.0.0.0/24, 2001:db8::/64"
    )]
    [InlineData("{address: 10.0.0.4/24, prefer: ipv5}", "3:37: 'ipv5' is not a preference: write 'ipv4', or 'ipv6'")]
    public void An_address_that_cannot_be_is_explained(string host, string says)
    {
        var errors = Errors(
            $$"""
            hosts:

              a: {{host}}
              b: 10.0.0.2/24
              c: 10.0.0.3/24
              far: 10.5.0.1/24
              farther: 10.5.0.2/24
            hubs: [h]
            links: {a--h: , b--h: , c--h: , far--farther: }
            """
        );
        Assert.Contains(errors, error => error.StartsWith($"w.yaml:{says}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_host_with_two_cables_says_which_address_is_whose()
    {
        var errors = Errors(
            """
            hosts:
              a: 10.0.0.1/24
              b: {addresses: {a: 10.0.0.2/24}}
              c: 10.0.1.3/24
            links: {a--b: , b--c: , c--a: }
            """
        );
        Assert.Equal(
            [
                "w.yaml:2:6: a has 2 cables, so 'address' does not say which: write 'addresses:' with a line for each of b, c",
                "w.yaml:3:3: b has no address on b--c: write 'c: 10.11.12.13/24' below its 'addresses'",
                "w.yaml:4:6: c has 2 cables, so 'address' does not say which: write 'addresses:' with a line for each of b, a",
            ],
            errors
        );
    }

    [Theory]
    [InlineData("", "1:1: the file is empty")]
    [InlineData("# nothing\n", "1:1: the file is empty")]
    [InlineData("hosts: [", "this is not YAML")]
    [InlineData("hosts:\n\ta: 1", "2:1: this is not YAML")]
    [InlineData("just words", "1:1: a world is described by lines of 'key: value', not by 'just words'")]
    [InlineData("hosts: *who", "this is not YAML: there is no anchor &who before this")]
    [InlineData("hosts: {a: 10.0.0.1/24}\n---\nmore: 1", "2:1: a second document begins here")]
    [InlineData("hosts: {a--b: 10.0.0.1/24}", "1:9: 'a--b' is not a name for a node")]
    [InlineData("hosts: {-a: 10.0.0.1/24}", "1:9: '-a' is not a name: it begins and ends with a letter or a digit")]
    [InlineData("hosts: {a: 10.0.0.1/24}\nhubs: [a]", "2:8: 'a' is already a host")]
    [InlineData("clock: yesterday", "1:8: 'yesterday' is not a date: write 2020-10-07T13:00:00Z")]
    [InlineData("{}", "1:1: there is no host in this world")]
    public void What_is_no_world_says_so(string text, string says) =>
        Assert.Contains(Errors(text), error => error.Contains(says));

    [Fact]
    public void A_file_that_is_not_there_is_a_mistake_too()
    {
        var errors = WorldFile.Check("/no/such/world.yaml", new ServiceCatalog());
        Assert.StartsWith("/no/such/world.yaml:1:1: the file cannot be read", Assert.Single(errors).ToString());
    }

    [Fact]
    public void A_service_tells_its_mistakes_at_their_place()
    {
        var services = new ServiceCatalog().Add(
            "web",
            context =>
            {
                var reader = context.Reader("a web server");
                if (reader.Optional("root") is { } root)
                    context.DirectoryPath(root);
                reader.Size("memory");
                reader.Number("port", 1, 65_535);
                reader.RefuseOthers();
                if (reader.Node["text"] is { } text)
                    context.Error(text.TextLine + 1, text.TextColumn + 2, "third letter of the second line");
                return null;
            }
        );
        var errors = Errors(
            """
            hosts:
              a:
                address: 10.0.0.1/24
                services:
                  web:
                    root: nowhere
                    memory: 3 MM
                    port: 70000
                    text: |
                      one
                      two
              b: 10.0.0.2/24
            links: {a--b: }
            """,
            services
        );
        Assert.Equal(5, errors.Count);
        Assert.StartsWith("w.yaml:6:15: there is no directory 'nowhere' beside the world file", errors[0]);
        Assert.StartsWith("w.yaml:7:17: 'MM' is not a unit for a size", errors[1]);
        Assert.Equal("w.yaml:8:15: '70000' is not a number from 1 to 65535", errors[2]);
        Assert.StartsWith("w.yaml:9:9: a web server has no 'text'", errors[3]);
        Assert.Equal("w.yaml:11:13: third letter of the second line", errors[4]);
    }

    [Fact]
    public void Services_run_on_their_host_until_the_world_ends()
    {
        var echo = new Waiting();
        var world = Read(Small, new ServiceCatalog().Add("echo", _ => echo));
        world.Settle();
        Assert.Equal("running on b", echo.State);
        world.Dispose();
        Assert.Equal("ended", echo.State);
    }

    [Fact]
    public void Any_text_ends_in_a_world_or_in_mistakes()
    {
        var random = new RandomSource(5);
        for (var i = 0; i < 1500; i++)
        {
            var text = Small.ToCharArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                text[random.Next(text.Length)] = " \n:-,[]{}&*|%ab10/\t'\"#"[random.Next(22)];
            try
            {
                Read(new string(text[..random.Next(text.Length / 2, text.Length)])).Dispose();
            }
            catch (WorldFileException wrong)
            {
                Assert.All(
                    wrong.Errors,
                    error => Assert.True(error is { Line: > 0, Column: > 0, Message.Length: > 0 })
                );
            }
        }
    }

    private static World Read(string text, ServiceCatalog? services = null) =>
        WorldFile.Read(text, "w.yaml", services ?? new ServiceCatalog().Add("echo", _ => null));

    private static List<string> Errors(string text, ServiceCatalog? services = null) =>
        [.. Assert.Throws<WorldFileException>(() => Read(text, services)).Errors.Select(error => error.ToString())];

    private sealed class Waiting : IProgram
    {
        public string Name => "echo";

        public string State { get; private set; } = "made";

        public async Task RunAsync(INetwork network, CancellationToken stop)
        {
            State = $"running on {network.Name}";
            try
            {
                await new Signal(network.Loop, network.Name, "the end").WaitAsync(stop);
            }
            finally
            {
                State = "ended";
            }
        }
    }
}
