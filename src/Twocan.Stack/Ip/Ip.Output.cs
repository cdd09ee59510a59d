using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The way out: headers, fragments, and over to the adapter.</summary>
public sealed partial class Ip
{
    /// <summary>
    /// Sends what a transport has written, and owns it from now on. A source of <see cref="IpAddress.Any"/> is chosen by
    /// the route. What may not be fragmented, here or on the way, is refused when it is too long for my own link.
    /// </summary>
    public SocketError Send(
        PacketBuffer payload,
        IpProtocol protocol,
        IpAddress source,
        IpAddress destination,
        byte timeToLive,
        EventId because,
        bool mayFragment = false,
        byte typeOfService = 0,
        ReadOnlySpan<byte> options = default,
        Adapter? through = null
    )
    {
        payload.Cause = because;
        if (_stack.IsOff)
            return Refuse(payload, DropReason.NoRoute, SocketError.NetworkDown);
        if (!TryRoute(destination, through, out var route))
            return Refuse(payload, DropReason.NoRoute, SocketError.NetworkUnreachable);
        if (source.IsAny)
            source = route.Source;
        else if (source.IsV4 != destination.IsV4)
            return Refuse(payload, DropReason.BadSource, SocketError.AddressFamilyNotSupported);
        else if (through is null && destination.IsLimitedBroadcast && _local.GetValueOrDefault(source) is { } adapter)
            route = ByWayOf(adapter, route.Subnet, route.NextHop);
        if (source.IsLoopback && !route.IsLocal)
            return Refuse(payload, DropReason.BadSource, SocketError.InvalidArgument);
        // Without an address there is no IPv6, but for the few questions by which one is found.
        if (source is { IsV4: false, IsAny: true })
            return Refuse(payload, DropReason.BadSource, SocketError.AddressNotAvailable);
        var headerLength = destination.IsV4 ? Ipv4Header.MinLength + options.Length : Ipv6Header.Length;
        if (!Fits(Segmentation.LongestSegment(payload) + headerLength, route, mayFragment))
            return Refuse(payload, DropReason.TooBig, SocketError.MessageSize);

        var length = payload.Length;
        var segments = Segmentation.CountOf(payload);
        var header = payload.Prepend(headerLength);
        if (destination.IsV4)
        {
            Ipv4Header.Write(
                header,
                length,
                _identification,
                timeToLive,
                protocol,
                source,
                destination,
                dontFragment: !mayFragment,
                typeOfService,
                options
            );
            _identification += (ushort)segments;
        }
        else
            Ipv6Header.Write(header, length, timeToLive, protocol, source, destination, typeOfService);
        _stack.Counters.PacketsSent++;
        if (_stack.Journal is { } journal)
        {
            payload.Cause = journal.Tell(
                new PacketSent(
                    source,
                    destination,
                    protocol,
                    payload.Length,
                    timeToLive,
                    route.Subnet,
                    route.NextHop,
                    route.Adapter?.Name ?? Loopback.Name
                ),
                because
            );
        }
        if (mayFragment && payload.Length > route.Mtu)
            TransmitFragments(payload, route);
        else
            Transmit(payload, route);
        return SocketError.Success;
    }

    /// <summary>Puts a packet with its header on its way.</summary>
    internal void Transmit(PacketBuffer packet, Route route)
    {
        if (route.Adapter is not { } adapter)
            _loopback.Send(packet);
        else if (route.IsBroadcast)
            adapter.Send(packet, MacAddress.Broadcast, EtherType.Ipv4);
        else if (route.NextHop.IsV4)
            adapter.Arp.Send(packet, route);
        else if (route.NextHop.IsMulticast)
            adapter.Send(packet, MulticastGroups.MacOf(route.NextHop), EtherType.Ipv6);
        else
            adapter.Discovery.Send(packet, route);
    }

    /// <summary>Puts a packet that is too long for its link on its way in pieces. Owns the packet.</summary>
    internal void TransmitFragments(PacketBuffer packet, Route route)
    {
        if (packet.SegmentSize > 0)
        {
            var segments = new Segmentation(packet, _stack.Loop.Packets);
            while (segments.TryNext(out var segment))
                TransmitFragments(segment, route);
            packet.Dispose();
            return;
        }
        PacketChecks.Finish(packet);
        var isV4 = packet.Span[0] >> 4 == 4;
        // RFC 7739: who can guess the next number can spoil the next packet.
        var identification = isV4 ? FragmentPlace.IdentificationOf(packet.Span) : _identifications.NextUInt32();
        if (_stack.Journal is { } journal)
        {
            var (source, destination) = EndsOf(packet.Span);
            packet.Cause = journal.Tell(
                new PacketFragmented(source, destination, identification, packet.Length, route.Mtu),
                packet.Cause
            );
        }
        var fragments = new Fragmentation(packet, route.Mtu, _stack.Loop.Packets, identification);
        while (fragments.TryNext(out var fragment))
            Transmit(fragment, route);
        _stack.Counters.FragmentsSent += fragments.Count;
        packet.Dispose();
    }

    /// <summary>The next hop does not answer: the sender is told, be it another host or a socket of this one. Owns the packet.</summary>
    internal void OnHostUnreachable(PacketBuffer packet, EventId because)
    {
        var (_, destination) = EndsOf(packet.Span);
        if (destination.IsV4)
            Nat?.Napt.Undo(packet.Span);
        // RFC 1122 §3.3.1.4: who was sent to a gateway that is dead goes back to the one that sent him there.
        if (Redirects.Count > 0)
            Redirects.Forget(destination);
        _stack.Icmp.SendError(packet.Span, IcmpProblem.HostUnreachable, because);
        packet.Dispose();
    }

    /// <summary>What must not be cut is held to my own link only: for the rest of the path there are routers, and they say so.</summary>
    private static bool Fits(int length, Route route, bool mayFragment) =>
        length <= route.Mtu
        || (!mayFragment && length <= route.Adapter?.Mtu)
        || (mayFragment && route.Mtu >= Ipv4Header.LeastMtu && length <= MaxLength(route.NextHop.IsV4));

    private static int MaxLength(bool isV4) =>
        isV4 ? Ipv4Header.MaxPacketLength : Ipv6Header.Length + Ipv6Header.MaxPayloadLength;

    /// <summary>A packet for this host goes to the transport that it is for.</summary>
    internal void Deliver(ITransport transport, IpProtocol protocol, PacketBuffer packet, in IpPacket delivered)
    {
        _stack.Counters.PacketsDelivered++;
        if (_stack.Journal is { } journal)
        {
            var cause = journal.Tell(
                new PacketDelivered(delivered.Source, delivered.Destination, protocol, packet.Length),
                packet.Cause
            );
            transport.OnPacket(delivered.Because(cause));
        }
        else
        {
            transport.OnPacket(delivered);
        }
        packet.Dispose();
    }

    /// <summary>A packet of somebody else, its time to live counted down already, goes on its way.</summary>
    internal void PassOn(
        PacketBuffer packet,
        IpAddress source,
        IpAddress destination,
        byte timeToLive,
        Adapter inAdapter,
        Route route
    )
    {
        _stack.Counters.PacketsForwarded++;
        if (_stack.Journal is { } journal)
        {
            packet.Cause = journal.Tell(
                new PacketForwarded(
                    source,
                    destination,
                    timeToLive,
                    (byte)(timeToLive - 1),
                    route.Subnet,
                    route.NextHop,
                    inAdapter.Name,
                    route.Adapter!.Name
                ),
                packet.Cause
            );
        }
        if (Segmentation.LongestPiece(packet) > route.Mtu)
            TransmitFragments(packet, route);
        else
            Transmit(packet, route);
    }

    /// <summary>Who sent a packet to whom, by its own header.</summary>
    internal static (IpAddress Source, IpAddress Destination) EndsOf(ReadOnlySpan<byte> packet)
    {
        if (Ipv4Header.TryReadQuoted(packet, out var v4))
            return (v4.Source, v4.Destination);
        return Ipv6Header.TryReadQuoted(packet, out var v6) ? (v6.Source, v6.Destination) : default;
    }

    private SocketError Refuse(PacketBuffer packet, DropReason reason, SocketError error)
    {
        _stack.Drop(Layer.Ip, reason, packet.Cause);
        packet.Dispose();
        return error;
    }
}
