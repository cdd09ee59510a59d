using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>TCP_INFO by the names that assertions use, in Linux's units: segments and microseconds.</summary>
internal static class DrillInfo
{
    /// <summary>Null for a name that is not known here.</summary>
    public static double? ValueOf(string name, TcpInfo? known, Instant now) =>
        ConstantOf(name) ?? (known is { } info ? ValueOf(name, info, now) : null);

    private static double? ValueOf(string name, TcpInfo info, Instant now) =>
        name switch
        {
            "tcpi_ca_state" => CongestionState(info),
            "tcpi_options" => Options(info),
            "tcpi_snd_wscale" => info.SendWindowScale,
            "tcpi_rcv_wscale" => info.ReceiveWindowScale,
            "tcpi_retransmits" => info.Timeouts,
            "tcpi_probes" => info.WindowProbes,
            "tcpi_backoff" => info.BackOff,
            "tcpi_rcv_mss" => info.ReceivedSegmentSize,
            "tcpi_advmss" => info.OwnSegmentSize,
            "tcpi_sacked" => info.IsSackPermitted
                ? info.SegmentsSacked
                : Segments(info.InFlight - info.Pipe, info.SegmentSize),
            "tcpi_lost" => info.SegmentsLost,
            "tcpi_retrans" => info.SegmentsResent,
            "tcpi_reordering" => info.Reordering,
            "tcpi_reord_seen" => info.ReorderingsSeen,
            "tcpi_rcv_rtt" => info.ReceiverRtt.TotalMicroseconds,
            "tcpi_min_rtt" => info.MinRtt.TotalMicroseconds,
            "tcpi_last_data_sent" => Since(info.Counts.LastDataSent, now),
            "tcpi_last_data_recv" => Since(info.Counts.LastDataReceived, now),
            "tcpi_last_ack_recv" => Since(info.Counts.LastAcknowledgementReceived, now),
            "tcpi_busy_time" => info.SendingTime.Busy(now).TotalMicroseconds,
            "tcpi_rwnd_limited" => info.SendingTime.LimitedByPeer(now).TotalMicroseconds,
            "tcpi_sndbuf_limited" => info.SendingTime.LimitedByBuffer(now).TotalMicroseconds,
            "tcpi_segs_in" => info.Counts.SegmentsIn,
            "tcpi_segs_out" => info.Counts.SegmentsOut,
            "tcpi_data_segs_in" => info.Counts.DataSegmentsIn,
            "tcpi_data_segs_out" => info.Counts.DataSegmentsOut,
            "tcpi_bytes_sent" => info.Counts.BytesSent,
            "tcpi_bytes_retrans" => info.Counts.BytesResent,
            "tcpi_bytes_acked" => info.Counts.BytesAcknowledged,
            "tcpi_bytes_received" => info.Counts.BytesReceived,
            "tcpi_dsack_dups" => info.DuplicatesReported,
            "tcpi_delivered" => info.SegmentsDelivered,
            "tcpi_delivered_ce" => info.SegmentsMarked,
            "tcpi_delivery_rate" => info.DeliveryRate,
            "tcpi_pacing_rate" => info.PacingRate,
            "tcpi_fastopen_client_fail" => info.FastOpen == FastOpenStage.Refused ? 3 : 0,
            "tcpi_state" => StateNumber(info.State),
            "tcpi_rto" => info.Rto.TotalMicroseconds,
            "tcpi_rtt" => info.SmoothedRtt.TotalMicroseconds,
            "tcpi_rttvar" => info.RttVariation.TotalMicroseconds,
            "tcpi_snd_mss" => info.SegmentSize,
            "tcpi_snd_cwnd" => info.CongestionWindow / Math.Max(info.SegmentSize, 1),
            // Linux shows its 'none yet' as this number.
            "tcpi_snd_ssthresh" => info.SlowStartThreshold >= CongestionWindow.Max
                ? int.MaxValue
                : info.SlowStartThreshold / Math.Max(info.SegmentSize, 1),
            "tcpi_unacked" => info.SegmentsInFlight,
            "tcpi_total_retrans" => info.Retransmissions,
            "tcpi_notsent_bytes" => info.SendQueue - info.InFlight,
            "tcpi_snd_wnd" => info.SendWindow,
            "tcpi_rcv_wnd" => info.ReceiveWindow,
            _ => null,
        };

    private static double Since(Instant then, Instant now) => Math.Floor((now - then).TotalMilliseconds);

    /// <summary>Linux knows one state more: something is missing, but not for certain lost.</summary>
    private static int CongestionState(TcpInfo info) =>
        info.Recovery switch
        {
            RecoveryPhase.Open => info.Sacked > 0 || info.Pipe < info.InFlight - info.Lost ? 1 : 0,
            RecoveryPhase.Reduced => 2,
            RecoveryPhase.Recovery => 3,
            _ => 4,
        };

    private static int Options(TcpInfo info) =>
        (info.HasTimestamps ? 1 : 0)
        | (info.IsSackPermitted ? 2 : 0)
        | (info.SendWindowScale > 0 || info.ReceiveWindowScale > 0 ? 4 : 0)
        | (info.IsEcnOn ? 8 : 0)
        | (info.WasSynDataTaken ? 32 : 0);

    private static int Segments(int octets, int size) => (octets + size - 1) / Math.Max(size, 1);

    private static double? ConstantOf(string name) =>
        name switch
        {
            "TCP_CA_Open" => 0,
            "TCP_CA_Disorder" => 1,
            "TCP_CA_CWR" => 2,
            "TCP_CA_Recovery" => 3,
            "TCP_CA_Loss" => 4,
            "TCP_ESTABLISHED" => 1,
            "TCP_SYN_SENT" => 2,
            "TCP_SYN_RECV" => 3,
            "TCP_FIN_WAIT1" => 4,
            "TCP_FIN_WAIT2" => 5,
            "TCP_TIME_WAIT" => 6,
            "TCP_CLOSE" => 7,
            "TCP_CLOSE_WAIT" => 8,
            "TCP_LAST_ACK" => 9,
            "TCP_LISTEN" => 10,
            "TCP_CLOSING" => 11,
            "TCPI_OPT_TIMESTAMPS" => 1,
            "TCPI_OPT_SACK" => 2,
            "TCPI_OPT_WSCALE" => 4,
            "TCPI_OPT_ECN" => 8,
            "TCPI_OPT_ECN_SEEN" => 16,
            "TCPI_OPT_SYN_DATA" => 32,
            "TCP_INFINITE_SSTHRESH" => int.MaxValue,
            _ => null,
        };

    private static double? StateNumber(TcpState state) =>
        state switch
        {
            TcpState.Established => 1,
            TcpState.SynSent => 2,
            TcpState.SynReceived => 3,
            TcpState.FinWait1 => 4,
            TcpState.FinWait2 => 5,
            TcpState.TimeWait => 6,
            TcpState.Closed => 7,
            TcpState.CloseWait => 8,
            TcpState.LastAck => 9,
            TcpState.Listen => 10,
            TcpState.Closing => 11,
            _ => null,
        };
}
