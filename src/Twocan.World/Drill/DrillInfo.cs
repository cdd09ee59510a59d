using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>TCP_INFO by the names that assertions use, in Linux's units: segments and microseconds.</summary>
internal static class DrillInfo
{
    /// <summary>Null for a name that is not known here.</summary>
    public static double? ValueOf(string name, TcpInfo? known) =>
        ConstantOf(name) ?? (known is { } info ? ValueOf(name, info) : null);

    private static double? ValueOf(string name, TcpInfo info) =>
        name switch
        {
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
            "tcpi_unacked" => Segments(info.InFlight, info.SegmentSize),
            "tcpi_total_retrans" => info.Retransmissions,
            "tcpi_notsent_bytes" => info.SendQueue - info.InFlight,
            "tcpi_snd_wnd" => info.SendWindow,
            "tcpi_rcv_wnd" => info.ReceiveWindow,
            _ => null,
        };

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
