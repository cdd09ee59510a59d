using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>What must fit together before a cable can be laid.</summary>
internal static class LinkRules
{
    /// <summary>What a cable between the two is like that says nothing itself.</summary>
    public static CableSettings Start(Node a, Node b) => BusOf(a, b)?.Stub ?? CableSettings.Default;

    /// <summary>Why such a cable cannot be laid between the two, and what would be right; null when it can.</summary>
    public static string? WhatIsWrong(Node a, Node b, CableSettings settings) =>
        settings.WhatIsWrong
        ?? (
            a is Bus && b is Bus ? $"two buses are joined by a hub (a repeater): {a.Name}, a hub, {b.Name}"
            : BusOf(a, b) is { } bus ? WhatIsWrong(bus, settings)
            : settings.At is not null ? "'at' is for a link to a bus: neither end of this cable is one"
            : WhatIsWrongAt(a, settings) ?? WhatIsWrongAt(b, settings)
        )
        ?? WhatIsWrongBetween(a, b, settings);

    private static string? WhatIsWrong(Bus bus, CableSettings stub)
    {
        if (stub.Rate != bus.Settings.Rate)
            return $"the rate of {bus.Name} is {bus.Settings.Rate}, for all who are on it: a link to a bus has none of its own";
        if (stub.Mtu != bus.Settings.Mtu)
            return $"the mtu of {bus.Name} is {bus.Settings.Mtu}: a link to a bus has none of its own";
        if (!stub.HalfDuplex)
            return $"a bus is half duplex: all who are on {bus.Name} share one wire";
        return stub.At > bus.Settings.Delay
            ? $"{Quantity.SayDistance(stub.At.Value)} is beyond the end of {bus.Name}, which is {Quantity.SayDistance(bus.Settings.Delay)} long"
            : null;
    }

    /// <summary>A hub's cables are one wire, or each is for itself.</summary>
    private static string? WhatIsWrongAt(Node node, CableSettings settings)
    {
        if (node is not Hub || node.Ends.Count == 0)
            return null;
        var first = node.Ends[0].Cable;
        if (first.Settings.HalfDuplex == settings.HalfDuplex)
            return null;
        return settings.HalfDuplex
            ? $"{node.Name} is full duplex, by {first.Name}: the cables of a hub are all half duplex or all full duplex"
            : $"{node.Name} is half duplex, by {first.Name}: the cables of a hub are all half duplex, or all full duplex";
    }

    /// <summary>A hub repeats bits as they come, so it cannot change how fast they are.</summary>
    private static string? WhatIsWrongBetween(Node a, Node b, CableSettings settings)
    {
        if (!settings.HalfDuplex)
            return null;
        foreach (var node in new[] { a, b })
        {
            if (node.Junction is null || node.Ends.Count == 0)
                continue;
            var other = node.Ends[0].Cable;
            if (other.Settings.Rate != settings.Rate)
                return $"{node.Name} passes bits on as they come, at {other.Settings.Rate} by {other.Name}: all half-duplex cables of a wire have the same rate, not {settings.Rate} here";
        }
        return null;
    }

    private static Bus? BusOf(Node a, Node b) => a as Bus ?? b as Bus;
}
