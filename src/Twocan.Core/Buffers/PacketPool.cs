namespace Twocan.Core;

/// <summary>What a pool finds out about those who own its buffers.</summary>
public enum PacketWatching
{
    Off,

    /// <summary>Use after giving back, giving back twice, two owners.</summary>
    Owners,

    /// <summary>And where each buffer was taken and given back.</summary>
    OwnersAndPlaces,
}

/// <summary>
/// The packet buffers of one loop: taken and given back without allocation once it is warm. Not for two threads.
/// <para>
/// A pool that is watched finds what goes wrong with owners: it gives every buffer out only once, so that whoever still
/// uses one after it was given back, or gives it back twice, is told so even when another has been taken meanwhile. With
/// places it also tells where the buffer was taken and given back, and where each was taken that is still out, at the
/// cost of two stack traces a packet. TWOCAN_WATCH_PACKETS=1 (or =places) in the environment watches every pool.
/// </para>
/// </summary>
public sealed class PacketPool
{
    /// <summary>An Ethernet frame of 1,518 bytes with head-room fits.</summary>
    public const int BufferSize = 2048;

    /// <summary>The longest packet that IP knows fits, with a frame and head-room around it.</summary>
    public const int LargeBufferSize = 64 * 1024 + 256;

    /// <summary>A jumbo frame fits, or a few segments that have not been cut.</summary>
    private const int MediumBufferSize = 16 * 1024;

    private static readonly PacketWatching s_watchAll = Environment.GetEnvironmentVariable(
        "TWOCAN_WATCH_PACKETS"
    ) switch
    {
        "1" => PacketWatching.Owners,
        "places" => PacketWatching.OwnersAndPlaces,
        _ => PacketWatching.Off,
    };

    private readonly PacketWatch? _watch;
    private PacketBuffer? _free;
    private PacketBuffer? _freeMedium;
    private PacketBuffer? _freeLarge;

    public PacketPool()
        : this(s_watchAll) { }

    public PacketPool(PacketWatching watching) =>
        _watch = watching == PacketWatching.Off ? null : new(watching == PacketWatching.OwnersAndPlaces);

    public bool IsWatched => _watch is not null;

    /// <summary>Buffers that somebody owns now; zero when a world has come to rest.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Where the buffers were taken that are out now, oldest first; of a pool that is not watched only how many there are.</summary>
    public string DescribeOutstanding() =>
        Outstanding == 0 ? "no packet buffer is out"
        : _watch is null ? $"{Outstanding} packet buffers are out; watch the pool to see where they were taken"
        : _watch.DescribeOutstanding();

    /// <summary>An empty buffer that can grow by <paramref name="length"/> at its end and by <paramref name="headRoom"/> at its front.</summary>
    public PacketBuffer Rent(
        int length = BufferSize - PacketBuffer.DefaultHeadRoom,
        int headRoom = PacketBuffer.DefaultHeadRoom
    )
    {
        Outstanding++;
        var needed = headRoom + length;
        var buffer =
            needed <= BufferSize ? Take(ref _free, BufferSize)
            : needed <= MediumBufferSize ? Take(ref _freeMedium, MediumBufferSize)
            : needed <= LargeBufferSize ? Take(ref _freeLarge, LargeBufferSize)
            // No packet is so long. Made to measure, left to the collector afterwards.
            : new PacketBuffer(this, needed);
        buffer.Reset(headRoom);
        _watch?.OnRent(buffer);
        return buffer;
    }

    internal void Return(PacketBuffer buffer)
    {
        if (buffer.IsFree)
            throw UsedAfterReturn(buffer);
        buffer.IsFree = true;
        Outstanding--;
        if (_watch is not null)
            _watch.OnReturn(buffer);
        else if (buffer.Capacity == BufferSize)
            Keep(ref _free, buffer);
        else if (buffer.Capacity == MediumBufferSize)
            Keep(ref _freeMedium, buffer);
        else if (buffer.Capacity == LargeBufferSize)
            Keep(ref _freeLarge, buffer);
    }

    /// <summary>What to throw at somebody who has a buffer in hand that is his no more.</summary>
    internal ObjectDisposedException UsedAfterReturn(PacketBuffer buffer) =>
        new(nameof(PacketBuffer), _watch?.Tell(buffer) ?? "This packet buffer was given back to its pool already.");

    private PacketBuffer Take(ref PacketBuffer? free, int size)
    {
        if (free is not { } pooled)
            return new(this, size);
        free = pooled.NextFree;
        pooled.NextFree = null;
        return pooled;
    }

    private static void Keep(ref PacketBuffer? free, PacketBuffer buffer)
    {
        buffer.NextFree = free;
        free = buffer;
    }
}
