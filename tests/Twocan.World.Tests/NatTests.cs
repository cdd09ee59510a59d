using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds.Tests;

/// <summary>A home behind a router that translates addresses, as a world file says it.</summary>
public sealed class NatTests
{
    private const string Home = """
        hubs: [hub]
        hosts:
          pc: 10.0.0.2/24
          nas: 10.0.0.14/24
          www: 192.0.2.2/24
        routers:
          gate:
            addresses: {hub: 10.0.0.1/24, isp: 203.0.113.1/30}
            nat: NAT
          isp:
            addresses: {gate: 203.0.113.2/30, www: 192.0.2.1/24}
        links: {pc--hub: , nas--hub: , hub--gate: , gate--isp: , isp--www: }
        """;

    [Fact]
    public async Task A_home_goes_out_by_one_address_and_its_forward_leads_in()
    {
        using var world = Read("{outside: isp, forwards: [tcp 8080 -> 10.0.0.14:80]}");
        var (pc, nas, www) = (world.Host("pc").Network, world.Host("nas").Network, world.Host("www").Network);
        var seen = new List<string>();
        await world.RunAsync(async () =>
        {
            await using var outside = www.Listen(new Port(80));
            await using var inside = nas.Listen(new Port(80));
            await using var out_ = await pc.ConnectAsync(new(IpAddress.Parse("192.0.2.2"), 80));
            await using var at = await outside.AcceptAsync();
            seen.Add($"{at.RemoteEndpoint.Address}");
            await using var in_ = await www.ConnectAsync(new(IpAddress.Parse("203.0.113.1"), 8080));
            await using var there = await inside.AcceptAsync();
            seen.Add($"{there.RemoteEndpoint.Address}");
        });
        Assert.Equal(["203.0.113.1", "192.0.2.2"], seen);
        var rows = world.Host("gate").Stack.Ip.Nat!.Rows;
        Assert.Equal(
            ["10.0.0.14:80", "10.0.0.2"],
            rows.Select(row => row.IsForward ? $"{row.Inside}" : $"{row.Inside.Address}").Order()
        );
    }

    [Fact]
    public void Nobody_outside_learns_a_route_to_the_inside()
    {
        using var world = Read("isp");
        world.Settle();
        Assert.Equal(
            ["203.0.113.0/30 dev eth0", "192.0.2.0/24 dev eth1"],
            world.Host("isp").Stack.Ip.Routes.Entries.Select(route => route.ToString())
        );
        Assert.Contains(
            "192.0.2.0/24 via 203.0.113.2 dev eth1",
            world.Host("gate").Stack.Ip.Routes.Entries.Select(route => route.ToString())
        );
        Assert.Equal(world.Host("gate").Adapters[1], world.Host("gate").Stack.Ip.Nat!.Outside);
    }

    [Theory]
    [InlineData("ips", "9:10: no cable leads from gate to 'ips': its neighbours are hub, isp")]
    [InlineData("{sessions: 5}", "9:10: 'outside' is missing: which neighbour leads to the world? hub, isp")]
    [InlineData("{outsid: isp, outside: isp}", "9:11: a nat has no 'outsid': did you mean 'outside'?")]
    [InlineData("{outside: isp, sessions: 0}", "9:35: '0' is not a number from 1 to 1000000")]
    [InlineData("{outside: isp, filtering: none}", "9:36: 'none' is not a way to filter: write")]
    [InlineData("{outside: isp, forwards: tcp 80}", "9:35: 'tcp 80' is not a port forward: write one such as")]
    [InlineData("{outside: isp, forwards: [tcp 80 -> 10.0.0.99:80]}", "9:36: no other host of this world is 10.0.0.99")]
    [InlineData("{outside: isp, forwards: [tcp 80 -> 10.0.0.1:80]}", "9:36: no other host of this world is 10.0.0.1")]
    [InlineData("{outside: isp, forwards: [tcp 80 -> 203.0.113.2:80]}", "9:36: 203.0.113.2 stands outside of gate")]
    [InlineData(
        "{outside: isp, forwards: [udp 80 -> 10.0.0.2:80, udp 81 -> 10.0.0.2:80]}",
        "9:59: this clashes with 'udp 80 -> 10.0.0.2:80'"
    )]
    [InlineData("[isp]", "9:10: a nat is described by lines of 'key: value', not by a list of 1")]
    public void A_nat_that_cannot_be_is_explained(string nat, string says)
    {
        var error = Assert.Single(Assert.Throws<WorldFileException>(() => Read(nat)).Errors);
        Assert.StartsWith("w.yaml:" + says, error.ToString());
    }

    [Fact]
    public void A_host_translates_nothing()
    {
        var text = "hosts: {a: {address: 10.0.0.1/24, nat: b}, b: 10.0.0.2/24}\nlinks: {a--b: }\n";
        var wrong = Assert.Throws<WorldFileException>(() => WorldFile.Read(text, "w.yaml", new ServiceCatalog()));
        Assert.StartsWith("w.yaml:1:35: a host has no 'nat'", Assert.Single(wrong.Errors).ToString());
    }

    private static World Read(string nat) =>
        WorldFile.Read(Home.Replace("NAT", nat, StringComparison.Ordinal), "w.yaml", new ServiceCatalog());
}
