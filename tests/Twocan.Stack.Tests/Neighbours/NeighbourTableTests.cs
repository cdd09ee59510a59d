using Twocan.Core;

namespace Twocan.Stack.Tests;

public sealed class NeighbourTableTests
{
    private static readonly IpAddress Www = IpAddress.Parse("10.0.0.2");
    private static readonly MacAddress Mac = MacAddress.Parse("02:00:00:00:00:02");
    private static readonly MacAddress OtherMac = MacAddress.Parse("02:00:00:00:00:03");
    private readonly PacketPool _pool = new();
    private readonly NeighbourTable _table = new();

    private static Instant At(double seconds) => Instant.Zero + Duration.FromSeconds(seconds);

    private NeighbourVerdict Send(IpAddress to, double at, byte mark = 0)
    {
        var packet = _pool.Rent();
        packet.Append(1)[0] = mark;
        var verdict = _table.Resolve(to, packet, At(at), out _);
        if (verdict == NeighbourVerdict.Send)
            packet.Dispose();
        return verdict;
    }

    private NeighbourQuestion? Ask(double at) => _table.TryAsk(At(at), out var question) ? question : null;

    private List<byte> Release()
    {
        var marks = new List<byte>();
        while (_table.TryRelease(out var packet, out _))
        {
            marks.Add(packet.Span[0]);
            packet.Dispose();
        }
        return marks;
    }

    private List<byte> Overflow()
    {
        var marks = new List<byte>();
        while (_table.TryTakeOverflow(out var packet))
        {
            marks.Add(packet.Span[0]);
            packet.Dispose();
        }
        return marks;
    }

    [Fact]
    public void The_first_packet_waits_while_everybody_is_asked()
    {
        Assert.Equal(NeighbourVerdict.Waits, Send(Www, 0));
        Assert.Equal(new NeighbourQuestion(Www, 1, null, EventId.None), Ask(0));
        Assert.Null(Ask(0));
        Assert.Equal(At(1), _table.Due);
    }

    [Fact]
    public void An_answer_releases_what_waits_in_order()
    {
        for (byte i = 0; i < 5; i++)
            Send(Www, 0, i);
        Ask(0);
        _table.Hear(Www, Mac, mayAdd: true, At(0.1));
        Assert.Equal([0, 1, 2, 3, 4], Release());
        Assert.Equal(NeighbourVerdict.Send, Send(Www, 0.2));
        Assert.Equal((Instant.Never, 0), (_table.Due, _pool.Outstanding));
    }

    [Fact]
    public void Three_questions_a_second_apart_and_then_it_gives_up()
    {
        Send(Www, 0);
        Assert.Equal(1, Ask(0)?.Attempt);
        Assert.Null(Ask(0.999));
        Assert.Equal(2, Ask(1)?.Attempt);
        Assert.Equal(3, Ask(2)?.Attempt);
        Assert.False(_table.TryGiveUp(At(2.999), out _));
        Assert.Null(Ask(3));
        Assert.True(_table.TryGiveUp(At(3), out var neighbour));
        Assert.Equal((Www, 1), (neighbour.Address, neighbour.WaitingCount));
        Assert.Equal((0, 0, Instant.Never), (_table.Count, _table.WaitingInAll, _table.Due));
    }

    [Fact]
    public void A_packet_after_giving_up_asks_anew()
    {
        Send(Www, 0);
        for (var second = 0; second < 3; second++)
            Ask(second);
        Assert.True(_table.TryGiveUp(At(3), out _));
        Send(Www, 3);
        Assert.Equal(1, Ask(3)?.Attempt);
    }

    [Fact]
    public void A_silent_neighbour_does_not_hold_the_questions_of_others_up()
    {
        var silent = IpAddress.Parse("10.0.0.77");
        Send(silent, 0);
        Ask(0);
        Send(Www, 0.5);
        Assert.Equal(Www, Ask(0.5)?.Target);
        Assert.Equal(At(1), _table.Due);
        Assert.Equal((silent, 2), (Ask(1)!.Value.Target, 2));
        Assert.Equal(At(1.5), _table.Due);
    }

    [Fact]
    public void A_line_that_was_long_not_confirmed_is_used_and_its_owner_asked_alone()
    {
        Send(Www, 0);
        _table.Hear(Www, Mac, mayAdd: false, At(0));
        Release();
        Assert.Equal(NeighbourVerdict.Send, Send(Www, 60));
        Assert.Null(Ask(60));
        Assert.Equal(NeighbourVerdict.Send, Send(Www, 61));
        Assert.Null(Ask(61));
        Assert.Equal((NeighbourState.Delay, At(66)), (_table.Find(Www)!.State, _table.Due));
        Assert.Equal(new NeighbourQuestion(Www, 1, Mac, EventId.None), Ask(66));
        _table.Hear(Www, Mac, mayAdd: false, At(66.1));
        Assert.Equal(NeighbourState.Reachable, _table.Find(Www)!.State);
        Assert.Equal(Instant.Never, _table.Due);
    }

    [Fact]
    public void A_line_whose_owner_no_longer_answers_is_forgotten_and_everybody_is_asked()
    {
        Send(Www, 0);
        _table.Hear(Www, Mac, mayAdd: false, At(0));
        Release();
        Send(Www, 100);
        Assert.Equal([1, 2, 3], new[] { Ask(105), Ask(106), Ask(107) }.Select(question => question!.Value.Attempt));
        Assert.True(_table.TryGiveUp(At(108), out _));
        Assert.Equal(NeighbourVerdict.Waits, Send(Www, 109));
        Assert.Null(Ask(109)!.Value.Of);
    }

    [Fact]
    public void A_sign_of_life_from_above_spares_the_question()
    {
        Send(Www, 0);
        _table.Hear(Www, Mac, mayAdd: false, At(0));
        Release();
        Send(Www, 100);
        Assert.True(_table.HasDoubts);
        _table.Confirm(Www, At(101));
        Assert.Equal((NeighbourState.Reachable, Instant.Never), (_table.Find(Www)!.State, _table.Due));
        Send(Www, 160);
        Assert.False(_table.HasDoubts);
    }

    [Fact]
    public void Who_asks_me_is_known_by_that_but_not_as_reachable()
    {
        _table.HearInPassing(Www, Mac, mayAdd: true, At(0));
        Assert.Equal(NeighbourState.Stale, _table.Find(Www)!.State);
        Assert.Equal(NeighbourVerdict.Send, Send(Www, 1));
        Assert.Equal(NeighbourState.Delay, _table.Find(Www)!.State);
        _table.HearInPassing(Www, OtherMac, mayAdd: true, At(2));
        Assert.Equal((NeighbourState.Stale, OtherMac), (_table.Find(Www)!.State, _table.Find(Www)!.Mac));
    }

    [Fact]
    public void A_stale_neighbour_is_in_doubt_at_once_when_packets_waited_for_it()
    {
        Send(Www, 0);
        Ask(0);
        _table.HearInPassing(Www, Mac, mayAdd: true, At(0.5));
        Assert.Equal([0], Release());
        Assert.Equal((NeighbourState.Delay, At(5.5)), (_table.Find(Www)!.State, _table.Due));
    }

    /// <summary>The table of RFC 4861, appendix C: state before, what the advertisement says, state and MAC address after.</summary>
    [Theory]
    [InlineData(NeighbourState.Incomplete, true, false, "same", NeighbourState.Reachable, "same")]
    [InlineData(NeighbourState.Incomplete, false, false, "same", NeighbourState.Stale, "same")]
    [InlineData(NeighbourState.Incomplete, true, true, "none", NeighbourState.Incomplete, "none")]
    [InlineData(NeighbourState.Reachable, true, false, "same", NeighbourState.Reachable, "same")]
    [InlineData(NeighbourState.Reachable, false, false, "other", NeighbourState.Stale, "same")]
    [InlineData(NeighbourState.Reachable, true, false, "other", NeighbourState.Stale, "same")]
    [InlineData(NeighbourState.Reachable, true, true, "other", NeighbourState.Reachable, "other")]
    [InlineData(NeighbourState.Reachable, false, true, "other", NeighbourState.Stale, "other")]
    [InlineData(NeighbourState.Reachable, false, true, "same", NeighbourState.Reachable, "same")]
    [InlineData(NeighbourState.Stale, true, false, "same", NeighbourState.Reachable, "same")]
    [InlineData(NeighbourState.Stale, true, false, "none", NeighbourState.Reachable, "same")]
    [InlineData(NeighbourState.Stale, true, false, "other", NeighbourState.Stale, "same")]
    [InlineData(NeighbourState.Stale, true, true, "other", NeighbourState.Reachable, "other")]
    [InlineData(NeighbourState.Stale, false, true, "other", NeighbourState.Stale, "other")]
    [InlineData(NeighbourState.Probe, true, false, "same", NeighbourState.Reachable, "same")]
    [InlineData(NeighbourState.Probe, false, true, "same", NeighbourState.Probe, "same")]
    [InlineData(NeighbourState.Probe, true, true, "other", NeighbourState.Reachable, "other")]
    public void An_advertisement_changes_what_is_known_by_the_RFCs_table(
        NeighbourState before,
        bool isSolicited,
        bool overrides,
        string mac,
        NeighbourState after,
        string macAfter
    )
    {
        Send(Www, 0);
        if (before is not NeighbourState.Incomplete)
        {
            _table.Hear(Www, Mac, mayAdd: true, At(0));
            Release();
        }
        if (before is NeighbourState.Stale)
            _table.HearInPassing(Www, OtherMac, true, At(0));
        if (before is NeighbourState.Stale)
            _table.HearInPassing(Www, Mac, true, At(0));
        if (before is NeighbourState.Probe)
        {
            Send(Www, 100);
            Ask(105);
        }
        Assert.Equal(before, _table.Find(Www)!.State);
        MacAddress? said =
            mac == "same" ? Mac
            : mac == "other" ? OtherMac
            : null;
        _table.OnAdvertisement(Www, said, isSolicited, overrides, isRouter: true, At(106));
        var isReleased = Release().Count > 0;
        var neighbour = _table.Find(Www)!;
        // What waited has been sent, and so a stale neighbour is in doubt.
        Assert.Equal(isReleased && after == NeighbourState.Stale ? NeighbourState.Delay : after, neighbour.State);
        Assert.Equal(
            macAfter == "same" ? Mac
                : macAfter == "other" ? OtherMac
                : default,
            neighbour.Mac
        );
        Assert.Equal(
            mac == "none" && before == NeighbourState.Incomplete || mac == "other" && !overrides,
            !neighbour.IsRouter
        );
        while (_table.Due != Instant.Never)
            Drain(new Duration(_table.Due.Nanoseconds).TotalSeconds);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void A_line_that_nobody_used_for_long_is_not_trusted_at_all()
    {
        Send(Www, 0);
        _table.Hear(Www, Mac, mayAdd: false, At(0));
        Release();
        Assert.Equal(Instant.Never, _table.Due);
        Assert.Equal(NeighbourVerdict.Waits, Send(Www, 1201));
    }

    [Fact]
    public void What_was_not_said_to_me_corrects_a_line_but_makes_none()
    {
        Assert.Null(_table.Hear(Www, Mac, mayAdd: false, At(0)));
        Assert.Equal(0, _table.Count);
        _table.Hear(Www, Mac, mayAdd: true, At(0));
        _table.Hear(Www, OtherMac, mayAdd: false, At(1));
        Assert.Equal(OtherMac, _table.Find(Www)!.Mac);
    }

    [Fact]
    public void The_oldest_packet_of_a_neighbour_makes_room_for_the_latest()
    {
        for (var i = 0; i < NeighbourTable.MaxWaitingEach + 3; i++)
            Send(Www, 0, (byte)i);
        Assert.Equal([0, 1, 2], Overflow());
        _table.Hear(Www, Mac, mayAdd: false, At(1));
        var released = Release();
        Assert.Equal((NeighbourTable.MaxWaitingEach, 3), (released.Count, released[0]));
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Packets_in_all_are_bounded_too()
    {
        for (var i = 0u; i < 5000; i++)
            Send(IpAddress.V4(0x0A000000 + i % 900), 0);
        Assert.Equal(NeighbourTable.MaxWaitingInAll, _table.WaitingInAll);
        Assert.Equal(5000 - NeighbourTable.MaxWaitingInAll, Overflow().Count);
        Assert.Equal(NeighbourTable.MaxWaitingInAll, _pool.Outstanding);
    }

    [Fact]
    public void Lines_are_bounded_and_the_least_recently_used_goes_first()
    {
        for (var i = 0u; i < NeighbourTable.MaxNeighbours; i++)
            _table.Hear(IpAddress.V4(i + 1), Mac, mayAdd: true, At(0));
        Send(IpAddress.V4(1), 1);
        _table.Hear(IpAddress.V4(9999), Mac, mayAdd: true, At(2));
        Assert.Equal(NeighbourTable.MaxNeighbours, _table.Count);
        Assert.NotNull(_table.Find(IpAddress.V4(1)));
        Assert.Null(_table.Find(IpAddress.V4(2)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_order_of_packets_answers_and_time_loses_no_buffer_and_ends(ulong seed)
    {
        var random = new RandomSource(seed);
        var now = 0.0;
        for (var step = 0; step < 20_000; step++)
        {
            var address = IpAddress.V4((uint)random.Next(1500));
            now += random.NextDouble() * random.NextDouble() * (random.Chance(0.01) ? 100 : 0.1);
            if (random.Chance(0.7))
                Send(address, now);
            else
                _table.Hear(address, Mac, random.Chance(0.5), At(now));
            Drain(now);
            Assert.InRange(_table.Count, 0, NeighbourTable.MaxNeighbours);
            Assert.Equal(_table.WaitingInAll, _pool.Outstanding);
        }
        while (_table.Due != Instant.Never)
            Drain(Math.Max(now, new Duration(_table.Due.Nanoseconds).TotalSeconds));
        Assert.Equal(0, _pool.Outstanding);
    }

    private void Drain(double now)
    {
        Release();
        Overflow();
        while (true)
        {
            if (_table.TryAsk(At(now), out _))
                continue;
            if (!_table.TryGiveUp(At(now), out var neighbour))
                return;
            while (neighbour.Waiting.TryDequeue(out var packet))
                packet.Dispose();
        }
    }
}
