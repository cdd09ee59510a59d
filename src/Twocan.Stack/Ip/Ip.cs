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
        Routes = new() { Changed = ForgetRoutes };
        PathMtus = new() { Changed = ForgetRoutes };
        Redirects = new() { Changed = ForgetRoutes };
    }

    public RoutingTable Routes { get; }

    /// <summary>For what this host itself sends.</summary>
    public PathMtuCache PathMtus { get; }

    /// <summary>The same: a router believes its table and nobody else.</summary>
    public RedirectCache Redirects { get; }

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

    /// <summary>For this host, alone or among others.</summary>
    internal bool IsForMe(IpAddress destination, out bool isBroadcast)
    {
        var isLocal = _local.TryGetValue(destination, out var adapter);
        isBroadcast = isLocal ? adapter is null : destination.IsLimitedBroadcast;
        return isLocal || isBroadcast || destination.IsLoopback;
    }

    /// <summary>Mine or a broadcast address: nobody else can have sent from it.</summary>
    internal bool IsLocal(IpAddress address) =>
        _local.Contains(address) || address.IsLoopback || address.IsLimitedBroadcast;

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
        ForgetRoutes();
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
        ForgetRoutes();
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
}
