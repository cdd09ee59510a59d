using Twocan.Core;
using static Twocan.Worlds.Tests.CableTests;

namespace Twocan.Worlds.Tests;

public sealed class FaultTests
{
    [Theory]
    [InlineData("loss 20% a--b", "loss 20 % a--b")]
    [InlineData("loss 20 % on a--b", "loss 20 % a--b")]
    [InlineData("delay 50ms a--b", "delay 50 ms a--b")]
    [InlineData("rate 1 Mbit/s b--a", "rate 1 Mbit/s b--a")]
    [InlineData("cut a--b at 40ms for 2s", "cut a--b at 40 ms for 2 s")]
    [InlineData("cut a--b for 2 s at 40 ms", "cut a--b at 40 ms for 2 s")]
    [InlineData("cut a--b, c--d and e--f", "cut a--b, c--d, e--f")]
    [InlineData("  loss   0.5%   a--b  c--d ", "loss 0.5 % a--b, c--d")]
    [InlineData("bursty loss 20% in bursts of 5 a--b", "bursty loss 20 % in bursts of 5 a--b")]
    [InlineData("loss 20 % in bursts of 2.5 frames on a--b", "bursty loss 20 % in bursts of 2.5 a--b")]
    [InlineData("jitter 5ms a->b", "jitter 5 ms a->b")]
    [InlineData("reorder 10% by 5ms a--b", "reorder 10 % by 5 ms a--b")]
    [InlineData("reorder 10 % by 5 ms on a--b for 1s", "reorder 10 % by 5 ms a--b for 1 s")]
    [InlineData("duplicate 5% a--b", "duplicate 5 % a--b")]
    [InlineData("corrupt 0.1% b->a", "corrupt 0.1 % b->a")]
    [InlineData("crash a and b at 1s for 2s", "crash a, b at 1 s for 2 s")]
    public void A_fault_is_a_sentence(string text, string same)
    {
        Assert.True(FaultSentence.TryParse(text, out var sentence, out _));
        Assert.Equal(same, sentence.ToString());
        Assert.True(FaultSentence.TryParse(same, out var again, out _));
        Assert.Equal(same, again.ToString());
    }

    [Theory]
    [InlineData("", "a fault is a sentence: 'loss 20% CABLE'")]
    [InlineData("lose 20% a--b", "'lose' is not a fault")]
    [InlineData("loss a--b", "'a--b' is not a share: it begins with a number, as in '20 %'")]
    [InlineData("loss 20 a--b", "the unit is missing, as in '20 %'")]
    [InlineData("loss 20%", "does not say which cable")]
    [InlineData("loss 200% a--b", "more than everything")]
    [InlineData("delay 50 a--b", "the unit is missing, as in '5 ms'")]
    [InlineData("delay 50mm a--b", "'mm' is not a unit for a time: write ns, µs, ms, s, min")]
    [InlineData("rate 1 Mbps a--b", "'Mbps' is not a unit for a rate")]
    [InlineData("rate 1Mbps a--b", "'Mbps' is not a unit for a rate")]
    [InlineData("cut pc", "'pc' is not a cable: a cable is named by its two ends")]
    [InlineData("cut a--b at", "'' is not a time")]
    [InlineData("cut a--b at 5ms at 6ms", "'at' is said twice")]
    [InlineData("cut a--b for ever", "'ever' is not a time")]
    [InlineData("cut a--b at 5ms quickly", "'quickly' is one word too many")]
    [InlineData("bursty 20% a--b", "'loss' is missing, as in 'bursty loss 20% in bursts of 5 pc--home-hub'")]
    [InlineData("bursty loss 20% a--b", "how long are the bursts?")]
    [InlineData("bursty loss 20% in bursts a--b", "'a--b' is not a burst's length")]
    [InlineData("bursty loss 20% in bursts of 0 a--b", "'0' is not a burst's length")]
    [InlineData("bursty loss 90% in bursts of 2 a--b", "bursts have to be at least 9 frames long")]
    [InlineData("reorder 10% a--b", "'by' is missing, as in 'reorder 10% by 5ms pc--home-hub'")]
    [InlineData("reorder 10% by a--b", "'a--b' is not a time")]
    [InlineData("jitter 5 a--b", "the unit is missing, as in '5 ms'")]
    [InlineData("corrupt a--b", "'a--b' is not a share")]
    [InlineData("crash", "who crashes?")]
    [InlineData("crash a--b", "'a--b' is a cable, and only a machine crashes: write 'crash pc', or 'cut a--b'")]
    [InlineData("crash c", "there is no host 'c'")]
    [InlineData("cut a->c", "there is no cable 'a->c'")]
    public void A_sentence_that_cannot_be_understood_says_what_would_be_right(string text, string says)
    {
        using var world = TwoHosts("");
        Assert.Contains(says, Assert.Throws<FaultSentenceException>(() => world.Fault(text)).Message);
    }

    [Fact]
    public void An_unknown_cable_is_answered_with_the_nearest()
    {
        using var world = new World();
        var (hub, pc) = (world.Hub("home-hub"), world.Host("pc"));
        world.Link(pc, hub);
        var error = Assert.Throws<FaultSentenceException>(() => world.Fault("cut pc--homehub"));
        Assert.Equal("there is no cable 'pc--homehub'; did you mean 'pc--home-hub'?", error.Message);
    }

    [Fact]
    public void A_cut_loses_what_is_under_way_in_both_directions()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms");
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        world.Cables[0].B.Ends[0].Transmit(Frame(world));
        world.RunFor(Duration.FromMilliseconds(3));
        using var cut = world.Fault("cut b--a");
        Assert.Equal(2, Events<FrameLost>(world).Count(lost => lost.Why == LossReason.Cut));
        Assert.Equal(0, world.Loop.Packets.Outstanding);
        Assert.True(world.Settle());
        Assert.Empty(Events<FrameArrived>(world));
    }

    [Fact]
    public void A_cut_begins_at_and_lasts_for_what_it_says()
    {
        using var world = TwoHosts("100 Mbit/s, 0 ms");
        world.Fault("cut a--b at 10ms for 20ms");
        for (var i = 0; i < 5; i++)
        {
            world.Cables[0].A.Ends[0].Transmit(Frame(world));
            world.RunFor(Duration.FromMilliseconds(9));
        }
        // Sent at 0, 9, 18, 27 and 36 ms.
        Assert.Equal([79_040L, 9_079_040L, 36_079_040L], Times<FrameArrived>(world));
        Assert.Equal([18_000_000L, 27_000_000L], Times<FrameLost>(world));
        Assert.Equal([10_000_000L], Times<FaultBegan>(world));
        Assert.Equal([30_000_000L], Times<FaultEnded>(world));
    }

    [Fact]
    public void What_waits_for_a_cut_cable_is_lost_one_by_one()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms");
        using (world.Fault("cut a--b"))
        {
            for (var i = 0; i < 3; i++)
                world.Cables[0].A.Ends[0].Transmit(Frame(world));
            world.Settle();
        }
        Assert.Equal([0L, 80_000L, 160_000L], Times<FrameLost>(world));
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void A_fault_that_is_disposed_before_it_began_never_does()
    {
        using var world = TwoHosts("");
        world.Fault("cut a--b at 1s").Dispose();
        Assert.True(world.Settle());
        Assert.Empty(Events<FaultBegan>(world));
    }

    [Fact]
    public void Delay_is_added_and_ends_with_its_scope()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms");
        using (world.Fault("delay 50ms a--b"))
        {
            world.Cables[0].A.Ends[0].Transmit(Frame(world));
            world.Settle();
        }
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        world.Settle();
        Assert.Equal([55_079_040L, 60_158_080L], Times<FrameArrived>(world));
    }

    [Fact]
    public void A_cable_never_reorders_even_when_a_delay_ends()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms");
        using (world.Fault("delay 50ms a--b"))
            world.Cables[0].A.Ends[0].Transmit(Frame(world, 100));
        world.Cables[0].A.Ends[0].Transmit(Frame(world, 200));
        world.Settle();
        Assert.Equal([100, 200], Events<FrameArrived>(world).Select(frame => frame.Length));
    }

    [Fact]
    public void A_slower_rate_counts_and_a_faster_one_does_not()
    {
        using var world = TwoHosts("100 Mbit/s, 0 ms");
        using var slow = world.Fault("rate 10 Mbit/s a--b");
        using var fast = world.Fault("rate 10 Gbit/s a--b");
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        world.Settle();
        Assert.Equal([790_400L], Times<FrameArrived>(world));
    }

    [Fact]
    public void Losses_add_up_to_what_both_together_take()
    {
        using var world = TwoHosts("loss 50 %, queue 1000");
        using var more = world.Fault("loss 50% a--b");
        for (var i = 0; i < 1000; i++)
            world.Cables[0].A.Ends[0].Transmit(Frame(world, 64));
        world.Settle();
        Assert.InRange(world.Cables[0].AToB.FramesLost, 700, 800);
    }

    [Fact]
    public void A_fault_of_one_direction_leaves_the_other_alone()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms");
        using var cut = world.Fault("cut b->a");
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        world.Cables[0].B.Ends[0].Transmit(Frame(world));
        world.Settle();
        Assert.Equal("b", Assert.Single(Events<FrameArrived>(world)).To);
        Assert.Equal("b", Assert.Single(Events<FrameLost>(world)).From);
        Assert.True(world.Cables[0].BToA.IsCut);
        Assert.False(world.Cables[0].AToB.IsCut || world.Cables[0].IsCut);
    }

    [Fact]
    public void Losses_in_bursts_take_their_share_and_stand_together()
    {
        using var world = TwoHosts("queue 100000");
        using var bursty = world.Fault("bursty loss 20% in bursts of 5 a--b");
        for (var i = 0; i < 20_000; i++)
            world.Cables[0].A.Ends[0].Transmit(Frame(world, 64));
        world.Settle();
        var lost = world
            .Journal!.Entries.Where(entry => entry.What is FrameArrived or FrameLost)
            .Select(entry => entry.What is FrameLost)
            .ToList();
        var bursts = lost.Where((isLost, i) => isLost && (i == 0 || !lost[i - 1])).Count();
        Assert.InRange(lost.Count(isLost => isLost) / 20_000.0, 0.18, 0.22);
        Assert.InRange((double)lost.Count(isLost => isLost) / bursts, 4.5, 5.5);
    }

    [Fact]
    public void Jitter_makes_frames_late_and_keeps_their_order()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms");
        using var jitter = world.Fault("jitter 5ms a--b");
        for (var i = 0; i < 100; i++)
            world.Cables[0].A.Ends[0].Transmit(Frame(world, 100 + i));
        world.Settle();
        Assert.Equal(Enumerable.Range(100, 100), Events<FrameArrived>(world).Select(frame => frame.Length));
        Assert.InRange(Times<FrameArrived>(world)[^1], 9_000_000, 12_000_000);
        Assert.True(Times<FrameArrived>(world)[0] > 5_000_000 + 8_640);
    }

    [Fact]
    public void What_is_held_back_is_overtaken()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms");
        using (world.Fault("reorder 100% by 1ms a--b"))
            world.Cables[0].A.Ends[0].Transmit(Frame(world, 980));
        for (var i = 0; i < 3; i++)
            world.Cables[0].A.Ends[0].Transmit(Frame(world, 981 + i));
        world.Settle();
        Assert.Equal([981, 982, 983, 980], Events<FrameArrived>(world).Select(frame => frame.Length));
        Assert.Equal(6_079_040L, Times<FrameArrived>(world)[^1]);
        Assert.Equal(1, world.Cables[0].AToB.FramesHeldBack);
        Assert.Single(Events<FrameHeldBack>(world));
    }

    [Fact]
    public void A_cut_loses_what_is_held_back_too()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms");
        using var reorder = world.Fault("reorder 50% by 1ms a--b");
        for (var i = 0; i < 20; i++)
            world.Cables[0].A.Ends[0].Transmit(Frame(world));
        world.RunFor(Duration.FromMilliseconds(4));
        world.Fault("cut a--b");
        Assert.Equal((0, 20), (world.Cables[0].AToB.UnderWay, Events<FrameLost>(world).Count));
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void A_doubled_frame_arrives_twice_one_behind_the_other()
    {
        using var world = TwoHosts("100 Mbit/s, 5 ms");
        using var twice = world.Fault("duplicate 100% a--b");
        world.Cables[0].A.Ends[0].Transmit(Frame(world));
        world.Settle();
        Assert.Equal([5_079_040L, 5_159_040L], Times<FrameArrived>(world));
        Assert.Single(Events<FrameSent>(world));
        Assert.Equal((1, 2), (world.Cables[0].AToB.FramesDoubled, world.Cables[0].AToB.FramesArrived));
    }

    [Fact]
    public void A_flipped_bit_is_caught_by_the_frame_check_sequence_and_counted()
    {
        using var world = TwoHosts("");
        var b = world.Host("b");
        using (world.Fault("corrupt 100% a--b"))
        {
            world.Cables[0].A.Ends[0].Transmit(CheckedFrame(world));
            world.Settle();
        }
        Assert.Equal(1, b.Stack.Counters.Dropped(Stack.DropReason.FrameCheckFailed));
        Assert.Equal(CheckedFrame(world).Span, Assert.Single(Events<FrameSent>(world)).Bytes.Span);
        Assert.InRange(Assert.Single(Events<FrameDamaged>(world)).Bit, 0, 8 * 980 - 1);
        Assert.Equal(1, world.Cables[0].AToB.FramesDamaged);
    }

    [Fact]
    public void A_switch_drops_what_was_damaged_on_the_way_to_it()
    {
        using var world = new World(journal: true);
        world.Link(world.Host("a"), world.Switch("s"));
        world.Link(world.Switch("s"), world.Host("b"));
        world.Fault("corrupt 100% a--s");
        world.Cables[0].A.Ends[0].Transmit(CheckedFrame(world));
        world.Settle();
        Assert.Equal(new SwitchDropped("a--s"), Assert.Single(Events<SwitchDropped>(world)));
        Assert.Equal(1, world.Switch("s").FrameCheckFailures);
        Assert.Empty(world.Switch("s").Table);
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Theory]
    [InlineData("jitter 3ms a--b")]
    [InlineData("reorder 20% by 2ms a--b")]
    [InlineData("duplicate 20% a--b")]
    [InlineData("corrupt 20% a--b")]
    public void A_fault_more_changes_the_luck_of_no_other(string more)
    {
        Assert.Equal(Lost("loss 30% a--b"), Lost("loss 30% a--b", more));

        static List<int> Lost(params string[] faults)
        {
            using var world = TwoHosts("queue 1000", seed: 5);
            foreach (var fault in faults)
                world.Fault(fault);
            for (var i = 0; i < 200; i++)
                world.Cables[0].A.Ends[0].Transmit(Frame(world, 100 + i));
            world.Settle();
            var sent = world.Journal!.Entries.Where(entry => entry.What is FrameSent).ToDictionary(entry => entry.Id);
            return
            [
                .. world
                    .Journal.Entries.Where(entry => entry.What is FrameLost)
                    .Select(entry => ((FrameSent)sent[entry.Because].What).Bytes.Length)
                    .Order(),
            ];
        }
    }

    private static PacketBuffer CheckedFrame(World world)
    {
        var frame = Frame(world);
        MacAddress.Broadcast.Write(frame.Span);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(frame.Span[^4..], Crc32.Of(frame.Span[..^4]));
        return frame;
    }

    [Fact]
    public void Random_words_are_refused_without_an_exception_of_another_kind()
    {
        string[] words =
        [
            "loss",
            "cut",
            "20%",
            "%",
            "a--b",
            "--",
            "at",
            "for",
            "5",
            "ms",
            "1e9",
            "s",
            ",",
            "on",
            "-3ms",
            "bursty",
            "in",
            "bursts",
            "of",
            "reorder",
            "by",
            "jitter",
            "duplicate",
            "corrupt",
            "crash",
            "a",
            "a->b",
        ];
        var random = new RandomSource(3);
        using var world = TwoHosts("");
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Join(
                ' ',
                Enumerable.Range(0, random.Next(9)).Select(_ => words[random.Next(words.Length)])
            );
            try
            {
                world.Fault(text).Dispose();
            }
            catch (FaultSentenceException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
        // Who was switched on again asks whether its address is still free.
        Assert.True(world.Loop.RunUntilIdle(Instant.Zero + Duration.FromSeconds(10)));
        Assert.Equal(0, world.Loop.TimerCount);
    }
}
