using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// When to acknowledge (RFC 9293 §3.8.6.3, RFC 5681 §4.2). An acknowledgement waits a little, so that it can ride with data
/// or with a wider window; the second full-sized segment, a hole, or a FIN makes it go at once. A later one replaces an
/// earlier one, with one exception: segments that leave a hole are answered one by one, since the peer counts the
/// duplicates.
/// </summary>
public sealed class DelayedAck(Duration delay)
{
    /// <summary>A peer that only ever sends small segments does not get an acknowledgement for every second of them.</summary>
    private const int LeastFullSize = 536;

    private int _fullSize = LeastFullSize;
    private int _waitingOctets;
    private int _duplicates;
    private bool _isOwed;
    private SendReason _reason;
    private EventId _because;

    public Instant Due { get; private set; } = Instant.Never;

    /// <summary>Data has arrived in its turn.</summary>
    public void OnData(int length, Instant now, EventId because)
    {
        // What it would have been told of duplicates is out of date: this acknowledgement says more.
        if (_duplicates > 0)
        {
            OweNow(SendReason.Acknowledge, because);
            return;
        }
        _fullSize = Math.Max(_fullSize, length);
        _waitingOctets += length;
        if (_waitingOctets >= 2 * _fullSize)
        {
            OweNow(SendReason.Acknowledge, because);
            return;
        }
        _because = because;
        if (!_isOwed && Due == Instant.Never)
            Due = now + delay;
    }

    /// <summary>An acknowledgement must go at once.</summary>
    public void OweNow(SendReason reason, EventId because)
    {
        (_isOwed, _reason, _because) = (true, reason, because);
        _duplicates = 0;
        Due = Instant.Never;
    }

    /// <summary>One more must go, also when one is owed already.</summary>
    public void OweOneMore(EventId because)
    {
        _duplicates++;
        _because = because;
    }

    public void OnDue()
    {
        (_isOwed, _reason) = (true, SendReason.DelayedAcknowledge);
        Due = Instant.Never;
    }

    public bool IsOwed => _isOwed || _duplicates > 0;

    /// <summary>Whether an acknowledgement has to be sent now, and why.</summary>
    public bool TryTake(out SendReason reason, out EventId because)
    {
        (reason, because) = (_reason, _because);
        if (_duplicates > 0)
        {
            _duplicates--;
            reason = SendReason.DuplicateAcknowledge;
            return true;
        }
        return _isOwed;
    }

    /// <summary>The latest cause for an acknowledgement: also that of a window update, which follows from what came before it.</summary>
    public EventId Because => _because;

    /// <summary>A segment that carries the acknowledgement has been sent, alone or with data.</summary>
    public void OnAcknowledgementSent()
    {
        _isOwed = false;
        _waitingOctets = 0;
        Due = Instant.Never;
    }

    public void Stop()
    {
        OnAcknowledgementSent();
        _duplicates = 0;
    }
}
