using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What becomes of an IPv4 packet that has come in: checked, delivered, forwarded or dropped (RFC 1122 §3.2.1, RFC 1812 §5.2).</summary>
internal sealed class IpInput(ProtocolStack stack, Ip ip, FragmentInput fragments)
{
    /// <summary>Takes a packet that may have padding behind it, and owns it from now on.</summary>
    public void Receive(PacketBuffer packet, Adapter? adapter, bool linkBroadcast)
    {
        stack.Counters.PacketsReceived++;
        if (!Ipv4Header.TryRead(packet.Span, out var header))
        {
            Drop(packet, DropReason.BadIpHeader);
            return;
        }
        if (!header.HasRightChecksum)
        {
            Drop(packet, DropReason.BadIpChecksum);
            return;
        }
        packet.Truncate(header.TotalLength);
        var destination = header.Destination;
        // What never left the host cannot have come from a wrong place.
        if (adapter is not null)
        {
            if (!IsPlausibleSource(header.Source, destination))
            {
                Drop(packet, DropReason.BadSource);
                return;
            }
            if (destination.IsLoopback || destination.AsV4 >> 24 == 0)
            {
                Drop(packet, DropReason.BadDestination);
                return;
            }
        }
        var forMe = ip.IsForMe(destination, out var broadcast);
        if (linkBroadcast && !broadcast)
        {
            // RFC 1122 §3.3.6: a frame to all that carries a packet to one would make all of them answer or forward it.
            Drop(packet, DropReason.BadDestination);
            return;
        }
        if (header.Length > Ipv4Header.MinLength && !MayPass(packet, header))
            return;
        var translating = ip is { Nat: not null, Forwarding: true } && adapter is not null && !broadcast;
        if (header.IsFragment && (forMe || translating))
        {
            // RFC 4787 §11: what is translated by its ports has to be whole, as later fragments have none.
            if (!fragments.TryComplete(packet, out var whole))
                return;
            packet = whole;
            Ipv4Header.TryRead(packet.Span, out header);
        }
        if (translating && !destination.IsMulticast)
        {
            PacketChecks.Finish(packet);
            switch (ip.Nat!.OnArrival(packet, header, adapter!, out var reason))
            {
                case Nat.Way.Translated:
                    Forward(packet, header, adapter!, isTranslated: true);
                    return;
                case Nat.Way.Dropped:
                    Drop(packet, reason);
                    return;
            }
        }
        if (forMe)
            Deliver(packet, header, adapter, broadcast);
        else if (!ip.Forwarding || adapter is null || StaysOnLink(header))
            Drop(packet, DropReason.NotForwarding);
        else
            Forward(packet, header, adapter, isTranslated: false);
    }

    /// <summary>A source is one host, not this one, and not 'this network' unless it asks everybody for an address (RFC 1812 §5.3.7).</summary>
    private bool IsPlausibleSource(IpAddress source, IpAddress destination)
    {
        if (source.IsAny)
            return destination.IsLimitedBroadcast;
        var first = source.AsV4 >> 24;
        return first is not (0 or >= 224) && !ip.IsLocal(source);
    }

    /// <summary>False: the options make no sense or ask for what is not granted, and the packet is gone.</summary>
    private bool MayPass(PacketBuffer packet, in Ipv4Header header)
    {
        if (Ipv4OptionRules.Check(header.Options, out var place) is not { } reason)
            return true;
        var dropped = stack.Drop(Layer.Ip, reason, packet.Cause);
        // RFC 1122 §3.2.2.5: the pointer is the byte of the header where the trouble was found.
        if (reason == DropReason.BadOption)
            stack.Icmp.SendError(
                packet.Span,
                IcmpType.ParameterProblem,
                IcmpCode.Pointer,
                (uint)(Ipv4Header.MinLength + place) << 24,
                dropped
            );
        packet.Dispose();
        return false;
    }

    /// <summary>Groups, 169.254/16 (RFC 3927 §7) and the reserved 240/4 are not for routers.</summary>
    private static bool StaysOnLink(in Ipv4Header header) =>
        header.Destination.AsV4 >> 28 >= 14 || header.Destination.IsLinkLocal || header.Source.IsLinkLocal;

    private void Deliver(PacketBuffer packet, in Ipv4Header header, Adapter? adapter, bool broadcast)
    {
        // ICMPv6 has no meaning in IPv4.
        if (ip.TransportOf(header.Protocol) is not { } transport || header.Protocol == IpProtocol.IcmpV6)
        {
            var dropped = stack.Drop(Layer.Ip, DropReason.NoProtocol, packet.Cause);
            if (!broadcast)
                stack.Icmp.SendError(
                    packet.Span,
                    IcmpType.DestinationUnreachable,
                    IcmpCode.ProtocolUnreachable,
                    0,
                    dropped
                );
            packet.Dispose();
            return;
        }
        ip.Deliver(
            transport,
            header.Protocol,
            packet,
            new IpPacket
            {
                Source = header.Source,
                Destination = header.Destination,
                IsBroadcast = broadcast,
                TimeToLive = header.TimeToLive,
                Payload = packet.Span[header.Length..],
                Cause = packet.Cause,
                Adapter = adapter,
                Whole = packet.Span,
                LacksChecks = packet.LacksChecks,
                SegmentSize = packet.SegmentSize,
            }
        );
    }

    private void Forward(PacketBuffer packet, in Ipv4Header header, Adapter inAdapter, bool isTranslated)
    {
        var timeToLive = header.TimeToLive;
        if (timeToLive <= 1)
        {
            Reject(packet, DropReason.TimeToLiveExpired, IcmpType.TimeExceeded, IcmpCode.InTransit);
            return;
        }
        if (!ip.TryForward(header.Destination, out var route) || route.Adapter is not { } outAdapter)
        {
            Reject(packet, DropReason.NoRoute, IcmpType.DestinationUnreachable, IcmpCode.NetworkUnreachable);
            return;
        }
        var mustFragment = Segmentation.LongestPiece(packet) > route.Mtu;
        if (mustFragment && (header.DontFragment || route.Mtu < Ipv4Header.LeastMtu))
        {
            Reject(
                packet,
                DropReason.TooBig,
                IcmpType.DestinationUnreachable,
                IcmpCode.FragmentationNeeded,
                (uint)route.Mtu
            );
            return;
        }
        if (ip.Nat is { } nat && outAdapter == nat.Outside)
        {
            // What has come from outside, or through a mapping, does not leave there again.
            var refused =
                isTranslated || inAdapter == outAdapter ? DropReason.UnsolicitedInbound : nat.OnLeaving(packet, header);
            if (refused is { } reason)
            {
                Drop(packet, reason);
                return;
            }
        }
        if (inAdapter == outAdapter && !isTranslated)
            stack.Icmp.Redirect(packet, header, route);
        if (header.Length > Ipv4Header.MinLength)
            Ipv4OptionRules.StampPacket(packet.Span, ip, route.Source, stack.Loop.UtcNow);
        Ipv4Header.DecrementTimeToLive(packet.Span);
        ip.PassOn(packet, header.Source, header.Destination, timeToLive, inAdapter, route);
    }

    /// <summary>Drops a packet that was to be forwarded, and tells its sender why.</summary>
    private void Reject(PacketBuffer packet, DropReason reason, IcmpType type, byte code, uint rest = 0)
    {
        var dropped = stack.Drop(Layer.Ip, reason, packet.Cause);
        ip.Nat?.Napt.Undo(packet.Span);
        stack.Icmp.SendError(packet.Span, type, code, rest, dropped);
        packet.Dispose();
    }

    private void Drop(PacketBuffer packet, DropReason reason)
    {
        stack.Drop(Layer.Ip, reason, packet.Cause);
        packet.Dispose();
    }
}
