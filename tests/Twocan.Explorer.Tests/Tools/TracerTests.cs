using System.Net.Sockets;
using Twocan.Core;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

public class TracerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_router_on_the_way_answers_in_turn_and_then_the_target(bool echo)
    {
        using var world = Chain();
        var report = await TraceAsync(world, new() { Echo = echo });
        Assert.True(report.IsReached);
        Assert.Equal(
            ["10.0.0.1", "10.0.1.2", "10.0.2.2"],
            report.Hops.Select(hop => hop.Probes.Select(probe => probe.From.ToString()).Distinct().Single())
        );
        Assert.Equal([1, 2, 3], report.Hops.Select(hop => hop.TimeToLive));
        Assert.All(report.Hops, hop => Assert.Equal(3, hop.Probes.Count));
        // 1, 3 and 6 ms there and back, once ARP is done.
        Assert.Equal([2, 6, 12], report.Hops.Select(hop => (int)hop.Probes[^1].Time.TotalMilliseconds));
        Assert.All(report.Hops, hop => Assert.All(hop.Probes, probe => Assert.Equal("", probe.Mark)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_way_that_a_router_does_not_know_ends_with_its_word(bool echo)
    {
        using var world = Chain();
        var report = await TraceAsync(world, new() { Echo = echo, Queries = 2 }, "192.0.2.1");
        Assert.False(report.IsReached);
        // The first router looks at the time to live before it looks for a route.
        Assert.Equal(2, report.Hops.Count);
        Assert.Equal(["!N", "!N"], report.Hops[^1].Probes.Select(probe => probe.Mark));
        Assert.All(report.Hops, hop => Assert.Equal(IpAddress.Parse("10.0.0.1"), hop.Probes[0].From));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_that_is_not_there_is_told_by_the_last_router(bool echo)
    {
        using var world = Chain();
        var report = await TraceAsync(world, new() { Echo = echo, Queries = 1 }, "10.0.2.9");
        Assert.False(report.IsReached);
        Assert.Equal(["", "", "!H"], report.Hops.Select(hop => hop.Probes[0].Mark));
        Assert.Equal(IpAddress.Parse("10.0.1.2"), report.Hops[^1].Probes[0].From);
    }

    [Fact]
    public async Task Silence_is_waited_for_and_the_trace_goes_on_to_its_last_hop()
    {
        using var world = Chain();
        // So that everybody knows his neighbour's MAC address: who does not would soon say that nobody answers.
        await TraceAsync(world, new());
        world.Fault("cut a--b");
        var settings = new TraceSettings
        {
            Max = 3,
            Wait = Duration.FromSeconds(2),
            Queries = 2,
        };
        var report = await TraceAsync(world, settings);
        Assert.False(report.IsReached);
        Assert.Equal(3, report.Hops.Count);
        Assert.All(report.Hops[0].Probes, probe => Assert.NotNull(probe.From));
        Assert.All(report.Hops[2].Probes, probe => Assert.Null(probe.From));
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_not_taken_for_that_of_the_next_probe()
    {
        using var world = Chain();
        var report = await TraceAsync(world, new() { Wait = Duration.FromMilliseconds(5), Max = 4 });
        Assert.Equal([true, false, false, false], report.Hops.Select(hop => hop.Probes[^1].From is not null));
    }

    [Fact]
    public async Task A_trace_may_begin_farther_out()
    {
        using var world = Chain();
        var report = await TraceAsync(world, new() { First = 2, Queries = 1 });
        Assert.Equal([2, 3], report.Hops.Select(hop => hop.TimeToLive));
        Assert.True(report.IsReached);
    }

    [Fact]
    public async Task A_host_without_any_route_refuses()
    {
        using var world = new World(seed: 1);
        world.Link(world.Host("pc", "10.0.0.2/24"), world.Host("www", "10.0.0.3/24"));
        await Assert.ThrowsAnyAsync<SocketException>(() => TraceAsync(world, new(), "192.0.2.1"));
    }

    [Theory]
    [InlineData(0, "!N")]
    [InlineData(1, "!H")]
    [InlineData(2, "!P")]
    [InlineData(3, "")]
    [InlineData(4, "!F-1400")]
    [InlineData(5, "!S")]
    [InlineData(13, "!X")]
    [InlineData(99, "!99")]
    public void Whoever_cannot_be_reached_has_the_customary_mark(byte code, string mark) =>
        Assert.Equal(
            mark,
            new TraceProbe(IpAddress.Loopback, default, (byte)IcmpType.DestinationUnreachable, code, 1400).Mark
        );

    private static World Chain()
    {
        var world = new World(seed: 1);
        var (pc, a, b, www) = (world.Host("pc"), world.Router("a"), world.Router("b"), world.Host("www"));
        world.Link(pc, a, "1 Gbit/s, 1 ms", "10.0.0.2/24", "10.0.0.1/24");
        world.Link(a, b, "1 Gbit/s, 2 ms", "10.0.1.1/24", "10.0.1.2/24");
        world.Link(b, www, "1 Gbit/s, 3 ms", "10.0.2.1/24", "10.0.2.2/24");
        return world;
    }

    private static Task<TraceReport> TraceAsync(World world, TraceSettings settings, string target = "10.0.2.2") =>
        world.RunAsync(() => new Tracer(world.Host("pc").Network, IpAddress.Parse(target), settings).RunAsync());
}
