using System.Buffers.Binary;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;
using static Twocan.Worlds.Tests.SharedWireTests;

namespace Twocan.Worlds.Tests;

/// <summary>What holds on a shared wire whoever speaks, however much, and whatever goes wrong.</summary>
public sealed class SharedWirePropertyTests
{
    private static readonly string[] Faults =
    [
        "loss 20% {0}--{1} at {2}us",
        "corrupt 20% {0}->{1} at {2}us for 3ms",
        "duplicate 20% {0}--{1} at {2}us for 3ms",
        "reorder 20% by 300us {1}->{0} at {2}us for 3ms",
        "jitter 100us {0}--{1} at {2}us for 3ms",
        "delay 40us {0}--{1} at {2}us for 3ms",
        "rate 1 Mbit/s {0}--{1} at {2}us for 3ms",
        "cut {0}--{1} at {2}us for 3ms",
        "cut {0}->{1} at {2}us for 3ms",
        "crash {0} at {2}us for 3ms",
        "crash {1} at {2}us for 2ms",
        "loss 30% {1} at {2}us for 3ms",
        "cut {1} at {2}us for 2ms",
    ];

    [Theory]
    [InlineData("a cable")]
    [InlineData("a bus")]
    [InlineData("a bus that is too long")]
    [InlineData("a hub")]
    [InlineData("two hubs and a bus")]
    public void No_frame_arrives_twice_or_damaged_and_everything_is_accounted_for(string shape)
    {
        for (var seed = 1UL; seed <= 8; seed++)
        {
            var random = new RandomSource(seed);
            using var world = Make(shape, random.Next(2, 12), seed);
            var load = Offer(world, random, frames: random.Next(1, 200), within: random.Next(1, 40_000));
            Assert.True(world.Settle(), $"seed {seed}: it never ends");
            Check(world, $"{shape}, seed {seed}");
            Assert.True(load.Received.Count == load.Received.Distinct().Count(), $"seed {seed}: a frame came twice");
            Assert.Equal(0, load.Damaged);
            var lost = world
                .Journal!.Entries.Select(entry => entry.What)
                .OfType<FrameLost>()
                .Select(frame => frame.Why);
            if (shape == "a bus that is too long")
                Assert.True(load.Sent.Count >= load.Received.Count);
            else
                Assert.Equal(load.Sent.Count, load.Received.Count + lost.Count());
            Assert.All(
                lost,
                why => Assert.True(why is LossReason.ExcessiveCollisions || shape == "a bus that is too long", $"{why}")
            );
        }
    }

    [Theory]
    [InlineData("a cable")]
    [InlineData("a bus")]
    [InlineData("a hub")]
    [InlineData("two hubs and a bus")]
    public void With_any_faults_nothing_damaged_passes_for_whole_and_everything_is_accounted_for(string shape)
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var random = new RandomSource(seed);
            using var world = Make(shape, random.Next(2, 8), seed);
            for (var count = random.Next(1, 6); count > 0; count--)
            {
                var cable = world.Cables[random.Next(world.Cables.Count)];
                var (a, b) = cable.A is Host ? (cable.A, cable.B) : (cable.B, cable.A);
                var fault = Faults[random.Next(Faults.Length)];
                var sentence = string.Format(null, fault, a.Name, b.Name, random.Next(10_000));
                // Only what has a plug crashes, and only a bus is a wire by its own name.
                var isRight =
                    fault.StartsWith("crash", StringComparison.Ordinal)
                        ? !sentence.StartsWith("crash coax", StringComparison.Ordinal)
                    : fault.Contains(" {1} ", StringComparison.Ordinal) ? b is Bus
                    : true;
                if (isRight)
                    world.Fault(sentence);
            }
            var load = Offer(world, random, frames: random.Next(1, 200), within: random.Next(1, 10_000));
            Assert.True(world.Settle(), $"seed {seed}: it never ends");
            Check(world, $"{shape}, seed {seed}");
            Assert.Equal(0, load.Damaged);
        }
    }

    [Fact]
    public void The_same_seed_has_the_same_collisions_and_another_has_others()
    {
        Assert.Equal(Story(3), Story(3));
        Assert.NotEqual(Story(3), Story(4));

        static List<string> Story(ulong seed)
        {
            using var world = Bus(6, seed);
            Offer(world, new RandomSource(9), 100, 20_000);
            world.Settle();
            return [.. world.Journal!.Entries.Select(entry => $"{entry.At} {entry.Host} {entry.What}")];
        }
    }

    /// <summary>
    /// Metcalfe and Boggs (1976): of Q stations that always have something to say, one acquires the wire in a slot with
    /// probability A = (1-1/Q)^(Q-1), so 1/A - 1 slots are lost for each frame. The formula lets every station draw anew in each slot;
    /// the back-off remembers, so the measure is a little off it on either side.
    /// </summary>
    [Theory]
    [InlineData(2, 1500)]
    [InlineData(5, 1500)]
    [InlineData(10, 1500)]
    [InlineData(20, 1500)]
    [InlineData(10, 512)]
    [InlineData(20, 512)]
    public void A_crowded_bus_carries_about_what_Metcalfe_and_Boggs_say(int stations, int length)
    {
        // 2.3 km and no repeater: a signal's way and back is nearly half a slot.
        using var world = new World(seed: 5);
        for (var i = 0; i < stations; i++)
            world.Link(
                world.Host($"h{i}"),
                world.Bus("coax", "10 Mbit/s, 2500 m"),
                $"at {2500 * i / (stations - 1)} m, queue 10000"
            );
        var each = 12_000_000 / length / stations / 8;
        for (var i = 0; i < stations * each; i++)
            Send(world, $"h{i % stations}", $"h{(i + 1) % stations}", length);
        var span = Duration.FromMilliseconds(600);
        world.RunFor(span);
        var carried = world.Cables.Sum(cable => cable.A is Host ? cable.AToB.FramesSent : cable.BToA.FramesSent);
        var acquire = Math.Pow(1 - 1.0 / stations, stations - 1);
        var slots = 1 / acquire - 1;
        var bits = 8.0 * (length + CableDirection.Preamble);
        var classic = bits / (bits + CsmaCdTiming.GapBits + 512 * slots);
        var measured = carried * bits / 10_000_000 / span.TotalSeconds;
        Assert.InRange(measured / classic, 0.85, 1.2);
    }

    private static World Make(string shape, int stations, ulong seed)
    {
        switch (shape)
        {
            case "a cable":
                return TwoCans(seed: seed);
            case "a bus":
                return Bus(stations, seed);
            case "a bus that is too long":
                return Bus(stations, seed, "10 Mbit/s, 40 km", i => $"at {i * 3} km");
            case "a hub":
                return Hub(stations, seed);
            default:
                var world = Bus(stations, seed);
                foreach (var hub in (string[])["left", "right"])
                {
                    world.Link(world.Hub(hub), world.Bus("coax"));
                    for (var i = 0; i < 3; i++)
                        world.Link(
                            world.Host($"{hub}{i}", $"10.0.0.{100 + world.Hosts.Count}/24"),
                            world.Hub(hub),
                            "10 Mbit/s, 500 ns, half duplex"
                        );
                }
                return world;
        }
    }

    /// <summary>Frames from anybody to anybody at any time, each with a number of its own.</summary>
    private static Load Offer(World world, RandomSource random, int frames, int within)
    {
        var load = new Load(world);
        for (var number = 0; number < frames; number++)
        {
            var (from, to) = (random.Next(world.Hosts.Count), random.Next(world.Hosts.Count - 1));
            var (sender, receiver) = (world.Hosts[from], world.Hosts[to >= from ? to + 1 : to]);
            var frame = Frame(world, sender, receiver, number, random.Next(64, 1519));
            load.Sent.Add(number);
            var timer = world.Loop.CreateTimer(() => sender.Ends[0].Transmit(frame));
            timer.Set(Instant.Zero + Duration.FromMicroseconds(random.Next(within)));
        }
        return load;
    }

    /// <summary>A UDP datagram without a checksum of its own: only the frame's says whether it is damaged.</summary>
    private static PacketBuffer Frame(World world, Host from, Host to, int number, int length)
    {
        var frame = world.Loop.Packets.Rent(length);
        frame.Append(length).Clear();
        to.Adapters[0].Mac.Write(frame.Span);
        from.Adapters[0].Mac.Write(frame.Span[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame.Span[12..], (ushort)EtherType.Ipv4);
        var ip = frame.Span[14..^4];
        (ip[0], ip[8], ip[9]) = (0x45, 64, 17);
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], from.Address!.Value.AsV4);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], to.Address!.Value.AsV4);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], InternetChecksum.Of(ip[..20]));
        var udp = ip[20..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, Load.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], Load.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        Load.Fill(udp[8..], number);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.Span[^4..], Crc32.Of(frame.Span[..^4]));
        return frame;
    }

    private static void Check(World world, string which)
    {
        Assert.True(world.Loop is { TimerCount: 0, Packets.Outstanding: 0 }, $"{which}: something is left");
        foreach (var line in world.Cables.SelectMany(cable => new[] { cable.AToB, cable.BToA }))
            Assert.True(
                line.FramesSent + line.FramesDoubled == line.FramesArrived + line.FramesLost,
                $"{which}: {line.From}->{line.To} {line.FramesSent} sent, {line.FramesDoubled} doubled, {line.FramesArrived} arrived, {line.FramesLost} lost"
            );
        foreach (var station in world.Hosts.Select(host => host.Ends[0].Station!))
        {
            var told = world.Journal!.Entries.Count(entry =>
                entry.What is CollisionDetected && world.Find(entry.Host)!.Ends[0].Station == station
            );
            Assert.Equal(told, station.Collisions);
            Assert.True(station.LateCollisions <= station.Collisions);
        }
    }

    /// <summary>What was sent, and what programs have got of it.</summary>
    private sealed class Load
    {
        public const ushort Port = 4000;

        public Load(World world)
        {
            foreach (var host in world.Hosts)
                host.Run(() => new Listening(this));
        }

        public List<int> Sent { get; } = [];

        public List<int> Received { get; } = [];

        public int Damaged { get; private set; }

        /// <summary>The number, and bytes that follow from it.</summary>
        public static void Fill(Span<byte> bytes, int number)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
            new RandomSource((ulong)number).Fill(bytes[4..]);
        }

        private void Take(Span<byte> bytes)
        {
            var number = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            var right = new byte[bytes.Length];
            Fill(right, number);
            Damaged += bytes.SequenceEqual(right) ? 0 : 1;
            Received.Add(number);
        }

        private sealed class Listening(Load load) : IProgram
        {
            public string Name => "listening";

            public async Task RunAsync(INetwork network, CancellationToken stop)
            {
                using var socket = network.OpenDatagram(new Endpoint(IpAddress.Any, Port));
                var buffer = new byte[2000];
                while (true)
                {
                    var received = await socket.ReceiveFromAsync(buffer, stop);
                    load.Take(buffer.AsSpan(0, received.Length));
                }
            }
        }
    }
}
