using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The control information that a socket is, at one moment.</summary>
/// <param name="MinRtt">The least round trip of late.</param>
/// <param name="Rto">How long the retransmission timer waits now, back-off included.</param>
/// <param name="Recovery">What the sender is doing about losses.</param>
/// <param name="InFlight">Octets between SND.UNA and SND.MAX.</param>
/// <param name="Pipe">Of those, what is thought to be in the network.</param>
/// <param name="Lost">Of those, what is held for lost.</param>
/// <param name="Sacked">Of those, what the peer has beyond a hole.</param>
/// <param name="Timeouts">How often in a row the timer has expired.</param>
/// <param name="DeliveryRate">Octets a second, as last measured.</param>
/// <param name="PacingRate">Octets a second; 0 when nothing holds the pace back.</param>
/// <param name="Delivered">Octets that the peer has got so far.</param>
public readonly record struct TcpInfo(
    Endpoint Local,
    Endpoint Remote,
    TcpState State,
    Duration SmoothedRtt,
    Duration RttVariation,
    Duration MinRtt,
    Duration Rto,
    string CongestionControl,
    RecoveryPhase Recovery,
    int CongestionWindow,
    int SlowStartThreshold,
    int InFlight,
    int Pipe,
    int Lost,
    int Sacked,
    int Retransmissions,
    int Timeouts,
    bool IsReordering,
    int SendWindow,
    int ReceiveWindow,
    int SegmentSize,
    int SendQueue,
    int ReceiveQueue,
    int SendBuffer,
    int ReceiveBuffer,
    long Delivered,
    long DeliveryRate,
    long PacingRate,
    bool HasTimestamps,
    bool IsSackPermitted,
    byte SendWindowScale,
    byte ReceiveWindowScale
)
{
    public TcpCounts Counts { get; init; }

    /// <summary>How long there was something to send, and what held it up.</summary>
    public SendingTime SendingTime { get; init; }

    /// <summary>Segments between SND.UNA and SND.NXT, and what is known of them.</summary>
    public int SegmentsInFlight { get; init; }

    public int SegmentsSacked { get; init; }

    public int SegmentsLost { get; init; }

    /// <summary>Sent again, and thought to be on their way.</summary>
    public int SegmentsResent { get; init; }

    /// <summary>Segments that the peer has got so far, our SYN among them.</summary>
    public long SegmentsDelivered { get; init; }

    /// <summary>Segments whose acknowledgement said that the network is crowded (RFC 3168).</summary>
    public long SegmentsMarked { get; init; }

    /// <summary>By how many segments the network has changed the order so far; 3 is what is expected of any.</summary>
    public int Reordering { get; init; }

    /// <summary>How many acknowledgements have shown that the network has changed the order.</summary>
    public int ReorderingsSeen { get; init; }

    /// <summary>Segments that the peer has told us of as having come twice (RFC 2883).</summary>
    public long DuplicatesReported { get; init; }

    /// <summary>The round trip as the receiver sees it; zero while it has seen none.</summary>
    public Duration ReceiverRtt { get; init; }

    /// <summary>How often the timeout has been doubled.</summary>
    public int BackOff { get; init; }

    /// <summary>Questions about a closed window that nobody has answered yet.</summary>
    public int WindowProbes { get; init; }

    public bool IsEcnOn { get; init; }

    public FastOpenStage FastOpen { get; init; }

    /// <summary>Data went out in the SYN, or came in it, and all of it was taken.</summary>
    public bool WasSynDataTaken { get; init; }

    /// <summary>The MSS that the peer was told.</summary>
    public int OwnSegmentSize { get; init; }

    /// <summary>The longest segment that has come.</summary>
    public int ReceivedSegmentSize { get; init; }
}

public sealed partial class TcpConnection
{
    public TcpInfo Info =>
        new(
            Local,
            Remote,
            State,
            _rtt.Smoothed,
            _rtt.Variation,
            _loss.MinRtt,
            _rtt.Rto,
            _loss.Congestion.Name,
            _loss.Phase,
            _loss.Window,
            _loss.Congestion.SlowStartThreshold,
            InFlight,
            _loss.Pipe,
            _loss.Sent.LostOctets,
            _loss.Sent.SackedOctets,
            Retransmissions,
            _retransmit.Expirations,
            _loss.IsReordering,
            SndWnd,
            RcvWnd,
            SegmentSize,
            _send.Length,
            _receive.Length,
            _send.Limit,
            _receive.Limit,
            _loss.Rate.Delivered,
            _loss.Rate.Latest,
            _loss.Congestion.PacingRate,
            HasTimestamps,
            IsSackPermitted,
            PeerScale,
            OwnScale
        )
        {
            Counts = _counts,
            SendingTime = _sendingTime,
            SegmentsInFlight = _loss.Sent.Count,
            SegmentsSacked = _loss.Sent.SackedSegments,
            SegmentsLost = _loss.Sent.CountOf(SentMarks.Lost),
            SegmentsResent = _loss.Sent.CountResent(),
            SegmentsDelivered = _loss.DeliveredSegments + (IsSynchronized ? 1 : 0),
            SegmentsMarked = _loss.MarkedSegments,
            Reordering = _loss.Reordering,
            ReorderingsSeen = _loss.ReorderingsSeen,
            DuplicatesReported = _loss.DuplicatesReported,
            ReceiverRtt = _receiverRtt.Value,
            BackOff = _retransmit.Expirations,
            WindowProbes = _persist.Unanswered,
            IsEcnOn = _ecn.IsOn,
            FastOpen = FastOpenStage,
            WasSynDataTaken = _wasSynDataTaken,
            OwnSegmentSize = _ownSegmentSize,
            ReceivedSegmentSize = _ack.FullSize,
        };

    private TcpCounts _counts;
}
