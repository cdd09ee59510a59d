using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The TCP header (RFC 9293 §3.1), seen in the bytes that carry it.</summary>
public readonly ref struct TcpHeader
{
    public const int MinLength = 20;

    /// <summary>With as many options as the length field can tell.</summary>
    public const int MaxLength = 60;
    private readonly ReadOnlySpan<byte> _bytes;

    private TcpHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>False for anything that is not a whole, well-formed header: the caller drops and counts it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TcpHeader header)
    {
        header = default;
        if (bytes.Length < MinLength)
            return false;
        var length = (bytes[12] >> 4) * 4;
        if (length < MinLength || length > bytes.Length)
            return false;
        header = new(bytes[..length]);
        return true;
    }

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    public SequenceNumber Sequence => new(BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]));

    public SequenceNumber Acknowledgement => new(BinaryPrimitives.ReadUInt32BigEndian(_bytes[8..]));

    /// <summary>In bytes, with the options: the data begins here.</summary>
    public int Length => _bytes.Length;

    public TcpFlags Flags => (TcpFlags)_bytes[13];

    public ushort Window => BinaryPrimitives.ReadUInt16BigEndian(_bytes[14..]);

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_bytes[16..]);

    public ushort UrgentPointer => BinaryPrimitives.ReadUInt16BigEndian(_bytes[18..]);

    public TcpOptions Options => new(_bytes[MinLength..]);

    /// <summary>The checksum over pseudo-header and segment (RFC 9293 §3.1): zero when the field already holds the right one.</summary>
    public static ushort ComputeChecksum(IpAddress source, IpAddress destination, ReadOnlySpan<byte> segment)
    {
        var sum = new InternetChecksum();
        sum.Add(source);
        sum.Add(destination);
        sum.Add((ushort)IpProtocol.Tcp);
        sum.Add((uint)segment.Length);
        sum.Add(segment);
        return sum.Value;
    }
}
