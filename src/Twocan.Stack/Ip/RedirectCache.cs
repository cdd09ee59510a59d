using Twocan.Core;

namespace Twocan.Stack;

/// <summary>A router has said that another one is nearer to a destination.</summary>
public readonly record struct Redirection(
    IpAddress Destination,
    Adapter Adapter,
    IpAddress Gateway,
    IpAddress From,
    Instant Ends
)
{
    /// <summary>The source of IPv6 is chosen by who sends.</summary>
    internal Route ToRoute() =>
        Destination.IsV4
            ? new(new(Destination, Destination.BitLength), Adapter, Gateway, Adapter.SourceFor(Gateway), Adapter.Mtu)
            : new(new(Destination, Destination.BitLength), Adapter, Gateway, default, Adapter.Ipv6Mtu);
}

/// <summary>
/// The better first hops that a host was told of (RFC 1122 §3.2.2.2), one for each destination, for ten minutes. They are kept beside the
/// routing table and not in it: what somebody has entered is never changed by what somebody has said.
/// </summary>
public sealed class RedirectCache
{
    public const int Capacity = 256;
    public static readonly Duration Lifetime = Duration.FromSeconds(600);

    private readonly Hearsay<IpAddress, Redirection> _words = new(Capacity, Lifetime);

    public int Count => _words.Count;

    public bool TryFind(IpAddress destination, Instant now, out Redirection redirection) =>
        _words.TryGet(destination, now, out redirection);

    /// <summary>By destination.</summary>
    public IReadOnlyList<Redirection> Entries(Instant now) =>
        [.. _words.Live(now).Select(word => word.Value).OrderBy(redirection => redirection.Destination)];

    internal void Learn(IpAddress destination, Adapter adapter, IpAddress gateway, IpAddress from, Instant now) =>
        _words.Set(destination, new(destination, adapter, gateway, from, now + Lifetime), now);

    internal void Forget(IpAddress destination) => _words.Remove(destination);
}
