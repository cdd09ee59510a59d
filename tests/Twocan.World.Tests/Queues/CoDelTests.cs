using Twocan.Core;

namespace Twocan.Worlds.Tests;

/// <summary>CoDel by a script of times: target 5 ms, interval 100 ms.</summary>
public sealed class CoDelTests
{
    private readonly PacketPool _pool = new();
    private readonly CoDel _queue = new(CoDel.UsualTarget, CoDel.UsualInterval, 1518);
    private readonly List<int> _dropped = [];

    [Fact]
    public void A_queue_that_is_emptied_quickly_drops_nothing()
    {
        for (var i = 0; i < 1000; i++)
        {
            Enqueue(i, at: i);
            Assert.Equal(i, Dequeue(i + 4.9));
        }
        Assert.Empty(_dropped);
    }

    [Fact]
    public void A_burst_that_is_gone_within_an_interval_is_no_bad_queue()
    {
        for (var i = 0; i < 50; i++)
            Enqueue(i, at: 0);
        // Up to 49 ms of waiting each; but never for a whole interval.
        for (var i = 0; i < 50; i++)
            Assert.Equal(i, Dequeue(i * 2));
        Assert.Empty(_dropped);
    }

    [Fact]
    public void A_queue_that_stands_for_an_interval_drops_one_and_then_ever_sooner()
    {
        var drops = Stand(until: 400);
        // An interval after the first that is too old, then after 100/√1, 100/√2, 100/√3, 100/√4 ms, each at the next departure.
        Assert.Equal([100, 200, 271, 329, 379], drops);
    }

    [Fact]
    public void When_the_delay_is_gone_it_stops_and_begins_again_near_where_it_was()
    {
        var first = Stand(until: 400);
        Assert.Equal(5, first.Count);
        while (_queue.Count > 0)
            Dequeue(400);
        // Soon after it knows how often it had to drop, so its second drop comes sooner than an interval after its first.
        var second = Stand(until: 800, from: 402);
        Assert.InRange(second[1] - second[0], 45, 60);
    }

    [Fact]
    public void The_last_frame_is_never_dropped_however_old_it_is()
    {
        for (var i = 0; i < 200; i++)
        {
            Enqueue(i, at: i * 1000);
            Assert.Equal(i, Dequeue(i * 1000 + 900));
        }
        Assert.Empty(_dropped);
    }

    [Fact]
    public void Who_can_be_marked_is_marked_and_leaves()
    {
        var marked = 0;
        for (var i = 0; i < 400; i++)
        {
            Enqueue(i, at: i);
            if (i < 20)
                continue;
            Assert.True(_queue.TryDequeue(At(i), _ => ++marked > 0, out var frame));
            frame.Dispose();
        }
        Assert.Equal(5, marked);
        Assert.Equal(20, _queue.Count);
    }

    /// <summary>One frame comes and one leaves each millisecond, and each waits for twenty; when were frames dropped?</summary>
    private List<int> Stand(int until, int from = 0)
    {
        var drops = new List<int>();
        for (var i = 0; i < 20; i++)
            Enqueue(i, at: from - 14);
        for (var now = from; now < until; now++)
        {
            Enqueue(now, at: now);
            var before = _dropped.Count;
            if (_queue.Count > 15)
                Dequeue(now);
            if (_dropped.Count == before)
                continue;
            drops.Add(now);
            // The dropped one's place is taken, so that the queue stands.
            Enqueue(now, at: now);
        }
        return drops;
    }

    private void Enqueue(int number, double at)
    {
        var frame = _pool.Rent(1000);
        frame.Append(1000).Clear();
        frame.Cause = new(number);
        _queue.Enqueue(frame, At(at));
    }

    private int Dequeue(double at)
    {
        Assert.True(
            _queue.TryDequeue(
                At(at),
                frame =>
                {
                    _dropped.Add((int)frame.Cause.Value);
                    frame.Dispose();
                    return false;
                },
                out var left
            )
        );
        var number = (int)left!.Cause.Value;
        left.Dispose();
        return number;
    }

    private static Instant At(double milliseconds) =>
        new Instant(1_000_000_000) + Duration.FromMilliseconds(milliseconds);
}
