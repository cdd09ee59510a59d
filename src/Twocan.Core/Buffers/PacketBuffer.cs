namespace Twocan.Core;

/// <summary>
/// The bytes of one packet on its way, with room in front for the headers that lower layers put on. It has one owner at
/// a time: who is handed a buffer either hands it on or disposes it, which gives it back to its pool.
/// </summary>
public sealed class PacketBuffer : IDisposable
{
    /// <summary>Room for Ethernet (14), IPv6 (40), TCP with all its options (60), and some to spare.</summary>
    public const int DefaultHeadRoom = 128;

    private readonly PacketPool _pool;
    private readonly byte[] _bytes;
    private int _start;
    private int _length;

    internal PacketBuffer(PacketPool pool, int capacity)
    {
        _pool = pool;
        _bytes = new byte[capacity];
    }

    internal PacketBuffer? NextFree { get; set; }

    internal bool IsFree { get; set; } = true;

    /// <summary>Where it was taken and given back, in a pool that is watched.</summary>
    internal string? History { get; set; }

    /// <summary>Why this packet is on its way.</summary>
    public EventId Cause { get; set; }

    /// <summary>
    /// Octets of data in each of the segments that this packet has still to be cut into where it meets a wire that carries
    /// no such large ones; zero when it is one already.
    /// </summary>
    public int SegmentSize { get; set; }

    /// <summary>
    /// The transport's checksum and the frame's check sequence are left to whoever puts it on a wire. Until then it was in
    /// memory only, and there is nothing to check.
    /// </summary>
    public bool LacksChecks { get; set; }

    public int Length => _length;

    public int HeadRoom => _start;

    public int TailRoom => _bytes.Length - _start - _length;

    public int Capacity => _bytes.Length;

    public Span<byte> Span
    {
        get
        {
            ThrowIfFree();
            return _bytes.AsSpan(_start, _length);
        }
    }

    public Memory<byte> Memory
    {
        get
        {
            ThrowIfFree();
            return _bytes.AsMemory(_start, _length);
        }
    }

    /// <summary>Grows at the front: the bytes of a header still to be written.</summary>
    public Span<byte> Prepend(int count)
    {
        ThrowIfFree();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)HeadRoom, nameof(count));
        _start -= count;
        _length += count;
        return _bytes.AsSpan(_start, count);
    }

    /// <summary>Grows at the end: bytes still to be written (they hold what an earlier packet left there).</summary>
    public Span<byte> Append(int count)
    {
        ThrowIfFree();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)TailRoom, nameof(count));
        _length += count;
        return _bytes.AsSpan(_start + _length - count, count);
    }

    public void Append(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Append(bytes.Length));

    /// <summary>Takes a header off that has been read.</summary>
    public void TrimStart(int count)
    {
        ThrowIfFree();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)_length, nameof(count));
        _start += count;
        _length -= count;
    }

    /// <summary>Cuts the end off: padding, a frame check sequence.</summary>
    public void Truncate(int length)
    {
        ThrowIfFree();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_length, nameof(length));
        _length = length;
    }

    /// <summary>A second buffer with the same bytes and cause, for a hub or a switch that sends a frame out of many ports.</summary>
    public PacketBuffer Copy()
    {
        ThrowIfFree();
        var copy = _pool.Rent(_length, _start);
        Span.CopyTo(copy.Append(_length));
        copy.Inherit(this);
        return copy;
    }

    /// <summary>Has the same cause, and the same left to do, as the packet whose place it takes.</summary>
    public void Inherit(PacketBuffer from) =>
        (Cause, SegmentSize, LacksChecks) = (from.Cause, from.SegmentSize, from.LacksChecks);

    internal void Reset(int headRoom)
    {
        _start = headRoom;
        _length = 0;
        (Cause, SegmentSize, LacksChecks) = (default, 0, false);
        IsFree = false;
    }

    internal void Fill(byte value) => _bytes.AsSpan().Fill(value);

    public void Dispose() => _pool.Return(this);

    private void ThrowIfFree()
    {
        if (IsFree)
            throw _pool.UsedAfterReturn(this);
    }
}
