using System.Diagnostics.CodeAnalysis;

namespace Twocan.Worlds;

/// <summary>Where somebody may listen, by the name that people say: a cable, an adapter, a machine, a bus, or everywhere.</summary>
public static class ListeningPost
{
    public const string Everywhere = "all";

    /// <summary>
    /// The cables to listen at: <c>pc--home-hub</c> is one, <c>home-router:eth1</c> the one in that adapter, <c>home-router</c>
    /// all that are plugged into it. A bus is heard at its first tap: all of it runs past there.
    /// </summary>
    public static bool TryFind(
        World world,
        string name,
        [NotNullWhen(true)] out IReadOnlyList<Cable>? cables,
        [NotNullWhen(false)] out string? error
    )
    {
        (cables, error) = (null, null);
        if (name == Everywhere)
            cables = world.Cables;
        else if (world.FindCable(name) is { } cable)
            cables = [cable];
        else if (world.Find(name) is { } node)
            cables = [.. node.Ends.Take(node is Bus ? 1 : node.Ends.Count).Select(end => end.Cable)];
        else if (name.Split(':') is [var host, var adapter] && world.Find(host) is Host machine)
            return TryFindAdapter(machine, adapter, out cables, out error);
        else
            error = world.NoSuchCable(name);
        if (cables is { Count: 0 })
            (cables, error) = (null, $"no cable is plugged into {name}");
        return cables is not null;
    }

    private static bool TryFindAdapter(
        Host machine,
        string name,
        [NotNullWhen(true)] out IReadOnlyList<Cable>? cables,
        [NotNullWhen(false)] out string? error
    )
    {
        var end = machine.Ends.FirstOrDefault(end => machine.AdapterOn(end).Name == name);
        cables = end is null ? null : [end.Cable];
        var names = string.Join(", ", machine.Adapters.Select(one => one.Name));
        error = end is null ? $"{machine.Name} has no adapter '{name}'; it has {names}" : null;
        return cables is not null;
    }
}
