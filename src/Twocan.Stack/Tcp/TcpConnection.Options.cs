using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What both ends have agreed upon in their SYNs, and what it puts into each segment.</summary>
public sealed partial class TcpConnection
{
    private readonly Timestamps _timestamps;
    private SackReport _sackReport = new();
    private SequenceNumber _lastAckSent;
    private bool _isScaling;
    private byte _peerScale;
    private readonly byte _ownScale;

    /// <summary>Both SYNs allow SACK.</summary>
    public bool IsSackPermitted { get; private set; }

    public bool HasTimestamps => _timestamps.IsOn;

    /// <summary>By how much the windows that the peer tells are shifted; ours go by <see cref="OwnScale"/>.</summary>
    public byte PeerScale => _isScaling ? _peerScale : (byte)0;

    public byte OwnScale => _isScaling ? _ownScale : (byte)0;

    /// <summary>An option stands in our SYN, ACK only if their SYN had it (RFC 7323 §1.3, RFC 2018 §2).</summary>
    private SegmentOptions SynOptions(bool isAnswer, Instant now) =>
        new()
        {
            MaximumSegmentSize = _ownSegmentSize,
            WindowScale = (isAnswer ? _isScaling : _settings.WindowScaling) ? _ownScale : null,
            SackPermitted = isAnswer ? IsSackPermitted : _settings.Sack,
            HasTimestamps = isAnswer ? _timestamps.IsOn : _settings.Timestamps,
            TimestampValue = _timestamps.Value(now),
            TimestampEcho = isAnswer || _settings.EchoesFormerTimestamp ? _timestamps.Recent : 0,
            FastOpen = SynCookie(isAnswer),
        };

    private void OnPeerOptions(in SegmentOptions options, Instant now)
    {
        var mss = options.MaximumSegmentSize > 0 ? options.MaximumSegmentSize : DefaultSegmentSize;
        _isScaling = _settings.WindowScaling && options.WindowScale is not null;
        _peerScale = options.WindowScale ?? 0;
        IsSackPermitted = _settings.Sack && options.SackPermitted;
        if (_settings.Timestamps && options.HasTimestamps)
            _timestamps.Begin(options.TimestampValue, now);
        BeginPath(Math.Min(LongestSegment, Math.Max(mss, LeastSegmentSize)));
    }

    /// <summary>What link and path let through.</summary>
    private int LongestSegment => Math.Max(Math.Min(_ownSegmentSize, _pathSegmentSize), LeastSegmentSize);

    /// <summary>Options take their room from the data (RFC 9293 §3.7.1, RFC 6691).</summary>
    private int Effective(int segmentSize) => segmentSize - (_timestamps.IsOn ? SegmentOptions.TimestampsLength : 0);

    /// <summary>The options of a segment with so much data; SACK blocks as far as there is room for them.</summary>
    private SegmentOptions OptionsFor(int length, Instant now)
    {
        var options = new SegmentOptions
        {
            HasTimestamps = _timestamps.IsOn,
            TimestampValue = _timestamps.IsOn ? _timestamps.Value(now) : 0,
            TimestampEcho = _timestamps.Recent,
        };
        if (IsSackPermitted && (_receive.HasHoles || _sackReport.HasDuplicate))
        {
            var room = (SegmentSize - length - 4) / 8;
            options.Sack = _receive.Report(ref _sackReport, RcvNxt, Math.Clamp(room, 0, options.RoomForBlocks));
        }
        return options;
    }

    /// <summary>The octets that this header's SACK blocks take from new data.</summary>
    private int SackLength =>
        IsSackPermitted && _receive.HasHoles ? 4 + 8 * Math.Min(_receive.StretchCount, _timestamps.IsOn ? 3 : 4) : 0;

    /// <summary>RFC 7323 §5.3: what was sent before something that has arrived already is an old duplicate. RSTs may be without time stamp.</summary>
    private Verdict CheckTimestamp(in TcpSegment segment, Instant now)
    {
        if (!_timestamps.IsOn || segment.Rst)
            return Verdict.GoOn;
        if (!segment.HasTimestamps)
            return _settings.RequiresTimestamps ? Verdict.Drop : Verdict.GoOn; // §3.2
        if (!_timestamps.IsOld(segment.TimestampValue, now))
            return Verdict.GoOn;
        OnDuplicateOctets(segment, segment.End);
        if (segment.Length > 0 || Strangers.Allows(now))
            _ack.OweNow(SendReason.OldTimestamp, segment.Cause);
        return Verdict.Drop;
    }

    private int WindowOf(in TcpSegment segment) => segment.Syn ? segment.Window : segment.Window << PeerScale;

    /// <summary>The part of its data that lies before <paramref name="end"/> has come again (RFC 2883 §4).</summary>
    private void OnDuplicateOctets(in TcpSegment segment, SequenceNumber end)
    {
        end = SequenceNumber.Min(end, segment.Sequence + segment.Data.Length);
        if (_settings.DuplicateSack && IsSackPermitted && segment.Sequence < end)
            _sackReport.OnDuplicate(new(segment.Sequence, end));
    }

    /// <summary>The part of it that had come ahead of its turn: the first such stretch (RFC 2883 §4.1, §4.2).</summary>
    private void OnKnownOctets(int offset, int length)
    {
        if (
            _settings.DuplicateSack
            && IsSackPermitted
            && _receive.TryFindEarly(offset, offset + length, out var start, out var end)
        )
            _sackReport.OnDuplicate(new(RcvNxt + start, RcvNxt + end));
    }

    /// <summary>Ahead of its turn: the next acknowledgement tells of it.</summary>
    private void OnEarlyData(int offset)
    {
        _sackReport.OnEarly(_receive.End + offset);
    }

    public bool IsQuickAck => _ack.IsQuick;

    public void SetQuickAck(bool isQuick) => _ack.SetQuick(isQuick);

    /// <summary>The program has changed its mind. What the SYNs have agreed upon stays as it is.</summary>
    public void Adjust(TcpSettings settings, Instant now)
    {
        if (settings.SendBufferSize != _settings.SendBufferSize)
            _send.Limit = settings.SendBufferSize;
        if (settings.ReceiveBufferSize != _settings.ReceiveBufferSize)
            _receive.Limit = settings.ReceiveBufferSize;
        _settings = settings;
        (_nagle.NoDelay, _nagle.Cork) = (settings.NoDelay, settings.Cork);
        if (settings.NoDelay)
            _nagle.Push();
        if (IsSynchronized)
            _keepAlive.Configure(settings, now);
    }
}
