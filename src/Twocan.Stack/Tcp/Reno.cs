using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Slow start and congestion avoidance (RFC 5681 §3.1), beginning with ten segments (RFC 6928).</summary>
public sealed class Reno : ICongestionControl
{
    private const int MaxWindow = 1 << 30;
    private int _segmentSize = 536;
    private int _acknowledged;

    public string Name => "reno";

    public int Window { get; private set; } = 536;

    /// <summary>Arbitrarily high at first: the network, not a guess, ends the first slow start.</summary>
    public int SlowStartThreshold { get; private set; } = MaxWindow;

    public void OnEstablished(int segmentSize, bool synWasLost)
    {
        _segmentSize = segmentSize;
        // RFC 5681 §3.1: one segment when the handshake itself met a loss.
        Window = synWasLost ? segmentSize : Math.Min(10 * segmentSize, Math.Max(2 * segmentSize, 14_600));
    }

    public void OnAcknowledged(int octets, int inFlightBefore, Instant now)
    {
        // A window that was not made use of has not been tested, and does not grow (RFC 7661 §1).
        var isSlowStart = Window < SlowStartThreshold;
        if (isSlowStart ? inFlightBefore * 2L < Window : inFlightBefore + _segmentSize <= Window)
            return;
        if (isSlowStart)
        {
            Grow(Math.Min(octets, _segmentSize));
            return;
        }
        _acknowledged += octets;
        if (_acknowledged >= Window)
        {
            _acknowledged -= Window;
            Grow(_segmentSize);
        }
    }

    public void OnLoss(int inFlight, Instant now)
    {
        SlowStartThreshold = HalfOf(inFlight);
        Window = SlowStartThreshold;
        _acknowledged = 0;
    }

    // RFC 6582 §3.2 step 3, full acknowledgements, (1): little in flight must not turn into a burst.
    public void OnRecovered(int inFlight, Instant now) =>
        Window = Math.Min(SlowStartThreshold, Math.Max(inFlight, _segmentSize) + _segmentSize);

    public void OnTimeout(int inFlight, bool isFirst, Instant now)
    {
        // RFC 5681 §3.1: the threshold stays when the same segment is lost again.
        if (isFirst)
            SlowStartThreshold = HalfOf(inFlight);
        Window = _segmentSize;
        _acknowledged = 0;
    }

    public void OnSegmentSize(int segmentSize) => _segmentSize = segmentSize;

    private int HalfOf(int inFlight) => Math.Max(inFlight / 2, 2 * _segmentSize);

    private void Grow(int octets) => Window = Math.Min(Window + octets, MaxWindow);
}
