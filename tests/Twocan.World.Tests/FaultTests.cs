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
        Assert.Equal("there is no cable 'pc--homehub'; near to it: pc--home-hub", error.Message);
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
        ];
        var random = new RandomSource(3);
        using var world = TwoHosts("");
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Join(
                ' ',
                Enumerable.Range(0, random.Next(7)).Select(_ => words[random.Next(words.Length)])
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
        Assert.Equal(0, world.Loop.TimerCount);
    }
}
