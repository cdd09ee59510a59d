namespace Twocan.Worlds;

/// <summary>Reads <c>cables:</c> (what kinds there are) and <c>links:</c> (where they are laid).</summary>
internal sealed class LinkReader(World world, ConfigReader reader, Mistakes mistakes, IReadOnlyList<HostReader> hosts)
{
    private readonly Dictionary<string, CableSettings> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<Node, HostReader> _readers = hosts.ToDictionary(host => (Node)host.Host);

    public void Read()
    {
        foreach (var (name, value) in reader.Entries("cables", "lan: 1 Gbit/s, 2 µs"))
        {
            if (SettingsOf(value, CableSettings.Default) is { } settings)
                _kinds[name.Text] = settings;
        }
        foreach (var (name, value) in reader.Entries("links", "pc--home-hub: 1 Gbit/s, 2 µs"))
            ReadLink(name, value);
    }

    private void ReadLink(ConfigNode name, ConfigNode value)
    {
        var ends = name.Text.Split("--");
        if (ends.Length != 2 || ends[0].Length == 0 || ends[1].Length == 0)
        {
            mistakes.Add(name, $"'{name.Text}' is not a cable: it is named by its two ends, as in 'pc--home-hub'");
            return;
        }
        var (a, b) = (NodeOf(name, ends[0], 0), NodeOf(name, ends[1], ends[0].Length + 2));
        var settings = SettingsOf(value, a is null || b is null ? CableSettings.Default : LinkRules.Start(a, b));
        if (a is null || b is null)
            return;
        if (a == b)
        {
            mistakes.Add(name, $"both ends of this cable are {a.Name}: it needs two");
            return;
        }
        if (world.FindCable(name.Text) is { } other)
        {
            mistakes.Add(name, $"this cable is laid already, as {other.Name}");
            return;
        }
        if (a.IsBridge && b.IsBridge && Segment.Of(a).Nodes.Contains(b))
        {
            mistakes.Add(
                name,
                "this cable closes a circle of hubs and switches, in which a broadcast would run round for ever: leave one of them out"
            );
            return;
        }
        foreach (var (node, neighbour) in new[] { (a, b), (b, a) })
            _readers.GetValueOrDefault(node)?.ReadMac(neighbour.Name);
        if (settings is not null && LinkRules.WhatIsWrong(a, b, settings) is { } wrong)
            mistakes.Add(value.Kind == ConfigKind.Empty ? name : value, wrong);
        else
            world.Link(a, b, settings ?? LinkRules.Start(a, b));
    }

    private Node? NodeOf(ConfigNode link, string name, int offset)
    {
        if (world.Find(name) is { } node)
            return node;
        var near = Nearest.Of(name, world.Nodes.Select(known => known.Name));
        mistakes.Add(
            link.Line,
            link.Column + offset,
            $"there is no '{name}' to plug this cable into"
                + (near.Count > 0 ? $"; near to it: {string.Join(", ", near)}" : "")
        );
        return null;
    }

    /// <summary>A kind's name, settings of its own, or a kind and what is different from it.</summary>
    private CableSettings? SettingsOf(ConfigNode value, CableSettings usual)
    {
        if (value.Kind == ConfigKind.Empty)
            return usual;
        if (!value.IsText)
        {
            mistakes.Add(value, $"a cable is described in one line, as in '100 Mbit/s, 5 ms', not by {value}");
            return null;
        }
        var comma = value.Text.IndexOf(',', StringComparison.Ordinal);
        var first = (comma < 0 ? value.Text : value.Text[..comma]).Trim();
        var (start, rest) = _kinds.TryGetValue(first, out var kind)
            ? (kind, comma < 0 ? "" : value.Text[(comma + 1)..])
            : (usual, value.Text);
        if (CableSettings.TryParse(rest, start, out var settings, out var error))
            return settings;
        var guess = Nearest.Guess(first, _kinds.Keys) is { } near ? $" (or did you mean the kind '{near}'?)" : "";
        mistakes.Add(value, error + guess);
        return null;
    }
}
