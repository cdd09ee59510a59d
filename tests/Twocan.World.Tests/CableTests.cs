using Twocan.Core;

namespace Twocan.Worlds.Tests;

public sealed class CableTests
{
    /// <summary>With its preamble 988 bytes: 79.04 µs at 100 Mbit/s. With the gap after it 1,000: the line is free after 80 µs.</summary>
    private const int FrameLength = 980;

    [Fact]
    public void A_frame_arrives_after_its_bits_and_the_delay()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms");
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        Assert.True(world.Settle());
        Assert.Equal([0L], Times<FrameSent>(world));
        Assert.Equal([5_079_040L], Times<FrameArrived>(world));
    }

    [Fact]
    public void Transmission_time_is_rounded_up_to_the_nanosecond()
    {
        using var world = TwoHosts("3 Gbit/s, 0 ms");
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        world.Settle();
        Assert.Equal([2_635L], Times<FrameArrived>(world));
    }

    [Fact]
    public void A_frame_that_finds_the_line_busy_leaves_when_it_is_free()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms");
        for (var i = 0; i < 3; i++)
            world.Cables[0].A.Ends[0].Transmit(Frame(world));
        Assert.Equal(2, world.Cables[0].AToB.Waiting);
        world.Settle();
        Assert.Equal([0L, 80_000L, 160_000L], Times<FrameSent>(world));
        Assert.Equal([5_079_040L, 5_159_040L, 5_239_040L], Times<FrameArrived>(world));
        Assert.Equal(2, world.Cables[0].AToB.MostWaiting);
    }

    [Fact]
    public void Both_directions_are_busy_at_once()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms");
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        world.Cables[0].B.Ends[0].Transmit(Frame(world));
        world.Settle();
        Assert.Equal([5_079_040L, 5_079_040L], Times<FrameArrived>(world));
    }

    [Fact]
    public void A_full_queue_drops_what_comes_last()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms, queue 2");
        for (var i = 0; i < 5; i++)
            world.Cables[0].A.Ends[0].Transmit(Frame(world));
        Assert.Equal(2, world.Cables[0].AToB.FramesDropped);
        Assert.All(Events<FrameLost>(world), lost => Assert.Equal(LossReason.QueueFull, lost.Why));
        world.Settle();
        Assert.Equal(3, world.Cables[0].AToB.FramesArrived);
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void A_queue_of_bytes_takes_what_fits()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms, queue 2000 B");
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        foreach (var length in (int[])[980, 980, 60, 40])
            world.Cables[0].A.Ends[0].Transmit(Frame(world, length));
        // The last but one would make it 2,020 bytes; the last just fits.
        Assert.Equal((3, 1), (world.Cables[0].AToB.Waiting, world.Cables[0].AToB.FramesDropped));
        world.Settle();
        for (var i = 0; i < 3; i++)
            world.Cables[0].A.Ends[0].Transmit(Frame(world));
        Assert.Equal(2, world.Cables[0].AToB.Waiting);
    }

    [Fact]
    public void A_cable_with_jitter_is_late_by_luck_and_keeps_the_order()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms, jitter 2 ms");
        for (var i = 0; i < 50; i++)
            world.Cables[0].A.Ends[0].Transmit(Frame(world, 100 + i));
        world.Settle();
        Assert.Equal(Enumerable.Range(100, 50), Events<FrameArrived>(world).Select(frame => frame.Length));
        Assert.InRange(Times<FrameArrived>(world)[^1], 6_500_000, 7_600_000);
    }

    [Fact]
    public void A_frame_longer_than_the_mtu_is_not_sent()
    {
        using var world = TwoHosts("mtu 961");
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        world.Settle();
        Assert.Equal(LossReason.TooLong, Assert.Single(Events<FrameLost>(world)).Why);
        Assert.Empty(Events<FrameSent>(world));
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void A_frame_costs_one_event_of_the_loop_and_two_when_it_waits()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms");
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        Assert.Equal(1, world.Loop.TimerCount);
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        Assert.Equal(2, world.Loop.TimerCount);
        world.Settle();
        Assert.Equal(0, world.Loop.TimerCount);
    }

    [Fact]
    public void Loss_takes_its_share_and_follows_from_the_seed()
    {
        var first = Fates(seed: 1);
        Assert.Equal(first, Fates(seed: 1));
        Assert.NotEqual(first, Fates(seed: 2));
        Assert.InRange(first.Count(arrived => arrived), 740, 860);
    }

    [Fact]
    public void Each_direction_has_luck_of_its_own()
    {
        using var world = TwoHosts("loss 50 %");
        for (var i = 0; i < 64; i++)
        {
            world.Cables[0].A.Ends[0].Transmit(Frame(world));
            world.Cables[0].B.Ends[0].Transmit(Frame(world));
        }
        world.Settle();
        var lost = Events<FrameLost>(world).Select(frame => frame.From).ToList();
        Assert.Contains("a", lost);
        Assert.Contains("b", lost);
        Assert.NotEqual(lost.Count(from => from == "a"), lost.Count(from => from == "b"));
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void The_frames_cause_runs_through_the_cable()
    {
        using var world = TwoHosts("");
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        world.Settle();
        var entries = world.Journal!.Entries;
        var sent = Assert.Single(entries, entry => entry.What is FrameSent);
        var arrived = Assert.Single(entries, entry => entry.What is FrameArrived);
        Assert.Equal(sent.Id, arrived.Because);
        Assert.Equal(("a", "b"), (sent.Host, arrived.Host));
    }

    [Theory]
    [InlineData("100 Mbit/s, 5 ms, loss 1 %, queue 64, mtu 1500", "100 Mbit/s, 5 ms, loss 1 %, queue 64")]
    [InlineData("5ms,100Mbit/s", "100 Mbit/s, 5 ms")]
    [InlineData("rate 1.5 kbit/s, delay 3 us, mtu 9000", "1.5 kbit/s, 3 µs, mtu 9000")]
    [InlineData("", "1 Gbit/s, 1 µs")]
    [InlineData("queue 64 KiB, jitter 2ms, 5 ms", "1 Gbit/s, 5 ms, jitter 2 ms, queue 65536 B")]
    [InlineData("queue 64 kB, queue 12", "1 Gbit/s, 1 µs, queue 12")]
    public void Settings_are_read_in_any_order(string text, string same) =>
        Assert.Equal(same, CableSettings.Parse(text).ToString());

    [Theory]
    [InlineData("100 Mbps", "'Mbps' is not a unit of a cable: a rate is in bit/s, kbit/s, Mbit/s or Gbit/s")]
    [InlineData("100", "'100' has no unit")]
    [InlineData("fast", "'fast' says nothing of a cable")]
    [InlineData("loss 120 %", "'120 %' is more than everything")]
    [InlineData("loss 0.1", "the unit is missing, as in '20 %'")]
    [InlineData("queue many", "'queue many' is not right: a number from 1 to 1000000")]
    [InlineData("queue 64 lots", "'lots' is not a unit for a size: write B, kB, MB, GB, KiB, MiB, GiB")]
    [InlineData("jitter 5", "the unit is missing, as in '5 ms'")]
    [InlineData("mtu 20", "a number from 68 to 65535")]
    [InlineData("0 Mbit/s", "is not a rate that a cable can have")]
    public void Wrong_settings_say_what_would_be_right(string text, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => CableSettings.Parse(text)).Message);

    internal static World TwoHosts(string settings, ulong seed = 1)
    {
        var world = new World(seed, journal: true);
        world.Link(world.Host("a"), world.Host("b"), settings, "10.0.0.1/24", "10.0.0.2/24");
        return world;
    }

    internal static PacketBuffer Frame(World world, int length = FrameLength)
    {
        var frame = world.Loop.Packets.Rent(length);
        frame.Append(length).Clear();
        return frame;
    }

    internal static List<T> Events<T>(World world)
        where T : struct, IJournalEvent => [.. world.Journal!.Entries.Select(entry => entry.What).OfType<T>()];

    internal static List<long> Times<T>(World world)
        where T : struct, IJournalEvent =>
        [.. world.Journal!.Entries.Where(entry => entry.What is T).Select(entry => entry.At.Nanoseconds)];

    private static List<bool> Fates(ulong seed)
    {
        using var world = TwoHosts("loss 20 %, queue 1000", seed);
        for (var i = 0; i < 1000; i++)
            world.Cables[0].A.Ends[0].Transmit(Frame(world, 64));
        world.Settle();
        return
        [
            .. world
                .Journal!.Entries.Where(entry => entry.What is FrameArrived or FrameLost)
                .Select(entry => entry.What is FrameArrived),
        ];
    }
}
