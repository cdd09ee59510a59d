namespace Twocan.Worlds.Tests;

public sealed class BuildingTests
{
    [Fact]
    public async Task A_lan_is_a_line_and_whoever_has_no_address_gets_the_next_one()
    {
        await using var world = new World();
        var (a, b, c) = (world.Host("a"), world.Host("b", "10.0.0.1/24"), world.Host("c"));
        var hub = world.Lan(world.Hub("hub"), "10.0.0.0/24", [a, b, c], "100 Mbit/s, 1 µs");
        Assert.Equal(
            ["10.0.0.2/24", "10.0.0.1/24", "10.0.0.3/24"],
            new[] { a, b, c }.Select(host => Assert.Single(host.Addresses).ToString())
        );
        Assert.Equal(["hub--a", "hub--b", "hub--c"], hub.Ends.Select(end => end.Name));
        Assert.True(await world.RunAsync(() => CyberTests.Ping(a, c.Address!.Value)));
    }

    [Fact]
    public async Task A_router_is_in_several_lans_and_knows_the_way()
    {
        await using var world = new World();
        var (gate, pc, www) = (world.Router("gate"), world.Host("pc"), world.Host("www"));
        world.Lan(world.Switch("left"), "10.0.1.0/24", [gate, pc]);
        world.Lan(world.Switch("right"), "10.0.2.0/30", [gate, www]);
        Assert.True(await world.RunAsync(() => CyberTests.Ping(pc, www.Address!.Value)));
    }

    [Fact]
    public void A_full_subnet_says_so()
    {
        using var world = new World();
        var hosts = Enumerable.Range(0, 3).Select(i => world.Host($"h{i}")).ToList();
        Assert.Contains(
            "no address left",
            Assert.Throws<ArgumentException>(() => world.Lan(world.Switch("s"), "10.0.0.0/30", hosts)).Message
        );
    }

    [Fact]
    public void A_cable_is_a_line_as_in_a_file()
    {
        using var world = new World();
        (_, _) = (world.Host("pc"), world.Hub("home-hub"));
        var cable = world.Link("pc -- home-hub: 100 Mbit/s, 2 µs, loss 1 %");
        Assert.Equal("pc--home-hub (100 Mbit/s, 2 µs, loss 1 %)", cable.ToString());
        Assert.Contains(
            "did you mean 'home-hub'?",
            Assert.Throws<ArgumentException>(() => world.Link("pc--home-hug")).Message
        );
        Assert.Throws<FormatException>(() => world.Link("pc"));
    }
}
