using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Twocan.Core;

/// <summary>
/// The CRC-32 of IEEE 802.3, Ethernet's frame check sequence.
/// <para>
/// The remainder of the message, taken as a polynomial, by the generator. Where the processor multiplies without carry,
/// blocks of 16 bytes are folded onto those that follow (a block times x^n mod the generator has the same remainder n bits
/// further on), four side by side, until one is left; that one is reduced by Barrett's method. Tables do the rest, and all
/// of it elsewhere, eight bytes a step. (V. Gopal et al., Fast CRC Computation Using PCLMULQDQ, Intel 2009.)
/// </para>
/// </summary>
public static class Crc32
{
    private const uint Generator = 0xEDB8_8320; // bit-reversed: the wire sends the lowest bit of a byte first

    /// <summary>Eight tables one behind the other: what a byte comes to, 0 to 7 bytes before the end.</summary>
    private static readonly uint[] s_tables = MakeTables();

    // x^n mod the generator, bit-reversed and shifted up by one, for the two 64-bit halves of a block.
    private static readonly Vector128<ulong> s_foldBy64Bytes = Vector128.Create(0x1_5444_2BD4UL, 0x1_C6E4_1596UL);
    private static readonly Vector128<ulong> s_foldBy16Bytes = Vector128.Create(0x1_7519_97D0UL, 0x0_CCAA_009EUL);
    private static readonly Vector128<ulong> s_foldBy8Bytes = Vector128.CreateScalar(0x1_63CD_6124UL);

    // The generator with its highest bit, and the whole part of x^64 by it.
    private static readonly Vector128<ulong> s_barrett = Vector128.Create(0x1_DB71_0641UL, 0x1_F701_1641UL);

    public static uint Of(ReadOnlySpan<byte> bytes) =>
        Pclmulqdq.IsSupported && bytes.Length >= 16 ? OfFolded(bytes) : ~ByTables(uint.MaxValue, bytes);

    internal static uint ByTables(uint crc, ReadOnlySpan<byte> bytes)
    {
        // A byte and the number of a table: no index can be outside.
        ref var table = ref MemoryMarshal.GetArrayDataReference(s_tables);
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc =
                Unsafe.Add(ref table, 0x700 + (byte)low)
                ^ Unsafe.Add(ref table, 0x600 + (byte)(low >> 8))
                ^ Unsafe.Add(ref table, 0x500 + (byte)(low >> 16))
                ^ Unsafe.Add(ref table, 0x400 + (byte)(low >> 24))
                ^ Unsafe.Add(ref table, 0x300 + (byte)high)
                ^ Unsafe.Add(ref table, 0x200 + (byte)(high >> 8))
                ^ Unsafe.Add(ref table, 0x100 + (byte)(high >> 16))
                ^ Unsafe.Add(ref table, (byte)(high >> 24));
        }
        foreach (var octet in bytes)
            crc = Unsafe.Add(ref table, (byte)(crc ^ octet)) ^ (crc >> 8);
        return crc;
    }

    private static uint OfFolded(ReadOnlySpan<byte> bytes)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        nuint at = 16;
        var a = Block(ref first, 0) ^ Vector128.CreateScalar((ulong)uint.MaxValue);
        if (bytes.Length >= 64)
        {
            var (by, b, c, d) = (s_foldBy64Bytes, Block(ref first, 16), Block(ref first, 32), Block(ref first, 48));
            for (at = 64; at + 64 <= (nuint)bytes.Length; at += 64)
            {
                a = Fold(a, by) ^ Block(ref first, at);
                b = Fold(b, by) ^ Block(ref first, at + 16);
                c = Fold(c, by) ^ Block(ref first, at + 32);
                d = Fold(d, by) ^ Block(ref first, at + 48);
            }
            a = Fold(a, s_foldBy16Bytes) ^ b;
            a = Fold(a, s_foldBy16Bytes) ^ c;
            a = Fold(a, s_foldBy16Bytes) ^ d;
        }
        for (; at + 16 <= (nuint)bytes.Length; at += 16)
            a = Fold(a, s_foldBy16Bytes) ^ Block(ref first, at);
        return ~ByTables(Reduce(a), bytes[(int)at..]);
    }

    /// <summary>From 128 bits to the remainder of 32.</summary>
    private static uint Reduce(Vector128<ulong> block)
    {
        var low32 = Vector128.Create((ulong)uint.MaxValue, 0);
        // The lower 64 bits onto the upper ones, then 32 of the 96 onto the others.
        var sum = Pclmulqdq.CarrylessMultiply(block, s_foldBy16Bytes, 0x10) ^ UpperHalf(block);
        var rest = Sse2.ShiftRightLogical128BitLane(sum, 4);
        sum = rest ^ Pclmulqdq.CarrylessMultiply(sum & low32, s_foldBy8Bytes, 0x00);
        // Barrett: how often the generator goes into it, without a division.
        var quotient = Pclmulqdq.CarrylessMultiply(sum & low32, s_barrett, 0x10) & low32;
        var product = Pclmulqdq.CarrylessMultiply(quotient, s_barrett, 0x00);
        return (sum ^ product).AsUInt32()[1];
    }

    private static Vector128<ulong> UpperHalf(Vector128<ulong> block) => Sse2.ShiftRightLogical128BitLane(block, 8);

    private static Vector128<ulong> Block(ref byte first, nuint at) => Vector128.LoadUnsafe(ref first, at).AsUInt64();

    private static Vector128<ulong> Fold(Vector128<ulong> block, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(block, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(block, by, 0x11);

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (var i = 0; i < tables.Length; i++)
        {
            var crc = i < 256 ? (uint)i : tables[i - 256];
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? Generator ^ (crc >> 1) : crc >> 1;
            tables[i] = crc;
        }
        return tables;
    }
}
