using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// Reads a router's <c>advertise:</c>, the neighbours on whose links it says what the IPv6 prefix is, or a mapping that says
/// more of each.
/// </summary>
internal sealed class AdvertiseReader(Router router, Mistakes mistakes)
{
    /// <summary>RFC 4861 §6.2.1: the most that a router may say. Who is told only once, does not hear it again in time.</summary>
    private static readonly Duration s_longest = Duration.FromSeconds(9000);

    /// <summary>Answers where it advertises.</summary>
    public IEnumerable<CableEnd> Read(ConfigNode described)
    {
        var links =
            described.Kind == ConfigKind.Mapping ? [.. described.Entries.Select(entry => (entry.Key, entry.Value))]
            : described.Kind == ConfigKind.List ? described.Items.Select(item => (item, Nothing(item))).ToList()
            : [(described, Nothing(described))];
        foreach (var (neighbour, says) in links)
        {
            if (router.Ends.FirstOrDefault(end => end.Peer.Name == neighbour.Text) is not { } end)
                mistakes.Add(
                    neighbour,
                    $"no cable leads from {router.Name} to {neighbour}: its neighbours are {string.Join(", ", router.Ends.Select(one => one.Peer.Name))}"
                );
            else if (HasPrefix(end, neighbour))
            {
                router.Advertise(end.Cable, ReadSettings(says));
                yield return end;
            }
        }
    }

    private static ConfigNode Nothing(ConfigNode at) => new(ConfigKind.Empty, at.Line, at.Column);

    private bool HasPrefix(CableEnd end, ConfigNode at)
    {
        var prefixes = router
            .AdapterOn(end)
            .Addresses.Where(mine => !mine.Address.IsV4 && !mine.Address.IsLinkLocal)
            .Select(mine => mine.Subnet)
            .ToList();
        if (prefixes.Count == 0)
            mistakes.Add(at, $"{router.Name} has no IPv6 address on {end.Name}, so it has no prefix to tell of there");
        foreach (var prefix in prefixes.Where(prefix => prefix.PrefixLength != 64))
            mistakes.Add(at, $"{prefix} is not a /64: hosts make the last 64 bits of an address themselves (RFC 4862)");
        return prefixes.Count > 0 && prefixes.TrueForAll(prefix => prefix.PrefixLength == 64);
    }

    private AdvertisementSettings ReadSettings(ConfigNode says)
    {
        var reader = new ConfigReader(says, mistakes, "what a router advertises");
        var settings = new AdvertisementSettings
        {
            NameServers = [.. router.Stack.NameServers.Where(server => !server.IsV4)],
            Mtu = reader.Number("mtu", Ipv6Header.LeastMtu, 65535),
        };
        if (reader.Text("when") is { } when)
        {
            if (when == "asked")
                settings = settings with { Unsolicited = false, RouterLifetime = s_longest };
            else if (when != "always")
                mistakes.Add(
                    says["when"]!,
                    $"'{when}' is not a time to advertise: write 'always' (the default: now and then, and to who asks) or 'asked'"
                );
        }
        if (reader.Time("lifetime") is { } lifetime)
            settings = settings with { RouterLifetime = Duration.Min(lifetime, s_longest) };
        reader.RefuseOthers();
        return settings;
    }
}
