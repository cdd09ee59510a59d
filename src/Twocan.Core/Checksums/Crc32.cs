using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Twocan.Core;

/// <summary>
/// The CRC-32 of IEEE 802.3, Ethernet's frame check sequence.
/// <para>
/// The remainder of the message, taken as a polynomial, by the generator. Where the processor multiplies without carry,
/// 64 bytes at a time are folded onto the 64 that follow them (a block times x^n mod the generator has the same
/// remainder n bits further on), until 16 are left. Tables do the rest, eight bytes a step.
/// </para>
/// </summary>
public static class Crc32
{
    private const uint Generator = 0xEDB8_8320; // bit-reversed: the wire sends the lowest bit of a byte first

    private static readonly uint[][] s_tables = MakeTables();

    // x^n mod the generator, bit-reversed and shifted up by one, for the two 64-bit halves of a block.
    private static readonly Vector128<ulong> s_foldBy64Bytes = Vector128.Create(0x1_5444_2BD4UL, 0x1_C6E4_1596UL);
    private static readonly Vector128<ulong> s_foldBy16Bytes = Vector128.Create(0x1_7519_97D0UL, 0x0_CCAA_009EUL);

    public static uint Of(ReadOnlySpan<byte> bytes) =>
        Pclmulqdq.IsSupported && bytes.Length >= 64 ? OfFolded(bytes) : ~ByTables(uint.MaxValue, bytes);

    internal static uint ByTables(uint crc, ReadOnlySpan<byte> bytes)
    {
        var tables = s_tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc =
                tables[7][(byte)low]
                ^ tables[6][(byte)(low >> 8)]
                ^ tables[5][(byte)(low >> 16)]
                ^ tables[4][low >> 24]
                ^ tables[3][(byte)high]
                ^ tables[2][(byte)(high >> 8)]
                ^ tables[1][(byte)(high >> 16)]
                ^ tables[0][high >> 24];
        }
        foreach (var octet in bytes)
            crc = tables[0][(byte)(crc ^ octet)] ^ (crc >> 8);
        return crc;
    }

    private static uint OfFolded(ReadOnlySpan<byte> bytes)
    {
        var a = Block(bytes) ^ Vector128.CreateScalar((ulong)uint.MaxValue);
        var b = Block(bytes[16..]);
        var c = Block(bytes[32..]);
        var d = Block(bytes[48..]);
        for (bytes = bytes[64..]; bytes.Length >= 64; bytes = bytes[64..])
        {
            a = Fold(a, s_foldBy64Bytes) ^ Block(bytes);
            b = Fold(b, s_foldBy64Bytes) ^ Block(bytes[16..]);
            c = Fold(c, s_foldBy64Bytes) ^ Block(bytes[32..]);
            d = Fold(d, s_foldBy64Bytes) ^ Block(bytes[48..]);
        }
        a = Fold(a, s_foldBy16Bytes) ^ b;
        a = Fold(a, s_foldBy16Bytes) ^ c;
        a = Fold(a, s_foldBy16Bytes) ^ d;
        for (; bytes.Length >= 16; bytes = bytes[16..])
            a = Fold(a, s_foldBy16Bytes) ^ Block(bytes);

        // What is left has the message's remainder: the first value of the CRC is folded in already.
        Span<byte> left = stackalloc byte[16];
        a.AsByte().CopyTo(left);
        return ~ByTables(ByTables(0, left), bytes);
    }

    private static Vector128<ulong> Block(ReadOnlySpan<byte> bytes) => Vector128.Create(bytes[..16]).AsUInt64();

    private static Vector128<ulong> Fold(Vector128<ulong> block, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(block, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(block, by, 0x11);

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        for (var t = 0; t < 8; t++)
        {
            tables[t] = new uint[256];
            for (var i = 0u; i < 256; i++)
            {
                var crc = t == 0 ? i : tables[t - 1][i];
                for (var bit = 0; bit < 8; bit++)
                    crc = (crc & 1) != 0 ? Generator ^ (crc >> 1) : crc >> 1;
                tables[t][i] = crc;
            }
        }
        return tables;
    }
}
