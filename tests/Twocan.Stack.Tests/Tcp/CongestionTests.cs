using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>Congestion controls alone, told of rounds that they take part in.</summary>
public class CongestionTests
{
    private const int Mss = 1000;

    [Fact]
    public void CUBIC_comes_back_to_the_old_window_after_K_seconds_and_then_searches_beyond()
    {
        var cubic = new Cubic(withHyStart: false);
        var at = Lose(cubic, segments: 400);
        Assert.Equal(280 * Mss, cubic.Window);
        // K = cbrt(400 * 0.3 / 0.4) = 6.69 s
        at = Grow(cubic, at, Duration.FromSeconds(6.7), rtt: 0.1);
        Assert.InRange(cubic.Window, 396 * Mss, 402 * Mss);
        at = Grow(cubic, at, Duration.FromSeconds(2), rtt: 0.1);
        Assert.InRange(cubic.Window, 402 * Mss, 412 * Mss);
        Grow(cubic, at, Duration.FromSeconds(4), rtt: 0.1);
        Assert.InRange(cubic.Window, 470 * Mss, 520 * Mss);
    }

    [Fact]
    public void CUBIC_grows_as_fast_on_long_paths_as_on_short_ones()
    {
        var (near, far) = (new Cubic(withHyStart: false), new Cubic(withHyStart: false));
        Grow(near, Lose(near, segments: 400), Duration.FromSeconds(5), rtt: 0.05);
        Grow(far, Lose(far, segments: 400), Duration.FromSeconds(5), rtt: 0.2);
        Assert.InRange((double)near.Window / far.Window, 0.97, 1.03);
    }

    [Fact]
    public void CUBIC_is_no_slower_than_Reno_where_that_is_faster()
    {
        var (cubic, reno) = (new Cubic(withHyStart: false), new Reno());
        Grow(cubic, Lose(cubic, segments: 20), Duration.FromSeconds(1), rtt: 0.005);
        Grow(reno, Lose(reno, segments: 20), Duration.FromSeconds(1), rtt: 0.005);
        Assert.InRange((double)cubic.Window / reno.Window, 0.9, 1.2);
    }

    [Fact]
    public void Who_finds_less_room_than_last_time_leaves_some_to_others()
    {
        var cubic = new Cubic(withHyStart: false);
        var at = Lose(cubic, segments: 400);
        cubic.OnCongestion(cubic.Window, isLoss: true, at);
        Assert.Equal(196 * Mss, cubic.Window);
        // The old maximum was 280; with fast convergence the plateau lies at 280 * 0.85 = 238.
        Grow(cubic, at, Duration.FromSeconds(4.7), rtt: 0.1);
        Assert.InRange(cubic.Window, 234 * Mss, 242 * Mss);
    }

    [Fact]
    public void A_window_that_is_not_used_does_not_grow()
    {
        foreach (var congestion in new ICongestionControl[] { new Cubic(), new Reno() })
        {
            congestion.OnEstablished(10 * Mss, Mss, Instant.Zero);
            congestion.OnDelivered(Sample(Mss, inFlight: Mss, rtt: 0.1), Instant.Zero);
            Assert.Equal(10 * Mss, congestion.Window);
        }
    }

    [Fact]
    public void Undo_gives_back_what_congestion_took()
    {
        foreach (var congestion in new ICongestionControl[] { new Cubic(), new Reno() })
        {
            congestion.OnEstablished(40 * Mss, Mss, Instant.Zero);
            congestion.OnCongestion(40 * Mss, isLoss: true, Instant.Zero);
            congestion.Undo(Instant.Zero);
            Assert.Equal(40 * Mss, congestion.Window);
            congestion.OnTimeout(40 * Mss, isFirst: true, Instant.Zero);
            Assert.Equal(Mss, congestion.Window);
            congestion.Undo(Instant.Zero);
            Assert.Equal(40 * Mss, congestion.Window);
        }
    }

    [Fact]
    public void Slow_start_ends_a_few_rounds_after_round_trips_have_become_longer()
    {
        var hyStart = new HyStart();
        var (delivered, rounds, isOver) = (0L, 0, false);
        for (; rounds < 30 && !isOver; rounds++)
        {
            var rtt = rounds < 5 ? 0.04 : 0.06;
            var prior = delivered;
            for (var i = 0; i < 10 && !isOver; i++)
            {
                delivered += Mss;
                hyStart.OnDelivered(Sample(Mss, 10 * Mss, rtt, delivered, prior), Mss, out isOver);
            }
        }
        Assert.InRange(rounds, 10, 12);
    }

    [Fact]
    public void A_passing_delay_does_not_end_slow_start()
    {
        var hyStart = new HyStart();
        var (delivered, isOver) = (0L, false);
        for (var round = 0; round < 30; round++)
        {
            var prior = delivered;
            for (var i = 0; i < 10; i++)
            {
                delivered += Mss;
                hyStart.OnDelivered(Sample(Mss, 10 * Mss, round == 5 ? 0.06 : 0.04, delivered, prior), Mss, out isOver);
                Assert.False(isOver);
            }
        }
        Assert.False(hyStart.IsConservative);
    }

    [Fact]
    public void PRR_sends_in_proportion_and_ends_at_the_threshold()
    {
        var prr = new ProportionalRateReduction();
        var (pipe, sent) = (100 * Mss, 0);
        prr.Begin(100 * Mss, 70 * Mss);
        for (var i = 0; i < 100; i++)
        {
            pipe -= Mss;
            prr.OnDelivered(Mss, pipe, isSafe: true, Mss);
            for (; prr.Window - pipe >= Mss; pipe += Mss, sent++)
                prr.OnSent(Mss);
        }
        Assert.InRange(sent, 69, 71);
        Assert.InRange(pipe, 69 * Mss, 71 * Mss);
    }

    [Fact]
    public void BBR_finds_the_rate_of_the_bottleneck_and_keeps_the_queue_short()
    {
        // A link of a million octets a second with a round trip of 40 ms: the product is 40 segments.
        var bbr = new Bbr();
        var link = new Bottleneck(bbr, octetsPerSecond: 1_000_000, Duration.FromMilliseconds(40));
        link.Run(Duration.FromSeconds(9));
        Assert.InRange(bbr.PacingRate, 740_000, 1_260_000);
        Assert.InRange(bbr.Window, 70 * Mss, 90 * Mss);
        Assert.InRange(link.LatestRtt.TotalMilliseconds, 39, 60);
        var before = link.Delivered;
        link.Run(Duration.FromSeconds(5));
        Assert.InRange((link.Delivered - before) / 5.0, 930_000, 1_000_000);
    }

    [Fact]
    public void BBR_is_not_slowed_down_by_a_program_whose_first_word_is_one_octet()
    {
        var rtt = Duration.FromMilliseconds(50);
        var bbr = new Bbr();
        bbr.OnEstablished(10 * Mss, Mss, Instant.Zero);
        var one = new RateSample(20, PriorDelivered: 0, rtt, IsAppLimited: true);
        bbr.OnDelivered(new AckSample(1, 1, 0, 1, 0, 1, 1, one, rtt, rtt, Mss), Instant.Zero + rtt);
        Assert.InRange(bbr.PacingRate, 2 * 10 * Mss * 20, 3 * 10 * Mss * 20);
    }

    [Fact]
    public void The_most_of_ten_rounds_is_forgotten_in_the_eleventh()
    {
        var most = new RoundMax(10);
        most.Add(100, 1);
        for (var round = 2; round <= 10; round++)
            most.Add(50, round);
        Assert.Equal(100, most.Value);
        most.Add(50, 11);
        Assert.Equal(50, most.Value);
    }

    [Fact]
    public void A_window_of_time_forgets_the_minimum_that_has_passed()
    {
        var min = new WindowedMin(Duration.FromSeconds(10));
        Assert.False(min.HasValue);
        min.Add(Duration.FromMilliseconds(5), Instant.Zero);
        for (var second = 1; second <= 4; second++)
            min.Add(Duration.FromMilliseconds(9), Instant.Zero + Duration.FromSeconds(second));
        Assert.Equal(Duration.FromMilliseconds(5), min.Value);
        for (var second = 5; second <= 11; second++)
            min.Add(Duration.FromMilliseconds(8), Instant.Zero + Duration.FromSeconds(second));
        Assert.Equal(Duration.FromMilliseconds(8), min.Value);
    }

    [Fact]
    public void The_scoreboard_counts_as_one_that_looks_at_every_segment_does()
    {
        for (var seed = 1UL; seed <= 300; seed++)
        {
            var random = new RandomSource(seed);
            var sent = new SentQueue();
            var end = new SequenceNumber(0xFFFF_F000);
            var now = Instant.Zero;
            for (var step = 0; step < 300; step++)
            {
                now += Duration.FromMilliseconds(1);
                var number = sent.IsEmpty ? 0 : sent.First + random.Next(sent.Count);
                switch (random.Next(8))
                {
                    case < 3:
                        var start = end;
                        end += random.Next(1, 2000);
                        sent.Append(start, end, now);
                        break;
                    case 3 when !sent.IsEmpty:
                        sent.MarkLost(number);
                        break;
                    case 4 when !sent.IsEmpty && !sent[number].Is(SentMarks.Sacked):
                        sent.MarkSacked(number);
                        break;
                    case 5 when sent.TryNextLost(out var lost):
                        sent.Resent(lost, now);
                        break;
                    case 6 when !sent.IsEmpty && sent[number].Length > 1:
                        sent.Split(number, sent[number].Start + random.Next(1, sent[number].Length));
                        break;
                    case 7 when !sent.IsEmpty && random.Chance(0.3):
                        var acknowledged = sent[number].Start + random.Next(sent[number].Length + 1);
                        while (sent.TryAcknowledge(acknowledged, out _)) { }
                        break;
                    case 7 when random.Chance(0.1):
                        sent.ClearLost();
                        break;
                    case 7 when random.Chance(0.1):
                        sent.MarkAllLost(random.Chance(0.5));
                        break;
                }
                Check(sent, end);
            }
        }
    }

    private static void Check(SentQueue sent, SequenceNumber end)
    {
        var (octets, sacked, lost, resent, open) = (0, 0, 0, 0, 0);
        for (var number = sent.First; number < sent.Next; number++)
        {
            ref var segment = ref sent[number];
            octets += segment.Length;
            sacked += segment.Is(SentMarks.Sacked) ? segment.Length : 0;
            lost += segment.Is(SentMarks.Lost) ? segment.Length : 0;
            resent += segment.Is(SentMarks.Resent) ? segment.Length : 0;
            open += segment.Is(SentMarks.Sacked) || segment.Is(SentMarks.Lost) && !segment.Is(SentMarks.Resent) ? 0 : 1;
            Assert.Equal(number + 1 == sent.Next ? end : sent[number + 1].Start, segment.End);
        }
        Assert.Equal(
            (octets, sacked, lost, resent),
            (sent.Octets, sent.SackedOctets, sent.LostOctets, sent.ResentOctets)
        );
        var last = Instant.Zero;
        for (var number = sent.Earliest; number != SentQueue.None; number = sent[number].Later, open--)
        {
            Assert.True(sent[number].SentAt >= last);
            last = sent[number].SentAt;
        }
        Assert.Equal(0, open);
    }

    private static Instant Lose(ICongestionControl congestion, int segments)
    {
        congestion.OnEstablished(segments * Mss, Mss, Instant.Zero);
        congestion.OnCongestion(segments * Mss, isLoss: true, Instant.Zero);
        return Instant.Zero;
    }

    /// <summary>Full windows, acknowledged segment by segment.</summary>
    private static Instant Grow(ICongestionControl congestion, Instant from, Duration span, double rtt)
    {
        var (at, end) = (from, from + span);
        while (at < end)
        {
            var segments = congestion.Window / Mss;
            for (var i = 0; i < segments; i++)
            {
                at += Duration.FromSeconds(rtt / segments);
                congestion.OnDelivered(Sample(Mss, congestion.Window, rtt), at);
            }
        }
        return at;
    }

    private static AckSample Sample(int octets, int inFlight, double rtt, long delivered = 0, long prior = 0) =>
        new(
            octets,
            octets,
            0,
            inFlight,
            inFlight - octets,
            inFlight,
            delivered,
            new(0, prior, Duration.FromSeconds(rtt), IsAppLimited: false),
            Duration.FromSeconds(rtt),
            Duration.FromSeconds(rtt)
        );

    /// <summary>One flow through one link: segments leave as window and pace allow, and are acknowledged in order.</summary>
    private sealed class Bottleneck(ICongestionControl congestion, long octetsPerSecond, Duration path)
    {
        private readonly Queue<(Instant Arrives, SentSegment Segment)> _inFlight = new();
        private DeliveryRate _rate;
        private Pacer _pacer = new();
        private Instant _now = Instant.Zero + Duration.FromSeconds(1);
        private Instant _linkFree;
        private bool _isEstablished;

        public long Delivered => _rate.Delivered;

        public Duration LatestRtt { get; private set; }

        public void Run(Duration span)
        {
            if (!_isEstablished)
                congestion.OnEstablished(10 * Mss, Mss, _now);
            _isEstablished = true;
            for (var end = _now + span; _now < end; )
            {
                while ((_inFlight.Count + 1) * Mss <= congestion.Window && _pacer.TryPass(congestion.PacingRate, _now))
                    Send();
                var arrives = _inFlight.TryPeek(out var first) ? first.Arrives : Instant.Never;
                _now = Instant.Max(_now, Instant.Min(arrives, _pacer.Due));
                _pacer.Stop();
                if (arrives <= _now)
                    Acknowledge();
            }
        }

        private void Send()
        {
            var segment = new SentSegment { SentAt = _now, End = new(Mss) };
            _rate.OnSent(ref segment, _inFlight.Count == 0, _now);
            _pacer.OnSent(Mss, congestion.PacingRate, _now);
            _linkFree = Instant.Max(_linkFree, _now) + Duration.FromSeconds((double)Mss / octetsPerSecond);
            _inFlight.Enqueue((_linkFree + path, segment));
        }

        private void Acknowledge()
        {
            var before = _inFlight.Count * Mss;
            var (_, segment) = _inFlight.Dequeue();
            LatestRtt = _now - segment.SentAt;
            _rate.BeginSample();
            _rate.OnDelivered(segment, Mss, _now);
            _rate.TryTakeSample(path, _now, out var sample);
            congestion.OnDelivered(
                new(Mss, Mss, 0, before, before - Mss, before, _rate.Delivered, sample, LatestRtt, path),
                _now
            );
        }
    }
}
