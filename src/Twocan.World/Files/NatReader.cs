using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>Reads a router's <c>nat:</c>, the neighbour on its outside or a mapping that says more.</summary>
internal sealed class NatReader(Router router, World world, Mistakes mistakes)
{
    private const string Strict = "address-and-port-dependent";
    private const string Loose = "endpoint-independent";

    public void Read(ConfigNode described)
    {
        var outside = described;
        var settings = NatSettings.Default;
        IReadOnlyList<ConfigNode> forwards = [];
        if (!described.IsText)
        {
            var reader = new ConfigReader(described, mistakes, "a nat");
            outside = reader.Optional("outside");
            settings = ReadSettings(reader);
            forwards = reader.Texts("forwards");
            reader.RefuseOthers();
        }
        if (outside is null)
        {
            if (described.Kind == ConfigKind.Mapping)
                mistakes.Add(described, $"'outside' is missing: which neighbour leads to the world? {Neighbours}");
            return;
        }
        if (router.Ends.FirstOrDefault(end => end.Peer.Name == outside.Text) is not { } found)
        {
            mistakes.Add(outside, $"no cable leads from {router.Name} to {outside}: its neighbours are {Neighbours}");
            return;
        }
        var nat = router.Translate(found, settings);
        foreach (var forward in forwards)
            ReadForward(nat, forward);
    }

    private string Neighbours => string.Join(", ", router.Ends.Select(end => end.Peer.Name));

    private NatSettings ReadSettings(ConfigReader reader)
    {
        var settings = NatSettings.Default;
        if (reader.Number("sessions", 1, 1_000_000) is { } capacity)
            settings = settings with { Capacity = capacity };
        if (reader.Optional("filtering") is not { } filtering)
            return settings;
        if (filtering.Text is not (Strict or Loose))
            mistakes.Add(filtering, $"{filtering} is not a way to filter: write '{Strict}' (the default) or '{Loose}'");
        return filtering.Text == Loose ? settings with { Filtering = NatFiltering.EndpointIndependent } : settings;
    }

    private void ReadForward(Nat nat, ConfigNode given)
    {
        if (!PortForward.TryParse(given.Text, out var forward))
        {
            mistakes.Add(given, $"{given} is not a port forward: write one such as 'tcp 8080 -> 10.11.12.14:80'");
            return;
        }
        var address = forward.Inside.Address;
        if (!world.Hosts.Any(host => host != router && host.Addresses.Any(a => a.Address == address)))
            mistakes.Add(given, $"no other host of this world is {address}");
        else if (nat.Outside.IsOnLink(address))
            mistakes.Add(given, $"{address} stands outside of {router.Name}: a forward leads to the inside");
        else if (nat.Napt.Forwards.Where(other => Clash(other, forward)).ToList() is [var other, ..])
            mistakes.Add(given, $"this clashes with '{other}': one outside port leads to one inside port, and back");
        else
            nat.Napt.Add(forward);
    }

    private static bool Clash(PortForward a, PortForward b) =>
        a.Protocol == b.Protocol && (a.Outside == b.Outside || a.Inside == b.Inside);
}
