using System.Buffers.Binary;

namespace Twocan.Stack;

/// <summary>The fragment header of IPv6 (RFC 8200 §4.5), seen in the bytes that carry it.</summary>
public readonly ref struct FragmentHeader
{
    public const int Length = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private FragmentHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out FragmentHeader header)
    {
        header = bytes.Length < Length ? default : new(bytes[..Length]);
        return bytes.Length >= Length;
    }

    public IpProtocol NextHeader => (IpProtocol)_bytes[0];

    /// <summary>Where in the fragmentable part this fragment begins, in bytes.</summary>
    public int FragmentOffset => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]) & 0xFFF8;

    public bool MoreFragments => (_bytes[3] & 1) != 0;

    public uint Identification => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    /// <summary>A whole packet that calls itself a fragment (RFC 6946).</summary>
    public bool IsAtomic => FragmentOffset == 0 && !MoreFragments;

    public static void Write(Span<byte> into, IpProtocol nextHeader, int offset, bool more, uint identification)
    {
        into[0] = (byte)nextHeader;
        into[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)(offset | (more ? 1 : 0)));
        BinaryPrimitives.WriteUInt32BigEndian(into[4..], identification);
    }
}
