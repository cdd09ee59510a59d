using Twocan.Core;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

public class PingerTests
{
    [Fact]
    public async Task Who_adapts_asks_again_as_soon_as_the_answer_is_there()
    {
        using var world = Pair("100 Mbit/s, 5 ms");
        var report = await PingAsync(world, new() { Count = 10, Adapts = true });
        Assert.Equal(10, report.Received);
        // Ten ways there and back, and one more for ARP.
        Assert.InRange(report.Took.TotalMilliseconds, 110, 111);
    }

    [Fact]
    public async Task Until_a_deadline_it_asks_on_until_so_many_were_answered()
    {
        using var world = Pair("1 Gbit/s, 1 ms");
        using var loss = world.Fault("cut pc--www for 2500ms");
        var report = await PingAsync(world, new() { Count = 2, Deadline = Duration.FromSeconds(10) });
        Assert.Equal(2, report.Received);
        Assert.True(report.Sent > 3);
        var cut = await PingAsync(world, new() { Count = 100, Deadline = Duration.FromSeconds(3) });
        Assert.Equal((3, 3.0), (cut.Sent, cut.Took.TotalSeconds));
    }

    [Fact]
    public async Task Who_is_stopped_tells_what_has_come_until_then()
    {
        using var world = Pair("1 Gbit/s, 1 ms");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2.5), world.Loop.TimeProvider);
        var report = await world.RunAsync(() =>
            new Pinger(world.Host("pc").Network, IpAddress.Parse("10.0.0.2"), new() { Count = 100 }).RunAsync(
                default,
                stop.Token
            )
        );
        Assert.Equal((3, 3), (report.Sent, report.Received));
    }

    [Fact]
    public async Task What_may_not_be_cut_is_refused_where_it_does_not_fit_and_cut_where_that_is_wanted()
    {
        using var world = Pair("1 Gbit/s, 1 ms");
        PingSettings big = new() { Count = 1, Size = 3000 };
        Assert.Equal(1, (await PingAsync(world, big)).Received);
        Assert.Equal(1, (await PingAsync(world, big with { PathMtu = PathMtuDiscovery.Do })).Errors);
        Assert.Equal(1, (await PingAsync(world, big with { PathMtu = PathMtuDiscovery.Want })).Received);
    }

    [Fact]
    public async Task Requests_go_out_together_as_many_as_are_loaded_before()
    {
        using var world = Pair("1 Gbit/s, 700 ms");
        var late = new List<int>();
        PingSettings settings = new() { Count = 5, Preload = 3 };
        var report = await world.RunAsync(() =>
            new Pinger(world.Host("pc").Network, IpAddress.Parse("10.0.0.2"), settings)
            {
                Waiting = late.Add,
            }.RunAsync()
        );
        Assert.Equal(5, report.Received);
        Assert.Equal([1, 2, 3, 4], late);
    }

    [Fact]
    public async Task A_reply_takes_the_way_there_and_back()
    {
        using var world = Pair("100 Mbit/s, 5 ms");
        var report = await PingAsync(world, new() { Count = 3 });
        Assert.Equal((3, 3, 0.0), (report.Sent, report.Received, report.LossPercent));
        // The first also waits for ARP, another way there and back.
        Assert.InRange(report.MaxMilliseconds, 20, 20.1);
        Assert.InRange(report.MinMilliseconds, 10, 10.1);
        Assert.All(
            report.Results,
            result => Assert.Equal((64, IpAddress.Parse("10.0.0.2")), (result.Length, result.From))
        );
    }

    [Fact]
    public async Task A_reply_slower_than_the_interval_is_matched_with_its_request()
    {
        using var world = Pair("1 Gbit/s, 700 ms");
        var report = await PingAsync(world, new() { Count = 4, Interval = Duration.FromMilliseconds(100) });
        Assert.Equal([1, 2, 3, 4], report.Results.Select(result => result.Sequence));
        Assert.Equal(4, report.Received);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_told_by_the_last_one_on_the_way()
    {
        using var world = Pair("1 Gbit/s, 1 ms");
        var report = await PingAsync(world, new() { Count = 2 }, "10.0.0.9");
        Assert.Equal((0, 2, 100.0), (report.Received, report.Errors, report.LossPercent));
        var error = report.Results[0];
        Assert.Equal(IpAddress.Parse("10.0.0.1"), error.From);
        Assert.Equal(
            ((byte)IcmpType.DestinationUnreachable, IcmpCode.HostUnreachable),
            (error.Error!.Type, error.Error.Code)
        );
    }

    [Fact]
    public async Task A_network_without_a_route_is_refused_at_home()
    {
        using var world = Pair("1 Gbit/s, 1 ms");
        var report = await PingAsync(world, new() { Count = 1 }, "192.0.2.1");
        Assert.Equal((0, 1), (report.Received, report.Errors));
        Assert.NotEqual("", report.Results[0].Error!.Say(Language.English));
    }

    [Fact]
    public async Task Silence_ends_after_the_patience()
    {
        using var world = Pair("1 Gbit/s, 1 ms, loss 100 %");
        var report = await PingAsync(world, new() { Count = 2, Patience = Duration.FromSeconds(2) });
        Assert.Equal((2, 0), (report.Sent, report.Received));
        Assert.Equal(Duration.FromSeconds(3), report.Took);
    }

    [Fact]
    public async Task A_time_to_live_that_ends_on_the_way_is_told_by_that_router()
    {
        using var world = new World(seed: 1);
        var pc = world.Host("pc");
        var www = world.Host("www");
        var router = world.Router("router");
        world.Link(pc, router, "", "10.0.0.2/24", "10.0.0.1/24");
        world.Link(www, router, "", "10.0.1.2/24", "10.0.1.1/24");
        var report = await PingAsync(world, new() { Count = 1, TimeToLive = 1 }, "10.0.1.2");
        Assert.Equal(IpAddress.Parse("10.0.0.1"), report.Results[0].From);
        Assert.Equal((byte)IcmpType.TimeExceeded, report.Results[0].Error!.Type);
    }

    private static World Pair(string cable)
    {
        var world = new World(seed: 1);
        world.Link(world.Host("pc", "10.0.0.1/24"), world.Host("www", "10.0.0.2/24"), cable);
        return world;
    }

    private static Task<PingReport> PingAsync(World world, PingSettings settings, string target = "10.0.0.2") =>
        world.RunAsync(() => new Pinger(world.Host("pc").Network, IpAddress.Parse(target), settings).RunAsync());
}
