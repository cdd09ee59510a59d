using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What the sender is doing about the network.</summary>
public enum RecoveryPhase
{
    /// <summary>Nothing is known to be lost.</summary>
    Open,

    /// <summary>The network asked for less (ECN), nothing is lost.</summary>
    Reduced,

    /// <summary>Segments are lost, and acknowledgements still come: fast recovery.</summary>
    Recovery,

    /// <summary>The retransmission timer has expired: slow start from one segment.</summary>
    Loss,
}

/// <summary>
/// The sender's view of the network: what is on its way, what of it is lost, how much more may go.
/// <para>
/// Theory of operation. <see cref="SentQueue"/> is the scoreboard. An acknowledgement delivers segments, by its number and by
/// its SACK blocks. What that says of the others is for <see cref="Rack"/> to judge, or for a count of what lies above them
/// (RFC 6675 §4 IsLost); without SACK duplicates are counted as delivered segments that nobody can name (RFC 6582). A
/// segment that is held for lost leaves the pipe and is sent again when <see cref="Window"/> allows, before anything new. The
/// window is that of the congestion control, or while a recovery lasts that of <see cref="ProportionalRateReduction"/>.
/// </para>
/// </summary>
public sealed partial class LossRecovery
{
    private const int DuplicateThreshold = 3;

    private readonly TcpSettings _settings;
    private readonly ICongestionControl _congestion;
    private readonly RttEstimator _rtt;
    private readonly Timestamps _timestamps;
    private ProportionalRateReduction _reduction;
    private ForwardRto _forward;
    private SpuriousRecovery _spurious;
    private Rack _rack = new();
    private TailLossProbe _probe;
    private DeliveryRate _rate;
    private WindowedMin _minRtt = new(Duration.FromSeconds(300));

    private int _segmentSize = 536;
    private int _initialWindow;
    private int _largestBurst;
    private bool _isSelective;
    private bool _isFirstResendOwed;
    private Instant _lastSentAt;

    public LossRecovery(TcpSettings settings, ICongestionControl congestion, RttEstimator rtt, Timestamps timestamps)
    {
        (_settings, _congestion, _rtt, _timestamps) = (settings, congestion, rtt, timestamps);
        _probe = new(settings.MinRtoMargin);
    }

    public SentQueue Sent { get; } = new();

    public RecoveryPhase Phase { get; private set; }

    /// <summary>What had been sent when the last recovery began: RFC 6582's 'recover', one further on.</summary>
    public SequenceNumber Recover { get; private set; }

    /// <summary>Duplicate acknowledgements in a row, or segments that the peer has beyond a hole.</summary>
    public int Duplicates => _isSelective ? Sent.SackedSegments : _duplicateOctets / _segmentSize;

    public int Pipe => Sent.Pipe - _duplicateOctets;

    /// <summary>cwnd.</summary>
    public int Window =>
        Phase is RecoveryPhase.Recovery or RecoveryPhase.Reduced && !_congestion.RulesRecovery
            ? Math.Max(_reduction.Window, _segmentSize)
            : Math.Max(_congestion.Window, _segmentSize);

    public ICongestionControl Congestion => _congestion;

    public ref TailLossProbe Probe => ref _probe;

    public ref readonly DeliveryRate Rate => ref _rate;

    public Duration MinRtt => _minRtt.HasValue ? _minRtt.Value : Duration.Zero;

    /// <summary>Of those that were sent, how many the peer has got; and how many acknowledgements told of a crowded network.</summary>
    public long DeliveredSegments { get; private set; }

    public long MarkedSegments { get; private set; }

    /// <summary>The longest segment that the peer has got.</summary>
    public int LongestDelivered { get; private set; }

    public bool IsReordering => _rack.IsReordering;

    public Instant Due => Instant.Min(_rack.Due, _probe.Due);

    /// <summary>New data has to wait: what its acknowledgement says decides whether a timeout was needless.</summary>
    public bool IsProbingTimeout => _forward.HoldsBack;

    public void OnEstablished(int segmentSize, bool isSelective, bool synWasLost, SequenceNumber next, Instant now)
    {
        (_segmentSize, _isSelective, Recover, _usedUntil, _highestSacked) = (
            segmentSize,
            isSelective,
            next - 1,
            next,
            next
        );
        // RFC 6928 §2; RFC 5681 §3.1: one segment when the handshake itself met a loss.
        var segments = _settings.InitialWindowSegments;
        _initialWindow = Math.Min(segments * segmentSize, Math.Max(2 * segmentSize, segments * 1460));
        _congestion.OnEstablished(synWasLost ? segmentSize : _initialWindow, segmentSize, now);
    }

    /// <summary>How much of so much may go now.</summary>
    public int Room => Math.Max(Window - Occupied, 0);

    /// <summary>RFC 3042: without limited transmit the first duplicates let nothing new out.</summary>
    private int Occupied => Phase == RecoveryPhase.Open && !_settings.LimitedTransmit ? Sent.Octets : Pipe;

    /// <summary>New data is about to be sent after a silence: what was known of the network may be out of date.</summary>
    public void OnMayHaveIdled(Instant now)
    {
        if (!_settings.RestartsAfterIdle || !Sent.IsEmpty || _lastSentAt == Instant.Zero || _rtt.Rto <= Duration.Zero)
            return;
        var timeouts = (now - _lastSentAt).Nanoseconds / _rtt.Rto.Nanoseconds;
        if (timeouts > 0)
            _congestion.OnIdle((int)Math.Min(timeouts, int.MaxValue), _initialWindow, now);
    }

    /// <summary>So much was handed down in one piece: it may be acknowledged so too, and lets as much out again.</summary>
    public void OnBurst(int octets) => _largestBurst = Math.Max(_largestBurst, octets);

    public void OnSent(SequenceNumber start, SequenceNumber end, bool isLastThereIs, Instant now)
    {
        var isFirst = Pipe <= 0;
        ref var segment = ref Sent.Append(start, end, now);
        if (isLastThereIs && Pipe < Window)
            _rate.OnAppLimited(Pipe);
        _rate.OnSent(ref segment, isFirst, now);
        _reduction.OnSent(segment.Length);
        _lastSentAt = now;
        NoteUse(end);
    }

    public void OnResent(long number, Instant now)
    {
        var isFirst = Pipe <= 0;
        ref var segment = ref Sent.Resent(number, now);
        _rate.OnSent(ref segment, isFirst, now);
        _reduction.OnSent(segment.Length);
        _spurious.OnResent(_timestamps.IsOn ? _timestamps.Value(now) : null);
        WasProbeResent |= segment.Is(SentMarks.PathProbe);
        _isFirstResendOwed = false;
        _lastSentAt = now;
    }

    /// <summary>Ask this first: what has to be sent again now, as far as the window allows.</summary>
    public bool TryNextResend(out long number, out SendReason reason)
    {
        reason = ResendReason;
        if (!Sent.TryNextLost(out number) || _forward.HoldsBack)
            return false;
        // One that was sent when segments were longer will be cut: as a whole it may never find room.
        return _isFirstResendOwed || Math.Min(Sent[number].Length, _segmentSize) <= Room;
    }

    /// <summary>What was sent last had gone before, with the SYN: an acknowledgement may be for either (Karn).</summary>
    public void MarkAgain() => Sent[Sent.Next - 1].Marks |= SentMarks.EverResent;

    /// <summary>RFC 8985 §7.2: whether, now that something was sent or acknowledged, silence would be worth a probe.</summary>
    /// <param name="isNews">New data was sent, or SND.UNA has moved: the wait begins anew.</param>
    public void ScheduleProbe(Instant retransmitDue, bool isNews, Instant now)
    {
        if (
            _settings.TailLossProbe
            && _isSelective
            && Phase == RecoveryPhase.Open
            && !Sent.IsEmpty
            && Sent.SackedOctets == 0
        )
        {
            if (isNews || _probe.Due == Instant.Never)
                _probe.Schedule(_rtt, mayBeDelayed: Sent.Octets < 2 * _segmentSize, retransmitDue, now);
        }
        else
        {
            _probe.Cancel();
        }
    }

    /// <summary>Timers of its own; the retransmission timer is not among them. True when a probe of the path is held for lost.</summary>
    public bool OnDue(SequenceNumber next, Instant now)
    {
        if (_probe.Due <= now)
            _probe.OnExpired();
        if (_rack.Due > now)
            return false;
        var lost = Sent.LostOctets;
        DetectLoss(now);
        if (IsOnlyProbe(Sent.LostOctets - lost))
            return true;
        if (Sent.LostOctets > lost)
            OnLossFound(next, now);
        else if (Phase == RecoveryPhase.Recovery)
            _reduction.OnDelivered(0, Pipe, isSafe: false, _segmentSize);
        return false;
    }

    /// <summary>RFC 6298 §5.4 to §5.6: nobody answers.</summary>
    public void OnTimeout(SequenceNumber next, bool isFirst, Instant now)
    {
        _probe.Stop();
        _forward.Stop();
        if (Phase != RecoveryPhase.Loss)
            _spurious.Begin();
        if (_settings.ForwardRto && (Phase != RecoveryPhase.Loss || isFirst))
            _forward.Begin();
        if (IsReneging)
            ForgetSacked();
        else if (_settings.Rack && _isSelective)
            _rack.MarkLostOnTimeout(Sent, MinRtt, _rtt.Smoothed, now);
        else
            Sent.MarkAllLost(forgetSacked: false);
        _duplicateOctets = 0;
        _congestion.OnTimeout(Flight(next), isFirst && Phase != RecoveryPhase.Loss, now);
        Phase = RecoveryPhase.Loss;
        _used = 0;
        Recover = next;
        _isFirstResendOwed = true;
    }

    /// <summary>The first segment has to be sent again although nothing says that the network has lost it: the peer's window had closed over it.</summary>
    public void ResendFirst()
    {
        if (Sent.IsEmpty)
            return;
        if (IsReneging)
            ForgetSacked();
        Sent.MarkLost(Sent.First);
        _isFirstResendOwed = true;
    }

    /// <summary>What is longer than the path takes has been dropped on the way: not for want of room in the network (RFC 1191 §6.4).</summary>
    public void OnSegmentSize(int segmentSize)
    {
        _segmentSize = segmentSize;
        _congestion.OnSegmentSize(segmentSize);
        for (var number = Sent.First; number < Sent.Next; number++)
        {
            if (Sent[number].Length <= segmentSize)
                continue;
            Sent.MarkLost(number);
            _isFirstResendOwed = true;
        }
    }

    public void Stop()
    {
        Sent.Clear();
        _duplicateOctets = 0;
        _probe.Stop();
        _rack.Stop();
        _forward.Stop();
        Phase = RecoveryPhase.Open;
    }

    /// <summary>The peer has thrown away what it had told us of: its word counts no more (RFC 2018 §8).</summary>
    private bool IsReneging => !Sent.IsEmpty && Sent[Sent.First].Is(SentMarks.Sacked);

    private void ForgetSacked()
    {
        Sent.MarkAllLost(forgetSacked: true);
        _known = default;
    }

    private void BeginReduction(SequenceNumber next, bool isLoss, Instant now, int atLeast = 0)
    {
        _congestion.OnCongestion(Math.Max(Flight(next), Math.Min(atLeast, _congestion.Window)), isLoss, now);
        _reduction.Begin(next - Sent.StartOr(next), _congestion.SlowStartThreshold);
    }

    /// <summary>FlightSize without what limited transmit has sent beyond the window (RFC 5681 §3.2 step 2).</summary>
    private int Flight(SequenceNumber next) =>
        Math.Max(Math.Min(next - Sent.StartOr(next), _congestion.Window), _segmentSize);

    private void DetectLoss(Instant now)
    {
        if (_settings.Rack && _isSelective)
            _rack.DetectLoss(Sent, Phase is RecoveryPhase.Recovery or RecoveryPhase.Loss, MinRtt, _rtt.Smoothed, now);
        else if (_isSelective)
            LossByCount.Detect(Sent, DuplicateThreshold, _segmentSize);
    }

    private void OnLossFound(SequenceNumber next, Instant now)
    {
        if (Phase is RecoveryPhase.Recovery or RecoveryPhase.Loss)
            return;
        if (Phase == RecoveryPhase.Open)
            BeginReduction(next, isLoss: true, now);
        Phase = RecoveryPhase.Recovery;
        Recover = next;
        _hadPartial = false;
        _isFirstResendOwed = true;
        _probe.Stop();
        _spurious.Begin();
        _reduction.OnDelivered(0, Pipe, isSafe: false, _segmentSize);
    }
}
