using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The checks of a packet that were left out while it stayed in memory (checksum offload), made at last.</summary>
public static class PacketChecks
{
    private const int TcpChecksumAt = 16;
    private const int UdpChecksumAt = 6;

    /// <summary>Before anybody looks at a packet, changes it, or puts it on a wire.</summary>
    public static void Finish(PacketBuffer packet)
    {
        if (!packet.LacksChecks)
            return;
        packet.LacksChecks = false;
        WriteTransport(packet.Span);
    }

    /// <summary>The same for a whole frame, which gets its check sequence too.</summary>
    public static void FinishFrame(PacketBuffer frame)
    {
        if (!frame.LacksChecks)
            return;
        frame.LacksChecks = false;
        WriteFrame(frame.Span);
    }

    /// <summary>A copy of a frame as a wire would show it, and as whoever captures it wants it.</summary>
    public static byte[] WholeCopy(PacketBuffer frame)
    {
        var copy = frame.Span.ToArray();
        if (frame.LacksChecks)
            WriteFrame(copy);
        return copy;
    }

    /// <summary>Sums up what a packet of IP carries. What is neither TCP nor UDP has its checksum always.</summary>
    internal static void WriteTransport(Span<byte> packet)
    {
        if (!TryFindTransport(packet, out var protocol, out var offset))
            return;
        // Behind it there may be padding.
        packet = packet[..Math.Min(LengthOf(packet), packet.Length)];
        var at = ChecksumAt(protocol);
        var segment = offset <= packet.Length ? packet[offset..] : default;
        if (at == 0 || segment.Length < at + sizeof(ushort))
            return;
        BinaryPrimitives.WriteUInt16BigEndian(segment[at..], 0);
        var sum = PseudoHeader(packet, protocol, segment.Length);
        sum.Add(segment);
        // UDP's zero says 'none' (RFC 768).
        var isNone = sum.Value == 0 && protocol == IpProtocol.Udp;
        BinaryPrimitives.WriteUInt16BigEndian(segment[at..], isNone ? ushort.MaxValue : sum.Value);
    }

    /// <summary>The sum over source, destination, protocol and length, to which the segment's own is added.</summary>
    internal static InternetChecksum PseudoHeader(ReadOnlySpan<byte> packet, IpProtocol protocol, int length)
    {
        var sum = new InternetChecksum();
        sum.Add(packet[0] >> 4 == 4 ? packet[12..20] : packet[8..40]);
        sum.Add((ushort)protocol);
        sum.Add((uint)length);
        return sum;
    }

    /// <summary>Where the checksum stands in a header; 0 for what has none that is left out.</summary>
    internal static int ChecksumAt(IpProtocol protocol) =>
        protocol switch
        {
            IpProtocol.Tcp => TcpChecksumAt,
            IpProtocol.Udp => UdpChecksumAt,
            _ => 0,
        };

    /// <summary>What is carried, and where it begins: behind the header, and behind IPv6's extension headers.</summary>
    internal static bool TryFindTransport(ReadOnlySpan<byte> packet, out IpProtocol protocol, out int offset)
    {
        (protocol, offset) = (default, 0);
        if (Ipv4Header.TryReadQuoted(packet, out var v4))
        {
            (protocol, offset) = (v4.Protocol, v4.Length);
            return true;
        }
        return Ipv6Header.TryReadQuoted(packet, out _) && HeaderChain.TryReadQuoted(packet, out protocol, out offset);
    }

    private static int LengthOf(ReadOnlySpan<byte> packet) =>
        packet[0] >> 4 == 4
            ? BinaryPrimitives.ReadUInt16BigEndian(packet[2..])
            : Ipv6Header.Length + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);

    private static void WriteFrame(Span<byte> frame)
    {
        WriteTransport(frame[EthernetHeader.Length..^EthernetHeader.FcsLength]);
        BinaryPrimitives.WriteUInt32LittleEndian(
            frame[^EthernetHeader.FcsLength..],
            Crc32.Of(frame[..^EthernetHeader.FcsLength])
        );
    }
}
