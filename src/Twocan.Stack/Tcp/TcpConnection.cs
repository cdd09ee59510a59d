using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>
/// One end of a TCP connection. It is told what arrives and what the program wants, asked for what to send, and says when
/// it is due. It knows no socket, no clock and no cable.
/// <para>
/// Theory of operation. Two streams of octets cross here, and each has a buffer. What the program writes goes to the end of
/// <see cref="SendBuffer"/> and stays there until the peer has acknowledged it. In sequence numbers that stream reads
/// </para>
/// <code>
///      acknowledged │ in flight          │ not sent            │ not written
///     ──────────────┼────────────────────┼─────────────────────┼──────────────
///                SND.UNA              SND.NXT          end of the send buffer
/// </code>
/// <para>
/// SND.MAX is the furthest that was ever sent. It lies beyond SND.NXT only by the octet that probes a closed window, since
/// most likely that will not be taken. What was sent up to SND.NXT <see cref="LossRecovery"/> keeps track of, segment by segment: it
/// says what has to be sent again, and how much more may go. SYN and FIN are octets of the stream that have no place in
/// the buffer: SYN lies before its first octet, FIN behind its last.
/// </para>
/// <para>
/// What arrives is cut to the window and put into <see cref="ReceiveBuffer"/> at its place, also when it comes early. RCV.NXT is the
/// first octet that is missing; the right edge of the window, once told to the peer, never moves back.
/// </para>
/// <para>
/// Nothing is sent from within a step. OnSegment, Write, Read, OnDue only change what is owed: data (seen from SND.NXT), a
/// segment to resend, an acknowledgement, a reset. <see cref="TryTransmit"/> then turns what is owed into segments, one at a time,
/// until it says no; so an acknowledgement that became due together with data or with a wider window travels with it, and a
/// later one replaces an earlier one. Whoever drives the machine asks TryTransmit after each step and then looks at <see cref="Due"/>.
/// </para>
/// <para>
/// What must always hold: SND.UNA ≤ SND.NXT ≤ SND.MAX ≤ SND.UNA + what is buffered + SYN + FIN; SND.UNA &lt; SND.NXT only
/// while the retransmission timer is set; the persist timer is set when data waits, SND.NXT = SND.UNA and the window does not let it go;
/// in CLOSED no timer is set and the send buffer is empty. The state changes in <see cref="Enter"/> alone.
/// </para>
/// </summary>
public sealed partial class TcpConnection
{
    /// <summary>RFC 9293 §3.7.1: what a peer takes that does not say.</summary>
    public const int DefaultSegmentSize = 536;

    /// <summary>A peer that asks for less would make us send more header than data without end.</summary>
    private const int LeastSegmentSize = 64;

    private TcpSettings _settings;
    private readonly HostJournal? _journal;
    private readonly SendBuffer _send;
    private readonly ReceiveBuffer _receive;
    private readonly RttEstimator _rtt;
    private RetransmitTimer _retransmit = new();
    private PersistTimer _persist = new();
    private DelayedAck _ack;
    private Nagle _nagle = new();
    private EcnEcho _ecn = new();
    private Pacer _pacer = new();
    private KeepAlive _keepAlive = new();
    private ReceiverRtt _receiverRtt = new();
    private ReceiveTuning _receiveTuning = new();
    private readonly LossRecovery _loss;
    private RateLimit? _strangers;
    private readonly RateLimit? _challenges;
    private readonly int _ownSegmentSize;
    private int _pathSegmentSize;

    private EventId _openedBecause;
    private EventId _finBecause;
    private bool _isPassive;
    private bool _isFinWanted;

    /// <summary>The program wanted to write more than there was room for.</summary>
    private bool _wasWriteCut;
    private bool _isReadShut;
    private bool _isOrphan;

    /// <param name="ownSegmentSize">What our link takes in one segment: its MTU less both headers.</param>
    /// <param name="timestampOffset">Where the clock of our time stamps begins.</param>
    /// <param name="pathSegmentSize">What is known to get through to the peer in one segment.</param>
    /// <param name="recentTimestamp">The peer's last one, of an earlier connection between these ends.</param>
    /// <param name="challenges">What all connections of the host may send together.</param>
    public TcpConnection(
        TcpSettings settings,
        Endpoint local,
        Endpoint remote,
        SequenceNumber initialSequence,
        int ownSegmentSize,
        HostJournal? journal = null,
        ICongestionControl? congestion = null,
        uint timestampOffset = 0,
        RateLimit? challenges = null,
        int pathSegmentSize = int.MaxValue,
        uint recentTimestamp = 0
    )
    {
        (_settings, _journal, _ownSegmentSize, _challenges) = (settings, journal, ownSegmentSize, challenges);
        (Local, Remote, _pathSegmentSize) = (local, remote, pathSegmentSize);
        _send = new(settings.SendBufferSize);
        _receive = new(settings.ReceiveBufferSize);
        _rtt = new(settings.InitialRto, settings.MinRtoMargin, settings.MaxRto);
        _ack = new(settings.AckDelay, settings.QuickAcknowledgements);
        _timestamps = new(timestampOffset, recentTimestamp);
        _ownScale = settings.OwnWindowScale;
        (_nagle.NoDelay, _nagle.Cork) = (settings.NoDelay, settings.Cork);
        _path = new(settings);
        _loss = new(settings, congestion ?? settings.CreateCongestionControl(), _rtt, _timestamps);
        Iss = SndUna = SndNxt = SndMax = initialSequence;
        SegmentSize = Math.Min(ownSegmentSize, DefaultSegmentSize);
    }

    public Endpoint Local { get; }

    public Endpoint Remote { get; }

    public TcpState State { get; private set; } = TcpState.Closed;

    /// <summary>Why the connection ended before its time; <see cref="SocketError.Success"/> when it did not.</summary>
    public SocketError Error { get; private set; }

    /// <summary>What brought the error.</summary>
    public EventId ErrorBecause { get; private set; }

    /// <summary>Eff.snd.MSS: the most data that one segment of ours carries.</summary>
    public int SegmentSize { get; private set; }

    /// <summary>The peer has said its last, and everything before it has arrived.</summary>
    public bool HasPeerFinished { get; private set; }

    /// <summary>A read would not wait: there is data, an end, or an error.</summary>
    public bool IsReadable => _receive.Length > 0 || HasPeerFinished || _isReadShut || State == TcpState.Closed;

    /// <summary>The program may still write.</summary>
    public bool IsOpenForWriting => !_isFinWanted && State != TcpState.Closed;

    /// <summary>A write would not wait, and there is room enough that waking the program is worth it.</summary>
    public bool IsWritable =>
        (State is TcpState.Established or TcpState.CloseWait || (State == TcpState.SynReceived && IsFastOpened))
            && _send.Free > 0
            && _send.Free >= _send.Limit / 4
        || !IsOpenForWriting;

    public bool IsSynchronized => State >= TcpState.Established;

    public TcpSettings Settings => _settings;

    /// <summary>What each buffer holds by now.</summary>
    public int SendBufferSize => _send.Limit;

    public int ReceiveBufferSize => _receive.Limit;

    /// <summary>Octets of memory that the two buffers take at present.</summary>
    public int SendMemory => _send.Capacity;

    public int ReceiveMemory => _receive.Capacity;

    /// <summary>Active OPEN (RFC 9293 §3.10.1).</summary>
    public void Connect(Instant now, EventId because = default)
    {
        _openedBecause = because;
        _isSynOwed = true;
        Enter(TcpState.SynSent, "connect", now, because);
    }

    /// <summary>Passive OPEN: from now on in LISTEN, for the one SYN that this connection was made for.</summary>
    /// <param name="answer">What to make of the SYN's data, if it has any.</param>
    public void Listen(FastOpenAnswer answer = default)
    {
        _isPassive = true;
        _answer = answer;
        State = TcpState.Listen;
    }

    /// <summary>SEND: takes as much of <paramref name="data"/> as fits into the send buffer, and answers how much that was.</summary>
    public int Write(ReadOnlySpan<byte> data, Instant now, EventId because = default, SendFlags flags = SendFlags.None)
    {
        if (!IsOpenForWriting)
            return 0;
        var count = _send.Append(data, because);
        _wasWriteCut = count < data.Length;
        if (count > 0)
            _nagle.OnWritten(isMore: (flags & SendFlags.More) != SendFlags.None);
        if ((flags & SendFlags.EndOfRecord) != SendFlags.None && count == data.Length)
            _send.EndRecord();
        return count;
    }

    /// <summary>What <see cref="Read"/> would hand over, and it stays.</summary>
    public int Peek(Span<byte> into) => _receive.Peek(into);

    /// <summary>RECEIVE: hands over what has arrived in its turn. Zero is the end only if <see cref="IsReadable"/>.</summary>
    public int Read(Span<byte> into, Instant now, out EventId because)
    {
        var count = _receive.Read(into, out because);
        if (count == 0 && HasPeerFinished)
            because = _finArrived;
        if (count > 0)
            _receive.Limit = _receiveTuning.OnRead(
                count,
                _receive.Limit,
                _settings.MaxReceiveBufferSize,
                _ownSegmentSize,
                _rtt.Smoothed,
                now
            );
        return count;
    }

    /// <summary>Says 'this was my last', or 'I will not listen any more', or both; the socket stays the program's.</summary>
    public void Shutdown(ShutdownHow how, Instant now, EventId because = default)
    {
        if (how is ShutdownHow.Read or ShutdownHow.Both)
        {
            _isReadShut = true;
            _receive.Release();
        }
        if (how is ShutdownHow.Write or ShutdownHow.Both)
            Finish(now, because);
    }

    /// <summary>
    /// CLOSE (RFC 9293 §3.10.4): the program lets go of the socket. What it has written is still sent, then FIN. If it threw
    /// away what the peer had sent, the peer is told so by a reset (§3.6.1; RFC 1122 §4.2.2.13).
    /// </summary>
    public void Close(Instant now, EventId because = default)
    {
        if (_isOrphan)
            return;
        _isOrphan = true;
        var isDataLost = _receive.Length > 0;
        _receive.Release();
        if (
            isDataLost
            && State
                is TcpState.SynReceived
                    or TcpState.Established
                    or TcpState.FinWait1
                    or TcpState.FinWait2
                    or TcpState.CloseWait
        )
        {
            Abort(now, because);
            return;
        }
        if (State == TcpState.FinWait2)
            _lingerUntil = now + _settings.FinWait2Timeout;
        Finish(now, because);
    }

    /// <summary>ABORT (RFC 9293 §3.10.5): the peer hears of it by a reset, if it knows of us at all.</summary>
    public void Abort(Instant now, EventId because = default)
    {
        if (
            State
            is TcpState.SynReceived
                or TcpState.Established
                or TcpState.FinWait1
                or TcpState.FinWait2
                or TcpState.CloseWait
        )
            OweReset(AcknowledgementSequence, because);
        Enter(TcpState.Closed, "abort", now, because);
    }
}
