using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The groups that a host listens to on one adapter, and the filter that its driver makes of them.</summary>
public sealed class GroupMembership
{
    private static readonly MacAddress AllRoutersMac = MulticastGroups.MacOf(MulticastGroups.AllRouters);

    private readonly Ip _ip;
    private readonly Dictionary<IpAddress, int> _members = [];
    private readonly Dictionary<MacAddress, int> _filter = [];

    internal GroupMembership(Ip ip) => _ip = ip;

    /// <summary>By address.</summary>
    public IReadOnlyList<IpAddress> Groups => [.. _members.Keys.Order()];

    /// <summary>A router listens to the group of the routers besides.</summary>
    public bool Has(IpAddress group) =>
        _members.ContainsKey(group) || (group == MulticastGroups.AllRouters && _ip.Forwarding && _members.Count > 0);

    /// <summary>Several addresses may share a group: it is left when the last of them goes. True when it is new.</summary>
    internal bool Join(IpAddress group)
    {
        if (Count(_members, group, 1) > 1)
            return false;
        Count(_filter, MulticastGroups.MacOf(group), 1);
        return true;
    }

    /// <summary>True when nobody listens to it any more.</summary>
    internal bool Leave(IpAddress group)
    {
        if (!_members.ContainsKey(group) || Count(_members, group, -1) > 0)
            return false;
        Count(_filter, MulticastGroups.MacOf(group), -1);
        return true;
    }

    /// <summary>Does the adapter take frames to that address?</summary>
    internal bool Takes(MacAddress group) =>
        _filter.ContainsKey(group) || (group == AllRoutersMac && _ip.Forwarding && _members.Count > 0);

    private static int Count<T>(Dictionary<T, int> counts, T key, int by)
        where T : notnull
    {
        var count = counts.GetValueOrDefault(key) + by;
        if (count == 0)
            counts.Remove(key);
        else
            counts[key] = count;
        return count;
    }
}
