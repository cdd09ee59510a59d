using System.Buffers.Binary;

namespace Twocan.Core;

/// <summary>
/// A capture's bytes as they come from a stream. It holds no more than is asked for at once, and grows by what has really
/// come: a length that lies costs nothing.
/// </summary>
internal sealed class CaptureBytes(Stream stream)
{
    private byte[] _bytes = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Where in the file the next byte stands.</summary>
    public long Offset { get; private set; }

    public bool IsBigEndian { get; set; }

    /// <summary>Bytes that are there already; after <see cref="TryPeek"/> has said no, all that are left.</summary>
    public int Held => _end - _start;

    /// <summary>The next <paramref name="count"/> bytes, which stay; false when the file ends before.</summary>
    public bool TryPeek(int count, out ReadOnlyMemory<byte> bytes)
    {
        while (Held < count)
        {
            if (_end == _bytes.Length)
                MakeRoom();
            var read = stream.Read(_bytes, _end, _bytes.Length - _end);
            if (read == 0)
            {
                bytes = default;
                return false;
            }
            _end += read;
        }
        bytes = _bytes.AsMemory(_start, count);
        return true;
    }

    /// <summary>Goes on behind bytes that may not have been looked at; false when the file ends before.</summary>
    public bool TrySkip(long count)
    {
        while (count > 0)
        {
            if (Held == 0 && !TryPeek(1, out _))
                return false;
            var step = (int)Math.Min(count, Held);
            _start += step;
            Offset += step;
            count -= step;
        }
        return true;
    }

    public ushort U16(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    public uint U32(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    public ulong U64(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private void MakeRoom()
    {
        var to = Held > _bytes.Length / 2 ? new byte[_bytes.Length * 2] : _bytes;
        _bytes.AsSpan(_start, Held).CopyTo(to);
        (_bytes, _start, _end) = (to, 0, Held);
    }
}
