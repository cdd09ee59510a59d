using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// CUBIC (RFC 9438). After a loss the window grows by a cubic function of the time since: fast at first, then ever more slowly
/// towards where the loss was, then faster again in search of more. So growth does not depend on the round trip; where
/// that would be slower than Reno, it grows as Reno does. Numbers are segments here, as in the RFC.
/// </summary>
public sealed class Cubic(bool withHyStart = true, int segmentsPerAck = HyStart.MaxSegmentsPerAck) : ICongestionControl
{
    public const string NameOf = "cubic";

    /// <summary>C, in segments per cubic second.</summary>
    private const double C = 0.4;

    /// <summary>β: what is left of the window after a loss.</summary>
    private const double Beta = 0.7;

    /// <summary>§4.3: Reno with this β is as fast as Reno with one half, if it adds so much in a round trip.</summary>
    private const double RenoAlpha = 3 * (1 - Beta) / (1 + Beta);

    private readonly HyStart? _hyStart = withHyStart ? new(segmentsPerAck) : null;
    private CongestionWindow _window = new();
    private double _max;
    private double _k;
    private double _reno;
    private double _fraction;
    private Instant _epoch = Instant.Never;
    private (double Max, double K, Instant Epoch) _prior;

    public string Name => NameOf;

    public int Window => _window.Octets;

    public int SlowStartThreshold => _window.Threshold;

    private double Segments => (double)_window.Octets / _window.SegmentSize;

    public void OnEstablished(int initialWindow, int segmentSize, Instant now) =>
        _window.Begin(initialWindow, segmentSize);

    public void OnDelivered(in AckSample ack, Instant now)
    {
        if (!_window.IsUsed(ack.MostInFlight))
        {
            // §5.8: time in which the window was not used does not count.
            _epoch = Instant.Never;
            return;
        }
        if (_window.IsSlowStart)
            OnSlowStart(ack);
        else
            OnCongestionAvoidance(ack, now);
    }

    public void OnCongestion(int inFlight, bool isLoss, Instant now)
    {
        var window = Segments;
        _prior = (_max, _k, _epoch);
        // §4.7, fast convergence: who finds less room than last time leaves some to those who have come.
        _max = window < _max ? window * (1 + Beta) / 2 : window;
        _window.Reduce((int)(Math.Min(_window.Octets, Math.Max(inFlight, _window.SegmentSize)) * Beta));
        _epoch = Instant.Never;
    }

    public void OnRecovered(int inFlight, Instant now) => _window.Restrain(inFlight);

    public void OnTimeout(int inFlight, bool isFirst, Instant now)
    {
        if (isFirst)
        {
            _prior = (_max, _k, _epoch);
            _max = Segments;
        }
        // §4.8: the first growth after a timeout has its own epoch, K is zero.
        _window.Collapse((int)(inFlight * Beta), isFirst);
        _epoch = Instant.Never;
        _hyStart?.Restart();
    }

    public void Undo(Instant now)
    {
        _window.Undo();
        (_max, _k, _epoch) = _prior;
    }

    public void OnIdle(int timeouts, int initialWindow, Instant now)
    {
        _window.Decay(timeouts, initialWindow);
        _epoch = Instant.Never;
        _hyStart?.Restart();
    }

    public void OnSegmentSize(int segmentSize) => _window.SegmentSize = segmentSize;

    private void OnSlowStart(in AckSample ack)
    {
        if (_hyStart is not { } hyStart || _window.Threshold != CongestionWindow.Max)
        {
            // §4.2 of RFC 9406: only the first slow start looks for its own end; the others know where it is.
            _window.Grow(HyStart.Growth(ack, _window.SegmentSize, segmentsPerAck));
            return;
        }
        _window.Grow(hyStart.OnDelivered(ack, _window.SegmentSize, out var isOver));
        if (isOver)
            _window.EndSlowStart();
    }

    private void OnCongestionAvoidance(in AckSample ack, Instant now)
    {
        var window = Segments;
        if (_epoch == Instant.Never)
            BeginEpoch(window, now);
        var acknowledged = (double)ack.Acknowledged / _window.SegmentSize;
        // §4.3: what Reno would have reached; from the old maximum on as fast as Reno itself.
        _reno += (_reno >= _max ? 1 : RenoAlpha) * acknowledged / window;
        var elapsed = (now - _epoch).TotalSeconds;
        var offset = elapsed + ack.SmoothedRtt.TotalSeconds - _k;
        // §4.2: where the curve will be in one round trip, but not more than half as much again.
        var target = Math.Clamp(C * offset * offset * offset + _max, window, window * 1.5);
        var current = elapsed - _k;
        var growth =
            C * current * current * current + _max < _reno ? _reno - window : (target - window) / window * acknowledged;
        _fraction += Math.Max(growth, 0) * _window.SegmentSize;
        var whole = (int)_fraction;
        _fraction -= whole;
        _window.Grow(whole);
    }

    private void BeginEpoch(double window, Instant now)
    {
        (_epoch, _reno, _fraction) = (now, window, 0);
        if (window < _max)
        {
            _k = CubeRoot((_max - window) / C);
        }
        else
        {
            (_k, _max) = (0, window);
        }
    }

    /// <summary>By Newton, since the library's own may differ in the last bit from machine to machine.</summary>
    private static double CubeRoot(double value)
    {
        if (value <= 0)
            return 0;
        var root = Math.Max(value, 1);
        for (var i = 0; i < 60; i++)
            root = (2 * root + value / (root * root)) / 3;
        return root;
    }
}
