using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// Finds the routes of a world, as somebody would enter them by hand who sees the whole map. A host sends what is not on
/// its link to its router; a router gets a line for every subnet, by the way with the fewest routers (of equal ways the
/// one whose cable was laid first). A router with a gateway needs lines only for what lies elsewhere. Each family has a map of
/// its own: not everybody speaks both.
/// </summary>
internal sealed class RoutePlanner(World world)
{
    private static readonly IpFamily[] Families = [IpFamily.V4, IpFamily.V6];

    /// <summary>What was entered, to be taken out when the map has changed.</summary>
    private readonly List<(Host Host, RouteEntry Route)> _entered = [];

    private readonly Dictionary<CableEnd, Segment> _segments = [];

    /// <summary>The routers beside each router, as <see cref="RoutersBeside"/> finds them: asked for once by each other router.</summary>
    private readonly Dictionary<(Host, IpFamily), (Router Router, Adapter Adapter, IpAddress Address)[]> _beside = [];

    public void Plan()
    {
        foreach (var (host, route) in _entered)
            host.Stack.Ip.Routes.Remove(route);
        _entered.Clear();
        _segments.Clear();
        _beside.Clear();
        foreach (var host in world.Hosts)
            PlanFor(host);
    }

    public void PlanAgain(Host host)
    {
        _entered.RemoveAll(line => line.Host == host);
        // Its adapters are others now, and who goes by way of it asks for their addresses.
        _beside.Clear();
        PlanFor(host);
    }

    private void PlanFor(Host host)
    {
        foreach (var family in Families)
        {
            var gateway =
                host.GatewayOf(family) ?? (host is Router || !host.RoutesItself ? null : RouterNearby(host, family));
            if (gateway is { } nextHop && AdapterToward(host, nextHop) is { } adapter)
                Enter(host, new(Everything(family), adapter, nextHop));
            if (host is Router router && host.RoutesItself)
                PlanAll(router, family, gateway);
        }
    }

    private static Subnet Everything(IpFamily family) => family == IpFamily.V4 ? Subnet.AllV4 : new(IpAddress.Any6, 0);

    /// <summary>Breadth first from the router: the first hop by which each subnet is reached.</summary>
    private void PlanAll(Router router, IpFamily family, IpAddress? gateway)
    {
        var beside = Beside(router, family);
        if (gateway is { } only && Array.TrueForAll(beside, neighbour => neighbour.Address == only))
            return;
        var reached = new HashSet<Subnet>(SubnetsOf(router, family));
        var seen = new HashSet<Host> { router };
        var next = new Queue<(Host At, RouteEntry FirstHop)>();
        foreach (var (neighbour, adapter, address) in beside)
        {
            if (seen.Add(neighbour))
                next.Enqueue((neighbour, new(Everything(family), adapter, address)));
        }
        while (next.TryDequeue(out var step))
        {
            foreach (var subnet in SubnetsOf(step.At, family))
            {
                if (reached.Add(subnet) && step.FirstHop.Gateway != gateway)
                    Enter(router, step.FirstHop with { Subnet = subnet });
            }
            foreach (var (neighbour, _, _) in Beside(step.At, family))
            {
                if (seen.Add(neighbour))
                    next.Enqueue((neighbour, step.FirstHop));
            }
        }
    }

    private static IEnumerable<Subnet> SubnetsOf(Host host, IpFamily family) =>
        host.GlobalAddresses.Where(address => address.Address.Family == family).Select(address => address.Subnet);

    private (Router Router, Adapter Adapter, IpAddress Address)[] Beside(Host router, IpFamily family)
    {
        if (!_beside.TryGetValue((router, family), out var beside))
            _beside[(router, family)] = beside = [.. RoutersBeside(router, family)];
        return beside;
    }

    private IpAddress? RouterNearby(Host host, IpFamily family)
    {
        foreach (var (_, _, address) in RoutersBeside(host, family))
            return address;
        return null;
    }

    /// <summary>
    /// The routers that stand on a link and in a subnet with the host, and how it reaches each. Who sees only the outside
    /// of one that translates addresses sees no way through it, for IPv4; nobody translates those of IPv6.
    /// </summary>
    private IEnumerable<(Router Router, Adapter Adapter, IpAddress Address)> RoutersBeside(Host host, IpFamily family)
    {
        for (var i = 0; i < host.Ends.Count; i++)
        {
            var adapter = host.Adapters[i];
            foreach (var end in SegmentOf(host.Ends[i]).HostEnds)
            {
                if (end.Node is not Router router || router == host)
                    continue;
                var there = router.AdapterOn(end);
                if (family == IpFamily.V4 && router.Stack.Ip.Nat?.Outside == there)
                    continue;
                foreach (var (address, _) in there.Addresses)
                {
                    if (address.Family == family && Host.IsGlobal(address) && adapter.IsOnLink(address))
                        yield return (router, adapter, address);
                }
            }
        }
    }

    private static Adapter? AdapterToward(Host host, IpAddress nextHop) =>
        host.Adapters.FirstOrDefault(adapter => adapter.IsOnLink(nextHop));

    private Segment SegmentOf(CableEnd end)
    {
        if (_segments.TryGetValue(end, out var segment))
            return segment;
        segment = Segment.Of(end);
        foreach (var other in segment.HostEnds)
            _segments[other] = segment;
        return segment;
    }

    private void Enter(Host host, RouteEntry route)
    {
        host.Stack.Ip.Routes.Add(route);
        _entered.Add((host, route));
    }
}
