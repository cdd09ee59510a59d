using Twocan.Core;

namespace Twocan.Stack;

/// <summary>A router has said that another one is nearer to a destination.</summary>
public readonly record struct Redirection(
    IpAddress Destination,
    Adapter Adapter,
    IpAddress Gateway,
    IpAddress From,
    Instant Ends
);

/// <summary>
/// The better first hops that a host was told of (RFC 1122 §3.2.2.2), one for each destination, for ten minutes. They are kept beside the
/// routing table and not in it: what somebody has entered is never changed by what somebody has said.
/// </summary>
public sealed class RedirectCache
{
    public const int Capacity = 256;
    public static readonly Duration Lifetime = Duration.FromSeconds(600);

    private readonly Hearsay<IpAddress, Redirection> _words = new(Capacity, Lifetime);

    /// <summary>Who wants to know that there is another word.</summary>
    internal Action? Changed { get; init; }

    public int Count => _words.Count;

    public bool TryFind(IpAddress destination, Instant now, out Redirection redirection) =>
        _words.TryGet(destination, now, out redirection);

    /// <summary>By destination.</summary>
    public IReadOnlyList<Redirection> Entries(Instant now) =>
        [.. _words.Live(now).Select(word => word.Value).OrderBy(redirection => redirection.Destination)];

    internal void Learn(IpAddress destination, Adapter adapter, IpAddress gateway, IpAddress from, Instant now)
    {
        _words.Set(destination, new(destination, adapter, gateway, from, now + Lifetime), now);
        Changed?.Invoke();
    }

    internal void Forget(IpAddress destination)
    {
        if (_words.Remove(destination))
            Changed?.Invoke();
    }
}
