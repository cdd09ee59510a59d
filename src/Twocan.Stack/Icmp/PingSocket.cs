using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>
/// A socket for echo requests, without special rights, as Linux's 'ping sockets' are: it sends echo requests, and gets
/// the replies to them and the errors about them, as whole ICMP messages from the type on.
/// </summary>
public sealed class PingSocket : IMessageSocket
{
    private readonly ProtocolStack _stack;
    private readonly ReceiveQueue _received;

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
        Local = local.IsAny ? IpAddress.Any : local;
    }

    public void Connect(IpAddress remote)
    {
        if (!_stack.Ip.TryRoute(remote, out var route))
            throw new SocketException((int)SocketError.NetworkUnreachable);
        Remote = remote;
        if (Local.IsAny)
            Local = route.Source;
    }

    /// <summary>Sends an echo request: the caller gives sequence and data, the stack fills in type, checksum and identifier.</summary>
    public void SendTo(ReadOnlySpan<byte> message, IpAddress to, EventId because)
    {
        _received.ThrowPendingError();
        to = to.IsAny ? Remote : to;
        if (to.IsAny)
            throw new SocketException((int)SocketError.DestinationAddressRequired);
        if (!MayBroadcast && _stack.Ip.IsBroadcast(to))
            throw new SocketException((int)SocketError.AccessDenied);
        if (!IcmpHeader.TryRead(message, out var header) || header.Type != IcmpType.EchoRequest || header.Code != 0)
            throw new SocketException((int)SocketError.InvalidArgument);
        if (message.Length > Ipv4Header.MaxPacketLength - Ipv4Header.MinLength)
            throw new SocketException((int)SocketError.MessageSize);
        if (DontFragment && _stack.Ip.TryRoute(to, out var route) && message.Length + Ipv4Header.MinLength > route.Mtu)
            throw new SocketException((int)SocketError.MessageSize);
        var packet = _stack.Loop.Packets.Rent(message.Length);
        packet.Append(message);
        IcmpHeader.Write(packet.Span, IcmpType.EchoRequest, 0, Identifier, header.Sequence);
        var error = _stack.Icmp.Send(packet, Local, to, TimeToLive, because, !DontFragment);
        if (error != SocketError.Success)
            throw new SocketException((int)error);
    }

    public ValueTask<Received> ReceiveAsync(Memory<byte> into, CancellationToken stop = default) =>
        _received.TakeAsync(into, stop);

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

    internal void OnMessage(in IpPacket packet, EventId cause)
    {
        if (!_received.TryAdd(packet.Payload, new(packet.Source, Port.Any), packet.TimeToLive, cause))
            _stack.Drop(Layer.Icmp, DropReason.ReceiveQueueFull, cause);
    }
}
