using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Worlds.Tests;

public sealed class CrashTests
{
    private static readonly Endpoint Counter = new(IpAddress.Parse("10.0.0.2"), 7);

    [Fact]
    public async Task A_dead_host_answers_nothing_and_sends_nothing()
    {
        await using var world = Home();
        using var crash = world.Fault("crash b");
        await world.RunAsync(async () => Assert.Equal("silence", await AskAsync(world.Host("a"))));
        Assert.False(world.Host("b").IsUp);
        var lost = world
            .Journal!.Entries.Where(entry => entry.What is FrameLost)
            .Select(entry => (FrameLost)entry.What);
        Assert.All(lost, frame => Assert.Equal(("b", LossReason.HostDown), (frame.To, frame.Why)));
        Assert.DoesNotContain(world.Journal.Entries, entry => entry.Host == "b");
    }

    [Fact]
    public async Task After_its_restart_a_host_serves_again_and_knows_nothing_of_before()
    {
        await using var world = Home();
        var answers = await world.RunAsync(async () =>
        {
            var said = new List<string> { await AskAsync(world.Host("a")), await AskAsync(world.Host("a")) };
            world.Fault("crash b at 1s for 1s");
            await world.Loop.DelayAsync(Duration.FromMilliseconds(1500));
            said.Add(await AskAsync(world.Host("a")));
            await world.Loop.DelayAsync(Duration.FromSeconds(2));
            said.Add(await AskAsync(world.Host("a")));
            return said;
        });
        Assert.Equal(["1", "2", "silence", "1"], answers);
        Assert.Equal(2, world.Host("b").Boots);
        world.Dispose();
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public async Task Calls_on_a_host_that_dies_fail_at_once()
    {
        await using var world = Home();
        world.Fault("crash a at 10ms");
        var error = await world.RunAsync(async () =>
        {
            using var socket = world.Host("a").Network.OpenDatagram(new Endpoint(IpAddress.Any, 99));
            return await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveFromAsync(new byte[9]));
        });
        Assert.Equal(SocketError.OperationAborted, error.SocketErrorCode);
        var again = Assert.Throws<SocketException>(() => world.Host("a").Network.OpenDatagram());
        Assert.Equal(SocketError.NetworkDown, again.SocketErrorCode);
    }

    [Fact]
    public async Task A_connection_to_a_host_that_was_dead_meanwhile_is_reset()
    {
        await using var world = Home();
        var b = world.Host("b");
        await world.RunAsync(async () =>
        {
            await using var listener = b.Network.Listen(Port.Http);
            await using var stream = await world
                .Host("a")
                .Network.ConnectAsync(new Endpoint(Counter.Address, Port.Http));
            world.Fault("crash b for 1s");
            await world.Loop.DelayAsync(Duration.FromSeconds(2));
            await stream.WriteAsync(new byte[] { 1 });
            var error = await Assert.ThrowsAnyAsync<SocketException>(async () =>
                await stream.ReadExactlyAsync(new byte[1])
            );
            Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        });
    }

    [Fact]
    public async Task A_router_that_comes_back_routes_as_before()
    {
        await using var world = new World();
        var (a, r, b) = (world.Host("a"), world.Router("r"), world.Host("b"));
        world.Link(a, r, "", "10.0.1.2/24", "10.0.1.1/24");
        world.Link(r, b, "", "10.0.3.1/24", "10.0.0.2/24");
        world.Host("b").AddAddress(world.Cables[1], InterfaceAddress.Parse("10.0.3.2/24"));
        b.Run(() => new Counting());
        var to = new Endpoint(IpAddress.Parse("10.0.3.2"), 7);
        world.Fault("crash r at 1s for 1s");
        await world.RunAsync(async () =>
        {
            Assert.Equal("1", await AskAsync(a, to));
            await world.Loop.DelayAsync(Duration.FromMilliseconds(1500));
            Assert.Equal("silence", await AskAsync(a, to));
            await world.Loop.DelayAsync(Duration.FromSeconds(2));
            Assert.Equal("2", await AskAsync(a, to));
        });
    }

    [Fact]
    public void A_router_that_comes_back_translates_and_forwards_as_before()
    {
        using var world = new World();
        var r = world.Router("r");
        world.Link(world.Host("a"), r, "", "10.0.1.2/24", "10.0.1.1/24");
        var outside = world.Link(r, world.Host("b"), "", "192.0.2.1/24", "192.0.2.2/24");
        Assert.True(Stack.PortForward.TryParse("tcp 8080 -> 10.0.1.2:80", out var forward));
        var before = r.Translate(r.Ends.Single(end => end.Cable == outside));
        before.Napt.Add(forward);
        world.Fault("crash r").Dispose();
        Assert.NotSame(before, r.Stack.Ip.Nat);
        Assert.Equal([forward], r.Stack.Ip.Nat!.Napt.Forwards);
    }

    [Fact]
    public async Task A_switch_without_power_passes_nothing_on_and_comes_back_with_an_empty_table()
    {
        await using var world = Home();
        var s = world.Switch("s");
        var answers = await world.RunAsync(async () =>
        {
            var said = new List<string> { await AskAsync(world.Host("a")) };
            Assert.Equal(2, s.Table.Count);
            world.Fault("crash s for 1s");
            Assert.Empty(s.Table);
            said.Add(await AskAsync(world.Host("a")));
            await world.Loop.DelayAsync(Duration.FromSeconds(1));
            Assert.True(s.IsUp);
            said.Add(await AskAsync(world.Host("a")));
            return said;
        });
        Assert.Equal(["1", "silence", "2"], answers);
        Assert.True(s is { FramesForwarded: > 0, FramesFlooded: > 0, UnknownDestinations: > 0 });
    }

    [Theory]
    [InlineData("10 Mbit/s")]
    [InlineData("10 Mbit/s, half duplex")]
    public async Task A_hub_without_power_is_silent_and_repeats_again_when_it_is_back(string cable)
    {
        await using var world = new World(journal: true);
        world.Link(world.Host("a"), world.Hub("h"), cable, "10.0.0.1/24");
        world.Link(world.Host("b"), world.Hub("h"), cable, "10.0.0.2/24");
        world.Host("b").Run(() => new Counting());
        var answers = await world.RunAsync(async () =>
        {
            var said = new List<string> { await AskAsync(world.Host("a")) };
            world.Fault("crash h for 1s");
            said.Add(await AskAsync(world.Host("a")));
            await world.Loop.DelayAsync(Duration.FromSeconds(1));
            said.Add(await AskAsync(world.Host("a")));
            return said;
        });
        Assert.Equal(["1", "silence", "2"], answers);
        world.Settle();
        world.Dispose();
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void A_wire_has_no_power_to_lose()
    {
        using var world = Home();
        world.Link(world.Host("c"), world.Bus("coax"), "", "10.0.1.1/24");
        var error = Assert.Throws<FaultSentenceException>(() => world.Fault("crash coax"));
        Assert.Equal("coax is a bus, a wire that has no power to lose: write 'cut coax'", error.Message);
        Assert.Contains("near to it", Assert.Throws<FaultSentenceException>(() => world.Fault("crash bb")).Message);
    }

    [Fact]
    public async Task Any_schedule_of_crashes_leaves_no_buffer_and_no_timer()
    {
        for (var seed = 1UL; seed <= 40; seed++)
        {
            await using var world = Home(seed);
            var random = new RandomSource(seed);
            for (var count = random.Next(6); count > 0; count--)
                world.Fault($"crash b at {random.Next(1, 3000)}ms for {random.Next(1, 3000)}ms");
            await world.RunAsync(async () =>
            {
                for (var i = 0; i < 10; i++)
                {
                    await AskAsync(world.Host("a"));
                    await world.Loop.DelayAsync(Duration.FromMilliseconds(random.Next(1000)));
                }
            });
            world.Settle();
            world.Dispose();
            Assert.True(world.Loop is { TimerCount: 0, Packets.Outstanding: 0 }, $"seed {seed}");
        }
    }

    private static World Home(ulong seed = 1)
    {
        var world = new World(seed, journal: true);
        world.Link(world.Host("a"), world.Switch("s"), "", "10.0.0.1/24");
        world.Link(world.Host("b"), world.Switch("s"), "", "10.0.0.2/24");
        world.Host("b").Run(() => new Counting());
        return world;
    }

    private static Task<string> AskAsync(Host from) => AskAsync(from, Counter);

    private static async Task<string> AskAsync(Host from, Endpoint to)
    {
        using var socket = from.Network.OpenDatagram();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), from.Network.Loop.TimeProvider);
        var buffer = new byte[9];
        try
        {
            await socket.SendToAsync(new byte[1], to, stop: timeout.Token);
            var received = await socket.ReceiveFromAsync(buffer, timeout.Token);
            return System.Text.Encoding.ASCII.GetString(buffer, 0, received.Length);
        }
        catch (OperationCanceledException)
        {
            return "silence";
        }
    }

    /// <summary>Answers how often it was asked.</summary>
    private sealed class Counting : IProgram
    {
        private int _count;

        public string Name => "counting";

        public async Task RunAsync(INetwork network, CancellationToken stop)
        {
            using var socket = network.OpenDatagram(new Endpoint(IpAddress.Any, 7));
            var buffer = new byte[9];
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, stop);
                var answer = System.Text.Encoding.ASCII.GetBytes($"{++_count}");
                await socket.SendToAsync(answer, received.From, received.Because, stop);
            }
        }
    }
}
