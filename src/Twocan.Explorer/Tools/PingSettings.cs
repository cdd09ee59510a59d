using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>How to ping, with the customary defaults.</summary>
public sealed record PingSettings
{
    /// <summary>As many as sequence numbers tell apart.</summary>
    public const int MaxCount = ushort.MaxValue;

    public int Count { get; init; } = 4;

    public Duration Interval { get; init; } = Duration.FromSeconds(1);

    /// <summary>The next request follows as soon as the last one is answered, and only after the interval if it is not.</summary>
    public bool Adapts { get; init; }

    /// <summary>So many requests at once, before the first interval.</summary>
    public int Preload { get; init; } = 1;

    /// <summary>Bytes of data behind the ICMP header.</summary>
    public int Size { get; init; } = 56;

    /// <summary>What the data repeats; empty is the classic ping's alphabet, 0x00, 0x01, …</summary>
    public ReadOnlyMemory<byte> Pattern { get; init; }

    public byte TimeToLive { get; init; } = 64;

    /// <summary>How long to wait for replies once the last request is out.</summary>
    public Duration Patience { get; init; } = Duration.FromSeconds(5);

    /// <summary>When all ends, whatever has come; until then requests go on until <see cref="Count"/> of them are answered.</summary>
    public Duration? Deadline { get; init; }

    /// <summary>The address to send from; null lets the routes decide.</summary>
    public IpAddress? Source { get; init; }

    /// <summary>The number of the adapter on whose link a link-local address is meant; 0 is the first.</summary>
    public int Scope { get; init; }

    public PathMtuDiscovery PathMtu { get; init; }

    /// <summary>Whether a broadcast address may be asked.</summary>
    public bool MayBroadcast { get; init; }
}

/// <summary>What is to become of a packet that is too long for a link on its way (the names are Linux's).</summary>
public enum PathMtuDiscovery
{
    /// <summary>Routers cut it into fragments.</summary>
    Dont,

    /// <summary>It may not be cut; once it is known to be too long for the path, this host cuts it.</summary>
    Want,

    /// <summary>It may not be cut by anybody.</summary>
    Do,
}
