using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>Worlds in a few lines of code.</summary>
public static class Building
{
    /// <summary>
    /// Lays a cable between two nodes that are there, in a line such as a world file has:
    /// <c>world.Link("pc -- hub: 1 Gbit/s, 2 µs, loss 1 %")</c>.
    /// </summary>
    public static Cable Link(this World world, string line)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(line);
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var (ends, settings) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..]);
        return ends.Split("--", StringSplitOptions.TrimEntries) is [var a, var b]
            ? world.Link(NodeOf(world, a), NodeOf(world, b), settings)
            : throw new FormatException($"'{line}' is not a cable: write 'pc -- hub: 1 Gbit/s, 2 µs'.");
    }

    /// <summary>
    /// A local network: every host is plugged into the hub or switch, by cables of one kind. Who has no address yet gets the
    /// next free one of the subnet, in the order of the list: the first, mostly a router, is .1.
    /// </summary>
    public static T Lan<T>(this World world, T bridge, string subnet, IReadOnlyList<Host> hosts, string cables = "")
        where T : Node
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(bridge);
        ArgumentNullException.ThrowIfNull(hosts);
        var network = Subnet.Parse(subnet);
        var laid = hosts.Select(host => (Host: host, Cable: world.Link(bridge, host, cables))).ToList();
        var taken = hosts.SelectMany(host => host.Addresses).Select(address => address.Address).ToHashSet();
        var next = network.Network;
        foreach (var (host, cable) in laid)
        {
            if (AdapterOn(host, cable).Addresses.Count > 0)
                continue;
            do next = After(next, network);
            while (!taken.Add(next));
            host.AddAddress(cable, new(next, network.PrefixLength));
        }
        return bridge;
    }

    private static Adapter AdapterOn(Host host, Cable cable) =>
        host.AdapterOn(host.Ends.First(end => end.Cable == cable));

    private static IpAddress After(IpAddress address, Subnet subnet)
    {
        var next = address.IsV4 ? IpAddress.V4(address.AsV4 + 1) : new(address.Bits + 1);
        return subnet.Contains(next) && !(subnet.HasBroadcast && subnet.IsBroadcast(next))
            ? next
            : throw new ArgumentException($"{subnet} has no address left.", nameof(subnet));
    }

    private static Node NodeOf(World world, string name) =>
        world.Find(name)
        ?? throw new ArgumentException(
            Nearest.Guess(name, world.Nodes.Select(node => node.Name)) is { } near
                ? $"There is no '{name}' in this world; did you mean '{near}'?"
                : $"There is no '{name}' in this world: make it first, as in world.Host(\"{name}\")."
        );
}
