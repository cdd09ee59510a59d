using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Neighbour discovery on one adapter (RFC 4861 §7): asks for IPv6 neighbours, answers who asks, and tells the
/// <see cref="NeighbourTable"/> what it hears. Routers, prefixes and redirects are others' business.
/// </summary>
public sealed class NeighbourDiscovery : INeighbourSpeaker
{
    private readonly ProtocolStack _stack;
    private readonly Adapter _adapter;
    private readonly NeighbourCache _cache;
    private readonly RandomSource _random;
    private Duration _baseReachableTime;

    internal NeighbourDiscovery(ProtocolStack stack, Adapter adapter)
    {
        (_stack, _adapter) = (stack, adapter);
        _cache = new(stack, adapter, this);
        _random = stack.Random.Fork($"neighbours on {adapter.Name}");
        SetReachableTime(Duration.FromSeconds(30));
    }

    public NeighbourTable Neighbours => _cache.Table;

    EtherType INeighbourSpeaker.Carries => EtherType.Ipv6;

    /// <summary>Sends an IP packet to a neighbour, now or when its MAC address is known; owns the packet from now on.</summary>
    internal void Send(PacketBuffer packet, Route route) => _cache.Send(packet, route);

    internal void Send(PacketBuffer packet, IpAddress neighbour) => _cache.Send(packet, neighbour);

    /// <summary>A message that has come in by this adapter, its ICMPv6 checksum right.</summary>
    internal void OnMessage(in IpPacket packet, EventId because)
    {
        // §6.1, §7.1, §8.1: nobody behind a router can have sent it.
        var isTaken =
            packet.TimeToLive == NdMessage.HopLimit
            && (Icmpv6Type)packet.Payload[0] switch
            {
                Icmpv6Type.NeighbourSolicitation => OnSolicitation(packet, because),
                Icmpv6Type.NeighbourAdvertisement => OnAdvertisement(packet, because),
                Icmpv6Type.Redirect => OnRedirect(packet, because),
                Icmpv6Type.RouterSolicitation => OnRouterSolicitation(packet, because),
                Icmpv6Type.RouterAdvertisement => OnRouterAdvertisement(packet, because),
                _ => true,
            };
        if (!isTaken)
            _stack.Drop(Layer.Icmp, DropReason.BadNeighbourMessage, because, _adapter.Name);
        _cache.Run();
    }

    /// <summary>A router or a host said in passing where it is.</summary>
    internal void HearInPassing(
        IpAddress address,
        ReadOnlySpan<byte> options,
        NdOptionType type,
        bool mayAdd,
        EventId because
    )
    {
        if (address.IsAny || !NdOptions.TryFindMac(options, type, out var mac) || mac == _adapter.Mac)
            return;
        var isNews = _cache.IsNews(address, mac);
        _cache.TellIfNew(Neighbours.HearInPassing(address, mac, mayAdd, _stack.Loop.Now), isNews, because);
    }

    /// <summary>Tells everybody where an address is now (§7.2.6).</summary>
    internal void Announce(IpAddress address, EventId because) =>
        Advertise(address, MulticastGroups.AllNodes, isSolicited: false, because);

    /// <summary>Asks for an address that I would like to have, from nobody's (RFC 4862 §5.4.2).</summary>
    internal void Probe(IpAddress address, EventId because)
    {
        var message = Begin(because);
        NdMessage.WriteNeighbourSolicitation(message, address, source: null);
        var group = MulticastGroups.SolicitedNode(address);
        _stack.Ip.SendToGroup(message, IpProtocol.IcmpV6, IpAddress.Any6, group, NdMessage.HopLimit, _adapter);
    }

    internal void SolicitRouters(EventId because)
    {
        var message = Begin(because);
        var source = _stack.Ip.ChooseSource(MulticastGroups.AllRouters, _adapter);
        NdMessage.WriteRouterSolicitation(message, source.IsAny ? null : _adapter.Mac);
        _stack.Ip.SendToGroup(
            message,
            IpProtocol.IcmpV6,
            source,
            MulticastGroups.AllRouters,
            NdMessage.HopLimit,
            _adapter
        );
    }

    /// <summary>RFC 4861 §6.3.2: somewhere around what a router says, so that neighbours do not ask in step.</summary>
    internal void SetReachableTime(Duration reachableTime)
    {
        if (reachableTime == _baseReachableTime)
            return;
        _baseReachableTime = reachableTime;
        Neighbours.ReachableTime = reachableTime * (0.5 + _random.NextDouble());
    }

    internal void Confirm(IpAddress nextHop)
    {
        if (!Neighbours.HasDoubts)
            return;
        Neighbours.Confirm(nextHop, _stack.Loop.Now);
        _cache.Run();
    }

    /// <summary>Whoever waited for an answer waits no more.</summary>
    internal void PowerOff() => _cache.PowerOff();

    void INeighbourSpeaker.Ask(in NeighbourQuestion question, EventId because)
    {
        var message = Begin(because);
        NdMessage.WriteNeighbourSolicitation(message, question.Target, _adapter.Mac);
        var source = _stack.Ip.ChooseSource(question.Target, _adapter);
        var group = MulticastGroups.SolicitedNode(question.Target);
        if (question.Of is { } mac)
            _stack.Ip.SendOnLink(
                message,
                IpProtocol.IcmpV6,
                source,
                question.Target,
                NdMessage.HopLimit,
                _adapter,
                mac
            );
        else
            _stack.Ip.SendToGroup(message, IpProtocol.IcmpV6, source, group, NdMessage.HopLimit, _adapter);
    }

    void INeighbourSpeaker.OnGivenUp(Neighbour neighbour)
    {
        if (neighbour.IsRouter)
            _adapter.Autoconfiguration.OnSilentRouter(neighbour.Address);
    }

    /// <summary>§7.1.1 and §7.2.3. False for what cannot be.</summary>
    private bool OnSolicitation(in IpPacket packet, EventId because)
    {
        if (!NeighbourSolicitation.TryRead(packet.Payload, out var solicitation))
            return false;
        var target = solicitation.Target;
        if (packet.Source.IsAny)
        {
            // Who has no address yet looks whether this one is free.
            if (
                !MulticastGroups.IsSolicitedNode(packet.Destination)
                || NdOptions.TryFindMac(solicitation.Options, NdOptionType.SourceLinkLayerAddress, out _)
            )
                return false;
            // RFC 4862 §5.4.3: two who want the same address at the same time leave it both.
            if (!_adapter.Owns(target))
                _adapter.OnConflict(target, default, because);
            else
                Advertise(target, MulticastGroups.AllNodes, isSolicited: false, TellAnswered(packet, target, because));
            return true;
        }
        if (!_adapter.Owns(target))
            return true;
        HearInPassing(packet.Source, solicitation.Options, NdOptionType.SourceLinkLayerAddress, mayAdd: true, because);
        Advertise(target, packet.Source, isSolicited: true, TellAnswered(packet, target, because));
        return true;
    }

    /// <summary>§7.1.2 and §7.2.5. False for what cannot be.</summary>
    private bool OnAdvertisement(in IpPacket packet, EventId because)
    {
        if (
            !NeighbourAdvertisement.TryRead(packet.Payload, out var advertisement)
            || (packet.Destination.IsMulticast && advertisement.IsSolicited)
        )
            return false;
        var target = advertisement.Target;
        MacAddress? mac = NdOptions.TryFindMac(advertisement.Options, NdOptionType.TargetLinkLayerAddress, out var said)
            ? said
            : null;
        if (_adapter.OnConflict(target, mac ?? default, because))
            return true;
        var wasRouter = Neighbours.Find(target)?.IsRouter == true;
        var isNews = mac is { } heard && _cache.IsNews(target, heard);
        var learned = Neighbours.OnAdvertisement(
            target,
            mac,
            advertisement.IsSolicited,
            advertisement.Overrides,
            advertisement.IsRouter,
            _stack.Loop.Now
        );
        _cache.TellIfNew(learned, isNews, because);
        if (learned is { IsRouter: false } && wasRouter)
            _adapter.Autoconfiguration.OnNoRouter(target);
        return true;
    }

    /// <summary>RFC 4861 §6.1.1 and §6.2.6. False for what cannot be.</summary>
    private bool OnRouterSolicitation(in IpPacket packet, EventId because)
    {
        if (!RouterSolicitation.TryRead(packet.Payload, out var solicitation))
            return false;
        var hasMac = NdOptions.TryFindMac(solicitation.Options, NdOptionType.SourceLinkLayerAddress, out _);
        if (packet.Source.IsAny && hasMac)
            return false;
        HearInPassing(packet.Source, solicitation.Options, NdOptionType.SourceLinkLayerAddress, mayAdd: true, because);
        _adapter.OnRouterSolicitation(because);
        return true;
    }

    /// <summary>§6.1.2. False for what cannot be.</summary>
    private bool OnRouterAdvertisement(in IpPacket packet, EventId because)
    {
        if (!packet.Source.IsLinkLocal || !RouterAdvertisement.TryRead(packet.Payload, out var advertisement))
            return false;
        HearInPassing(
            packet.Source,
            advertisement.Options,
            NdOptionType.SourceLinkLayerAddress,
            mayAdd: _adapter.Autoconfiguration.IsOn,
            because
        );
        // §6.3.4: it says so itself.
        if (Neighbours.Find(packet.Source) is { } router)
            router.IsRouter = true;
        _adapter.Autoconfiguration.OnAdvertisement(advertisement, packet.Source, because);
        return true;
    }

    /// <summary>§8.1 and §8.3: only the router that is asked now may name a better first hop.</summary>
    private bool OnRedirect(in IpPacket packet, EventId because)
    {
        var ip = _stack.Ip;
        // §8.3: a router does not listen.
        if (ip.Forwarding)
            return true;
        if (!packet.Source.IsLinkLocal || !NdRedirect.TryRead(packet.Payload, out var redirect))
            return false;
        var (target, destination) = (redirect.Target, redirect.Destination);
        if (
            ip.IsMine(target)
            || !ip.TryRoute(destination, null, out var route)
            || route.Adapter != _adapter
            || route.NextHop != packet.Source
        )
        {
            _stack.Drop(Layer.Icmp, DropReason.BadRedirect, because);
            return true;
        }
        HearInPassing(target, redirect.Options, NdOptionType.TargetLinkLayerAddress, mayAdd: true, because);
        ip.Redirects.Learn(destination, _adapter, target, packet.Source, _stack.Loop.Now);
        _stack.Journal?.Tell(new RouteRedirected(destination, target, packet.Source), because);
        return true;
    }

    private void Advertise(IpAddress target, IpAddress to, bool isSolicited, EventId because)
    {
        var message = Begin(because);
        NdMessage.WriteNeighbourAdvertisement(
            message,
            target,
            _adapter.Mac,
            isRouter: _stack.Ip.Forwarding,
            isSolicited,
            overrides: true
        );
        if (to.IsMulticast)
            _stack.Ip.SendToGroup(message, IpProtocol.IcmpV6, target, to, NdMessage.HopLimit, _adapter);
        else
            _stack.Ip.SendOnLink(message, IpProtocol.IcmpV6, target, to, NdMessage.HopLimit, _adapter);
    }

    private PacketBuffer Begin(EventId because)
    {
        var message = _stack.Loop.Packets.Rent();
        message.Cause = because;
        _stack.Counters.IcmpMessagesSent++;
        return message;
    }

    private EventId TellAnswered(in IpPacket packet, IpAddress target, EventId because) =>
        _stack.Journal?.Tell(new NeighbourAnswered(_adapter.Name, target, packet.Source), because) ?? because;
}
