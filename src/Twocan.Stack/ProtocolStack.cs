using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>
/// One host's protocol stack, from the adapters up to the socket calls.
/// <para>
/// Theory of operation. Downward: a socket call hands bytes to a transport (<see cref="Udp"/>, TCP, <see cref="Icmp"/>), which
/// puts its header on and gives the buffer to <see cref="Ip"/>; IP looks the route up, puts its own header on (that of IPv4 or
/// of IPv6, as the destination is) and gives the packet to an <see cref="Adapter"/>, whose ARP or neighbour discovery finds
/// the next hop's MAC address (the packet waits there if it has to ask);
/// the adapter frames it and gives it to its link. Upward: the adapter checks and unframes, IP checks, and delivers to a
/// transport or forwards. A <see cref="PacketBuffer"/> has one owner on the whole way; on the way up IP stays the owner,
/// and a transport copies what it keeps.
/// </para>
/// <para>
/// What must hold: nothing that comes from a cable can throw, grow a table without bound, or keep a buffer; whatever is
/// thrown away is counted (<see cref="StackCounters"/>) and journaled; a packet carries the event that caused it.
/// </para>
/// </summary>
public sealed class ProtocolStack : INetwork
{
    private readonly List<Adapter> _adapters = [];
    private readonly List<(Adapter Adapter, IpAddress Server)> _advertisedServers = [];
    private bool _areServersAdvertised;

    public ProtocolStack(string name, EventLoop loop, RandomSource random, HostJournal? journal = null)
    {
        (Name, Loop, Random, Journal) = (name, loop, random, journal);
        Ip = new Ip(this);
        Icmp = new Icmp(this);
        Icmpv6 = new Icmpv6(this);
        Udp = new Udp(this);
        Tcp = new Tcp(this);
        Ip.Register(IpProtocol.Icmp, Icmp);
        Ip.Register(IpProtocol.IcmpV6, Icmpv6);
        Ip.Register(IpProtocol.Udp, Udp);
        Ip.Register(IpProtocol.Tcp, Tcp);
        var secret = random.Fork("stable addresses");
        StableSecret = (secret.NextUInt64(), secret.NextUInt64());
        Sockets = new SocketCalls(Loop, Name, Create);
        Calls = journal is null ? Sockets : new JournaledSocketCalls(Sockets, journal, Sockets.LastEvent);
    }

    public string Name { get; }

    public EventLoop Loop { get; }

    public RandomSource Random { get; }

    public HostJournal? Journal { get; }

    public Ip Ip { get; }

    public Icmp Icmp { get; }

    public Icmpv6 Icmpv6 { get; }

    public Udp Udp { get; }

    public Tcp Tcp { get; }

    /// <summary>The sockets behind the calls.</summary>
    public SocketCalls Sockets { get; }

    /// <summary>Of this host's own making, and the same all its life: what its stable addresses are made with (RFC 7217 §5).</summary>
    public (ulong, ulong) StableSecret { get; init; }

    public ISocketCalls Calls { get; }

    public StackCounters Counters { get; } = new();

    public IReadOnlyList<Adapter> Adapters => _adapters;

    public IReadOnlyList<IpAddress> NameServers { get; set; } = [];

    /// <summary>Name servers that routers advertise (RFC 8106) help those who were told of none otherwise.</summary>
    internal void SetAdvertisedNameServers(Adapter adapter, IReadOnlyList<IpAddress> servers)
    {
        _advertisedServers.RemoveAll(known => known.Adapter == adapter);
        _advertisedServers.AddRange(servers.Select(server => (adapter, server)));
        if (NameServers.Count > 0 && !_areServersAdvertised)
            return;
        NameServers = [.. _advertisedServers.Select(known => known.Server)];
        _areServersAdvertised = true;
    }

    public IReadOnlyList<AddressPolicy> AddressPolicies { get; set; } = AddressSelection.DefaultPolicies;

    public bool Speaks(IpFamily family)
    {
        foreach (var adapter in _adapters)
        {
            foreach (var mine in adapter.Addresses)
            {
                if (mine.Address.Family == family && !mine.Address.IsLinkLocal)
                    return true;
            }
        }
        return false;
    }

    public SourceCandidate? SourceFor(IpAddress destination)
    {
        if (!Ip.TryRoute(destination, out var route) || route.Source.IsAny)
            return null;
        foreach (var adapter in _adapters)
        {
            foreach (var mine in adapter.Configured)
            {
                if (mine.Address.Address == route.Source)
                    return new(
                        route.Source,
                        mine.Address.PrefixLength,
                        mine.State == AddressState.Deprecated,
                        adapter == route.Adapter
                    );
            }
        }
        return new(route.Source, route.Source.BitLength);
    }

    /// <summary>The machine has lost its power: nothing comes in or goes out any more.</summary>
    public bool IsOff { get; private set; }

    /// <summary>
    /// Ends it without a word to anybody: no FIN and no reset leaves. Calls that wait fail with
    /// <see cref="System.Net.Sockets.SocketError.OperationAborted"/>.
    /// </summary>
    public void PowerOff()
    {
        IsOff = true;
        Sockets.PowerOff();
        foreach (var connection in Tcp.Connections)
            connection.Abort();
        foreach (var adapter in _adapters)
            adapter.PowerOff();
    }

    private OpenSocket Create(SocketKind kind) =>
        kind switch
        {
            SocketKind.Stream => new OpenStream(Tcp, Tcp.CreateSocket()),
            SocketKind.Datagram => new OpenDatagram(Udp.CreateSocket(), _adapters),
            SocketKind.Icmp => new OpenPing(Icmp.CreateSocket()),
            _ => throw new SocketException((int)SocketError.ProtocolNotSupported),
        };

    /// <summary>Plugs an adapter into <paramref name="link"/>; addresses are given to it afterwards.</summary>
    public Adapter AddAdapter(string name, MacAddress mac, ILink link)
    {
        var adapter = new Adapter(this, name, mac, link, _adapters.Count + 1);
        _adapters.Add(adapter);
        Ip.ForgetRoutes();
        return adapter;
    }

    /// <summary>The adapter that a scope identifier or SO_BINDTODEVICE names by its number; null for 0 and for numbers that there are not.</summary>
    public Adapter? FindAdapter(int number) => number > 0 && number <= _adapters.Count ? _adapters[number - 1] : null;

    /// <summary>The adapter of a name, as in <c>fe80::1%eth0</c>.</summary>
    public Adapter? FindAdapter(string name)
    {
        foreach (var adapter in _adapters)
        {
            if (adapter.Name == name)
                return adapter;
        }
        return null;
    }

    /// <summary>Counts and journals something that is thrown away; whoever owns its buffer still disposes it.</summary>
    internal EventId Drop(Layer layer, DropReason reason, EventId because, string detail = "")
    {
        Counters.Count(reason);
        return Journal?.Tell(new Dropped(layer, reason, detail), because) ?? because;
    }
}
