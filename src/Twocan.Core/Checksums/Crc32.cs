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
/// further on), several side by side, until one is left; that one is reduced by Barrett's method. Processors that multiply
/// four blocks with one instruction fold 256 bytes a turn, others 64. Tables do it elsewhere, eight bytes a step.
/// (V. Gopal et al., Fast CRC Computation Using PCLMULQDQ, Intel 2009.)
/// </para>
/// </summary>
public static class Crc32
{
    private const uint Generator = 0xEDB8_8320; // bit-reversed: the wire sends the lowest bit of a byte first

    /// <summary>Eight tables one behind the other: what a byte comes to, 0 to 7 bytes before the end.</summary>
    private static readonly uint[] s_tables = MakeTables();

    private static readonly Vector128<ulong> s_foldBy64 = FoldBy(64);
    private static readonly Vector128<ulong> s_foldBy16 = FoldBy(16);
    private static readonly Vector128<ulong> s_foldBy8 = Vector128.CreateScalar(PowerOfX(64));

    // The generator with its highest bit, and the whole part of x^64 by it.
    private static readonly Vector128<ulong> s_barrett = Vector128.Create(0x1_DB71_0641UL, 0x1_F701_1641UL);

    /// <summary>A window of it shuffles a block's bytes up or down; an index with its highest bit set makes zero.</summary>
    // csharpier-ignore
    private static ReadOnlySpan<byte> Shift =>
        [
            128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
            128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
        ];

    public static uint Of(ReadOnlySpan<byte> bytes) =>
        !Pclmulqdq.IsSupported || bytes.Length < 16 ? ~ByTables(uint.MaxValue, bytes)
        : Pclmulqdq.V512.IsSupported && bytes.Length >= Crc32Wide.Turn ? Crc32Wide.Of(bytes)
        : ByFolding(bytes);

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

    internal static uint ByFolding(ReadOnlySpan<byte> bytes)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        nuint at = 16;
        var a = Block(ref first, 0) ^ Vector128.CreateScalar((ulong)uint.MaxValue);
        if (bytes.Length >= 64)
        {
            var (by, b, c, d) = (s_foldBy64, Block(ref first, 16), Block(ref first, 32), Block(ref first, 48));
            for (at = 64; at + 64 <= (nuint)bytes.Length; at += 64)
            {
                a = Fold(a, by) ^ Block(ref first, at);
                b = Fold(b, by) ^ Block(ref first, at + 16);
                c = Fold(c, by) ^ Block(ref first, at + 32);
                d = Fold(d, by) ^ Block(ref first, at + 48);
            }
            a = Fold(a, s_foldBy16) ^ b;
            a = Fold(a, s_foldBy16) ^ c;
            a = Fold(a, s_foldBy16) ^ d;
        }
        return Finish(a, ref first, at, (nuint)bytes.Length);
    }

    /// <summary>What is folded into one block so far, and the message from <paramref name="at"/> on, to the end.</summary>
    internal static uint Finish(Vector128<ulong> block, ref byte first, nuint at, nuint length)
    {
        for (; at + 16 <= length; at += 16)
            block = Fold(block, s_foldBy16) ^ Block(ref first, at);
        if (length - at is var rest and > 0)
        {
            // The last block is a whole one that ends with the message: so many of the folded bytes come before it.
            ref var shift = ref MemoryMarshal.GetReference(Shift);
            var (down, up) = (Vector128.LoadUnsafe(ref shift, rest), Vector128.LoadUnsafe(ref shift, 16 + rest));
            var before = Ssse3.Shuffle(block.AsByte(), down).AsUInt64();
            var last = Sse41.BlendVariable(
                Ssse3.Shuffle(block.AsByte(), up),
                Vector128.LoadUnsafe(ref first, length - 16),
                up
            );
            block = Fold(before, s_foldBy16) ^ last.AsUInt64();
        }
        return ~Reduce(block);
    }

    /// <summary>What the two 64-bit halves of a block are multiplied by to be so many bytes further on.</summary>
    internal static Vector128<ulong> FoldBy(int bytes) =>
        Vector128.Create(PowerOfX(8 * bytes + 32), PowerOfX(8 * bytes - 32));

    /// <summary>x^n mod the generator, bit-reversed, and shifted up by one as the product of two reversed numbers needs it.</summary>
    private static ulong PowerOfX(int n)
    {
        var power = 0x8000_0000u;
        for (; n > 0; n--)
            power = (power & 1) != 0 ? Generator ^ (power >> 1) : power >> 1;
        return (ulong)power << 1;
    }

    /// <summary>From 128 bits to the remainder of 32.</summary>
    private static uint Reduce(Vector128<ulong> block)
    {
        var low32 = Vector128.Create((ulong)uint.MaxValue, 0);
        // The lower 64 bits onto the upper ones, then 32 of the 96 onto the others.
        var sum = Pclmulqdq.CarrylessMultiply(block, s_foldBy16, 0x10) ^ UpperHalf(block);
        var rest = Sse2.ShiftRightLogical128BitLane(sum, 4);
        sum = rest ^ Pclmulqdq.CarrylessMultiply(sum & low32, s_foldBy8, 0x00);
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
