using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Slow start and congestion avoidance (RFC 5681 §3.1).</summary>
public sealed class Reno : ICongestionControl
{
    public const string NameOf = "reno";
    private CongestionWindow _window = new();
    private int _acknowledged;

    public string Name => NameOf;

    public int Window => _window.Octets;

    public int SlowStartThreshold => _window.Threshold;

    public void OnEstablished(int initialWindow, int segmentSize, Instant now) =>
        _window.Begin(initialWindow, segmentSize);

    public void OnDelivered(in AckSample ack, Instant now)
    {
        if (!_window.IsUsed(ack.MostInFlight))
            return;
        if (_window.IsSlowStart)
        {
            // What went out in one piece is acknowledged in one, too, and not for every second segment.
            var most = Math.Max(_window.SegmentSize, ack.LargestBurst / 2);
            _window.Grow(Math.Min(ack.NewlyAcknowledged, most));
            return;
        }
        _acknowledged += ack.Acknowledged;
        if (_acknowledged >= Window)
        {
            _acknowledged -= Window;
            _window.Grow(_window.SegmentSize);
        }
    }

    public void OnCongestion(int inFlight, bool isLoss, Instant now)
    {
        _window.Reduce(inFlight / 2);
        _acknowledged = 0;
    }

    // RFC 6582 §3.2 step 3, full acknowledgements, (1): little in flight must not turn into a burst.
    public void OnRecovered(int inFlight, Instant now) => _window.Restrain(inFlight);

    public void OnTimeout(int inFlight, bool isFirst, Instant now)
    {
        _window.Collapse(inFlight / 2, isFirst);
        _acknowledged = 0;
    }

    public void Undo(Instant now) => _window.Undo();

    public void OnIdle(int timeouts, int initialWindow, Instant now) => _window.Decay(timeouts, initialWindow);

    public void OnSegmentSize(int segmentSize) => _window.SegmentSize = segmentSize;
}
