using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// IP of one host or router, of both families (RFC 791, 1122, 1812; RFC 8200, 4291): its addresses and routes, the way out.
/// The ways in are <see cref="IpInput"/> and <see cref="Ipv6Input"/>. What is too long for its link is cut into fragments
/// (<see cref="Fragmentation"/>), unless its transport would rather know.
/// </summary>
public sealed partial class Ip
{
    public const byte DefaultTimeToLive = 64;

    private readonly ProtocolStack _stack;
    private readonly ITransport?[] _transports = new ITransport?[256];

    private readonly LocalAddresses _local = new();
    private readonly Loopback _loopback;
    private readonly IpInput _input;
    private readonly Ipv6Input _inputV6;
    private readonly RandomSource _identifications;
    private ushort _identification;

    internal Ip(ProtocolStack stack)
    {
        _stack = stack;
        _loopback = new Loopback(stack.Loop, this);
        var fragments = new FragmentInput(stack);
        _input = new IpInput(stack, this, fragments);
        _inputV6 = new Ipv6Input(stack, this, fragments);
        _identification = stack.Random.Fork("ip identification").NextUInt16();
        _identifications = stack.Random.Fork("ipv6 identification");
    }

    public RoutingTable Routes { get; } = new();

    /// <summary>For what this host itself sends.</summary>
    public PathMtuCache PathMtus { get; } = new();

    /// <summary>The same: a router believes its table and nobody else.</summary>
    public RedirectCache Redirects { get; } = new();

    /// <summary>A router passes on what is not for itself; a host does not (RFC 1122 §3.1, 1.1).</summary>
    public bool Forwarding { get; set; }

    /// <summary>Hides what stands behind this router behind one address; null on all that do not.</summary>
    public Nat? Nat { get; set; }

    public void Register(IpProtocol protocol, ITransport transport) => _transports[(byte)protocol] = transport;

    /// <summary>An address of one of my adapters, or of 127/8, or ::1.</summary>
    public bool IsMine(IpAddress address) =>
        _local.TryGetValue(address, out var adapter) ? adapter is not null : address.IsLoopback;

    /// <summary>'Everybody here': 255.255.255.255, or the last address of one of my subnets.</summary>
    public bool IsBroadcast(IpAddress address) =>
        address.IsLimitedBroadcast || (_local.TryGetValue(address, out var adapter) && adapter is null);

    /// <summary>Adds a route by way of a router that stands in one of my subnets; one that is known by a link-local address, on the first of my links.</summary>
    public void AddRoute(Subnet subnet, IpAddress gateway)
    {
        foreach (var adapter in _stack.Adapters)
        {
            if (adapter.IsOnLink(gateway))
            {
                Routes.Add(new(subnet, adapter, gateway));
                return;
            }
        }
        throw new ArgumentException($"The gateway {gateway} stands in none of my subnets.", nameof(gateway));
    }

    /// <summary>Where my packets for <paramref name="destination"/> go, from which address of mine, and how long they may be on the whole path.</summary>
    public bool TryRoute(IpAddress destination, out Route route)
    {
        if (!destination.IsV4)
            return TryRouteV6(destination, null, out route);
        if (!TryForward(destination, out route))
            return false;
        if (route.Adapter is null)
            return true;
        if (Redirects.Count > 0 && Redirects.TryFind(destination, _stack.Loop.Now, out var better))
            route = better.ToRoute();
        if (PathMtus.Count > 0)
            route = route with { Mtu = PathMtus.Limit(destination, route.Mtu, _stack.Loop.Now) };
        return true;
    }

    /// <summary>
    /// The same by way of one adapter and no other, where there is one given. By it everybody on the link can be spoken
    /// to, also by a host that has no address yet (from 0.0.0.0, as RFC 1122 §3.2.1.3 allows for that).
    /// </summary>
    public bool TryRoute(IpAddress destination, Adapter? through, out Route route)
    {
        if (!destination.IsV4)
            return TryRouteV6(destination, through, out route);
        if (through is null)
            return TryRoute(destination, out route);
        if (destination.IsLimitedBroadcast)
        {
            route = new(new(destination, 32), through, destination, through.SourceFor(destination), through.Mtu);
            return true;
        }
        return TryRoute(destination, out route) && (route.IsLocal || route.Adapter == through);
    }

    /// <summary>The same by the routing table alone, for anybody's packets.</summary>
    internal bool TryForward(IpAddress destination, out Route route)
    {
        if (IsMine(destination))
        {
            var subnet =
                !destination.IsLoopback ? new(destination, destination.BitLength)
                : destination.IsV4 ? Loopback.Subnet
                : Loopback.Subnet6;
            route = new(subnet, null, destination, destination, Loopback.Mtu);
            return true;
        }
        if (destination.IsLimitedBroadcast && FirstAdapterWithAddress() is { } first)
        {
            route = new(new(destination, 32), first, destination, first.SourceFor(destination), first.Mtu);
            return true;
        }
        if (destination.IsMulticast || !Routes.TryLookup(destination, out var entry))
        {
            route = default;
            return false;
        }
        var nextHop = entry.IsOnLink ? destination : entry.Gateway;
        route = destination.IsV4
            ? new(entry.Subnet, entry.Adapter, nextHop, entry.Adapter.SourceFor(nextHop), entry.Adapter.Mtu)
            : new(entry.Subnet, entry.Adapter, nextHop, default, entry.Adapter.Ipv6Mtu);
        return true;
    }

    internal void Receive(PacketBuffer packet, Adapter? adapter, bool linkBroadcast) =>
        _input.Receive(packet, adapter, linkBroadcast);

    internal void ReceiveV6(PacketBuffer packet, Adapter? adapter, bool linkMulticast) =>
        _inputV6.Receive(packet, adapter, linkMulticast);

    internal ITransport? TransportOf(IpProtocol protocol) => _transports[(byte)protocol];

    internal void AddLocal(InterfaceAddress address, Adapter adapter)
    {
        _local[address.Address] = adapter;
        if (address.Subnet.HasBroadcast)
            _local.TryAdd(address.Subnet.Last, null);
    }

    internal void RemoveLocal(InterfaceAddress address)
    {
        // Another adapter may have the same address: link-local ones are often chosen so.
        var other = FindOwner(address.Address);
        if (other is null)
            _local.Remove(address.Address);
        else
            _local[address.Address] = other;
        if (address.Subnet.HasBroadcast && !HasSubnet(address.Subnet))
            _local.Remove(address.Subnet.Last);
    }

    private Adapter? FindOwner(IpAddress address)
    {
        foreach (var adapter in _stack.Adapters)
        {
            if (adapter.Owns(address))
                return adapter;
        }
        return null;
    }

    private bool HasSubnet(Subnet subnet)
    {
        foreach (var adapter in _stack.Adapters)
        {
            foreach (var address in adapter.Addresses)
            {
                if (address.Subnet == subnet)
                    return true;
            }
        }
        return false;
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
