using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Twocan.Core;

/// <summary>
/// The folding of <see cref="Crc32"/>, four blocks with one instruction (VPCLMULQDQ on 512 bits). A class of its own: the
/// ahead-of-time compiler leaves what so much as names such vectors to the JIT.
/// </summary>
internal static class Crc32Wide
{
    /// <summary>How many bytes are folded side by side; no less can be done here.</summary>
    public const int Turn = 256;

    private static readonly Vector512<ulong> s_foldBy256 = FoldBy(256);
    private static readonly Vector512<ulong> s_foldBy192 = FoldBy(192);
    private static readonly Vector512<ulong> s_foldBy128 = FoldBy(128);
    private static readonly Vector512<ulong> s_foldBy64 = FoldBy(64);

    /// <summary>Each block onto the last of the four, which stays where it is.</summary>
    private static readonly Vector512<ulong> s_foldTogether = Vector512.Create(
        Vector256.Create(Crc32.FoldBy(48), Crc32.FoldBy(32)),
        Vector256.Create(Crc32.FoldBy(16), Vector128<ulong>.Zero)
    );

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var length = (nuint)bytes.Length;
        var a = Blocks(ref first, 0) ^ Vector512.CreateScalar((ulong)uint.MaxValue);
        var (b, c, d) = (Blocks(ref first, 64), Blocks(ref first, 128), Blocks(ref first, 192));
        nuint at = Turn;
        for (var by = s_foldBy256; at + Turn <= length; at += Turn)
        {
            a = Fold(a, by) ^ Blocks(ref first, at);
            b = Fold(b, by) ^ Blocks(ref first, at + 64);
            c = Fold(c, by) ^ Blocks(ref first, at + 128);
            d = Fold(d, by) ^ Blocks(ref first, at + 192);
        }
        a = Fold(a, s_foldBy192) ^ Fold(b, s_foldBy128) ^ Fold(c, s_foldBy64) ^ d;
        for (; at + 64 <= length; at += 64)
            a = Fold(a, s_foldBy64) ^ Blocks(ref first, at);
        var together = Fold(a, s_foldTogether);
        var half = together.GetLower() ^ together.GetUpper();
        return Crc32.Finish(half.GetLower() ^ half.GetUpper() ^ a.GetUpper().GetUpper(), ref first, at, length);
    }

    private static Vector512<ulong> FoldBy(int bytes)
    {
        var by = Vector256.Create(Crc32.FoldBy(bytes));
        return Vector512.Create(by, by);
    }

    private static Vector512<ulong> Blocks(ref byte first, nuint at) => Vector512.LoadUnsafe(ref first, at).AsUInt64();

    private static Vector512<ulong> Fold(Vector512<ulong> blocks, Vector512<ulong> by) =>
        Pclmulqdq.V512.CarrylessMultiply(blocks, by, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(blocks, by, 0x11);
}
