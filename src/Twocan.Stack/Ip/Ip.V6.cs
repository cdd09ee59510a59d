using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What is IPv6's own on the way out: links as scopes, groups, and the choice among many addresses.</summary>
public sealed partial class Ip
{
    private static readonly Subnet Groups = new(new(0xFFUL << 56, 0), 8);

    /// <summary>More addresses than these of one adapter are not looked at for a source.</summary>
    private const int MaxCandidates = 32;

    /// <summary>The address of mine to speak to <paramref name="destination"/> with by way of an adapter (RFC 6724 §5); :: when there is none.</summary>
    public IpAddress ChooseSource(IpAddress destination, Adapter adapter)
    {
        Span<SourceCandidate> candidates = stackalloc SourceCandidate[MaxCandidates];
        var count = 0;
        Add(adapter, candidates, ref count, isOnOutgoing: true);
        // §4: what stays on the link has a source on the link; anything else may do with another adapter's.
        if (AddressSelection.ScopeOf(destination) > LinkScope)
        {
            for (var i = 0; i < _stack.Adapters.Count; i++)
            {
                if (_stack.Adapters[i] != adapter)
                    Add(_stack.Adapters[i], candidates, ref count, isOnOutgoing: false);
            }
        }
        return AddressSelection.TryChooseSource(destination, candidates[..count], out var source)
            ? source.Address
            : IpAddress.Any6;
    }

    /// <summary>
    /// Sends a message of the link's own protocols, which is looked up nowhere: neither routes nor path MTUs are asked, and the
    /// source may be nobody yet. The message's checksum is put in here.
    /// </summary>
    /// <param name="mac">Where it goes; null finds the neighbour.</param>
    internal void SendOnLink(
        PacketBuffer message,
        IpProtocol protocol,
        IpAddress source,
        IpAddress destination,
        byte hopLimit,
        Adapter adapter,
        MacAddress? mac = null
    )
    {
        if (protocol == IpProtocol.IcmpV6)
            Icmpv6Header.Seal(message.Span, source, destination);
        var length = message.Length;
        var header = message.Prepend(Ipv6Header.Length);
        Ipv6Header.Write(header, length, hopLimit, protocol, source, destination);
        _stack.Counters.PacketsSent++;
        if (mac is null && destination.IsMulticast)
            mac = MulticastGroups.MacOf(destination);
        if (mac is { } address)
            adapter.Send(message, address, EtherType.Ipv6);
        else
            adapter.Discovery.Send(message, destination);
    }

    internal void SendToGroup(
        PacketBuffer message,
        IpProtocol protocol,
        IpAddress source,
        IpAddress group,
        byte hopLimit,
        Adapter adapter
    ) => SendOnLink(message, protocol, source, group, hopLimit, adapter, MulticastGroups.MacOf(group));

    /// <summary>A higher layer has seen that what is sent there arrives (RFC 4861 §7.3.1).</summary>
    internal void ConfirmReachable(IpAddress destination)
    {
        // Nearly always nobody is in doubt, and then nothing is looked up.
        for (var i = 0; i < _stack.Adapters.Count; i++)
        {
            var adapter = _stack.Adapters[i];
            if (!adapter.Arp.Neighbours.HasDoubts && !adapter.Discovery.Neighbours.HasDoubts)
                continue;
            if (TryRoute(destination, adapter, out var route) && route.Adapter == adapter)
                adapter.Confirm(route.NextHop);
        }
    }

    private Route? FindRouteV6(IpAddress destination, Adapter? through, Instant now, out Instant ends)
    {
        ends = Instant.Never;
        if (IsMine(destination) && (through is null || !destination.IsLinkLocal || through.Owns(destination)))
            return FindInTable(destination);
        Route? route;
        if (destination.IsMulticast || destination.IsLinkLocal)
        {
            // RFC 4007 §6: who names no zone means the default one, and that is the first.
            if ((through ?? FirstAdapterWithIpv6()) is not { HasIpv6: true } adapter)
                return null;
            route = ByWayOf(adapter, destination.IsMulticast ? Groups : InterfaceIdentifier.LinkLocal, destination);
        }
        else if (Redirects.TryFind(destination, now, out var better))
        {
            (route, ends) = (ByWayOf(better.Adapter, new(destination, 128), better.Gateway), better.Ends);
        }
        else
        {
            route = FindInTable(destination);
        }
        if (route?.Adapter is not { } outgoing)
            return route;
        if (through is not null && outgoing != through)
            return null;
        var source = ChooseSource(destination, outgoing);
        return Narrow(new(route.Subnet, outgoing, route.NextHop, source, route.Mtu), destination, now, ref ends);
    }

    private const int LinkScope = 2;

    private static void Add(Adapter adapter, Span<SourceCandidate> candidates, ref int count, bool isOnOutgoing)
    {
        var configured = adapter.Configured;
        for (var i = 0; i < configured.Count && count < candidates.Length; i++)
        {
            var (address, prefix) = configured[i].Address;
            // A link-local address says nothing beyond its link.
            if (address.IsV4 || !configured[i].IsUsable || (!isOnOutgoing && address.IsLinkLocal))
                continue;
            var isDeprecated = configured[i].State == AddressState.Deprecated;
            candidates[count++] = new(address, prefix, isDeprecated, isOnOutgoing);
        }
    }

    private Adapter? FirstAdapterWithIpv6()
    {
        for (var i = 0; i < _stack.Adapters.Count; i++)
        {
            if (_stack.Adapters[i].HasIpv6)
                return _stack.Adapters[i];
        }
        return null;
    }
}
