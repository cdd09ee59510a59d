using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What a host has learned from routers, and is now to do.</summary>
public enum DiscoveryStepKind
{
    Solicit,
    AddRouter,
    RemoveRouter,

    /// <summary>A prefix is on the link: its hosts are reached without a router.</summary>
    AddPrefix,
    RemovePrefix,
    SetNameServers,
}

/// <param name="Router">Of AddRouter and RemoveRouter.</param>
/// <param name="Prefix">Of AddPrefix and RemovePrefix.</param>
public readonly record struct DiscoveryStep(
    DiscoveryStepKind Kind,
    IpAddress Router = default,
    Subnet Prefix = default
);

/// <summary>
/// A host's search for routers on one link as a machine (RFC 4861 §6.3): told of advertisements, asked for what is to be done,
/// due when a solicitation or the end of a lifetime is. All that routers can fill is bounded, for anybody can call himself one.
/// </summary>
public sealed class RouterDiscovery(RandomSource random)
{
    public const int MaxRouters = 8;
    public const int MaxPrefixes = 16;
    public const int MaxNameServers = 8;

    /// <summary>RFC 4861 §10.</summary>
    private const int MaxSolicitations = 3;
    private static readonly Duration SolicitationInterval = Duration.FromSeconds(4);
    private static readonly Duration MaxSolicitationDelay = Duration.FromSeconds(1);

    private readonly List<(IpAddress Router, Instant Until)> _routers = [];
    private readonly List<(Subnet Prefix, Instant Until)> _prefixes = [];
    private readonly List<(IpAddress Server, Instant Until)> _servers = [];
    private readonly Queue<DiscoveryStep> _steps = new();
    private Instant _solicitAt = Instant.Never;

    /// <summary>Default routers, the first heard first.</summary>
    public IEnumerable<IpAddress> Routers => _routers.Select(static router => router.Router);

    public IEnumerable<Subnet> Prefixes => _prefixes.Select(static prefix => prefix.Prefix);

    public IReadOnlyList<IpAddress> NameServers => [.. _servers.Select(static server => server.Server)];

    public int Solicitations { get; private set; }

    public Instant Due
    {
        get
        {
            if (_steps.Count > 0)
                return Instant.Zero;
            var due = _solicitAt;
            foreach (var (_, until) in _routers)
                due = Instant.Min(due, until);
            foreach (var (_, until) in _prefixes)
                due = Instant.Min(due, until);
            foreach (var (_, until) in _servers)
                due = Instant.Min(due, until);
            return due;
        }
    }

    /// <summary>§6.3.7: asks a few times, the first time not together with everybody else.</summary>
    public void Start(Instant now) => _solicitAt = now + MaxSolicitationDelay * random.NextDouble();

    /// <summary>§6.3.4. That it is sound and from a neighbour is known.</summary>
    public void OnAdvertisement(in RouterAdvertisement advertisement, IpAddress from, Instant now)
    {
        // §6.3.7: who has heard one asks no more.
        _solicitAt = Instant.Never;
        var lifetime = Duration.FromSeconds(advertisement.RouterLifetime);
        Set(_routers, from, lifetime, MaxRouters, now, DiscoveryStepKind.AddRouter, DiscoveryStepKind.RemoveRouter);
        var options = new NdOptions(advertisement.Options);
        var areServersNew = false;
        while (options.MoveNext())
        {
            if (
                options.Type == NdOptionType.PrefixInformation
                && PrefixInformation.TryRead(options.Current, out var prefix)
                && prefix.IsOnLink
                && !prefix.Prefix.Network.IsLinkLocal
                && !prefix.Prefix.Network.IsMulticast
            )
                Set(
                    _prefixes,
                    prefix.Prefix,
                    LifetimeOf(prefix.ValidLifetime),
                    MaxPrefixes,
                    now,
                    DiscoveryStepKind.AddPrefix,
                    DiscoveryStepKind.RemovePrefix
                );
            else if (
                options.Type == NdOptionType.RecursiveDnsServer
                && RecursiveDnsServers.TryRead(options.Current, out var servers)
            )
                areServersNew |= Learn(servers, now);
        }
        if (areServersNew)
            _steps.Enqueue(new(DiscoveryStepKind.SetNameServers));
    }

    /// <summary>It has said that it is none any more (§7.2.5).</summary>
    public void OnNoRouter(IpAddress router, Instant now) =>
        Set(
            _routers,
            router,
            Duration.Zero,
            MaxRouters,
            now,
            DiscoveryStepKind.AddRouter,
            DiscoveryStepKind.RemoveRouter
        );

    public bool TryStep(Instant now, out DiscoveryStep step)
    {
        Expire(now);
        if (_steps.TryDequeue(out step))
            return true;
        if (_solicitAt > now)
            return false;
        Solicitations++;
        _solicitAt = Solicitations < MaxSolicitations ? now + SolicitationInterval : Instant.Never;
        step = new(DiscoveryStepKind.Solicit);
        return true;
    }

    public static Duration LifetimeOf(uint seconds) =>
        seconds == PrefixInformation.Infinite ? new(long.MaxValue) : Duration.FromSeconds(seconds);

    private void Set<T>(
        List<(T Key, Instant Until)> list,
        T key,
        Duration lifetime,
        int most,
        Instant now,
        DiscoveryStepKind added,
        DiscoveryStepKind removed
    )
        where T : IEquatable<T>
    {
        var index = list.FindIndex(entry => entry.Key.Equals(key));
        if (lifetime == Duration.Zero)
        {
            if (index < 0)
                return;
            list.RemoveAt(index);
            _steps.Enqueue(Step(removed, key));
        }
        else if (index >= 0)
        {
            list[index] = (key, now + lifetime);
        }
        else if (list.Count < most)
        {
            list.Add((key, now + lifetime));
            _steps.Enqueue(Step(added, key));
        }
    }

    private bool Learn(in RecursiveDnsServers servers, Instant now)
    {
        var isNew = false;
        for (var i = 0; i < servers.Count; i++)
        {
            var server = servers[i];
            if (!NdMessage.IsOneHost(server))
                continue;
            var index = _servers.FindIndex(known => known.Server == server);
            var until = now + LifetimeOf(servers.Lifetime);
            isNew |= servers.Lifetime == 0 ? index >= 0 : index < 0 && _servers.Count < MaxNameServers;
            if (index >= 0)
                _servers.RemoveAt(index);
            if (servers.Lifetime > 0 && _servers.Count < MaxNameServers)
                _servers.Insert(index >= 0 ? index : _servers.Count, (server, until));
        }
        return isNew;
    }

    private void Expire(Instant now)
    {
        Expire(_routers, DiscoveryStepKind.RemoveRouter, now);
        Expire(_prefixes, DiscoveryStepKind.RemovePrefix, now);
        if (_servers.RemoveAll(server => server.Until <= now) > 0)
            _steps.Enqueue(new(DiscoveryStepKind.SetNameServers));
    }

    private void Expire<T>(List<(T Key, Instant Until)> list, DiscoveryStepKind removed, Instant now)
    {
        for (var i = list.Count - 1; i >= 0; i--)
        {
            if (list[i].Until > now)
                continue;
            _steps.Enqueue(Step(removed, list[i].Key));
            list.RemoveAt(i);
        }
    }

    private static DiscoveryStep Step<T>(DiscoveryStepKind kind, T key) =>
        key switch
        {
            IpAddress router => new(kind, Router: router),
            Subnet prefix => new(kind, Prefix: prefix),
            _ => new(kind),
        };
}
