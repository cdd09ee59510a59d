using System.Numerics;

namespace Twocan.Stack;

/// <summary>
/// Bytes of a stream by their position in it, in a ring that grows as far as it is asked to. The owner knows which
/// positions are in use; the ring only knows where each lies.
/// </summary>
internal struct ByteRing
{
    /// <summary>Most connections carry little; what carries more doubles it a few times.</summary>
    private const int FirstCapacity = 64;

    private byte[] _bytes = [];

    public ByteRing() { }

    public readonly int Capacity => _bytes.Length;

    /// <summary>Makes room for [<paramref name="start"/>, <paramref name="end"/>), keeping what lies in [start, <paramref name="usedEnd"/>).</summary>
    public void Reserve(long start, long usedEnd, long end)
    {
        var needed = (int)(end - start);
        if (needed <= _bytes.Length)
            return;
        var grown = new byte[BitOperations.RoundUpToPowerOf2((uint)Math.Max(needed, FirstCapacity))];
        var (from, at) = (this, start);
        while (at < usedEnd)
        {
            var piece = from.PieceAt(at, usedEnd);
            piece.CopyTo(grown.AsSpan((int)(at & (grown.Length - 1))));
            at += piece.Length;
        }
        _bytes = grown;
    }

    public readonly void Write(long position, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        var first = PieceAt(position, position + bytes.Length);
        bytes[..first.Length].CopyTo(first);
        bytes[first.Length..].CopyTo(_bytes);
    }

    public readonly void Read(long position, Span<byte> into)
    {
        if (into.IsEmpty)
            return;
        var first = PieceAt(position, position + into.Length);
        first.CopyTo(into);
        _bytes.AsSpan(0, into.Length - first.Length).CopyTo(into[first.Length..]);
    }

    public void Release() => _bytes = [];

    private readonly Span<byte> PieceAt(long position, long end)
    {
        var index = (int)(position & (_bytes.Length - 1));
        return _bytes.AsSpan(index, (int)Math.Min(_bytes.Length - index, end - position));
    }
}
