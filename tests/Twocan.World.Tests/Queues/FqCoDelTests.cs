using System.Buffers.Binary;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds.Tests;

public sealed class FqCoDelTests
{
    private readonly PacketPool _pool = new();

    [Fact]
    public void Conversations_take_turns_by_bytes()
    {
        var queue = Make();
        for (var i = 0; i < 30; i++)
            queue.TryEnqueue(Frame(port: 1, 1500), At(0));
        for (var i = 0; i < 90; i++)
            queue.TryEnqueue(Frame(port: 2, 500), At(0));
        var bytes = new Dictionary<int, int>();
        for (var i = 0; i < 40; i++)
        {
            var (port, length) = Next(queue, At(1));
            bytes[port] = bytes.GetValueOrDefault(port) + length;
        }
        Assert.InRange(bytes[1] - bytes[2], -3000, 3000);
    }

    [Fact]
    public void Who_has_just_begun_goes_first()
    {
        var queue = Make();
        for (var i = 0; i < 10; i++)
            queue.TryEnqueue(Frame(port: 1, 1500), At(0));
        Assert.Equal(1, Next(queue, At(0)).Port);
        Assert.Equal(1, Next(queue, At(0)).Port);
        queue.TryEnqueue(Frame(port: 2, 100), At(1));
        Assert.Equal(2, Next(queue, At(1)).Port);
        Assert.Equal(1, Next(queue, At(1)).Port);
    }

    [Fact]
    public void Who_pauses_for_a_moment_is_not_new_again()
    {
        var queue = Make();
        for (var i = 0; i < 10; i++)
            queue.TryEnqueue(Frame(port: 1, 500), At(0));
        queue.TryEnqueue(Frame(port: 2, 100), At(0));
        // A turn is three frames of the one and a fourth begun, then the other's only one.
        Assert.Equal([1, 1, 1, 1, 2, 1], Enumerable.Range(0, 6).Select(_ => Next(queue, At(0)).Port));
        // Its queue was found empty meanwhile and stands among the old ones, behind who has not ended his turn.
        queue.TryEnqueue(Frame(port: 2, 100), At(0));
        Assert.Equal([1, 1, 2], Enumerable.Range(0, 3).Select(_ => Next(queue, At(0)).Port));
    }

    [Fact]
    public void When_there_is_no_room_the_fattest_loses_its_oldest()
    {
        var queue = Make(limit: 10);
        queue.TryEnqueue(Frame(port: 2, 1500), At(0));
        for (var i = 0; i < 10; i++)
            Assert.True(queue.TryEnqueue(Frame(port: 1, 200 + i), At(0)));
        Assert.True(queue.TryTakeDropped(out var dropped, out var why));
        Assert.Equal((1, LossReason.QueueFull), (PortOf(dropped), why));
        Assert.Equal(200, dropped.Length);
        Assert.False(queue.TryTakeDropped(out _, out _));
        Assert.Equal(10, queue.Count);
    }

    [Fact]
    public void Another_key_puts_conversations_together_differently()
    {
        var (one, other) = (Frame(1, 100), Frame(2, 100));
        Assert.Equal(FlowHash.Of(one.Span, 7), FlowHash.Of(one.Span, 7));
        Assert.NotEqual(FlowHash.Of(one.Span, 7), FlowHash.Of(other.Span, 7));
        Assert.NotEqual(FlowHash.Of(one.Span, 7), FlowHash.Of(one.Span, 8));
    }

    [Fact]
    public void Any_bytes_have_a_hash_and_no_mark_where_none_belongs()
    {
        var random = new RandomSource(1);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(4, 80)];
            random.Fill(bytes);
            if (bytes.Length > 15)
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(12), i % 2 == 0 ? (ushort)0x0800 : (ushort)0x86DD);
            FlowHash.Of(bytes, 1);
            CongestionMark.TrySet(bytes);
        }
    }

    [Fact]
    public void A_mark_leaves_both_checksums_right()
    {
        var frame = Frame(1, 200);
        Assert.False(CongestionMark.TrySet(frame.Span));
        frame.Span[15] |= 2;
        var ip = frame.Span[14..34];
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], InternetChecksum.Of(ip));
        Assert.True(CongestionMark.TrySet(frame.Span));
        Assert.Equal(3, frame.Span[15] & 3);
        Assert.Equal(0, InternetChecksum.Of(frame.Span[14..34]));
        Assert.True(EthernetHeader.HasRightCheck(frame.Span));
    }

    [Theory]
    [InlineData("64")]
    [InlineData("100 kB")]
    [InlineData("codel")]
    [InlineData("fq-codel")]
    public void Whatever_comes_and_goes_is_counted_and_nothing_is_left(string kind)
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var random = new RandomSource(seed);
            using var world = CableTests.TwoHosts($"10 Mbit/s, 1 ms, queue {kind}", seed);
            var line = world.Cables[0].AToB;
            for (var i = 0; i < 500; i++)
            {
                world.Cables[0].A.Ends[0].Transmit(CableTests.Frame(world, random.Next(64, 1519)));
                if (random.Chance(0.3))
                    world.RunFor(Duration.FromMicroseconds(random.Next(3000)));
            }
            Assert.True(world.Settle());
            Assert.Equal(500, line.FramesArrived + line.FramesDropped);
            Assert.Equal(0, line.Waiting);
            Assert.Equal(0, world.Loop.Packets.Outstanding);
        }
    }

    [Fact]
    public void A_flood_delays_others_in_one_queue_and_not_in_queues_of_their_own()
    {
        var (tailDrop, fqCodel) = (Delay("queue 1000"), Delay("queue fq-codel"));
        Assert.True(tailDrop > Duration.FromMilliseconds(100), $"{tailDrop}");
        // A long frame that has begun is not broken off.
        Assert.True(fqCodel < Duration.FromMilliseconds(5), $"{fqCodel}");

        static Duration Delay(string queue)
        {
            using var world = CableTests.TwoHosts($"10 Mbit/s, 1 ms, {queue}");
            for (var i = 0; i < 300; i++)
                world.Cables[0].A.Ends[0].Transmit(Frame(world.Loop.Packets, port: 1, 1500));
            world.Cables[0].A.Ends[0].Transmit(Frame(world.Loop.Packets, port: 2, 100));
            world.Settle();
            return world.Journal!.Entries.Single(entry => entry.What is FrameArrived { Length: 100 }).At - Instant.Zero;
        }
    }

    [Theory]
    [InlineData("queue codel", "codel")]
    [InlineData("queue fq-codel", "fq-codel")]
    [InlineData("queue codel target 15ms interval 300 ms limit 50", "codel target 15 ms interval 300 ms limit 50")]
    [InlineData("queue fq-codel, queue 12", "12")]
    [InlineData("queue 100 kB", "100000 B")]
    public void A_queue_is_read_and_said(string text, string same)
    {
        var settings = CableSettings.Parse(text);
        Assert.Equal(same, settings.Queue.ToString());
        Assert.Equal(settings, CableSettings.Parse(settings.ToString()));
    }

    [Theory]
    [InlineData("queue red", "a number from 1 to 1000000, as in 'queue 64', 'queue 64 KiB' or 'queue fq-codel'")]
    [InlineData("queue codel target 5", "the unit is missing")]
    [InlineData(
        "queue codel quickly",
        "'quickly' says nothing of a queue: write 'queue codel', and perhaps 'target 5 ms'"
    )]
    [InlineData("queue codel limit none", "'limit none' is not right: a number from 1")]
    [InlineData("queue codel target 200 ms", "needs a longer interval than 100 ms")]
    public void A_queue_that_makes_no_sense_says_what_would(string text, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => CableSettings.Parse(text)).Message);

    private static FqCoDelQueue Make(int limit = 10_000) =>
        new(() => new(CoDel.UsualTarget, CoDel.UsualInterval, 1518), limit, 1518, key: 1);

    private static (int Port, int Length) Next(FqCoDelQueue queue, Instant now)
    {
        Assert.True(queue.TryDequeue(now, out var frame));
        var next = (PortOf(frame), frame.Length);
        frame.Dispose();
        return next;
    }

    private static int PortOf(PacketBuffer frame) => BinaryPrimitives.ReadUInt16BigEndian(frame.Span[36..]);

    private PacketBuffer Frame(int port, int length) => Frame(_pool, port, length);

    private static PacketBuffer Frame(PacketPool pool, int port, int length)
    {
        var frame = pool.Rent(length);
        frame.Append(length).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(frame.Span[12..], (ushort)EtherType.Ipv4);
        (frame.Span[14], frame.Span[23]) = (0x45, 17);
        BinaryPrimitives.WriteUInt16BigEndian(frame.Span[36..], (ushort)port);
        BinaryPrimitives.WriteUInt16BigEndian(frame.Span[24..], InternetChecksum.Of(frame.Span[14..34]));
        return frame;
    }

    private static Instant At(double milliseconds) =>
        new Instant(1_000_000_000) + Duration.FromMilliseconds(milliseconds);
}
