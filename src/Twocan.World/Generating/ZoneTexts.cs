using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>A zone as a master file's lines.</summary>
internal sealed record ZoneText(string Origin, IReadOnlyList<string> Lines);

/// <summary>
/// The zones of an internet that is made up, from the root down: each knows its own hosts and who is in charge of the parts
/// that it has given away, with the addresses of these (glue).
/// </summary>
internal sealed class ZoneTexts(
    Internet internet,
    IReadOnlyList<NameServerHost> top,
    IReadOnlyDictionary<string, IpAddress> providerServers
)
{
    /// <summary>The root's zone for a root server, else the one of its top-level domain.</summary>
    public IReadOnlyList<ZoneText> Top(NameServerHost server)
    {
        var number = top.ToList().IndexOf(server) - internet.Plan.Roots;
        return [number < 0 ? Root() : TopLevel(internet.TopLevelDomains[number], server)];
    }

    public ZoneText Of(Provider provider)
    {
        var (server, cache) = (providerServers[provider.NameServer], providerServers[provider.Cache]);
        return new(provider.Domain, [.. Head(provider.NameServer), "@ NS ns", $"ns A {server}", $"cache A {cache}"]);
    }

    public ZoneText Of(LocalNetwork local)
    {
        var lines = new List<string>(Head(local.NameServer))
        {
            "@ NS ns",
            $"@ A {local.Address(3)}",
            $"ns A {local.Address(2)}",
            $"www A {local.Address(3)}",
            $"gate A {local.Address(1)}",
        };
        for (var i = 0; i < local.Computers; i++)
            lines.Add($"{local.LabelOf(i)} A {local.AddressOf(i)}");
        return new(local.Domain, lines);
    }

    private ZoneText Root()
    {
        var lines = new List<string>(Head("a.root-servers.net"));
        foreach (var root in top.Take(internet.Plan.Roots))
            lines.Add($"@ NS {root.Name}.");
        foreach (var root in top.Take(internet.Plan.Roots))
            lines.Add($"{root.Name} A {root.Address}");
        foreach (var (domain, server) in internet.TopLevelDomains.Zip(top.Skip(internet.Plan.Roots)))
        {
            lines.Add($"{domain} NS {server.Name}");
            lines.Add($"{server.Name} A {server.Address}");
        }
        return new(".", lines);
    }

    private ZoneText TopLevel(string domain, NameServerHost server)
    {
        var lines = new List<string>(Head(server.Name)) { "@ NS ns", $"ns A {server.Address}" };
        foreach (var provider in internet.Providers)
            Delegate(lines, domain, provider.Domain, providerServers[provider.NameServer]);
        foreach (var local in internet.Locals)
            Delegate(lines, domain, local.Domain, local.Address(2));
        // The root servers have names in here, and nobody else to tell their addresses.
        foreach (var root in top.Take(internet.Plan.Roots).Where(_ => domain == "net"))
            lines.Add($"{root.Name}. A {root.Address}");
        return new(domain, lines);
    }

    private static void Delegate(List<string> lines, string parent, string child, IpAddress server)
    {
        if (!child.EndsWith($".{parent}", StringComparison.Ordinal))
            return;
        var label = child[..^(parent.Length + 1)];
        lines.Add($"{label} NS ns.{label}");
        lines.Add($"ns.{label} A {server}");
    }

    private static IEnumerable<string> Head(string server) =>
        ["$TTL 86400", $"@ SOA {server}. hostmaster.{server}. 1 3600 900 604800 600"];
}
