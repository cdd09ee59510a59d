using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Where packets for a destination go. An <see cref="Adapter"/> of null: nowhere, they are for this host itself. It is made
/// once and then remembered (<see cref="RouteCache"/>), so that a packet is passed on with a reference to it.
/// </summary>
public sealed class Route(Subnet subnet, Adapter? adapter, IpAddress nextHop, IpAddress source, int mtu)
{
    public Subnet Subnet { get; } = subnet;

    public Adapter? Adapter { get; } = adapter;

    public IpAddress NextHop { get; } = nextHop;

    public IpAddress Source { get; } = source;

    public int Mtu { get; } = mtu;

    public bool IsLocal => Adapter is null;

    /// <summary>The next hop is everybody on the link (of IPv4).</summary>
    internal bool IsBroadcast { get; init; }

    /// <summary>The next hop as it was found last. It may have been forgotten since: the table that it is of says so.</summary>
    internal Neighbour? Neighbour { get; set; }
}
