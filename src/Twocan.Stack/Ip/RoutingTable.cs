using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>A line of the routing table. A gateway of <see cref="IpAddress.Any"/> means that the subnet is on the link itself.</summary>
public readonly record struct RouteEntry(Subnet Subnet, Adapter Adapter, IpAddress Gateway)
{
    public bool IsOnLink => Gateway.IsAny;

    public override string ToString() =>
        IsOnLink ? $"{Subnet} dev {Adapter.Name}" : $"{Subnet} via {Gateway} dev {Adapter.Name}";
}

/// <summary>Where packets for a destination go. An <see cref="Adapter"/> of null: nowhere, they are for this host itself.</summary>
public readonly record struct Route(Subnet Subnet, Adapter? Adapter, IpAddress NextHop, IpAddress Source, int Mtu)
{
    public bool IsLocal => Adapter is null;
}

/// <summary>
/// Which way for which subnet: the longest prefix that matches wins, and of equal ones the one that was added first.
/// Kept in the order in which it is searched.
/// </summary>
public sealed class RoutingTable
{
    private readonly List<RouteEntry> _entries = [];

    /// <summary>Longest prefix first, then by network number.</summary>
    public IReadOnlyList<RouteEntry> Entries => _entries;

    public void Add(RouteEntry entry)
    {
        var index = 0;
        while (index < _entries.Count && Order(_entries[index].Subnet, entry.Subnet) <= 0)
            index++;
        _entries.Insert(index, entry);
    }

    public bool Remove(RouteEntry entry) => _entries.Remove(entry);

    public bool TryLookup(IpAddress destination, [MaybeNullWhen(false)] out RouteEntry entry)
    {
        foreach (var candidate in _entries)
        {
            if (candidate.Subnet.Contains(destination))
            {
                entry = candidate;
                return true;
            }
        }
        entry = default;
        return false;
    }

    private static int Order(Subnet a, Subnet b) =>
        a.PrefixLength != b.PrefixLength ? b.PrefixLength.CompareTo(a.PrefixLength) : a.Network.CompareTo(b.Network);
}
