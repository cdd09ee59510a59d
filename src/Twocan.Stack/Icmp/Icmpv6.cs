using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// ICMPv6 of one host (RFC 4443): answers echoes, tells senders what went wrong, and hands neighbour discovery to the
/// adapter that it came by. The ping sockets, the limit on errors and the way of an error to its socket are <see cref="Icmp"/>'s.
/// </summary>
public sealed class Icmpv6 : ITransport
{
    /// <summary>§2.4 c: an error quotes as much as fits into the least MTU.</summary>
    private const int MaxQuoted = Ipv6Header.LeastMtu - Ipv6Header.Length - Icmpv6Header.Length;

    private readonly ProtocolStack _stack;

    internal Icmpv6(ProtocolStack stack) => _stack = stack;

    public void OnPacket(in IpPacket packet)
    {
        if (
            packet.Source.IsV4
            || !Icmpv6Header.TryRead(packet.Payload, out var message)
            || !message.HasRightChecksum(packet.Source, packet.Destination)
        )
        {
            _stack.Drop(Layer.Icmp, DropReason.BadIcmp, packet.Cause);
            return;
        }
        _stack.Counters.IcmpMessagesReceived++;
        var cause =
            _stack.Journal?.Tell(
                new IcmpReceived(
                    packet.Source,
                    (byte)message.Type,
                    message.Code,
                    Icmpv6Header.Describe(message.Type, message.Code, Language.English)
                ),
                packet.Cause
            )
            ?? packet.Cause;
        switch (message.Type)
        {
            case Icmpv6Type.EchoRequest:
                Answer(packet, message, cause);
                break;
            case Icmpv6Type.EchoReply:
                _stack.Icmp.FindSocket(message.Identifier)?.OnReply(packet, cause);
                break;
            case >= Icmpv6Type.DestinationUnreachable and <= Icmpv6Type.ParameterProblem:
                OnErrorMessage(packet, message, cause);
                break;
            case Icmpv6Type.MulticastListenerQuery:
                packet.Adapter?.Listening.OnQuery(packet, cause);
                break;
            case var type when NdMessage.IsOne(type):
                packet.Adapter?.Discovery.OnMessage(packet, cause);
                break;
            default:
                // §2.4 b: an unknown message that tells of no error is discarded in silence, and so are errors that nobody knows.
                break;
        }
    }

    /// <summary>An error about a packet of the ping sockets went to them as a message already.</summary>
    public void OnError(in IcmpError error) { }

    /// <summary>
    /// Tells the sender of a packet what went wrong with it, unless a rule of §2.4 e forbids it: never about an error, a
    /// redirect, a packet to a group (but that it is too big, or has an unknown option, which is told), or to somebody who is not one host.
    /// </summary>
    /// <param name="rest">The second word of the message: an MTU, a pointer.</param>
    /// <param name="through">Where the packet came in: a link-local sender is to be found there only.</param>
    internal void SendError(
        ReadOnlySpan<byte> about,
        Icmpv6Type type,
        byte code,
        uint rest,
        EventId because,
        Adapter? through,
        bool evenToGroups = false
    )
    {
        if (!Ipv6Header.TryRead(about, out var header) || !MayEarnError(header, about, evenToGroups))
            return;
        var (sender, destination) = (header.Source, header.Destination);
        if (!_stack.Icmp.MaySendErrorTo(sender))
            return;
        var message = _stack.Loop.Packets.Rent();
        message.Append(Icmpv6Header.Length);
        message.Append(about[..Math.Min(about.Length, MaxQuoted)]);
        // §2.2: who was addressed answers from that address; anybody else from the one that fits the sender.
        var source = _stack.Ip.IsMine(destination) ? destination : IpAddress.Any6;
        Send(message, type, code, rest, source, sender, Ip.DefaultTimeToLive, because, through);
    }

    /// <summary>RFC 4861 §8.2: a packet leaves by where it came from, so its sender, who stands there too, knows a detour only.</summary>
    internal void Redirect(PacketBuffer packet, in Ipv6Header header, Route route)
    {
        var (sender, destination, adapter) = (header.Source, header.Destination, route.Adapter!);
        // The better router has to be named by its link-local address.
        if (
            !(sender.IsLinkLocal || adapter.IsOnLink(sender))
            || !(route.NextHop == destination || route.NextHop.IsLinkLocal)
            || !_stack.Icmp.MayRedirect(sender, destination)
            || !_stack.Icmp.MaySendErrorTo(sender)
        )
            return;
        var message = _stack.Loop.Packets.Rent();
        message.Cause = packet.Cause;
        MacAddress? mac =
            adapter.Discovery.Neighbours.Find(route.NextHop) is { } known && known.State != NeighbourState.Incomplete
                ? known.Mac
                : null;
        NdMessage.WriteRedirect(message, route.NextHop, destination, mac, packet.Span);
        _stack.Counters.IcmpMessagesSent++;
        if (_stack.Journal is { } journal)
            message.Cause = journal.Tell(
                new IcmpSent(
                    sender,
                    (byte)Icmpv6Type.Redirect,
                    0,
                    Icmpv6Header.Describe(Icmpv6Type.Redirect, 0, Language.English)
                ),
                packet.Cause
            );
        var source = _stack.Ip.ChooseSource(MulticastGroups.AllNodes, adapter);
        _stack.Ip.SendOnLink(message, IpProtocol.IcmpV6, source, sender, NdMessage.HopLimit, adapter);
    }

    /// <summary>Sends a message whose data is in place behind room for its header, and owns it from now on.</summary>
    internal SocketError Send(
        PacketBuffer message,
        Icmpv6Type type,
        byte code,
        uint rest,
        IpAddress source,
        IpAddress destination,
        byte hopLimit,
        EventId because,
        Adapter? through,
        bool mayFragment = true
    )
    {
        // The checksum covers the source, so it has to be known here.
        if (source.IsAny && _stack.Ip.TryRoute(destination, through, out var route))
            source = route.Source;
        Icmpv6Header.Write(message.Span, type, code, rest, source, destination);
        _stack.Counters.IcmpMessagesSent++;
        var sent =
            _stack.Journal?.Tell(
                new IcmpSent(destination, (byte)type, code, Icmpv6Header.Describe(type, code, Language.English)),
                because
            )
            ?? because;
        return _stack.Ip.Send(
            message,
            IpProtocol.IcmpV6,
            source,
            destination,
            hopLimit,
            sent,
            mayFragment,
            through: through
        );
    }

    /// <summary>§4.2: also an echo to a group is answered, from an address of the adapter that it came by.</summary>
    private void Answer(in IpPacket packet, in Icmpv6Header request, EventId because)
    {
        if (packet.Source.IsAny)
            return;
        var reply = _stack.Loop.Packets.Rent(request.Whole.Length);
        reply.Append(request.Whole);
        var source = packet.Destination.IsMulticast ? IpAddress.Any6 : packet.Destination;
        var rest = (uint)request.Identifier << 16 | request.Sequence;
        var through = packet.Scope != 0 ? packet.Adapter : null;
        Send(reply, Icmpv6Type.EchoReply, 0, rest, source, packet.Source, Ip.DefaultTimeToLive, because, through);
    }

    private void OnErrorMessage(in IpPacket packet, in Icmpv6Header message, EventId because)
    {
        if (
            !Ipv6Header.TryReadQuoted(message.Data, out var quoted)
            || !_stack.Ip.IsMine(quoted.Source)
            || !HeaderChain.TryReadQuoted(message.Data, out var protocol, out var offset)
        )
        {
            _stack.Drop(Layer.Icmp, DropReason.BadIcmp, because);
            return;
        }
        // RFC 8201 §4: less than the least MTU is a lie, and so is more than what did not pass.
        var isTooBig = message.Type == Icmpv6Type.PacketTooBig;
        if (isTooBig && (message.Mtu < Ipv6Header.LeastMtu || message.Mtu >= quoted.TotalLength))
        {
            _stack.Drop(Layer.Icmp, DropReason.BadIcmp, because, "MTU");
            return;
        }
        _stack.Icmp.Tell(
            packet,
            new IcmpError
            {
                From = packet.Source,
                Type = (byte)message.Type,
                Code = message.Code,
                Mtu = isTooBig ? (ushort)message.Mtu : (ushort)0,
                Source = quoted.Source,
                Destination = quoted.Destination,
                Scope = packet.Scope,
                Protocol = protocol,
                QuotedTransport = message.Data[offset..],
                Cause = because,
            }
        );
    }

    private static bool MayEarnError(in Ipv6Header header, ReadOnlySpan<byte> packet, bool evenToGroups)
    {
        if (header.Source.IsMulticast || header.Source.IsAny || (header.Destination.IsMulticast && !evenToGroups))
            return false;
        // Headers that cannot be followed are what the sender is to hear of; our own errors have none.
        if (!HeaderChain.TryReadQuoted(packet, out var protocol, out var offset))
            return true;
        return protocol != IpProtocol.IcmpV6
            || offset >= packet.Length
            || !(Icmpv6Header.IsError((Icmpv6Type)packet[offset]) || (Icmpv6Type)packet[offset] == Icmpv6Type.Redirect);
    }
}
