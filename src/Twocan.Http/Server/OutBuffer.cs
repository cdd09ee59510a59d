using System.Buffers;

namespace Twocan.Http;

/// <summary>
/// Bytes that are about to be sent: heads, and what small bodies there are after them. It holds memory only while there is
/// something in it; ten thousand idle connections hold none.
/// </summary>
internal sealed class OutBuffer : IBufferWriter<byte>, IDisposable
{
    private const int SmallestLength = 4096;
    private byte[]? _bytes;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = Length + Math.Max(sizeHint, 256);
        if (_bytes is null || _bytes.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, SmallestLength));
            _bytes.AsSpan(0, Length).CopyTo(larger);
            if (_bytes is not null)
                ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>What was in it has been sent.</summary>
    public void Clear()
    {
        if (_bytes is not null)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, Length) = (null, 0);
    }

    public void Dispose() => Clear();
}
