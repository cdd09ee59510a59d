using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// How fast the network delivers (draft-ietf-ccwg-bbr §4.1, after draft-cheng-iccrg-delivery-rate-estimation): between the
/// sending of a segment and its acknowledgement so much else was delivered. Neither the pace at which it was sent nor the
/// pace at which acknowledgements came may make it look faster, so the longer of both spans counts.
/// </summary>
public struct DeliveryRate
{
    private Instant _deliveredAt;
    private Instant _firstSentAt;
    private long _appLimitedUntil;

    /// <summary>Of the segment sent last of those that are delivered now.</summary>
    private long _priorDelivered;
    private Instant _priorAt;
    private Instant _sentAt;
    private Instant _flightSentAt;
    private bool _wasAppLimited;
    private bool _wasResent;
    private bool _hasSample;

    /// <summary>Octets that the peer has got, so far.</summary>
    public long Delivered { get; private set; }

    /// <summary>Octets a second, as last measured.</summary>
    public long Latest { get; private set; }

    public readonly bool IsAppLimited => _appLimitedUntil > Delivered;

    public void OnSent(ref SentSegment segment, bool isFirstInFlight, Instant now)
    {
        if (isFirstInFlight)
            (_firstSentAt, _deliveredAt) = (now, now);
        (segment.Delivered, segment.DeliveredAt, segment.FirstSentAt) = (Delivered, _deliveredAt, _firstSentAt);
        segment.Marks = IsAppLimited ? segment.Marks | SentMarks.AppLimited : segment.Marks & ~SentMarks.AppLimited;
    }

    /// <summary>The network could take more than the program has to send: samples until <paramref name="inFlight"/> is delivered say little.</summary>
    public void OnAppLimited(int inFlight) => _appLimitedUntil = Math.Max(Delivered + inFlight, 1);

    public void BeginSample() => _hasSample = false;

    public void OnDelivered(in SentSegment segment, int octets, Instant now)
    {
        Delivered += octets;
        _deliveredAt = now;
        if (_hasSample && segment.Delivered < _priorDelivered)
            return;
        _hasSample = true;
        (_priorDelivered, _priorAt) = (segment.Delivered, segment.DeliveredAt);
        (_sentAt, _flightSentAt) = (segment.SentAt, segment.FirstSentAt);
        _wasAppLimited = segment.Is(SentMarks.AppLimited);
        _wasResent = segment.Is(SentMarks.EverResent);
        _firstSentAt = segment.SentAt;
    }

    /// <summary>What the acknowledgement has shown; false when it delivered nothing that can be measured.</summary>
    public bool TryTakeSample(Duration minRtt, Instant now, out RateSample sample)
    {
        sample = default;
        if (!_hasSample)
            return false;
        var sending = _sentAt - _flightSentAt;
        var acknowledging = now - _priorAt;
        var interval = Duration.Max(sending, acknowledging);
        var delivered = Delivered - _priorDelivered;
        // Shorter than any round trip: the clock or the peer plays tricks.
        var isValid = interval > Duration.Zero && interval >= minRtt;
        sample = new(
            isValid ? RateOf(delivered, interval) : 0,
            _priorDelivered,
            _wasResent ? Duration.Zero : now - _sentAt,
            _wasAppLimited
        );
        if (isValid)
            Latest = sample.Rate;
        return true;
    }

    private static long RateOf(long octets, Duration interval) =>
        (long)(octets * 1e9 / Math.Max(interval.Nanoseconds, 1));
}

/// <param name="Rate">Octets a second; 0 when it could not be told.</param>
/// <param name="PriorDelivered">How much had been delivered when the newest segment that is delivered now was sent.</param>
/// <param name="Rtt">Since that segment was sent; zero when it was sent more than once, and nobody knows which came (Karn).</param>
/// <param name="IsAppLimited">The program, not the network, set the pace.</param>
public readonly record struct RateSample(long Rate, long PriorDelivered, Duration Rtt, bool IsAppLimited);
