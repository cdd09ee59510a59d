using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The control information that a socket is, at one moment.</summary>
public readonly record struct TcpInfo(
    Endpoint Local,
    Endpoint Remote,
    TcpState State,
    Duration SmoothedRtt,
    Duration RttVariation,
    Duration Rto,
    string CongestionControl,
    int CongestionWindow,
    int SlowStartThreshold,
    int InFlight,
    int Retransmissions,
    int SendWindow,
    int ReceiveWindow,
    int SegmentSize,
    int SendQueue,
    int ReceiveQueue
);

public sealed partial class TcpConnection
{
    public TcpInfo Info =>
        new(
            Local,
            Remote,
            State,
            _rtt.Smoothed,
            _rtt.Variation,
            _rtt.Rto,
            _loss.Congestion.Name,
            _loss.Window,
            _loss.Congestion.SlowStartThreshold,
            InFlight,
            Retransmissions,
            SndWnd,
            RcvWnd,
            SegmentSize,
            _send.Length,
            _receive.Length
        );
}
