namespace Twocan.Core;

/// <summary>The packet buffers of one loop: taken and given back without allocation once it is warm. Not for two threads.</summary>
public sealed class PacketPool
{
    /// <summary>An Ethernet frame of 1,518 bytes with head-room fits.</summary>
    public const int BufferSize = 2048;

    private PacketBuffer? _free;

    /// <summary>Buffers that somebody owns now; zero when a world has come to rest.</summary>
    public int Outstanding { get; private set; }

    /// <summary>An empty buffer that can grow by <paramref name="length"/> at its end and by <paramref name="headRoom"/> at its front.</summary>
    public PacketBuffer Rent(
        int length = BufferSize - PacketBuffer.DefaultHeadRoom,
        int headRoom = PacketBuffer.DefaultHeadRoom
    )
    {
        Outstanding++;
        PacketBuffer buffer;
        if (headRoom + length > BufferSize)
        {
            // Rare: a jumbo frame or a reassembled datagram. Made to measure, left to the collector afterwards.
            buffer = new PacketBuffer(this, headRoom + length);
        }
        else if (_free is { } pooled)
        {
            _free = pooled.NextFree;
            pooled.NextFree = null;
            buffer = pooled;
        }
        else
        {
            buffer = new PacketBuffer(this, BufferSize);
        }
        buffer.Reset(headRoom);
        return buffer;
    }

    internal void Return(PacketBuffer buffer)
    {
        ObjectDisposedException.ThrowIf(buffer.IsFree, buffer);
        buffer.IsFree = true;
        Outstanding--;
        if (buffer.Capacity != BufferSize)
            return;
        buffer.NextFree = _free;
        _free = buffer;
    }
}
