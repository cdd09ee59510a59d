using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// BBR, version 1 (draft-cardwell-iccrg-bbr-congestion-control-00). It does not wait for loss: it measures how much the
/// narrowest link delivers (BtlBw) and how long the path takes when its queues are empty (RTprop), sends at that rate, and keeps
/// about twice their product in flight. Both cannot be measured at once, so it now and then sends a little faster for a
/// round trip, and every ten seconds lets the queue run empty.
/// </summary>
public sealed class Bbr : ICongestionControl
{
    public const string NameOf = "bbr";

    /// <summary>2/ln 2: just enough to double what is delivered each round.</summary>
    private const double HighGain = 2.885;

    private const double CruiseWindowGain = 2;
    private const double FullGrowth = 1.25;
    private const int FullRounds = 3;
    private const int MinWindowSegments = 4;
    private static readonly double[] Cycle = [1.25, 0.75, 1, 1, 1, 1, 1, 1];
    private static readonly Duration RtPropLifetime = Duration.FromSeconds(10);
    private static readonly Duration ProbeRttSpan = Duration.FromMilliseconds(200);

    private readonly RoundMax _bottleneck = new(rounds: 10);
    private Phase _phase = Phase.Startup;
    private int _segmentSize = 536;
    private int _initialWindow;
    private int _window = 536;
    private int _priorWindow;
    private bool _isConserving;
    private double _pacingGain = HighGain;
    private double _windowGain = HighGain;
    private Duration _rtProp = new(long.MaxValue);
    private Instant _rtPropAt;
    private long _roundEnds;
    private long _round;
    private long _fullRate;
    private int _fullCount;
    private bool _isPipeFull;
    private int _cycleIndex;
    private Instant _cycleAt;
    private Instant _probeRttEnds = Instant.Never;

    /// <summary>What is delivered up to here was sent while the queue was let run empty.</summary>
    private long _heldBackUntil;

    private enum Phase
    {
        Startup,
        Drain,
        ProbeBandwidth,
        ProbeRtt,
    }

    public string Name => NameOf;

    public int Window => _phase == Phase.ProbeRtt ? Math.Min(_window, MinWindow) : _window;

    public int SlowStartThreshold => CongestionWindow.Max;

    public long PacingRate { get; private set; }

    public bool RulesRecovery => true;

    /// <summary>It goes on sending new data while it recovers: what is behind a hole that takes several round trips to fill lies here.</summary>
    public int WindowsToBuffer => 4;

    private int MinWindow => MinWindowSegments * _segmentSize;

    public void OnEstablished(int initialWindow, int segmentSize, Instant now)
    {
        (_initialWindow, _window, _segmentSize) = (initialWindow, initialWindow, segmentSize);
        _rtPropAt = now;
    }

    public void OnDelivered(in AckSample ack, Instant now)
    {
        var isNewRound = ack.Rate.PriorDelivered >= _roundEnds;
        if (isNewRound)
        {
            _roundEnds = ack.TotalDelivered;
            _round++;
            _isConserving = false;
        }
        // What was sent while we held back ourselves says nothing of the bottleneck, unless it says more than was known.
        var isLimited = ack.Rate.IsAppLimited || ack.Rate.PriorDelivered < _heldBackUntil;
        if (ack.Rate.Rate > 0 && (!isLimited || ack.Rate.Rate >= _bottleneck.Value))
            _bottleneck.Add(ack.Rate.Rate, _round);
        if (_phase == Phase.ProbeBandwidth)
            CheckCycle(ack, now);
        if (isNewRound && !_isPipeFull && !isLimited)
            CheckFullPipe();
        if (_phase == Phase.Startup && _isPipeFull)
            Enter(Phase.Drain, 1 / HighGain, HighGain);
        if (_phase == Phase.Drain && ack.InFlight <= Product(1))
            EnterProbeBandwidth(now);
        CheckRtProp(ack, now);
        SetPace(ack);
        SetWindow(ack);
    }

    /// <summary>What is lost is replaced one for one during a round; the model stays as it is.</summary>
    public void OnCongestion(int inFlight, bool isLoss, Instant now)
    {
        if (!isLoss)
            return;
        _priorWindow = Math.Max(_priorWindow, _window);
        _window = Math.Max(Math.Min(inFlight, _window), MinWindow);
        _isConserving = true;
    }

    public void OnRecovered(int inFlight, Instant now) => Undo(now);

    public void OnTimeout(int inFlight, bool isFirst, Instant now)
    {
        _priorWindow = Math.Max(_priorWindow, _window);
        _window = _segmentSize;
        _isConserving = true;
    }

    public void Undo(Instant now)
    {
        _window = Math.Max(_window, _priorWindow);
        (_priorWindow, _isConserving) = (0, false);
    }

    /// <summary>It paces: a window that was not used for long makes no burst.</summary>
    public void OnIdle(int timeouts, int initialWindow, Instant now) => _cycleAt = now;

    public void OnSegmentSize(int segmentSize) => _segmentSize = segmentSize;

    private void Enter(Phase phase, double pacingGain, double windowGain) =>
        (_phase, _pacingGain, _windowGain) = (phase, pacingGain, windowGain);

    /// <summary>Anywhere in the cycle but where it sends less; by the clock, so that connections do not all do the same at once.</summary>
    private void EnterProbeBandwidth(Instant now)
    {
        _cycleIndex =
            (int)(now.Nanoseconds / 1_000 % (Cycle.Length - 1)) is var index && index == 1 ? Cycle.Length - 1 : index;
        _cycleAt = now;
        Enter(Phase.ProbeBandwidth, Cycle[_cycleIndex], CruiseWindowGain);
    }

    private void CheckCycle(in AckSample ack, Instant now)
    {
        var hasPassed = now - _cycleAt > _rtProp;
        var isOver = _pacingGain switch
        {
            > 1 => hasPassed && (ack.Lost > 0 || ack.InFlightBefore >= Product(_pacingGain)),
            < 1 => hasPassed || ack.InFlightBefore <= Product(1),
            _ => hasPassed,
        };
        if (!isOver)
            return;
        _cycleIndex = (_cycleIndex + 1) % Cycle.Length;
        _cycleAt = now;
        _pacingGain = Cycle[_cycleIndex];
    }

    /// <summary>Three rounds in which the rate has not grown by a quarter: the pipe is full.</summary>
    private void CheckFullPipe()
    {
        if (_bottleneck.Value >= _fullRate * FullGrowth)
        {
            (_fullRate, _fullCount) = (_bottleneck.Value, 0);
            return;
        }
        _isPipeFull = ++_fullCount >= FullRounds;
    }

    private void CheckRtProp(in AckSample ack, Instant now)
    {
        var isExpired = now > _rtPropAt + RtPropLifetime;
        if (ack.Rate.Rtt > Duration.Zero && (ack.Rate.Rtt <= _rtProp || isExpired))
            (_rtProp, _rtPropAt) = (ack.Rate.Rtt, now);
        if (isExpired && _phase != Phase.ProbeRtt)
        {
            Enter(Phase.ProbeRtt, 1, 1);
            _probeRttEnds = Instant.Never;
        }
        if (_phase != Phase.ProbeRtt)
            return;
        _heldBackUntil = ack.TotalDelivered + ack.InFlight;
        if (_probeRttEnds == Instant.Never && ack.InFlight <= MinWindow)
            _probeRttEnds = now + Duration.Max(ProbeRttSpan, _rtProp);
        if (now < _probeRttEnds)
            return;
        _rtPropAt = now;
        if (_isPipeFull)
            EnterProbeBandwidth(now);
        else
            Enter(Phase.Startup, HighGain, HighGain);
    }

    private void SetPace(in AckSample ack)
    {
        // It begins with a first window in a round trip (§4.2.1), so that a program whose first words are few sets no pace by them.
        if (PacingRate == 0)
        {
            var rtt = Duration.Max(ack.SmoothedRtt, Duration.FromMilliseconds(1));
            PacingRate = (long)(HighGain * _initialWindow / rtt.TotalSeconds);
        }
        var rate = (long)(_pacingGain * _bottleneck.Value);
        // Before the pipe is full a low sample must not slow the search down.
        if (_isPipeFull || rate > PacingRate)
            PacingRate = rate;
    }

    private void SetWindow(in AckSample ack)
    {
        if (_isConserving)
        {
            _window = Math.Max(_window, ack.InFlight + ack.Delivered);
            return;
        }
        // Three segments more for acknowledgements that come late or for several at once.
        var target = Product(_windowGain) + 3 * _segmentSize;
        if (_isPipeFull)
            _window = Math.Min(_window + ack.Delivered, target);
        else if (_window < target || ack.TotalDelivered < _initialWindow)
            _window += ack.Delivered;
        _window = Math.Clamp(_window, MinWindow, CongestionWindow.Max);
    }

    private int Product(double gain) =>
        _rtProp.Nanoseconds == long.MaxValue || _bottleneck.Value == 0
            ? _initialWindow
            : (int)Math.Min(gain * _bottleneck.Value * _rtProp.TotalSeconds, CongestionWindow.Max);
}
