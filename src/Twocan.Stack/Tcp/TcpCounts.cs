using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What a connection has seen so far, counted as Linux's TCP_INFO and RFC 4898 do.</summary>
public record struct TcpCounts
{
    /// <summary>With and without data.</summary>
    public long SegmentsIn { get; set; }

    public long SegmentsOut { get; set; }

    /// <summary>Those that carried data.</summary>
    public long DataSegmentsIn { get; set; }

    public long DataSegmentsOut { get; set; }

    /// <summary>Octets of data, those that were sent again counted again.</summary>
    public long BytesSent { get; set; }

    /// <summary>Of those, the ones that were sent again.</summary>
    public long BytesResent { get; set; }

    /// <summary>By how much SND.UNA has moved (tcpEStatsAppHCThruOctetsAcked).</summary>
    public long BytesAcknowledged { get; set; }

    /// <summary>By how much RCV.NXT has moved (tcpEStatsAppHCThruOctetsReceived).</summary>
    public long BytesReceived { get; set; }

    public Instant LastDataSent { get; set; }

    public Instant LastDataReceived { get; set; }

    public Instant LastAcknowledgementReceived { get; set; }
}
