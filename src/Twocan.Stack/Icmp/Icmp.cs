using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>ICMP of one host (RFC 792, RFC 1122 §3.2.2): answers echoes, tells senders what went wrong, and tells sockets what it hears.</summary>
public sealed class Icmp : ITransport
{
    /// <summary>RFC 1812 §4.3.2.3: an error quotes as much as fits into 576 bytes.</summary>
    private const int MaxQuoted = 576 - Ipv4Header.MinLength - IcmpHeader.Length;

    /// <summary>Precedence 6 of RFC 791, which is the class CS6 of RFC 2474; and the bits below it that are not ECN's.</summary>
    private const byte InternetworkControl = 0xC0;
    private const byte ServiceBits = 0x1C;

    private readonly ProtocolStack _stack;
    private readonly Dictionary<ushort, PingSocket> _pings = [];
    private readonly RandomSource _identifiers;

    /// <summary>RFC 1812 §4.3.2.8.</summary>
    private readonly TokenBucket _errors = new(burst: 50, perSecond: 1000);

    /// <summary>Whom a redirect was sent about what: a host that does not listen is told once a second, and not with every packet.</summary>
    private readonly Hearsay<(IpAddress Source, IpAddress Destination), bool> _redirected = new(
        RedirectCache.Capacity,
        Duration.FromSeconds(1)
    );

    internal Icmp(ProtocolStack stack)
    {
        _stack = stack;
        _identifiers = stack.Random.Fork("icmp identifiers");
    }

    public PingSocket CreateSocket()
    {
        if (_pings.Count > ushort.MaxValue / 2)
            throw new SocketException((int)SocketError.NoBufferSpaceAvailable);
        ushort identifier;
        do identifier = _identifiers.NextUInt16();
        while (
            identifier == 0
            || _pings.ContainsKey(identifier)
            || _stack.Ip.Nat?.IsMapped(IpProtocol.Icmp, new(identifier)) == true
        );
        var socket = new PingSocket(_stack, identifier);
        _pings.Add(identifier, socket);
        return socket;
    }

    /// <summary>Has a ping socket of this host that identifier?</summary>
    internal bool Uses(ushort identifier) => _pings.ContainsKey(identifier);

    internal PingSocket? FindSocket(ushort identifier) => _pings.GetValueOrDefault(identifier);

    internal void Remove(PingSocket socket) => _pings.Remove(socket.Identifier);

    public void OnPacket(in IpPacket packet)
    {
        if (!IcmpHeader.TryRead(packet.Payload, out var message) || !message.HasRightChecksum)
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
                    IcmpWords.Describe(message.Type, message.Code, Language.English)
                ),
                packet.Cause
            )
            ?? packet.Cause;
        switch (message.Type)
        {
            case IcmpType.EchoRequest:
                Answer(packet, message, cause);
                break;
            case IcmpType.EchoReply:
                FindSocket(message.Identifier)?.OnReply(packet, cause);
                break;
            case IcmpType.DestinationUnreachable or IcmpType.TimeExceeded or IcmpType.ParameterProblem:
                OnErrorMessage(packet, message, cause);
                break;
            case IcmpType.Redirect:
                OnRedirect(packet, message, cause);
                break;
            default:
                // RFC 1122 §3.2.2: an unknown type is discarded in silence. So are source quench (RFC 6633) and the questions
                // for masks and addresses (RFC 6918), which are of the past, and timestamp requests: the clock is nobody's business.
                break;
        }
    }

    /// <summary>An error about a packet of the ping sockets went to them as a message already.</summary>
    public void OnError(in IcmpError error) { }

    /// <summary>Tells the sender of a packet of either family what went wrong with it.</summary>
    /// <param name="through">Where it came in, if that is known.</param>
    internal void SendError(ReadOnlySpan<byte> about, IcmpProblem problem, EventId because, Adapter? through = null)
    {
        if (about[0] >> 4 == 4)
        {
            var (type, code) = problem switch
            {
                IcmpProblem.HostUnreachable => (IcmpType.DestinationUnreachable, IcmpCode.HostUnreachable),
                IcmpProblem.PortUnreachable => (IcmpType.DestinationUnreachable, IcmpCode.PortUnreachable),
                _ => (IcmpType.TimeExceeded, IcmpCode.InReassembly),
            };
            SendError(about, type, code, 0, because);
        }
        else
        {
            var (type, code) = problem switch
            {
                IcmpProblem.HostUnreachable => (Icmpv6Type.DestinationUnreachable, Icmpv6Code.AddressUnreachable),
                IcmpProblem.PortUnreachable => (Icmpv6Type.DestinationUnreachable, Icmpv6Code.PortUnreachable),
                _ => (Icmpv6Type.TimeExceeded, Icmpv6Code.InReassembly),
            };
            _stack.Icmpv6.SendError(about, type, code, 0, because, through);
        }
    }

    /// <summary>One limit for both families; what this host tells itself costs nobody anything.</summary>
    internal bool MaySendErrorTo(IpAddress sender)
    {
        if (_stack.Ip.IsMine(sender) || _errors.TryTake(_stack.Loop.Now))
            return true;
        _stack.Counters.IcmpErrorsHeldBack++;
        return false;
    }

    /// <summary>True once a second for each pair.</summary>
    internal bool MayRedirect(IpAddress sender, IpAddress destination)
    {
        var pair = (sender, destination);
        if (_redirected.TryGet(pair, _stack.Loop.Now, out _))
            return false;
        _redirected.Set(pair, true, _stack.Loop.Now);
        return true;
    }

    /// <summary>
    /// Tells the sender of a packet what went wrong with it, unless a rule of RFC 1122 §3.2.2 forbids it: never about
    /// an error, a broadcast, a later fragment, or to somebody who is not one host.
    /// </summary>
    /// <param name="rest">The second word of the message: an MTU, a gateway, a pointer.</param>
    internal void SendError(ReadOnlySpan<byte> about, IcmpType type, byte code, uint rest, EventId because)
    {
        if (!Ipv4Header.TryRead(about, out var header) || !MayEarnError(header, about[header.Length..]))
            return;
        if (!MaySendErrorTo(header.Source))
            return;
        var quoted = about[..Math.Min(about.Length, MaxQuoted)];
        var message = _stack.Loop.Packets.Rent();
        message.Append(IcmpHeader.Length);
        message.Append(quoted);
        IcmpHeader.Write(message.Span, type, code, rest);
        // RFC 1122 §3.2.2: who was addressed answers from that address; a router from the one toward the sender.
        var source = _stack.Ip.IsMine(header.Destination) ? header.Destination : IpAddress.Any;
        // RFC 1812 §4.3.2.5: as urgent as control messages are, and of the service that the packet asked for.
        var service = (byte)(InternetworkControl | header.TypeOfService & ServiceBits);
        Send(message, source, header.Source, Ip.DefaultTimeToLive, because, typeOfService: service);
    }

    /// <summary>RFC 1812 §5.2.7.2: a packet leaves by where it came from, so its sender, who stands there too, knows a detour only.</summary>
    internal void Redirect(PacketBuffer packet, in Ipv4Header header, Route route)
    {
        if (
            !route.Adapter!.ShareSubnet(header.Source, route.NextHop) || !MayRedirect(header.Source, header.Destination)
        )
            return;
        SendError(packet.Span, IcmpType.Redirect, IcmpCode.ForHost, route.NextHop.AsV4, packet.Cause);
    }

    /// <summary>Sends a message that is whole, and owns it from now on.</summary>
    internal SocketError Send(
        PacketBuffer message,
        IpAddress source,
        IpAddress destination,
        byte timeToLive,
        EventId because,
        bool mayFragment = true,
        byte typeOfService = 0,
        ReadOnlySpan<byte> options = default
    )
    {
        var (type, code) = ((IcmpType)message.Span[0], message.Span[1]);
        _stack.Counters.IcmpMessagesSent++;
        var sent =
            _stack.Journal?.Tell(
                new IcmpSent(destination, (byte)type, code, IcmpWords.Describe(type, code, Language.English)),
                because
            )
            ?? because;
        return _stack.Ip.Send(
            message,
            IpProtocol.Icmp,
            source,
            destination,
            timeToLive,
            sent,
            mayFragment,
            typeOfService,
            options
        );
    }

    private void Answer(in IpPacket packet, in IcmpHeader request, EventId because)
    {
        // RFC 1122 §3.2.2.6 lets an echo to all go unanswered: one packet must not make a whole subnet shout at a victim.
        if (_stack.Ip.IsBroadcast(packet.Destination))
            return;
        var reply = _stack.Loop.Packets.Rent(request.Whole.Length);
        reply.Append(request.Whole);
        IcmpHeader.Write(reply.Span, IcmpType.EchoReply, 0, request.Identifier, request.Sequence);
        Ipv4Header.TryRead(packet.Whole, out var header);
        Span<byte> options = stackalloc byte[Ipv4Header.MaxOptions];
        options = options[..ReplyOptions(header.Options, packet.Destination, options)];
        Send(
            reply,
            packet.Destination,
            packet.Source,
            Ip.DefaultTimeToLive,
            because,
            typeOfService: header.TypeOfService,
            options: options
        );
    }

    /// <summary>RFC 1122 §3.2.2.6: record route and timestamp go back with the reply, with this host entered. How long they are.</summary>
    private int ReplyOptions(ReadOnlySpan<byte> asked, IpAddress here, Span<byte> into)
    {
        var length = 0;
        var options = new Ipv4Options(asked);
        while (options.MoveNext())
        {
            if (options.Type is not (Ipv4Option.RecordRoute or Ipv4Option.Timestamp))
                continue;
            options.Current.CopyTo(into[length..]);
            length += options.Current.Length;
        }
        var whole = (length + 3) & ~3;
        into[length..whole].Clear();
        Ipv4OptionRules.Stamp(into[..length], _stack.Ip, here, _stack.Loop.UtcNow);
        return whole;
    }

    /// <summary>RFC 1122 §3.2.2.2: only the router that is asked now may name another, and only one on the link on which both stand.</summary>
    private void OnRedirect(in IpPacket packet, in IcmpHeader message, EventId because)
    {
        // RFC 1812 §5.2.7.2: a router does not listen.
        if (_stack.Ip.Forwarding)
            return;
        var ip = _stack.Ip;
        var gateway = message.Gateway;
        if (
            message.Code > IcmpCode.ForHostAndService
            || !Ipv4Header.TryReadQuoted(message.Data, out var quoted)
            || !ip.IsMine(quoted.Source)
            || packet.Adapter is not { } adapter
            || !adapter.IsOnLink(gateway)
            || ip.IsMine(gateway)
            || ip.IsBroadcast(gateway)
            || !ip.TryRoute(quoted.Destination, out var route)
            || route.Adapter != adapter
            || route.NextHop != packet.Source
            || route.NextHop == quoted.Destination
        )
        {
            _stack.Drop(Layer.Icmp, DropReason.BadRedirect, because);
            return;
        }
        ip.Redirects.Learn(quoted.Destination, adapter, gateway, packet.Source, _stack.Loop.Now);
        _stack.Journal?.Tell(new RouteRedirected(quoted.Destination, gateway, packet.Source), because);
    }

    private void OnErrorMessage(in IpPacket packet, in IcmpHeader message, EventId because)
    {
        // The quoted packet is cut off as a rule, so its own length says nothing.
        if (!Ipv4Header.TryReadQuoted(message.Data, out var quoted) || !_stack.Ip.IsMine(quoted.Source))
        {
            _stack.Drop(Layer.Icmp, DropReason.BadIcmp, because);
            return;
        }
        var mtu = 0;
        if (IsTooBig(message) && !TryReadMtu(message, quoted, out mtu))
        {
            _stack.Drop(Layer.Icmp, DropReason.BadIcmp, because, "MTU");
            return;
        }
        var transport = message.Data[quoted.Length..];
        Tell(
            packet,
            new IcmpError
            {
                From = packet.Source,
                Type = (byte)message.Type,
                Code = message.Code,
                Mtu = (ushort)mtu,
                Source = quoted.Source,
                Destination = quoted.Destination,
                Protocol = quoted.Protocol,
                QuotedTransport = transport,
                Cause = because,
            }
        );
    }

    /// <summary>An error of either family goes to whom it concerns: a ping socket gets the message itself, a transport what it says.</summary>
    internal void Tell(in IpPacket packet, in IcmpError error)
    {
        if (error.Protocol is not (IpProtocol.Icmp or IpProtocol.IcmpV6))
        {
            _stack.Ip.TransportOf(error.Protocol)?.OnError(error);
            return;
        }
        // The identifier stands at the same place in both families' echoes.
        var request = error.Source.IsV4 ? (byte)IcmpType.EchoRequest : (byte)Icmpv6Type.EchoRequest;
        if (
            !IcmpHeader.TryRead(error.QuotedTransport, out var mine)
            || (byte)mine.Type != request
            || FindSocket(mine.Identifier) is not { } socket
        )
            return;
        if (error.IsTooBig)
            _stack.Ip.PathMtus.Learn(error.Destination, error.Mtu, _stack.Loop.Now);
        socket.OnMessage(packet, error.Cause);
    }

    private static bool IsTooBig(in IcmpHeader message) =>
        message is { Type: IcmpType.DestinationUnreachable, Code: IcmpCode.FragmentationNeeded };

    /// <summary>RFC 1191: false if what it is about may be cut, or would have passed such a link, for then it is a lie.</summary>
    private static bool TryReadMtu(in IcmpHeader message, in Ipv4Header quoted, out int mtu)
    {
        // A router of the old kind does not say (§5).
        mtu = message.Mtu > 0 ? message.Mtu : PathMtuCache.Guess(quoted.TotalLength);
        return quoted.DontFragment && mtu < quoted.TotalLength;
    }

    private bool MayEarnError(in Ipv4Header header, ReadOnlySpan<byte> payload) =>
        !(header.Protocol == IpProtocol.Icmp && !payload.IsEmpty && IcmpHeader.IsError((IcmpType)payload[0]))
        && header.FragmentOffset == 0
        && !_stack.Ip.IsBroadcast(header.Destination)
        && !header.Destination.IsMulticast
        && !_stack.Ip.IsBroadcast(header.Source)
        && header.Source.AsV4 >> 24 is not (0 or >= 224);
}
