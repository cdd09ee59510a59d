using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Twocan.Core;

/// <summary>
/// The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit words. Kept as a running
/// sum, so that a pseudo-header and a payload in two pieces can be added one after the other (each piece but the last of even length).
/// </summary>
public struct InternetChecksum
{
    private ulong _sum;

    public void Add(ushort word) => _sum += word;

    public void Add(uint doubleWord) => _sum += (doubleWord >> 16) + (doubleWord & 0xFFFF);

    public void Add(IpAddress address)
    {
        if (address.IsV4)
        {
            Add(address.AsV4);
            return;
        }
        Add((uint)(address.High >> 32));
        Add((uint)address.High);
        Add((uint)(address.Low >> 32));
        Add((uint)address.Low);
    }

    // The sum may be taken in either byte order, and over wider words that are folded afterwards (RFC 1071 §2 B, C):
    // it is taken little-endian, 64 bytes a turn, and turned round once at the end.
    public void Add(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        if (Vector256.IsHardwareAccelerated && BitConverter.IsLittleEndian && bytes.Length >= 64)
        {
            var low = Vector256.Create<ulong>(uint.MaxValue);
            var (even, odd) = (Vector256<ulong>.Zero, Vector256<ulong>.Zero);
            while (bytes.Length >= 64)
            {
                var first = Vector256.Create(bytes).AsUInt64();
                var second = Vector256.Create(bytes[32..]).AsUInt64();
                even += (first & low) + (second & low);
                odd += (first >>> 32) + (second >>> 32);
                bytes = bytes[64..];
            }
            sum = Vector256.Sum(even + odd);
        }
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            sum += (uint)word + (word >> 32);
        }
        for (; bytes.Length >= 2; bytes = bytes[2..])
            sum += BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        if (bytes.Length == 1)
            sum += bytes[0];
        _sum += BinaryPrimitives.ReverseEndianness(Fold(sum));
    }

    /// <summary>What to write into the checksum field; zero when computed over data that already carries a right one.</summary>
    public readonly ushort Value => (ushort)~Fold(_sum);

    public static ushort Of(ReadOnlySpan<byte> bytes)
    {
        var sum = new InternetChecksum();
        sum.Add(bytes);
        return sum.Value;
    }

    /// <summary>The checksum after one word of what it covers has changed: a TTL counted down, an address translated.</summary>
    public static ushort Update(ushort checksum, ushort oldWord, ushort newWord) =>
        // RFC 1624 §3, equation 3: HC' = ~(~HC + ~m + m'). The older equation makes -0 of +0.
        (ushort)~Fold((ulong)(ushort)~checksum + (ushort)~oldWord + newWord);

    private static ushort Fold(ulong sum)
    {
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)sum;
    }
}
