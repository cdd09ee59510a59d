using Twocan.Core;

namespace Twocan.Worlds.Tests;

/// <summary>The machine alone, at 10 Mbit/s: a bit takes 100 ns, the gap 9.6 µs, a slot 51.2 µs.</summary>
public sealed class CsmaCdTests
{
    private const int ShortFrame = 64;

    /// <summary>With its preamble 576 bits.</summary>
    private static readonly Duration ShortTime = Duration.FromMicroseconds(57.6);

    private readonly CsmaCd _machine = new(new RandomSource(1)) { Timing = new(new BitRate(10_000_000)) };

    [Fact]
    public void On_a_silent_wire_a_frame_begins_at_once_and_ends_with_its_last_bit()
    {
        _machine.Offer(ShortFrame, At(100));
        Assert.Equal(CsmaCdStep.Begin, _machine.Next(At(100)));
        Assert.Equal(CsmaCdStep.Wait, _machine.Next(At(100)));
        Assert.Equal(At(100) + ShortTime, _machine.Due);
        Assert.Equal(CsmaCdStep.Succeed, _machine.Next(_machine.Due));
        Assert.True(_machine.IsIdle);
        Assert.False(_machine.WasDeferred);
    }

    [Fact]
    public void After_its_own_frame_it_leaves_the_gap_too()
    {
        _machine.Offer(ShortFrame, At(0));
        Assert.Equal(CsmaCdStep.Begin, _machine.Next(At(0)));
        Assert.Equal(CsmaCdStep.Succeed, _machine.Next(At(57.6)));
        _machine.Offer(ShortFrame, At(57.6));
        Assert.Equal(CsmaCdStep.Wait, _machine.Next(At(57.6)));
        Assert.Equal(At(67.2), _machine.Due);
        Assert.Equal(CsmaCdStep.Begin, _machine.Next(At(67.2)));
    }

    [Fact]
    public void While_somebody_speaks_it_waits_and_for_the_gap_after()
    {
        Assert.False(_machine.OnCarrier(At(10)));
        _machine.Offer(ShortFrame, At(20));
        Assert.True(_machine.WasDeferred);
        Assert.Equal(CsmaCdStep.Wait, _machine.Next(At(20)));
        Assert.Equal(Instant.Never, _machine.Due);
        _machine.OnSilence(At(100));
        Assert.Equal(At(109.6), _machine.Due);
        Assert.Equal(CsmaCdStep.Wait, _machine.Next(At(109.5)));
        Assert.Equal(CsmaCdStep.Begin, _machine.Next(At(109.6)));
    }

    [Fact]
    public void Who_speaks_in_the_first_part_of_the_gap_is_let_through()
    {
        _machine.OnCarrier(At(0));
        _machine.OnSilence(At(100));
        _machine.Offer(ShortFrame, At(101));
        _machine.OnCarrier(At(106));
        Assert.Equal(Instant.Never, _machine.Due);
        Assert.Equal(CsmaCdStep.Wait, _machine.Next(At(109.6)));
    }

    [Fact]
    public void Who_speaks_in_the_last_part_of_the_gap_is_not_heard_until_the_frame_has_begun()
    {
        _machine.OnCarrier(At(0));
        _machine.OnSilence(At(100));
        _machine.Offer(ShortFrame, At(101));
        Assert.False(_machine.OnCarrier(At(107)));
        Assert.Equal(At(109.6), _machine.Due);
        Assert.Equal(CsmaCdStep.Begin, _machine.Next(At(109.6)));
        Assert.True(_machine.IsJamming);
    }

    [Fact]
    public void Who_comes_after_the_gap_does_not_wait_for_a_moment_that_is_past()
    {
        _machine.OnCarrier(At(0));
        _machine.OnSilence(At(100));
        _machine.OnCarrier(At(107));
        _machine.Offer(ShortFrame, At(120));
        Assert.Equal(Instant.Never, _machine.Due);
        Assert.Equal(CsmaCdStep.Wait, _machine.Next(At(120)));
    }

    [Fact]
    public void A_collision_is_jammed_for_32_bits_and_never_before_the_preamble_is_out()
    {
        _machine.Offer(ShortFrame, At(0));
        _machine.Next(At(0));
        Assert.True(_machine.OnCarrier(At(1)));
        Assert.False(_machine.OnCarrier(At(2)));
        Assert.Equal(At(6.4 + 3.2), _machine.Due);
        Assert.Equal(CsmaCdStep.BackOff, _machine.Next(_machine.Due));

        _machine.OnSilence(At(20));
        _machine.Abort(At(20));
        _machine.Offer(ShortFrame, At(1000));
        _machine.Next(At(1000));
        Assert.True(_machine.OnCarrier(At(1030)));
        Assert.Equal(At(1033.2), _machine.Due);
        Assert.False(_machine.IsLate);
    }

    [Fact]
    public void A_collision_after_a_slot_is_late()
    {
        _machine.Offer(1000, At(0));
        _machine.Next(At(0));
        Assert.True(_machine.OnCarrier(At(51.3)));
        Assert.True(_machine.IsLate);
        // Below 1 Gbit/s it is tried again all the same.
        Assert.Equal(CsmaCdStep.BackOff, _machine.Next(_machine.Due));
    }

    [Fact]
    public void At_a_gigabit_a_slot_is_4096_bits_a_short_frame_is_stretched_and_a_late_collision_is_final()
    {
        var machine = new CsmaCd(new RandomSource(1)) { Timing = new(BitRate.Gigabit) };
        machine.Offer(ShortFrame, At(0));
        machine.Next(At(0));
        Assert.Equal(At(0.064 + 4.096), machine.Due);
        Assert.Equal(CsmaCdStep.Succeed, machine.Next(machine.Due));
        machine.Offer(1500, At(100));
        machine.Next(At(100));
        machine.OnCarrier(At(105));
        Assert.Equal(CsmaCdStep.GiveUp, machine.Next(machine.Due));
    }

    [Fact]
    public void Each_collision_doubles_the_slots_to_draw_from_up_to_1024_and_the_16th_is_the_last()
    {
        var most = new int[CsmaCd.MaxAttempts + 1];
        for (var seed = 0UL; seed < 400; seed++)
        {
            var machine = new CsmaCd(new RandomSource(seed)) { Timing = new(new BitRate(10_000_000)) };
            machine.Offer(ShortFrame, At(0));
            for (var attempt = 1; attempt <= CsmaCd.MaxAttempts; attempt++)
            {
                var now = machine.Due;
                Assert.Equal(CsmaCdStep.Begin, machine.Next(now));
                machine.OnCarrier(now + Duration.FromMicroseconds(10));
                var step = machine.Next(machine.Due);
                machine.OnSilence(now + Duration.FromMicroseconds(20));
                Assert.Equal(attempt < 16 ? CsmaCdStep.BackOff : CsmaCdStep.GiveUp, step);
                if (step == CsmaCdStep.GiveUp)
                    break;
                most[attempt] = Math.Max(most[attempt], machine.Slots);
                Assert.InRange(machine.Slots, 0, (1 << Math.Min(attempt, 10)) - 1);
                Assert.Equal(Duration.FromMicroseconds(51.2) * machine.Slots, machine.BackOff);
            }
            Assert.True(machine.IsIdle);
        }
        Assert.Equal([1, 3, 7, 15], most[1..5]);
        Assert.InRange(most[10], 1000, 1023);
        Assert.InRange(most[15], 1000, 1023);
    }

    [Fact]
    public void The_back_off_begins_with_the_silence_after_the_jam_and_the_gap_holds_too()
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var machine = new CsmaCd(new RandomSource(seed)) { Timing = new(new BitRate(10_000_000)) };
            machine.Offer(ShortFrame, At(0));
            machine.Next(At(0));
            machine.OnCarrier(At(10));
            Assert.Equal(CsmaCdStep.BackOff, machine.Next(At(13.2)));
            machine.OnSilence(At(15));
            var expected = machine.Slots == 0 ? At(15 + 9.6) : At(13.2 + 51.2);
            Assert.Equal(expected, machine.Due);
        }
    }

    private static Instant At(double microseconds) => Instant.Zero + Duration.FromMicroseconds(microseconds);
}
