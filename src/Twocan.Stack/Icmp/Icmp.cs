using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>ICMP of one host (RFC 792, RFC 1122 §3.2.2): answers echoes, tells senders what went wrong, and tells sockets what it hears.</summary>
public sealed class Icmp : ITransport
{
    /// <summary>RFC 1812 §4.3.2.3: an error quotes as much as fits into 576 bytes.</summary>
    private const int MaxQuoted = 576 - Ipv4Header.MinLength - IcmpHeader.Length;

    private readonly ProtocolStack _stack;
    private readonly Dictionary<ushort, PingSocket> _pings = [];
    private readonly RandomSource _identifiers;

    /// <summary>RFC 1812 §4.3.2.8.</summary>
    private readonly TokenBucket _errors = new(burst: 50, perSecond: 1000);

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
                    IcmpHeader.Describe(message.Type, message.Code, Language.English)
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
                _pings.GetValueOrDefault(message.Identifier)?.OnReply(packet, cause);
                break;
            case IcmpType.DestinationUnreachable or IcmpType.TimeExceeded or IcmpType.ParameterProblem:
                OnErrorMessage(packet, message, cause);
                break;
            default:
                // RFC 1122 §3.2.2: an unknown type is discarded in silence. So are redirects, which anyone could send.
                break;
        }
    }

    /// <summary>An error about a packet of the ping sockets went to them as a message already.</summary>
    public void OnError(in IcmpError error) { }

    /// <summary>
    /// Tells the sender of a packet what went wrong with it, unless a rule of RFC 1122 §3.2.2 forbids it: never about
    /// an error, a broadcast, a later fragment, or to somebody who is not one host.
    /// </summary>
    internal void SendError(ReadOnlySpan<byte> about, IcmpType type, byte code, ushort mtu, EventId because)
    {
        if (!Ipv4Header.TryRead(about, out var header) || !MayEarnError(header, about[header.Length..]))
            return;
        var toMyself = _stack.Ip.IsMine(header.Source);
        if (!toMyself && !_errors.TryTake(_stack.Loop.Now))
        {
            _stack.Counters.IcmpErrorsHeldBack++;
            return;
        }
        var quoted = about[..Math.Min(about.Length, MaxQuoted)];
        var message = _stack.Loop.Packets.Rent();
        message.Append(IcmpHeader.Length);
        message.Append(quoted);
        IcmpHeader.Write(message.Span, type, code, 0, mtu);
        // RFC 1122 §3.2.2: who was addressed answers from that address; a router from the one toward the sender.
        var source = _stack.Ip.IsMine(header.Destination) ? header.Destination : IpAddress.Any;
        Send(message, source, header.Source, Ip.DefaultTimeToLive, because);
    }

    /// <summary>Sends a message that is whole, and owns it from now on.</summary>
    internal SocketError Send(
        PacketBuffer message,
        IpAddress source,
        IpAddress destination,
        byte timeToLive,
        EventId because,
        bool mayFragment = true
    )
    {
        var (type, code) = ((IcmpType)message.Span[0], message.Span[1]);
        _stack.Counters.IcmpMessagesSent++;
        var sent =
            _stack.Journal?.Tell(
                new IcmpSent(destination, (byte)type, code, IcmpHeader.Describe(type, code, Language.English)),
                because
            )
            ?? because;
        return _stack.Ip.Send(message, IpProtocol.Icmp, source, destination, timeToLive, sent, mayFragment);
    }

    private void Answer(in IpPacket packet, in IcmpHeader request, EventId because)
    {
        // RFC 1122 §3.2.2.6 lets an echo to all go unanswered: one packet must not make a whole subnet shout at a victim.
        if (_stack.Ip.IsBroadcast(packet.Destination))
            return;
        var reply = _stack.Loop.Packets.Rent(request.Whole.Length);
        reply.Append(request.Whole);
        IcmpHeader.Write(reply.Span, IcmpType.EchoReply, 0, request.Identifier, request.Sequence);
        Send(reply, packet.Destination, packet.Source, Ip.DefaultTimeToLive, because);
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
        if (quoted.Protocol == IpProtocol.Icmp)
        {
            if (
                !IcmpHeader.TryRead(transport, out var mine)
                || mine.Type != IcmpType.EchoRequest
                || !_pings.TryGetValue(mine.Identifier, out var socket)
            )
                return;
            if (mtu > 0)
                _stack.Ip.PathMtus.Learn(quoted.Destination, mtu, _stack.Loop.Now);
            socket.OnMessage(packet, because);
            return;
        }
        _stack
            .Ip.TransportOf(quoted.Protocol)
            ?.OnError(
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
