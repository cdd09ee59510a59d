using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Worlds.Tests;

public sealed class WorldTests
{
    [Fact]
    public async Task Two_hosts_and_a_cable_are_a_world()
    {
        await using var world = new World(seed: 7);
        var (pc, www) = (world.Host("pc", "10.0.0.1/24"), world.Host("www", "10.0.0.2/24"));
        world.Link(pc, www, "100 Mbit/s, 5 ms");
        www.Run(new Echo());
        var answer = await world.RunAsync(() => Echo.AskAsync(pc, www, "hello"));
        Assert.Equal("hello", answer);
    }

    [Fact]
    public async Task Hosts_behind_routers_find_each_other_without_a_route_written()
    {
        await using var world = new World();
        var (a, b) = (world.Host("a"), world.Host("b"));
        var (r, s) = (world.Router("r"), world.Router("s"));
        world.Link(a, r, "", "10.0.1.2/24", "10.0.1.1/24");
        world.Link(r, s, "", "10.0.2.1/30", "10.0.2.2/30");
        world.Link(s, b, "", "10.0.3.1/24", "10.0.3.2/24");
        b.Run(new Echo());
        Assert.Equal("far", await world.RunAsync(() => Echo.AskAsync(a, b, "far")));
    }

    [Fact]
    public async Task Routes_follow_a_cable_that_is_laid_later()
    {
        await using var world = new World();
        var (a, r, b) = (world.Host("a"), world.Router("r"), world.Host("b"));
        world.Link(a, r, "", "10.0.1.2/24", "10.0.1.1/24");
        world.RunFor(Duration.FromSeconds(1));
        world.Link(r, b, "", "10.0.3.1/24", "10.0.3.2/24");
        b.Run(new Echo());
        Assert.Equal("late", await world.RunAsync(() => Echo.AskAsync(a, b, "late")));
    }

    [Fact]
    public void A_name_means_one_node()
    {
        using var world = new World();
        Assert.Same(world.Host("a"), world.Host("a"));
        Assert.Same(world.Router("r"), world.Host("r"));
        Assert.Contains("a is a host", Assert.Throws<ArgumentException>(() => world.Hub("a")).Message);
        Assert.Throws<ArgumentException>(() => world.Host("two--ends"));
        Assert.Throws<FormatException>(() => world.Host("b", "10.0.0.1"));
    }

    [Fact]
    public void A_cable_is_known_by_both_orders_of_its_ends_and_laid_once()
    {
        using var world = new World();
        var cable = world.Link(world.Host("a"), world.Host("b"));
        Assert.Same(cable, world.FindCable("b--a"));
        Assert.Throws<ArgumentException>(() => world.Link(world.Host("b"), world.Host("a")));
        Assert.Throws<ArgumentException>(() => world.Link(world.Host("a"), world.Host("a")));
        Assert.Throws<ArgumentException>(() => world.Link(world.Host("a"), world.Hub("h"), "", null, "10.0.0.1/24"));
    }

    [Fact]
    public void Adapters_have_addresses_that_can_be_read_by_eye()
    {
        using var world = new World();
        world.Link(world.Host("a"), world.Host("b"));
        world.Link(world.Host("a"), world.Host("c"));
        Assert.Equal(
            ["02:00:00:00:01:01", "02:00:00:00:01:02"],
            world.Host("a").Adapters.Select(adapter => adapter.Mac.ToString())
        );
        Assert.Equal("02:00:00:00:03:01", world.Host("c").Adapters[0].Mac.ToString());
    }

    [Fact]
    public void What_a_program_throws_comes_out_of_the_run()
    {
        using var world = new World();
        world.Host("a").Run(new Failing());
        Assert.Equal(
            "a's own",
            Assert.Throws<InvalidDataException>(() => world.RunFor(Duration.FromSeconds(1))).Message
        );
    }

    [Fact]
    public async Task A_world_that_is_stuck_says_who_waits()
    {
        using var world = new World();
        var signal = new Signal(world.Loop, "a", "what never comes");
        var stuck = await Assert.ThrowsAsync<LoopStuckException>(() =>
            world.RunAsync(async () => await signal.WaitAsync())
        );
        Assert.Contains("a for what never comes", stuck.Message);
    }

    [Fact]
    public async Task Any_schedule_of_faults_leaves_no_buffer_and_no_timer()
    {
        string[] faults =
        [
            "loss 30%",
            "bursty loss 30% in bursts of 3",
            "delay 3ms",
            "jitter 3ms",
            "reorder 20% by 2ms",
            "duplicate 20%",
            "corrupt 20%",
            "rate 1 Mbit/s",
            "cut",
        ];
        for (var seed = 1UL; seed <= 60; seed++)
        {
            await using var world = new World(seed);
            var random = new RandomSource(seed);
            var (a, b) = (world.Host("a"), world.Host("b"));
            world.Link(a, world.Hub("h"), "10 Mbit/s, 1 ms, queue 4", "10.0.0.1/24");
            world.Link(world.Hub("h"), world.Switch("s"), "10 Mbit/s, 1 ms, queue 4");
            world.Link(world.Switch("s"), b, "10 Mbit/s, 1 ms, queue 4", null, "10.0.0.2/24");
            for (var count = random.Next(8); count > 0; count--)
            {
                var cable = world.Cables[random.Next(3)].Name;
                world.Fault(
                    $"{faults[random.Next(faults.Length)]} {cable} at {random.Next(1, 60)}ms for {random.Next(1, 60)}ms"
                );
            }
            await world.RunAsync(async () =>
            {
                using var socket = a.Network.OpenDatagram();
                for (var i = 0; i < 200; i++)
                {
                    await socket.SendToAsync(new byte[random.Next(1, 1400)], new Endpoint(b.Address!.Value, 9));
                    await world.Loop.DelayAsync(Duration.FromMicroseconds(random.Next(1000)));
                }
            });
            Assert.True(world.Settle(), $"seed {seed}");
            Assert.True(world.Loop is { TimerCount: 0, Packets.Outstanding: 0 }, $"seed {seed}");
            Assert.All(
                world.Cables,
                cable =>
                    Assert.Equal(
                        cable.AToB.FramesSent + cable.AToB.FramesDoubled,
                        cable.AToB.FramesArrived + cable.AToB.FramesLost
                    )
            );
        }
    }

    private sealed class Failing : IProgram
    {
        public string Name => "failing";

        public Task RunAsync(INetwork network, CancellationToken stop) =>
            throw new InvalidDataException($"{network.Name}'s own");
    }

    /// <summary>RFC 862, over UDP.</summary>
    private sealed class Echo : IProgram
    {
        public string Name => "echo";

        public async Task RunAsync(INetwork network, CancellationToken stop)
        {
            using var socket = network.OpenDatagram(new Endpoint(IpAddress.Any, 7));
            var buffer = new byte[2048];
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, stop);
                await socket.SendToAsync(buffer.AsMemory(0, received.Length), received.From, received.Because, stop);
            }
        }

        public static async Task<string> AskAsync(Host from, Host to, string what)
        {
            using var socket = from.Network.OpenDatagram();
            await socket.SendToAsync(System.Text.Encoding.UTF8.GetBytes(what), new Endpoint(to.Address!.Value, 7));
            var buffer = new byte[2048];
            var received = await socket.ReceiveFromAsync(buffer);
            return System.Text.Encoding.UTF8.GetString(buffer, 0, received.Length);
        }
    }
}
