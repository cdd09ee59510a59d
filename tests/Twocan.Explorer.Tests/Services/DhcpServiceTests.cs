using Twocan.Core;
using Twocan.Dns;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

public sealed class DhcpServiceTests
{
    private static List<InterfaceAddress> Lent(Host host) => [.. host.Addresses.Where(address => address.Address.IsV4)];

    [Fact]
    public async Task In_a_home_everybody_gets_an_address_of_his_own_and_finds_names()
    {
        using var world = WorldLibrary.Load("home");
        await world.RunAsync(async () =>
        {
            var (laptop, phone) = (world.Host("laptop"), world.Host("phone"));
            Assert.True(await laptop.AddressedAsync());
            Assert.True(await phone.AddressedAsync());
            Assert.Equal(
                ["192.168.0.100/24", "192.168.0.101/24"],
                new[] { Lent(laptop), Lent(phone) }.Select(lent => Assert.Single(lent).ToString()).Order()
            );
            var answer = await new StubResolver(phone.Network).ResolveAsync("www.example.com");
            Assert.Contains(IpAddress.Parse("198.51.100.2"), answer.Addresses);
        });
    }

    [Fact]
    public async Task After_a_crash_a_host_asks_for_the_address_that_it_had()
    {
        using var world = WorldLibrary.Load("home", new() { Journal = true });
        await world.RunAsync(async () =>
        {
            var phone = world.Host("phone");
            await phone.AddressedAsync();
            var before = Assert.Single(Lent(phone));
            using (world.Fault("crash phone"))
                await world.Loop.DelayAsync(Duration.FromSeconds(1));
            Assert.Empty(Lent(phone));
            var mark = world.Journal!.Entries.Count;
            Assert.True(await phone.AddressedAsync());
            Assert.Equal([before], Lent(phone));
            var said = world
                .Journal.Entries.Skip(mark)
                .Where(entry => entry.What is DhcpSent)
                .Select(entry => ((DhcpSent)entry.What).Message.Type);
            Assert.Equal([DhcpMessageType.Request, DhcpMessageType.Ack], said);
        });
    }

    [Fact]
    public async Task A_server_that_comes_back_lends_again()
    {
        using var world = WorldLibrary.Load("home");
        await world.RunAsync(async () =>
        {
            await world.Loop.DelayAsync(Duration.FromSeconds(10));
            using (world.Fault("crash home-router, phone"))
                await world.Loop.DelayAsync(Duration.FromSeconds(1));
            Assert.True(await world.Host("phone").AddressedAsync());
        });
    }

    [Fact]
    public async Task The_same_seed_says_the_same_on_every_cable()
    {
        async Task<List<string>> RunAsync(ulong seed)
        {
            using var world = WorldLibrary.Load("home", new() { Journal = true, Seed = seed });
            await world.RunAsync(async () => await world.Host("phone").AddressedAsync());
            return
            [
                .. world
                    .Journal!.Entries.Where(entry => entry.What is FrameSent)
                    .Select(entry => $"{entry.At} {Convert.ToHexString(((FrameSent)entry.What).Bytes.Span)}"),
            ];
        }
        Assert.Equal(await RunAsync(1), await RunAsync(1));
        Assert.NotEqual(await RunAsync(1), await RunAsync(2));
    }

    [Theory]
    [InlineData("range: 10.0.0.9 to 10.0.0.20", "write 'range: 10.11.12.100 - 10.11.12.199'")]
    [InlineData("range: 10.0.0.20 - 10.0.0.9", "is not a range")]
    [InlineData("range: 10.0.9.1 - 10.0.9.9", "is not within one subnet of r")]
    [InlineData("range: 10.0.0.200 - 10.0.0.255", "names the subnet")]
    [InlineData("range: 10.0.0.2 - 10.0.0.9", "10.0.0.5 is in this range, and it is the address of printer")]
    [InlineData("lease: 1 s, range: 10.0.0.9 - 10.0.0.20", "is too short")]
    [InlineData("name-servers: nobody, range: 10.0.0.9 - 10.0.0.20", "'nobody' is no host of this world")]
    [InlineData("", "needs addresses to lend")]
    public void What_is_wrong_with_the_service_is_told(string service, string expected)
    {
        var mistakes = Mistakes(
            $$"""
            hosts: {a: dhcp, printer: 10.0.0.5/24}
            routers: {r: {addresses: {h: 10.0.0.1/24}, services: {dhcp: { {{service}} } } } }
            hubs: [h]
            links: {a--h: , printer--h: , r--h: }
            """
        );
        Assert.Contains(mistakes, mistake => mistake.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a: dhcp", "a asks for its address, but nobody on a--h has any to give")]
    [InlineData("a: {address: dhcp, name-servers: b}", "a is told its name servers with its address")]
    public void What_is_wrong_with_who_asks_is_told(string host, string expected)
    {
        var mistakes = Mistakes(
            $$"""
            hosts: { {{host}}, b: 10.0.0.2/24}
            hubs: [h]
            links: {a--h: , b--h: }
            """
        );
        Assert.Contains(mistakes, mistake => mistake.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_router_does_not_ask()
    {
        var mistakes = Mistakes(
            """
            hosts: {b: 10.0.0.2/24}
            routers: {r: {address: dhcp}}
            links: {r--b: }
            """
        );
        Assert.Contains(mistakes, mistake => mistake.Contains("r is a router", StringComparison.Ordinal));
    }

    private static List<string> Mistakes(string text)
    {
        var wrong = Assert.Throws<WorldFileException>(() => WorldFile.Read(text, "test.yaml", WorldServices.Catalog));
        return [.. wrong.Errors.Select(error => error.Message)];
    }
}
