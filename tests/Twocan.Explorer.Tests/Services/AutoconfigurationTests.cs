using Twocan.Core;
using Twocan.Dns;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

public sealed class AutoconfigurationTests
{
    private static readonly Subnet s_home = Subnet.Parse("2001:db8:10::/64");
    private static readonly IpAddress s_server = IpAddress.Parse("2001:db8:100::2");

    [Fact]
    public async Task A_host_makes_an_address_of_what_its_router_advertises_and_gets_out_with_it()
    {
        using var world = WorldLibrary.Load("home");
        await world.RunAsync(async () =>
        {
            var laptop = world.Host("laptop");
            Assert.True(await laptop.AddressedAsync());
            Assert.True(s_home.Contains(Made(laptop)));
            Assert.NotEqual(Made(laptop), Made(world.Host("phone")));
            var answer = await new StubResolver(laptop.Network).ResolveAsync("www.example.com");
            Assert.Equal(s_server, answer.Addresses[0]);
            Assert.Equal(1, (await new Pinger(laptop.Network, s_server, new() { Count = 1 }).RunAsync()).Received);
        });
    }

    [Fact]
    public async Task An_advertisement_that_is_lost_is_asked_for_again()
    {
        using var world = WorldLibrary.Load("home", new() { Journal = true });
        using var loss = world.Fault("loss 100% home-switch--home-router for 6s");
        await world.RunAsync(async () => Assert.True(await world.Host("laptop").AddressedAsync()));
        Assert.True(s_home.Contains(Made(world.Host("laptop"))));
        var asked = world.Journal!.Entries.Count(entry =>
            entry is { Host: "laptop", What: RouterSolicited } && entry.At < Instant.Zero + Duration.FromSeconds(10)
        );
        Assert.InRange(asked, 2, 3);
    }

    [Fact]
    public async Task After_a_crash_a_host_makes_the_same_address_again()
    {
        using var world = WorldLibrary.Load("home");
        await world.RunAsync(async () =>
        {
            var phone = world.Host("phone");
            await phone.AddressedAsync();
            var before = Made(phone);
            using (world.Fault("crash phone"))
                await world.Loop.DelayAsync(Duration.FromSeconds(1));
            Assert.True(await phone.AddressedAsync());
            Assert.Equal(before, Made(phone));
        });
    }

    [Fact]
    public void In_cyber_a_link_on_which_nobody_asks_stays_quiet()
    {
        using var world = WorldLibrary.Load("cyber", new() { Journal = true });
        Assert.True(world.Settle());
        Assert.DoesNotContain(world.Journal!.Entries, entry => entry.What is FrameSent);
    }

    [Theory]
    [InlineData("auto", "2001:db8::1/64", "x", "no cable leads from r to 'x': its neighbours are h")]
    [InlineData("auto", "2001:db8::1/60", "h", "2001:db8::/60 is not a /64")]
    [InlineData("auto", "10.0.0.1/24", "h", "r has no IPv6 address on r--h")]
    [InlineData("10.0.0.2/24", "2001:db8::1/64", "{h: {when: never}}", "'never' is not a time to advertise")]
    [InlineData("10.0.0.2/24", "2001:db8::1/64", "{h: {mtu: 1000}}", "is not a number from 1280")]
    [InlineData("auto", "2001:db8::1/64", "[]", "a waits for a router to say what the link's IPv6 prefix is")]
    public void What_is_wrong_with_who_asks_and_who_advertises_is_told(
        string host,
        string router,
        string advertise,
        string expected
    )
    {
        var wrong = Assert.Throws<WorldFileException>(() =>
            WorldFile.Read(
                $$"""
                hosts: {a: {{host}} }
                routers: {r: {addresses: {h: {{router}} }, advertise: {{advertise}} } }
                hubs: [h]
                links: {a--h: , r--h: }
                """,
                "w.yaml",
                WorldServices.Catalog
            )
        );
        Assert.Contains(wrong.Errors, error => error.Message.Contains(expected, StringComparison.Ordinal));
    }

    private static IpAddress Made(Host host) =>
        Assert.Single(host.GlobalAddresses, address => !address.Address.IsV4).Address;
}
