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

/// <summary>
/// Which way for which subnet: the longest prefix that matches wins, and of equal ones the one that was added first.
/// Kept in a <see cref="PrefixTrie"/> for each family, so that ::/0 is no way to an IPv4 address.
/// </summary>
public sealed class RoutingTable
{
    private readonly PrefixTrie _v4 = new();
    private readonly PrefixTrie _v6 = new();
    private RouteEntry[]? _listed;

    /// <summary>Who wants to know that the table is another one now.</summary>
    internal Action? Changed { get; init; }

    public int Count { get; private set; }

    /// <summary>Longest prefix first, then by network number: the table as it is now.</summary>
    public IReadOnlyList<RouteEntry> Entries => _listed ??= List();

    public void Add(RouteEntry entry)
    {
        TrieOf(entry.Subnet.Network).Add(entry);
        Count++;
        _listed = null;
        Changed?.Invoke();
    }

    public bool Remove(RouteEntry entry)
    {
        if (!TrieOf(entry.Subnet.Network).Remove(entry))
            return false;
        Count--;
        _listed = null;
        Changed?.Invoke();
        return true;
    }

    public bool TryLookup(IpAddress destination, [MaybeNullWhen(false)] out RouteEntry entry) =>
        TrieOf(destination).TryLookup(destination, out entry);

    private PrefixTrie TrieOf(IpAddress address) => address.IsV4 ? _v4 : _v6;

    private RouteEntry[] List()
    {
        var entries = new List<RouteEntry>(Count);
        _v4.ListTo(entries);
        _v6.ListTo(entries);
        return [.. entries.OrderByDescending(entry => entry.Subnet.PrefixLength).ThenBy(entry => entry.Subnet.Network)];
    }
}
