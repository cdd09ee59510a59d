using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>
/// A socket for echo requests, without special rights, as Linux's 'ping sockets' are: it sends echo requests, and gets
/// the replies to them and the errors about them, as whole messages from the type on: of ICMP to and from IPv4 addresses, of
/// ICMPv6 to and from others.
/// </summary>
public sealed class PingSocket : IMessageSocket
{
    private readonly ProtocolStack _stack;
    private readonly ReceiveQueue _received;
    private int _scope;

    internal PingSocket(ProtocolStack stack, ushort identifier)
    {
        (_stack, Identifier) = (stack, identifier);
        _received = new(stack.Loop, stack.Name, "an echo reply");
    }

    /// <summary>By this a reply finds its socket, as a datagram does by its port.</summary>
    public ushort Identifier { get; }

    public IpAddress Local { get; private set; } = IpAddress.Any;

    public IpAddress Remote { get; private set; } = IpAddress.Any;

    public byte TimeToLive { get; set; } = Ip.DefaultTimeToLive;

    public bool MayBroadcast { get; set; }

    /// <summary>IP_DONTFRAG: what is too long is refused, here or by a router on the way.</summary>
    public bool DontFragment { get; set; }

    public int ReceiveBufferSize
    {
        get => _received.Limit;
        set => _received.Limit = value;
    }

    public void Bind(IpAddress local)
    {
        if (!local.IsAny && !_stack.Ip.IsMine(local))
            throw new SocketException((int)SocketError.AddressNotAvailable);
        Local = local;
    }

    public void Connect(IpAddress remote, int scope = 0)
    {
        if (!_stack.Ip.TryRoute(remote, _stack.FindAdapter(scope), out var route))
            throw new SocketException((int)SocketError.NetworkUnreachable);
        (Remote, _scope) = (remote, scope);
        if (Local.IsAny)
            Local = route.Source;
    }

    /// <summary>Sends an echo request: the caller gives sequence and data, the stack fills in type, checksum and identifier.</summary>
    /// <param name="scope">The link on which a link-local address is meant.</param>
    public void SendTo(ReadOnlySpan<byte> message, IpAddress to, EventId because, int scope = 0)
    {
        _received.ThrowPendingError();
        if (to.IsAny)
            (to, scope) = (Remote, _scope);
        if (to.IsAny)
            throw new SocketException((int)SocketError.DestinationAddressRequired);
        if (!MayBroadcast && _stack.Ip.IsBroadcast(to))
            throw new SocketException((int)SocketError.AccessDenied);
        if (!Local.IsAny && Local.IsV4 != to.IsV4)
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        var request = to.IsV4 ? (byte)IcmpType.EchoRequest : (byte)Icmpv6Type.EchoRequest;
        if (!IcmpHeader.TryRead(message, out var header) || (byte)header.Type != request || header.Code != 0)
            throw new SocketException((int)SocketError.InvalidArgument);
        var through = _stack.FindAdapter(scope);
        CheckLength(message.Length, to, through);
        var packet = _stack.Loop.Packets.Rent(message.Length);
        packet.Append(message);
        var error = Send(packet, header.Sequence, to, because, through);
        if (error != SocketError.Success)
            throw new SocketException((int)error);
    }

    private void CheckLength(int length, IpAddress to, Adapter? through)
    {
        var headerLength = to.IsV4 ? Ipv4Header.MinLength : Ipv6Header.Length;
        var most = to.IsV4 ? Ipv4Header.MaxPacketLength - headerLength : Ipv6Header.MaxPayloadLength;
        if (length > most)
            throw new SocketException((int)SocketError.MessageSize);
        if (DontFragment && _stack.Ip.TryRoute(to, through, out var route) && length + headerLength > route.Mtu)
            throw new SocketException((int)SocketError.MessageSize);
    }

    private SocketError Send(PacketBuffer packet, ushort sequence, IpAddress to, EventId because, Adapter? through)
    {
        if (to.IsV4)
        {
            IcmpHeader.Write(packet.Span, IcmpType.EchoRequest, 0, Identifier, sequence);
            return _stack.Icmp.Send(
                packet,
                Local.IsAny ? IpAddress.Any : Local,
                to,
                TimeToLive,
                because,
                !DontFragment
            );
        }
        return _stack.Icmpv6.Send(
            packet,
            Icmpv6Type.EchoRequest,
            0,
            (uint)Identifier << 16 | sequence,
            Local.IsAny ? IpAddress.Any6 : Local,
            to,
            TimeToLive,
            because,
            through,
            !DontFragment
        );
    }

    public ValueTask<Received> ReceiveAsync(Memory<byte> into, CancellationToken stop = default) =>
        _received.TakeAsync(into, stop);

    public bool TryReceive(Span<byte> into, out Received received) => _received.TryTake(into, out received);

    public Signal Received => _received.Changed;

    public bool IsReadable => _received.IsReadable;

    public bool HasError => _received.HasError;

    public void Close()
    {
        _stack.Icmp.Remove(this);
        _received.Close();
    }

    /// <summary>A reply has to come from the peer that the socket is connected to; an error may come from any router.</summary>
    internal void OnReply(in IpPacket packet, EventId cause)
    {
        if (Remote.IsAny || Remote == packet.Source)
            OnMessage(packet, cause);
    }

    private static Endpoint From(in IpPacket packet) => new(packet.Source, Port.Any) { Scope = packet.Scope };

    internal void OnMessage(in IpPacket packet, EventId cause)
    {
        if (!_received.TryAdd(packet.Payload, From(packet), packet.TimeToLive, cause))
            _stack.Drop(Layer.Icmp, DropReason.ReceiveQueueFull, cause);
    }
}
