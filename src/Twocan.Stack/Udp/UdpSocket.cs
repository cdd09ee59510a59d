using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>One UDP socket: where it is bound, whom it speaks to, and what has come in for it.</summary>
public sealed class UdpSocket : IMessageSocket
{
    private readonly ProtocolStack _stack;
    private readonly ReceiveQueue _received;
    private ErrorQueue? _errors;

    internal UdpSocket(ProtocolStack stack)
    {
        _stack = stack;
        _received = new(stack.Loop, stack.Name, "a UDP datagram");
    }

    /// <summary>Port 0 while it is not bound.</summary>
    public Endpoint Local { get; private set; } = Endpoint.Any;

    /// <summary>Port 0 while it is not connected.</summary>
    public Endpoint Remote { get; private set; } = Endpoint.Any;

    /// <summary>Who made it; null when no program did.</summary>
    public string? Program { get; } = ProgramName.Current;

    public bool IsBound => Local.Port != Port.Any;

    public bool IsConnected => Remote.Port != Port.Any;

    public byte TimeToLive { get; set; } = Ip.DefaultTimeToLive;

    /// <summary>SO_BROADCAST: without it, an address that means everybody is refused.</summary>
    public bool MayBroadcast { get; set; }

    /// <summary>IP_DONTFRAG: what is too long is refused, here or by a router on the way.</summary>
    public bool DontFragment { get; set; }

    /// <summary>SO_BINDTODEVICE: the only adapter by which it sends and hears; null is any.</summary>
    public Adapter? Device
    {
        get;
        set => field = IsBound ? throw new SocketException((int)SocketError.InvalidArgument) : value;
    }

    /// <summary>IPV6_V6ONLY: bound to ::, it does not take what comes over IPv4.</summary>
    public bool V6Only
    {
        get;
        set => field = IsBound ? throw new SocketException((int)SocketError.InvalidArgument) : value;
    }

    /// <summary>SO_REUSEPORT: others that say so too may be bound to the same place.</summary>
    public bool SharesPort
    {
        get;
        set => field = IsBound ? throw new SocketException((int)SocketError.InvalidArgument) : value;
    }

    /// <summary>IP_RECVERR: errors wait in a queue of their own, with who said them. Switching it off throws them away.</summary>
    public bool ReceivesErrors
    {
        get => _errors is not null;
        set
        {
            if (value == ReceivesErrors)
                return;
            _errors?.Close();
            _errors = value ? new(_stack.Loop, _stack.Name) : null;
        }
    }

    /// <summary>A read would not wait.</summary>
    public bool IsReadable => _received.IsReadable;

    /// <summary>An ICMP error about the peer waits for the next call.</summary>
    public bool HasError => _received.HasError || _errors is { Count: > 0 };

    /// <summary>SO_ERROR: that error, told once.</summary>
    public SocketError TakeError() => _received.TakeError();

    public int ReceiveBufferSize
    {
        get => _received.Limit;
        set => _received.Limit = value;
    }

    public void Bind(Endpoint local)
    {
        if (IsBound)
            throw new SocketException((int)SocketError.InvalidArgument);
        var address = local.Address;
        if (!address.IsAny && !_stack.Ip.IsMine(address) && !_stack.Ip.IsBroadcast(address))
            throw new SocketException((int)SocketError.AddressNotAvailable);
        Local = _stack.Udp.Bind(this, new(address, local.Port));
    }

    /// <summary>Sends nothing: fixes the peer, and with it my own address.</summary>
    public void Connect(Endpoint remote)
    {
        var to = Check(remote);
        if (!_stack.Ip.TryRoute(to.Address, Through(to), out var route))
            throw new SocketException((int)SocketError.NetworkUnreachable);
        if (!IsBound)
            Bind(new(route.Source, Port.Any));
        else if (Local.Address.IsAny)
            Local = new(route.Source, Local.Port);
        Remote = to;
    }

    /// <summary>Sends to the peer that the socket is connected to.</summary>
    public void Send(ReadOnlySpan<byte> data, EventId because)
    {
        if (!IsConnected)
            throw new SocketException((int)SocketError.DestinationAddressRequired);
        SendTo(data, Remote, because);
    }

    /// <summary>A <paramref name="remote"/> of <c>default</c> is the connected peer.</summary>
    public void SendTo(ReadOnlySpan<byte> data, Endpoint remote, EventId because)
    {
        if (remote == default && IsConnected)
            remote = Remote;
        _received.ThrowPendingError();
        Transmit(data, Check(remote), because);
    }

    public ValueTask<Received> ReceiveAsync(Memory<byte> into, CancellationToken stop = default) =>
        _received.TakeAsync(into, stop);

    public bool TryReceive(Span<byte> into, out Received received) => _received.TryTake(into, out received);

    public Signal Received => _received.Changed;

    public ValueTask<ReceivedError> ReceiveErrorAsync(CancellationToken stop = default) =>
        _errors?.TakeAsync(stop) ?? throw new SocketException((int)SocketError.InvalidArgument);

    public void Close()
    {
        _stack.Udp.Unbind(this);
        _received.Close();
        _errors?.Close();
    }

    /// <summary>Is a datagram from <paramref name="remote"/> to <paramref name="local"/> (an address of this host) for this socket?</summary>
    /// <param name="adapter">Where it came in; null is anywhere.</param>
    internal bool Takes(IpAddress local, Endpoint remote, Adapter? adapter) =>
        (Device is null || adapter is null || Device == adapter)
        && LocalEnd.Takes(Local.Address, V6Only, local)
        && (!IsConnected || Remote == remote);

    /// <summary>Octets of memory that datagrams take which the program has not fetched yet.</summary>
    public int ReceiveQueue => _received.Bytes;

    /// <summary>Datagrams that came while the queue was full.</summary>
    public long Lost { get; private set; }

    internal bool Deliver(ReadOnlySpan<byte> data, Endpoint from, byte timeToLive, EventId cause)
    {
        var isTaken = _received.TryAdd(data, from, timeToLive, cause);
        if (!isTaken)
            Lost++;
        return isTaken;
    }

    /// <summary>
    /// Only a connected socket knows which of its datagrams an error is about (RFC 1122 §4.1.3.3), unless its program
    /// wants to be told.
    /// </summary>
    internal void OnError(in IcmpError error, Endpoint to)
    {
        var meaning = error.Meaning;
        if (_errors is { } errors)
        {
            if (errors.TryAdd(new(meaning, error.From, error.Type, error.Code, error.Mtu, to, error.Cause)))
                Received.Set(); // As on Linux: whoever polls is told of it.
            else
                _stack.Drop(Layer.Udp, DropReason.ReceiveQueueFull, error.Cause);
        }
        else if (IsConnected)
        {
            _received.Fail(meaning, error.Cause);
        }
    }

    private Endpoint Check(Endpoint remote)
    {
        if (remote.Port == Port.Any)
            throw new SocketException((int)SocketError.InvalidArgument);
        var address = LocalEnd.OrLoopback(remote.Address);
        if (IsBound && !LocalEnd.TakesFamily(Local.Address, V6Only, address.IsV4))
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        if (!MayBroadcast && _stack.Ip.IsBroadcast(address))
            throw new SocketException((int)SocketError.AccessDenied);
        return remote with { Address = address };
    }

    /// <summary>By which adapter alone it may leave; a link-local address says it by its scope.</summary>
    private Adapter? Through(Endpoint to) => Device ?? _stack.FindAdapter(to.Scope);

    private void Transmit(ReadOnlySpan<byte> data, Endpoint to, EventId because)
    {
        var isV4 = to.Address.IsV4;
        if (data.Length > (isV4 ? UdpHeader.MaxData : UdpHeader.MaxDataV6))
            throw new SocketException((int)SocketError.MessageSize);
        if (!_stack.Ip.TryRoute(to.Address, Through(to), out var route))
            throw new SocketException((int)SocketError.NetworkUnreachable);
        var headers = (isV4 ? Ipv4Header.MinLength : Ipv6Header.Length) + UdpHeader.Size;
        if (DontFragment && headers + data.Length > route.Mtu)
            throw new SocketException((int)SocketError.MessageSize);
        if (!IsBound)
            Bind(new(LocalEnd.AnyFor(to.Address), Port.Any));
        var source = Local.Address.IsAny || _stack.Ip.IsBroadcast(Local.Address) ? route.Source : Local.Address;
        var from = new Endpoint(source, Local.Port);
        var datagram = _stack.Loop.Packets.Rent(UdpHeader.Size + data.Length);
        datagram.Append(UdpHeader.Size);
        datagram.Append(data);
        UdpHeader.Write(datagram.Span, from, to);
        _stack.Counters.DatagramsSent++;
        var sent = _stack.Journal?.Tell(new DatagramSent(from, to, data.Length), because) ?? because;
        var error = _stack.Ip.Send(
            datagram,
            IpProtocol.Udp,
            source,
            to.Address,
            TimeToLive,
            sent,
            !DontFragment,
            through: Through(to)
        );
        if (error != SocketError.Success)
            throw new SocketException((int)error);
    }
}
