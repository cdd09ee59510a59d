using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What becomes of an IPv6 packet that has come in: checked, delivered, forwarded or dropped (RFC 8200, RFC 4291 §2).</summary>
internal sealed class Ipv6Input(ProtocolStack stack, Ip ip, FragmentInput fragments)
{
    /// <summary>Takes a packet that may have padding behind it, and owns it from now on.</summary>
    public void Receive(PacketBuffer packet, Adapter? adapter, bool linkMulticast)
    {
        stack.Counters.PacketsReceived++;
        if (!Ipv6Header.TryRead(packet.Span, out var header))
        {
            Drop(packet, DropReason.BadIpHeader);
            return;
        }
        packet.Truncate(header.TotalLength);
        var (source, destination) = (header.Source, header.Destination);
        // What never left the host cannot have come from a wrong place.
        if (adapter is not null)
        {
            if (!IsPlausibleSource(source, destination) && !IsConflict(packet.Span, source))
            {
                Drop(packet, DropReason.BadSource);
                return;
            }
            if (!IsPlausibleDestination(destination, linkMulticast))
            {
                Drop(packet, DropReason.BadDestination);
                return;
            }
        }
        if (destination.IsMulticast)
        {
            if (adapter?.Groups.Has(destination) == true)
                Take(packet, adapter);
            else
                Ignore(packet);
        }
        else if (adapter is null || !destination.IsLinkLocal ? ip.IsMine(destination) : adapter.Owns(destination))
            Take(packet, adapter);
        else if (!ip.Forwarding || adapter is null || destination.IsLinkLocal || source.IsAny)
            Drop(packet, DropReason.NotForwarding);
        else
            Forward(packet, header, adapter);
    }

    /// <summary>
    /// A source is one host and not this one. Mapped addresses are how IPv4 looks from inside a program; on a cable they
    /// would make IPv4 of what never was (RFC 4942 §2.2). Nobody's address only asks the link something.
    /// </summary>
    private bool IsPlausibleSource(IpAddress source, IpAddress destination) =>
        !source.IsMulticast
        && !source.IsV4
        && !source.IsLoopback
        && !ip.IsMine(source)
        && (!source.IsAny || destination.IsMulticast);

    /// <summary>Who advertises an address of mine as his has to be heard.</summary>
    private bool IsConflict(ReadOnlySpan<byte> packet, IpAddress source) =>
        ip.IsMine(source)
        && !source.IsLoopback
        && packet.Length > Ipv6Header.Length
        && packet[Ipv6Header.NextHeaderAt] == (byte)IpProtocol.IcmpV6
        && (Icmpv6Type)packet[Ipv6Header.Length] == Icmpv6Type.NeighbourAdvertisement;

    /// <summary>A frame to all that carries a packet to one would make all of them answer or forward it.</summary>
    private static bool IsPlausibleDestination(IpAddress destination, bool linkMulticast) =>
        destination.IsMulticast
            ? MulticastGroups.ScopeOf(destination) > 1
            : !linkMulticast && !destination.IsAny && !destination.IsLoopback && !destination.IsV4;

    /// <summary>It is for this host: reads all its headers, waits for what is missing, and delivers.</summary>
    private void Take(PacketBuffer packet, Adapter? adapter)
    {
        if (!TryReadChain(packet, adapter, out var chain))
            return;
        if (chain.IsFragment)
        {
            if (FragmentPlace.FlawOf(packet.Span, chain) is { } flaw)
            {
                Refuse(packet, flaw, adapter);
                return;
            }
            // RFC 6946: what calls itself a fragment but is whole has nothing to do with any other.
            FragmentHeader.TryRead(packet.Span[chain.FragmentAt..], out var fragment);
            if (!fragment.IsAtomic)
            {
                if (!fragments.TryComplete(packet, out var whole))
                    return;
                packet = whole;
                if (!TryReadChain(packet, adapter, out chain))
                    return;
            }
        }
        Deliver(packet, chain, adapter);
    }

    private bool TryReadChain(PacketBuffer packet, Adapter? adapter, out HeaderChain chain)
    {
        if (HeaderChain.TryRead(packet.Span, out chain, out var problem))
            return true;
        Refuse(packet, problem, adapter);
        return false;
    }

    private void Deliver(PacketBuffer packet, in HeaderChain chain, Adapter? adapter)
    {
        Ipv6Header.TryRead(packet.Span, out var header);
        if (chain.Protocol == IpProtocol.NoNextHeader)
        {
            Drop(packet, DropReason.NothingInside);
            return;
        }
        if (ip.TransportOf(chain.Protocol) is not { } transport || chain.Protocol == IpProtocol.Icmp)
        {
            Refuse(packet, new(DropReason.NoProtocol, Icmpv6Code.UnknownNextHeader, chain.NamedAt), adapter);
            return;
        }
        ip.Deliver(
            transport,
            chain.Protocol,
            packet,
            new IpPacket
            {
                Source = header.Source,
                Destination = header.Destination,
                TimeToLive = header.HopLimit,
                Payload = packet.Span[chain.Offset..],
                Cause = packet.Cause,
                Adapter = adapter,
                Whole = packet.Span,
                LacksChecks = packet.LacksChecks,
                SegmentSize = packet.SegmentSize,
            }
        );
    }

    private void Forward(PacketBuffer packet, in Ipv6Header header, Adapter inAdapter)
    {
        if (header.NextHeader == IpProtocol.HopByHop && !MayPass(packet, inAdapter))
            return;
        if (header.HopLimit <= 1)
        {
            Reject(packet, DropReason.TimeToLiveExpired, Icmpv6Type.TimeExceeded, Icmpv6Code.InTransit, inAdapter);
            return;
        }
        if (!ip.TryForward(header.Destination, out var route) || route.Adapter is not { } outAdapter)
        {
            Reject(packet, DropReason.NoRoute, Icmpv6Type.DestinationUnreachable, Icmpv6Code.NoRoute, inAdapter);
            return;
        }
        if (header.Source.IsLinkLocal && inAdapter != outAdapter)
        {
            // RFC 4291 §2.5.6: nobody there could answer it.
            Reject(packet, DropReason.BadSource, Icmpv6Type.DestinationUnreachable, Icmpv6Code.BeyondScope, inAdapter);
            return;
        }
        if (Segmentation.LongestPiece(packet) > route.Mtu)
        {
            Reject(packet, DropReason.TooBig, Icmpv6Type.PacketTooBig, 0, inAdapter, (uint)route.Mtu);
            return;
        }
        if (inAdapter == outAdapter)
            stack.Icmpv6.Redirect(packet, header, route);
        Ipv6Header.DecrementHopLimit(packet.Span);
        ip.PassOn(packet, header.Source, header.Destination, header.HopLimit, inAdapter, route);
    }

    /// <summary>A router reads the hop-by-hop options and no other header (RFC 8200 §4). False: the packet is gone.</summary>
    private bool MayPass(PacketBuffer packet, Adapter inAdapter)
    {
        var walk = new Ipv6Extensions(packet.Span);
        if (!walk.MoveNext())
        {
            Refuse(packet, new(DropReason.BadExtensionHeader, Icmpv6Code.ErroneousField, Ipv6Header.Length), inAdapter);
            return false;
        }
        if (HeaderChain.CheckOptions(walk, out var problem))
            return true;
        Refuse(packet, problem, inAdapter);
        return false;
    }

    /// <summary>Drops a packet whose headers cannot be followed, and tells its sender where they go wrong.</summary>
    private void Refuse(PacketBuffer packet, in HeaderProblem problem, Adapter? adapter)
    {
        var dropped = stack.Drop(Layer.Ip, problem.Reason, packet.Cause);
        if (problem.Code is { } code)
            stack.Icmpv6.SendError(
                packet.Span,
                Icmpv6Type.ParameterProblem,
                code,
                (uint)problem.Pointer,
                dropped,
                adapter,
                problem.EvenToGroups
            );
        packet.Dispose();
    }

    /// <summary>Drops a packet that was to be forwarded, and tells its sender why.</summary>
    private void Reject(
        PacketBuffer packet,
        DropReason reason,
        Icmpv6Type type,
        byte code,
        Adapter inAdapter,
        uint rest = 0
    )
    {
        var dropped = stack.Drop(Layer.Ip, reason, packet.Cause);
        stack.Icmpv6.SendError(packet.Span, type, code, rest, dropped, inAdapter);
        packet.Dispose();
    }

    /// <summary>Packets to others' groups are everyday life on a link: counted, but nothing to tell.</summary>
    private void Ignore(PacketBuffer packet)
    {
        stack.Counters.Count(DropReason.GroupNotJoined);
        packet.Dispose();
    }

    private void Drop(PacketBuffer packet, DropReason reason)
    {
        stack.Drop(Layer.Ip, reason, packet.Cause);
        packet.Dispose();
    }
}
