using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>What the kernel knows of a TCP connection (struct tcp_info).</summary>
/// <param name="CongestionWindow">In octets.</param>
/// <param name="Retransmissions">Segments that were sent again, in all.</param>
/// <param name="SegmentsSent">With those that carry nothing.</param>
public readonly record struct HostTcpInfo(
    Duration SmoothedRtt,
    Duration RttVariation,
    Duration MinRtt,
    Duration Rto,
    int SegmentSize,
    int CongestionWindow,
    int Retransmissions,
    long BytesAcknowledged,
    long BytesReceived,
    int SegmentsSent,
    int SegmentsReceived
)
{
    /// <summary>The part of it that every kernel of the last ten years tells.</summary>
    internal const int Length = 152;

    internal static HostTcpInfo? Read(ReadOnlySpan<byte> info)
    {
        return info.Length < Length
            ? null
            : new(
                Microseconds(info, 68),
                Microseconds(info, 72),
                Microseconds(info, 148),
                Microseconds(info, 8),
                Number(info, 16),
                Number(info, 80) * Number(info, 16),
                Number(info, 100),
                BitConverter.ToInt64(info[120..]),
                BitConverter.ToInt64(info[128..]),
                Number(info, 136),
                Number(info, 140)
            );

        static int Number(ReadOnlySpan<byte> info, int at) => BitConverter.ToInt32(info[at..]);

        static Duration Microseconds(ReadOnlySpan<byte> info, int at) => Duration.FromMicroseconds(Number(info, at));
    }
}
