using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// IPv4 of one host or router (RFC 791, 1122, 1812): its addresses and routes, the way out. The way in is <see cref="IpInput"/>.
/// What is too long for its link is cut into fragments (<see cref="Fragmentation"/>), unless its transport would rather know.
/// </summary>
public sealed class Ip
{
    public const byte DefaultTimeToLive = 64;

    private readonly ProtocolStack _stack;
    private readonly ITransport?[] _transports = new ITransport?[256];

    /// <summary>Own addresses, with their adapter, and (with null) the broadcast addresses of own subnets.</summary>
    private readonly Dictionary<IpAddress, Adapter?> _local = [];
    private readonly Loopback _loopback;
    private readonly IpInput _input;
    private ushort _identification;

    internal Ip(ProtocolStack stack)
    {
        _stack = stack;
        _loopback = new Loopback(stack.Loop, this);
        _input = new IpInput(stack, this);
        _identification = stack.Random.Fork("ip identification").NextUInt16();
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

    /// <summary>An address of one of my adapters, or of 127/8.</summary>
    public bool IsMine(IpAddress address) =>
        _local.TryGetValue(address, out var adapter)
            ? adapter is not null
            : address is { IsV4: true, IsLoopback: true };

    /// <summary>'Everybody here': 255.255.255.255, or the last address of one of my subnets.</summary>
    public bool IsBroadcast(IpAddress address) =>
        address.IsLimitedBroadcast || (_local.TryGetValue(address, out var adapter) && adapter is null);

    /// <summary>Adds a route by way of a router that stands in one of my subnets.</summary>
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
            var subnet = destination.IsLoopback ? Loopback.Subnet : new(destination, destination.BitLength);
            route = new(subnet, null, destination, destination, Loopback.Mtu);
            return true;
        }
        if (destination.IsLimitedBroadcast && FirstAdapterWithAddress() is { } first)
        {
            route = new(new(destination, 32), first, destination, first.Addresses[0].Address, first.Mtu);
            return true;
        }
        if (destination.IsMulticast || !Routes.TryLookup(destination, out var entry))
        {
            route = default;
            return false;
        }
        var nextHop = entry.IsOnLink ? destination : entry.Gateway;
        route = new(entry.Subnet, entry.Adapter, nextHop, entry.Adapter.SourceFor(nextHop), entry.Adapter.Mtu);
        return true;
    }

    /// <summary>
    /// Sends what a transport has written, and owns it from now on. A source of <see cref="IpAddress.Any"/> is chosen by
    /// the route. What may not be fragmented, here or on the way, is refused when it is too long for my own link.
    /// </summary>
    public SocketError Send(
        PacketBuffer payload,
        IpProtocol protocol,
        IpAddress source,
        IpAddress destination,
        byte timeToLive,
        EventId because,
        bool mayFragment = false,
        byte typeOfService = 0,
        ReadOnlySpan<byte> options = default,
        Adapter? through = null
    )
    {
        payload.Cause = because;
        if (_stack.IsOff)
            return Refuse(payload, DropReason.NoRoute, SocketError.NetworkDown);
        if (!TryRoute(destination, through, out var route))
            return Refuse(payload, DropReason.NoRoute, SocketError.NetworkUnreachable);
        if (source.IsAny)
            source = route.Source;
        else if (through is null && destination.IsLimitedBroadcast && _local.GetValueOrDefault(source) is { } adapter)
            route = route with { Adapter = adapter, Mtu = adapter.Mtu };
        if (source.IsLoopback && !route.IsLocal)
            return Refuse(payload, DropReason.BadSource, SocketError.InvalidArgument);
        var headerLength = Ipv4Header.MinLength + options.Length;
        if (!Fits(payload.Length + headerLength, route, mayFragment))
            return Refuse(payload, DropReason.TooBig, SocketError.MessageSize);

        var length = payload.Length;
        Ipv4Header.Write(
            payload.Prepend(headerLength),
            length,
            _identification++,
            timeToLive,
            protocol,
            source,
            destination,
            dontFragment: !mayFragment,
            typeOfService,
            options
        );
        _stack.Counters.PacketsSent++;
        if (_stack.Journal is { } journal)
        {
            payload.Cause = journal.Tell(
                new PacketSent(
                    source,
                    destination,
                    protocol,
                    payload.Length,
                    timeToLive,
                    route.Subnet,
                    route.NextHop,
                    route.Adapter?.Name ?? Loopback.Name
                ),
                because
            );
        }
        if (mayFragment && payload.Length > route.Mtu)
            TransmitFragments(payload, route);
        else
            Transmit(payload, route);
        return SocketError.Success;
    }

    internal void Receive(PacketBuffer packet, Adapter? adapter, bool linkBroadcast) =>
        _input.Receive(packet, adapter, linkBroadcast);

    internal ITransport? TransportOf(IpProtocol protocol) => _transports[(byte)protocol];

    internal void AddLocal(InterfaceAddress address, Adapter adapter)
    {
        _local[address.Address] = adapter;
        if (address.Subnet.HasBroadcast)
            _local.TryAdd(address.Subnet.Last, null);
    }

    internal void RemoveLocal(InterfaceAddress address, Adapter adapter)
    {
        if (_local.GetValueOrDefault(address.Address) == adapter)
            _local.Remove(address.Address);
        if (!address.Subnet.HasBroadcast || _stack.Adapters.Any(other => other.Addresses.Any(IsThere)))
            return;
        if (_local.TryGetValue(address.Subnet.Last, out var owner) && owner is null)
            _local.Remove(address.Subnet.Last);

        bool IsThere(InterfaceAddress other) => other.Subnet == address.Subnet;
    }

    /// <summary>Puts a packet with its header on its way.</summary>
    internal void Transmit(PacketBuffer packet, in Route route)
    {
        if (route.Adapter is not { } adapter)
            _loopback.Send(packet);
        else if (IsBroadcast(route.NextHop))
            adapter.Send(packet, MacAddress.Broadcast, EtherType.Ipv4);
        else
            adapter.Arp.Send(packet, route.NextHop);
    }

    /// <summary>Puts a packet that is too long for its link on its way in pieces. Owns the packet.</summary>
    internal void TransmitFragments(PacketBuffer packet, in Route route)
    {
        if (_stack.Journal is { } journal)
        {
            Ipv4Header.TryRead(packet.Span, out var header);
            packet.Cause = journal.Tell(
                new PacketFragmented(
                    header.Source,
                    header.Destination,
                    header.Identification,
                    packet.Length,
                    route.Mtu
                ),
                packet.Cause
            );
        }
        var fragments = new Fragmentation(packet, route.Mtu, _stack.Loop.Packets);
        while (fragments.TryNext(out var fragment))
            Transmit(fragment, route);
        _stack.Counters.FragmentsSent += fragments.Count;
        packet.Dispose();
    }

    /// <summary>The next hop does not answer ARP: the sender is told, be it another host or a socket of this one. Owns the packet.</summary>
    internal void OnHostUnreachable(PacketBuffer packet, EventId because)
    {
        Nat?.Napt.Undo(packet.Span);
        // RFC 1122 §3.3.1.4: who was sent to a gateway that is dead goes back to the one that sent him there.
        if (Redirects.Count > 0 && Ipv4Header.TryRead(packet.Span, out var header))
            Redirects.Forget(header.Destination);
        _stack.Icmp.SendError(packet.Span, IcmpType.DestinationUnreachable, IcmpCode.HostUnreachable, 0, because);
        packet.Dispose();
    }

    /// <summary>What must not be cut is held to my own link only: for the rest of the path there are routers, and they say so.</summary>
    private static bool Fits(int length, in Route route, bool mayFragment) =>
        length <= route.Mtu
        || (!mayFragment && length <= route.Adapter?.Mtu)
        || (mayFragment && route.Mtu >= Ipv4Header.LeastMtu && length <= Ipv4Header.MaxPacketLength);

    private Adapter? FirstAdapterWithAddress()
    {
        for (var i = 0; i < _stack.Adapters.Count; i++)
        {
            if (_stack.Adapters[i].Addresses.Count > 0)
                return _stack.Adapters[i];
        }
        return null;
    }

    private SocketError Refuse(PacketBuffer packet, DropReason reason, SocketError error)
    {
        _stack.Drop(Layer.Ip, reason, packet.Cause);
        packet.Dispose();
        return error;
    }
}
