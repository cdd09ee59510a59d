using Twocan.Core;

namespace Twocan.Dns;

/// <summary>Where a resolver stops, so that nobody's zones can keep it busy for ever. Unbound's numbers, tried in the open for years.</summary>
public static class ResolverLimits
{
    /// <summary>Queries sent for one question.</summary>
    public const int MaxQueries = 32;

    /// <summary>Times that a question begins anew: with an alias's target, or one zone further up.</summary>
    public const int MaxRestarts = 11;

    /// <summary>Referrals followed for one question.</summary>
    public const int MaxReferrals = 130;

    /// <summary>Name servers' addresses looked up for one question, and for all that were looked up for it.</summary>
    public const int MaxTargets = 64;

    /// <summary>Name servers' names that turn out to have no address, for one question.</summary>
    public const int MaxMissingTargets = 5;

    /// <summary>Name servers kept of a delegation.</summary>
    public const int MaxServers = 20;

    /// <summary>A look-up of a server's address for a look-up of a server's address for …</summary>
    public const int MaxDepth = 5;

    /// <summary>Queries to one address for one question, before it counts as silent.</summary>
    public const int MaxTriesPerServer = 7;

    /// <summary>Server addresses looked up side by side for one question.</summary>
    public const int MaxParallelTargets = 2;

    /// <summary>Questions at work at one time.</summary>
    public const int MaxLookups = 5_000;
}

/// <summary>What a resolver's owner decides.</summary>
public sealed record ResolverSettings(IReadOnlyList<RootHint> RootHints)
{
    /// <summary>Servers are asked at their IPv6 addresses as well.</summary>
    public bool UsesIpv6 { get; init; }

    /// <summary>All addresses of this family are asked before any of the other; null asks whoever answers fastest.</summary>
    public IpFamily? Prefers { get; init; }

    /// <summary>A name server on 127.0.0.1 is somebody's trick, unless the owner says that it is not.</summary>
    public bool MayAskLoopback { get; init; }

    /// <summary>How long a server that we know nothing about may take.</summary>
    public Duration FirstTimeout { get; init; } = Duration.FromMilliseconds(400);

    public Duration MinTimeout { get; init; } = Duration.FromMilliseconds(100);

    public Duration MaxTimeout { get; init; } = Duration.FromSeconds(5);

    public bool MayAsk(IpAddress address) =>
        (address.IsV4 || UsesIpv6)
        && !address.IsAny
        && !address.IsMulticast
        && !address.IsLimitedBroadcast
        && (MayAskLoopback || !address.IsLoopback);
}
