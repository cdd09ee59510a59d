using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The IPv6 header (RFC 8200 §3), seen in the bytes that carry it. It has no checksum, and no options but the headers behind it.</summary>
public readonly ref struct Ipv6Header
{
    public const int Length = 40;

    /// <summary>Every link takes this much (RFC 8200 §5).</summary>
    public const int LeastMtu = 1280;

    /// <summary>What the length field can say; jumbograms (RFC 2675) are not spoken here.</summary>
    public const int MaxPayloadLength = 65535;

    private const int HopLimitAt = 7;

    private readonly ReadOnlySpan<byte> _bytes;

    private Ipv6Header(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>False unless the header is there and all of what it says to follow.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out Ipv6Header header) =>
        TryReadQuoted(packet, out header) && header.TotalLength <= packet.Length;

    /// <summary>As <see cref="TryRead"/>, for the beginning of a packet that an ICMP error quotes: the rest may be cut off.</summary>
    public static bool TryReadQuoted(ReadOnlySpan<byte> packet, out Ipv6Header header)
    {
        var isOne = packet.Length >= Length && packet[0] >> 4 == 6;
        header = isOne ? new(packet[..Length]) : default;
        return isOne;
    }

    public byte TrafficClass => (byte)(BinaryPrimitives.ReadUInt16BigEndian(_bytes) >> 4);

    public int FlowLabel => (int)(BinaryPrimitives.ReadUInt32BigEndian(_bytes) & 0xFFFFF);

    /// <summary>All that stands behind this header, extension headers included.</summary>
    public int PayloadLength => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>Header and payload; what the buffer holds beyond is the frame's padding.</summary>
    public int TotalLength => Length + PayloadLength;

    /// <summary>What comes next: an extension header, or what the packet carries.</summary>
    public IpProtocol NextHeader => (IpProtocol)_bytes[NextHeaderAt];

    /// <summary>What IPv4 calls its time to live.</summary>
    public byte HopLimit => _bytes[HopLimitAt];

    public IpAddress Source => IpAddress.Read(_bytes[8..24]);

    public IpAddress Destination => IpAddress.Read(_bytes[24..40]);

    internal const int NextHeaderAt = 6;

    public static void Write(
        Span<byte> into,
        int payloadLength,
        byte hopLimit,
        IpProtocol nextHeader,
        IpAddress source,
        IpAddress destination,
        byte trafficClass = 0,
        int flowLabel = 0
    )
    {
        BinaryPrimitives.WriteUInt32BigEndian(into, 6U << 28 | (uint)trafficClass << 20 | (uint)flowLabel & 0xFFFFF);
        WritePayloadLength(into, payloadLength);
        into[NextHeaderAt] = (byte)nextHeader;
        into[HopLimitAt] = hopLimit;
        source.Write(into[8..24]);
        destination.Write(into[24..40]);
    }

    public static void WritePayloadLength(Span<byte> packet, int payloadLength) =>
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], checked((ushort)payloadLength));

    public static void DecrementHopLimit(Span<byte> packet) => packet[HopLimitAt]--;
}
