#pragma warning disable RS0030 // The operating system's sockets: this folder is where they are known.
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>SOCK_DGRAM of the operating system's: UDP.</summary>
internal sealed class HostDatagram : OpenSocket
{
    private readonly HostSocket _host;
    private readonly HostOptions _options = new(
        SocketOption.TimeToLive,
        SocketOption.Broadcast,
        SocketOption.DontFragment,
        SocketOption.ReceiveBuffer,
        SocketOption.ReceiveErrors,
        SocketOption.BindToDevice,
        SocketOption.V6Only
    );
    private HostEndpoint? _peer;
    private bool _isBound;
    private bool _isConnected;

    public HostDatagram(EventLoop loop, string owner)
    {
        _host = new(loop, owner, static family => new(family, SocketType.Dgram, ProtocolType.Udp));
        _host.Configure(HostOptions.TellTimeToLive);
    }

    public override Endpoint Local => HostEndpoint.FromSystem(_host.Socket?.LocalEndPoint);

    public override Endpoint Remote =>
        _isConnected ? HostEndpoint.FromSystem(_host.Socket?.RemoteEndPoint) : Endpoint.Any;

    private bool ReceivesErrors => _options.IsOn(SocketOption.ReceiveErrors);

    public override void Bind(Endpoint local)
    {
        if (_isBound)
            throw Failure(SocketError.InvalidArgument);
        _host.Get(local.Address).Bind(HostEndpoint.ToSystem(local));
        _isBound = true;
    }

    public override ValueTask ConnectAsync(Endpoint remote, EventId because, CancellationToken stop)
    {
        _host.Get(remote.Address).Connect(HostEndpoint.ToSystem(Check(remote)));
        (_isBound, _isConnected) = (true, true);
        return ValueTask.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> data, EventId because, CancellationToken stop) =>
        SendToAsync(data, default, because, stop);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask SendToAsync(
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because,
        CancellationToken stop
    )
    {
        if (to == default && !_isConnected)
            throw Failure(SocketError.DestinationAddressRequired);
        if (to != default)
            Check(to);
        var hasForgiven = false;
        while (true)
        {
            await _host.TurnAsync();
            var error = Send(data.Span, to);
            if (error == SocketError.Success)
            {
                _isBound = true;
                return;
            }
            if (error == SocketError.WouldBlock)
            {
                await _host.WaitToWriteAsync(stop);
            }
            else if (ReceivesErrors && !hasForgiven)
            {
                // The error of an earlier datagram: it waits in the queue, and this one has not been tried yet.
                hasForgiven = true;
            }
            else
            {
                throw Failure(error);
            }
        }
    }

    public override ValueTask<Received> ReadAsync(Memory<byte> into, CancellationToken stop) =>
        ReceiveFromAsync(into, stop);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<Received> ReceiveFromAsync(Memory<byte> into, CancellationToken stop)
    {
        while (true)
        {
            await _host.TurnAsync();
            await _host.GetAsync(stop);
            if (TryReceive(into.Span, out var received, out var error))
                return received;
            if (error == SocketError.WouldBlock)
                await _host.WaitToReadAsync(stop);
            else if (!ReceivesErrors)
                throw Failure(error);
        }
    }

    public override bool TryRead(Span<byte> into, out Received received)
    {
        received = default;
        _host.ThrowIfClosed();
        if (_host.Socket is null)
            return false;
        if (TryReceive(into, out received, out var error))
            return true;
        return error == SocketError.WouldBlock || ReceivesErrors ? false : throw Failure(error);
    }

    public override int TryWrite(ReadOnlySpan<byte> data, EventId because)
    {
        if (!_isConnected)
            throw Failure(SocketError.DestinationAddressRequired);
        return Send(data, default) switch
        {
            SocketError.Success => data.Length,
            SocketError.WouldBlock => 0,
            var error => throw Failure(error),
        };
    }

    public override PollEvents Poll() => _host.Poll();

    public override ValueTask<PollEvents> PollAsync(PollEvents wanted, CancellationToken stop) =>
        _host.PollAsync(wanted, stop);

    public override async ValueTask<ReceivedError> ReceiveErrorAsync(CancellationToken stop)
    {
        if (!ReceivesErrors)
            throw Failure(SocketError.InvalidArgument);
        while (true)
        {
            _host.ThrowIfClosed();
            if (TryReceiveError(out var error))
                return error;
            await _host.GetAsync(stop);
            await _host.WaitToReadAsync(stop);
        }
    }

    public override void Close(EventId because) => _host.Close();

    public override void SetOption(SocketOption option, int value)
    {
        if (!_options.Knows(option))
            throw Failure(SocketError.ProtocolOption);
        if (option == SocketOption.ReceiveErrors && value != 0 && !OperatingSystem.IsLinux())
            throw NotSupported();
        if (option == SocketOption.V6Only && _isBound)
            throw Failure(SocketError.InvalidArgument);
        _options.Set(
            _host,
            option,
            option switch
            {
                SocketOption.TimeToLive => CheckTimeToLive(value),
                SocketOption.ReceiveBuffer => CheckBufferSize(value),
                _ => value,
            }
        );
    }

    public override int GetOption(SocketOption option) =>
        _options.Knows(option) ? _options.Get(_host, option) : throw Failure(SocketError.ProtocolOption);

    private static Endpoint Check(Endpoint remote) =>
        remote.Port == Port.Any ? throw Failure(SocketError.InvalidArgument) : remote;

    private SocketError Send(ReadOnlySpan<byte> data, Endpoint to)
    {
        if (to == default)
        {
            _host.Socket!.Send(data, SocketFlags.None, out var error);
            return error;
        }
        var socket = _host.Get(to.Address);
        _peer ??= new(socket.AddressFamily);
        _peer.Set(to);
        try
        {
            socket.SendTo(data, SocketFlags.None, _peer.Raw);
            return SocketError.Success;
        }
        catch (SocketException refusal)
        {
            return refusal.SocketErrorCode;
        }
    }

    private bool TryReceive(Span<byte> into, out Received received, out SocketError error)
    {
        _host.Loop.LookAtTheClock();
        if (OperatingSystem.IsLinux())
            return HostMessage.TryReceive((int)_host.Socket!.Handle, into, out received, out error);
        received = default;
        error = SocketError.WouldBlock;
        if (_host.Socket!.Available == 0)
            return false;
        try
        {
            _peer ??= new(_host.Socket.AddressFamily);
            var length = _host.Socket.ReceiveFrom(into, SocketFlags.None, _peer.Raw);
            received = new(length, _peer.Get(), 0, default);
            return true;
        }
        catch (SocketException refusal)
        {
            error = refusal.SocketErrorCode;
            return false;
        }
    }

    private bool TryReceiveError(out ReceivedError error)
    {
        error = default;
        Span<byte> quoted = stackalloc byte[64];
        return _host.Socket is { } socket
            && OperatingSystem.IsLinux()
            && HostMessage.TryReceiveError((int)socket.Handle, quoted, out error, out _);
    }
}
