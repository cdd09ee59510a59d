using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The UDP header (RFC 768), seen in the bytes that carry it.</summary>
public readonly ref struct UdpHeader
{
    public const int Size = 8;
    public const int MaxData = Ipv4Header.MaxPacketLength - Ipv4Header.MinLength - Size;
    public const int MaxDataV6 = Ipv6Header.MaxPayloadLength - Size;

    private readonly ReadOnlySpan<byte> _bytes;

    private UdpHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>False unless the whole datagram is there. The checksum is not looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out UdpHeader header)
    {
        header = default;
        if (bytes.Length < Size)
            return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (length < Size || length > bytes.Length)
            return false;
        header = new(bytes[..length]);
        return true;
    }

    public Port SourcePort => new(BinaryPrimitives.ReadUInt16BigEndian(_bytes));

    public Port DestinationPort => new(BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]));

    public int Length => _bytes.Length;

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    public ReadOnlySpan<byte> Data => _bytes[Size..];

    /// <summary>Zero means that the sender did not compute one, which only IPv4 allows (RFC 8200 §8.1).</summary>
    public bool HasRightChecksum(IpAddress source, IpAddress destination) =>
        Checksum == 0 ? source.IsV4 : Sum(_bytes, source, destination) == 0;

    /// <summary>Writes the header in front of data that is in place.</summary>
    public static void Write(Span<byte> datagram, Endpoint source, Endpoint destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(datagram, source.Port.Number);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], destination.Port.Number);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], checked((ushort)datagram.Length));
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], 0);
        var checksum = Sum(datagram, source.Address, destination.Address);
        // 'None computed' is said by zero, so a sum of zero is said by its other form.
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], checksum == 0 ? ushort.MaxValue : checksum);
    }

    private static ushort Sum(ReadOnlySpan<byte> datagram, IpAddress source, IpAddress destination)
    {
        var sum = new InternetChecksum();
        sum.Add(source);
        sum.Add(destination);
        sum.Add((ushort)IpProtocol.Udp);
        sum.Add((ushort)datagram.Length);
        sum.Add(datagram);
        return sum.Value;
    }
}
