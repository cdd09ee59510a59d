using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>Who has which address on which link: what must hold among them can be checked once all are known.</summary>
internal sealed class AddressBook(Mistakes mistakes)
{
    private readonly List<Line> _lines = [];
    private readonly Dictionary<CableEnd, List<Line>> _linesByEnd = [];
    private readonly Dictionary<IpAddress, Line> _owners = [];
    private readonly HashSet<CableEnd> _unknown = [];

    /// <summary>What is wrong with an address by itself; null when nothing is.</summary>
    public static string? WhatIsWrong(ConfigNode text, out InterfaceAddress address)
    {
        if (!InterfaceAddress.TryParse(text.Text, out address))
        {
            return IpAddress.TryParse(text.Text, out var bare)
                ? $"'{text.Text}' is without its subnet: write {bare}/{(bare.IsV4 ? 24 : 64)}"
                : $"{text} is not an address with its subnet, such as 10.11.12.13/24";
        }
        var subnet = address.Subnet;
        var hosts = $"its hosts are {Next(subnet.Network, 1)} to {Next(subnet.Last, -1)}";
        if (address.Address.IsMulticast || address.Address.IsAny || address.Address.IsLoopback)
            return $"{address.Address} cannot be an adapter's address";
        if (subnet.HasBroadcast && address.Address == subnet.Network)
            return $"{address.Address} names the subnet {subnet} itself: {hosts}";
        return subnet.IsBroadcast(address.Address)
            ? $"{address.Address} is the broadcast address of {subnet}: {hosts}"
            : null;
    }

    public void Add(Host host, CableEnd end, InterfaceAddress address, ConfigNode at)
    {
        var line = new Line(_lines.Count, host, end, address, at);
        _lines.Add(line);
        if (!_linesByEnd.TryGetValue(end, out var lines))
            _linesByEnd[end] = lines = [];
        lines.Add(line);
        if (_owners.TryAdd(address.Address, line))
            return;
        var first = _owners[address.Address];
        mistakes.Add(at, $"{address.Address} is the address of {first.Host.Name} already (line {first.At.Line})");
    }

    /// <summary>Whose address that is; null where it is nobody's.</summary>
    public Host? OwnerOf(IpAddress address) => _owners.GetValueOrDefault(address)?.Host;

    /// <summary>Something is given there that cannot be read: nobody is to be blamed for not fitting to it.</summary>
    public void AddUnknown(CableEnd end) => _unknown.Add(end);

    public void Check()
    {
        var seen = new HashSet<CableEnd>();
        foreach (var line in _lines)
        {
            if (seen.Contains(line.End))
                continue;
            var ends = Segment.Of(line.End).HostEnds;
            seen.UnionWith(ends);
            if (!ends.Any(_unknown.Contains))
                CheckLink([
                    .. ends.SelectMany(end => _linesByEnd.GetValueOrDefault(end) ?? []).OrderBy(line => line.Number),
                ]);
        }
    }

    /// <summary>On one link, everybody must be able to speak with somebody.</summary>
    private void CheckLink(List<Line> lines)
    {
        if (lines.Select(line => line.Host).Distinct().Count() < 2)
            return;
        foreach (var family in lines.GroupBy(line => line.Address.Address.Family))
            CheckSubnets([.. family]);
    }

    private void CheckSubnets(List<Line> lines)
    {
        if (lines.Select(line => line.Host).Distinct().Count() < 2)
            return;
        // The subnet that most have; of equally many, the one that the file says first.
        var usual = lines.GroupBy(line => line.Address.Subnet).OrderByDescending(group => group.Count()).First().Key;
        foreach (var line in lines)
        {
            var (address, subnet) = (line.Address, line.Address.Subnet);
            if (subnet == usual || lines.Any(other => other.Host != line.Host && other.Address.Subnet == subnet))
                continue;
            mistakes.Add(
                line.At,
                usual.Contains(address.Address)
                    ? $"{address} has another mask than the others on its link: write {address.Address}/{usual.PrefixLength}"
                    : $"{address} is outside of its link's subnet {usual}, in which {Others(lines, usual)}"
            );
        }
    }

    private static string Others(List<Line> lines, Subnet usual)
    {
        var names = lines
            .Where(line => line.Address.Subnet == usual)
            .Select(line => line.Host.Name)
            .Distinct()
            .ToList();
        return names.Count == 1 ? $"{names[0]} stands" : $"{string.Join(", ", names)} stand";
    }

    private static IpAddress Next(IpAddress address, int step) =>
        address.IsV4 ? IpAddress.V4((uint)(address.AsV4 + step)) : new(address.Bits + (UInt128)(Int128)step);

    private sealed record Line(int Number, Host Host, CableEnd End, InterfaceAddress Address, ConfigNode At);
}
