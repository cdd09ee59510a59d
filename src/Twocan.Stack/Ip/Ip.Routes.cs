using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Which way: for what this host sends itself, and for what it passes on for others.</summary>
public sealed partial class Ip
{
    private readonly RouteCache _mine = new();
    private readonly RouteCache _forwarded = new();

    /// <summary>Where my packets for <paramref name="destination"/> go, from which address of mine, and how long they may be on the whole path.</summary>
    public bool TryRoute(IpAddress destination, [NotNullWhen(true)] out Route? route) =>
        TryRoute(destination, null, out route);

    /// <summary>
    /// The same by way of one adapter and no other, where there is one given. By it everybody on the link can be spoken
    /// to, also by a host that has no address yet (from 0.0.0.0, as RFC 1122 §3.2.1.3 allows for that).
    /// </summary>
    public bool TryRoute(IpAddress destination, Adapter? through, [NotNullWhen(true)] out Route? route)
    {
        var now = _stack.Loop.Now;
        route = _mine.Find(destination, through, now);
        if (route is not null)
            return true;
        var found = destination.IsV4
            ? FindRoute(destination, through, now, out var ends)
            : FindRouteV6(destination, through, now, out ends);
        if (found is not null)
            route = _mine.Keep(destination, through, found, ends);
        return route is not null;
    }

    /// <summary>The same by the routing table alone, for anybody's packets.</summary>
    internal bool TryForward(IpAddress destination, [NotNullWhen(true)] out Route? route)
    {
        route = _forwarded.Find(destination, null, _stack.Loop.Now);
        if (route is null && FindInTable(destination) is { } found)
            route = _forwarded.Keep(destination, null, found, Instant.Never);
        return route is not null;
    }

    /// <summary>Something that routes follow from has changed: the table, an address, a limit, what routers say.</summary>
    internal void ForgetRoutes()
    {
        _mine.Clear();
        _forwarded.Clear();
    }

    /// <param name="ends">Until when it is so, if nothing changes meanwhile.</param>
    private Route? FindRoute(IpAddress destination, Adapter? through, Instant now, out Instant ends)
    {
        ends = Instant.Never;
        if (through is not null && destination.IsLimitedBroadcast)
            return ByWayOf(through, new(destination, 32), destination);
        var route = FindInTable(destination);
        if (route?.Adapter is null)
            return route;
        if (Redirects.TryFind(destination, now, out var better))
            (route, ends) = (ByWayOf(better.Adapter, new(destination, 32), better.Gateway), better.Ends);
        return through is null || route.Adapter == through ? Narrow(route, destination, now, ref ends) : null;
    }

    private Route? FindInTable(IpAddress destination)
    {
        if (IsMine(destination))
        {
            var subnet =
                !destination.IsLoopback ? new(destination, destination.BitLength)
                : destination.IsV4 ? Loopback.Subnet
                : Loopback.Subnet6;
            return new(subnet, null, destination, destination, Loopback.Mtu);
        }
        if (destination.IsLimitedBroadcast && FirstAdapterWithAddress() is { } first)
            return ByWayOf(first, new(destination, 32), destination);
        if (destination.IsMulticast || !Routes.TryLookup(destination, out var entry))
            return null;
        return ByWayOf(entry.Adapter, entry.Subnet, entry.IsOnLink ? destination : entry.Gateway);
    }

    /// <summary>The source of IPv6 is chosen by who sends.</summary>
    private Route ByWayOf(Adapter adapter, Subnet subnet, IpAddress nextHop) =>
        nextHop.IsV4
            ? new(subnet, adapter, nextHop, adapter.SourceFor(nextHop), adapter.Mtu)
            {
                IsBroadcast = IsBroadcast(nextHop),
            }
            : new(subnet, adapter, nextHop, default, adapter.Ipv6Mtu);

    /// <summary>The same as long as the whole path takes, as far as that is known.</summary>
    private Route Narrow(Route route, IpAddress destination, Instant now, ref Instant ends)
    {
        var mtu = PathMtus.Limit(destination, route.Mtu, now, out var isSoUntil);
        if (mtu == route.Mtu)
            return route;
        ends = Instant.Min(ends, isSoUntil);
        return new(route.Subnet, route.Adapter, route.NextHop, route.Source, mtu) { IsBroadcast = route.IsBroadcast };
    }

    private Adapter? FirstAdapterWithAddress()
    {
        for (var i = 0; i < _stack.Adapters.Count; i++)
        {
            if (!_stack.Adapters[i].SourceFor(IpAddress.Broadcast).IsAny)
                return _stack.Adapters[i];
        }
        return null;
    }
}
