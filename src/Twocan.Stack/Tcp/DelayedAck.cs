using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// When to acknowledge (RFC 9293 §3.8.6.3, RFC 5681 §4.2). An acknowledgement waits a little, so that it can ride with data
/// or with a wider window; the second full-sized segment, a hole, or a FIN makes it go at once. A later one replaces an
/// earlier one, with one exception: segments that leave a hole are answered one by one, since the peer counts the
/// duplicates.
/// </summary>
public struct DelayedAck(Duration delay, int quick = 0)
{
    /// <summary>A peer that only ever sends small segments does not get an acknowledgement for every second of them.</summary>
    private const int LeastFullSize = 536;

    private const int QuickByRequest = 16;

    /// <summary>How many more segments are answered at once: the sender is in slow start, and grows by what is acknowledged.</summary>
    private int _quick = quick;
    private Instant _lastData = Instant.Never;
    private int _fullSize = LeastFullSize;
    private int _waitingOctets;
    private int _duplicates;
    private bool _isOwed;
    private SendReason _reason;
    private EventId _because;

    public Instant Due { get; private set; } = Instant.Never;

    /// <summary>Data has arrived in its turn.</summary>
    /// <param name="segmentSize">Of each of the segments that it came in.</param>
    public void OnData(int length, int segmentSize, Instant now, EventId because)
    {
        // What it would have been told of duplicates is out of date: this acknowledgement says more.
        if (_duplicates > 0)
        {
            OweNow(SendReason.Acknowledge, because);
            return;
        }
        _lastData = now;
        _fullSize = Math.Max(_fullSize, Math.Min(length, segmentSize));
        _waitingOctets += length;
        if (_waitingOctets >= 2 * _fullSize || _quick > 0)
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

    /// <summary>Whether what comes next is acknowledged at once.</summary>
    public bool IsQuick => _quick > 0;

    /// <summary>The program says so (TCP_QUICKACK); Linux's count of segments for which that holds.</summary>
    public void SetQuick(bool isQuick)
    {
        _quick = isQuick ? QuickByRequest : 0;
        if (isQuick && Due != Instant.Never)
            OweNow(SendReason.Acknowledge, _because);
    }

    /// <summary>The longest segment that has come; 536 while none was longer.</summary>
    public int FullSize => _fullSize;

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

    /// <summary>Data of ours goes out. When it answers what has just come, acknowledgements can ride with such answers from now on.</summary>
    public void OnDataSent(Instant now)
    {
        if (_lastData != Instant.Never && now - _lastData < delay)
            _quick = 0;
    }

    /// <summary>A segment that carries the acknowledgement has been sent, alone or with data.</summary>
    public void OnAcknowledgementSent()
    {
        if (_waitingOctets > 0 && _quick > 0)
            _quick--;
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
