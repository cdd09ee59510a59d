using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Which segments are lost, by time (RFC 8985 §6): when something that was sent later has arrived, and as long has passed
/// since as the network may take to reorder, it will not come any more. That holds for what was resent, too, and for the
/// last segments of a flight, where counting duplicates fails.
/// </summary>
public struct Rack
{
    private const int DuplicateThreshold = 3;
    private const int PersistRecoveries = 16;
    private Instant _sentAt;
    private SequenceNumber _end;
    private Duration _rtt;
    private SequenceNumber _forward;
    private bool _hasDelivered;
    private bool _isReordering;
    private int _multiplier = 1;
    private int _persist;
    private SequenceNumber? _dsackRound;

    public Rack() { }

    /// <summary>When the next segment will have waited long enough.</summary>
    public Instant Due { get; private set; } = Instant.Never;

    /// <summary>The network has delivered something out of order.</summary>
    public bool IsReordering => _isReordering;

    /// <summary>Steps 2 and 3: what has arrived, and whether in order.</summary>
    /// <param name="mayBeOriginal">It was resent, and the acknowledgement may be for an earlier transmission.</param>
    public void OnDelivered(in SentSegment segment, bool mayBeOriginal, Instant now)
    {
        if (!_hasDelivered || segment.End > _forward)
            _forward = segment.End;
        else if (segment.End < _forward && !segment.Is(SentMarks.EverResent))
            _isReordering = true;
        if (mayBeOriginal)
            return;
        _rtt = now - segment.SentAt;
        if (!_hasDelivered || IsAfter(segment.SentAt, segment.End, _sentAt, _end))
            (_sentAt, _end) = (segment.SentAt, segment.End);
        _hasDelivered = true;
    }

    /// <summary>Step 4: something was resent in vain, so the reordering is worse than thought.</summary>
    public void OnDuplicateSack(SequenceNumber una, SequenceNumber next)
    {
        if (_dsackRound is { } round && una < round)
            return;
        _dsackRound = next;
        _multiplier++;
        _persist = PersistRecoveries;
    }

    public void OnRecovered()
    {
        if (_persist > 0 && --_persist == 0)
            _multiplier = 1;
    }

    /// <summary>Step 5: marks what is lost by now, and sets <see cref="Due"/> for what may be so soon.</summary>
    public void DetectLoss(SentQueue sent, bool isRecovering, Duration minRtt, Duration smoothed, Instant now)
    {
        Due = Instant.Never;
        if (!_hasDelivered)
            return;
        var window = ReorderingWindow(sent, isRecovering, minRtt, smoothed);
        for (var number = sent.Earliest; number != SentQueue.None; )
        {
            ref var segment = ref sent[number];
            if (!IsAfter(_sentAt, _end, segment.SentAt, segment.End))
                break;
            var later = segment.Later;
            var deadline = segment.SentAt + _rtt + window;
            if (deadline <= now)
                sent.MarkLost(number);
            else
                Due = Due == Instant.Never ? deadline : Instant.Max(Due, deadline);
            number = later;
        }
    }

    /// <summary>§6.3: after a timeout, what has had its time is lost, and the first segment in any case.</summary>
    public void MarkLostOnTimeout(SentQueue sent, Duration minRtt, Duration smoothed, Instant now)
    {
        Due = Instant.Never;
        var window = ReorderingWindow(sent, isRecovering: true, minRtt, smoothed);
        for (var number = sent.First; number < sent.Next; number++)
        {
            if (number == sent.First || sent[number].SentAt + _rtt + window <= now)
                sent.MarkLost(number);
        }
    }

    public void Stop() => Due = Instant.Never;

    private Duration ReorderingWindow(SentQueue sent, bool isRecovering, Duration minRtt, Duration smoothed)
    {
        if (!_isReordering && (isRecovering || sent.SackedSegments >= DuplicateThreshold))
            return Duration.Zero;
        return Duration.Min(minRtt * _multiplier / 4, smoothed);
    }

    /// <summary>RACK_sent_after: by time, and by number where time cannot tell.</summary>
    private static bool IsAfter(Instant at, SequenceNumber end, Instant otherAt, SequenceNumber otherEnd) =>
        at > otherAt || (at == otherAt && end > otherEnd);
}
