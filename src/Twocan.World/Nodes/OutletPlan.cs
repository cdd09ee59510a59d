using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>Where and as whom a machine from outside joins a world: what somebody would tell its owner who plugs it in.</summary>
/// <param name="At">The switch or hub that it is plugged into.</param>
/// <param name="Address">Its address there.</param>
/// <param name="Gateway">The router of that link, if there is one.</param>
public sealed record OutletPlan(
    Node At,
    InterfaceAddress Address,
    IpAddress? Gateway,
    IReadOnlyList<IpAddress> NameServers
)
{
    /// <summary>Throws <see cref="ArgumentException"/> with what would be right instead.</summary>
    /// <param name="place">A switch or a hub, or somebody who is plugged into one.</param>
    /// <param name="address">Null takes the last address of the link's subnet that nobody has.</param>
    public static OutletPlan For(World world, Node place, InterfaceAddress? address = null)
    {
        var bridges = BridgesOf(place);
        if (bridges.Count == 0)
            throw new ArgumentException(
                $"{place.Name} is not plugged into a switch or a hub, and has no place for one more; there are {string.Join(", ", world.Nodes.Where(node => node.IsBridge).Select(node => node.Name))}"
            );
        // A switch gives each its own wire; on a hub all share one.
        var at = bridges.FirstOrDefault(node => node is Switch) ?? bridges[0];
        var ends = Segment.Of(at).HostEnds.Where(end => end.Node is Host).ToList();
        var mine = address ?? FreeAddress(ends) ?? throw NoAddress(at);
        return new(
            at,
            mine,
            Routers(ends).FirstOrDefault(router => mine.Subnet.Contains(router.Address)) is { PrefixLength: > 0 } router
                ? router.Address
                : null,
            ends.Select(end => ((Host)end.Node).Network.NameServers).FirstOrDefault(known => known.Count > 0) ?? []
        );
    }

    private static List<Node> BridgesOf(Node place) =>
        place.IsBridge
            ? [place]
            :
            [
                .. place
                    .Ends.Where(end => end.Peer.IsBridge)
                    .Take(1)
                    .SelectMany(end => Segment.Of(end.Peer).Nodes.Where(node => node.IsBridge)),
            ];

    private static IEnumerable<InterfaceAddress> AddressesOn(CableEnd end) => ((Host)end.Node).AdapterOn(end).Addresses;

    private static IEnumerable<InterfaceAddress> Routers(IEnumerable<CableEnd> ends) =>
        ends.Where(end => end.Node is Router).SelectMany(AddressesOn);

    private static InterfaceAddress? FreeAddress(List<CableEnd> ends)
    {
        var taken = ends.SelectMany(AddressesOn).Where(one => one.Address.IsV4).ToList();
        if (taken.Count == 0)
            return null;
        var subnet = taken[0].Subnet;
        for (var last = subnet.Last.AsV4 - 1; last > subnet.Network.AsV4; last--)
        {
            var address = IpAddress.V4(last);
            if (!taken.Any(one => one.Address == address))
                return new(address, subnet.PrefixLength);
        }
        return null;
    }

    private static ArgumentException NoAddress(Node at) =>
        new($"there is no free address on the link of {at.Name}: give one with its subnet, as in 10.0.0.9/24");
}
