using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>SOCK_DGRAM of the operating system's: UDP.</summary>
internal sealed class HostDatagram : OpenSocket
{
    private readonly HostSocket _host;
    private bool _isBound;
    private bool _isConnected;

    public HostDatagram(EventLoop loop, string owner) =>
        _host = new(
            loop,
            owner,
            SocketKind.Datagram,
            new(
                SocketOption.TimeToLive,
                SocketOption.Broadcast,
                SocketOption.DontFragment,
                SocketOption.ReceiveBuffer,
                SocketOption.ReceiveErrors,
                SocketOption.ReusePort,
                SocketOption.BindToDevice,
                SocketOption.V6Only
            )
        );

    public override Endpoint Local => _host.Socket?.Local ?? Endpoint.Any;

    public override Endpoint Remote => _isConnected ? _host.Socket!.Remote : Endpoint.Any;

    private bool ReceivesErrors => _host.Options.IsOn(SocketOption.ReceiveErrors);

    public override void Bind(Endpoint local)
    {
        if (_isBound)
            throw Failure(SocketError.InvalidArgument);
        Check(_host.Get(local.Address).Bind(local));
        _isBound = true;
    }

    public override ValueTask ConnectAsync(Endpoint remote, EventId because, CancellationToken stop)
    {
        Check(_host.Get(remote.Address).Connect(Check(remote)));
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
            if (TryRead(into.Span, out var received))
                return received;
            if (_host.Socket is null)
                await _host.GetAsync(stop);
            else
                await _host.WaitToReadAsync(stop);
        }
    }

    public override bool TryRead(Span<byte> into, out Received received)
    {
        received = default;
        _host.ThrowIfClosed();
        if (_host.Socket is not { } socket || !_host.MayRead)
            return false;
        _host.Loop.LookAtTheClock();
        while (true)
        {
            var error = socket.ReceiveFrom(into, out received);
            if (error == SocketError.Success)
                return true;
            if (error == SocketError.WouldBlock)
            {
                _host.FoundEmpty(isCertain: true);
                return false;
            }
            // Told by the queue of errors, where somebody waits for it.
            if (!ReceivesErrors)
                throw Failure(error);
        }
    }

    public override int TryWrite(ReadOnlySpan<byte> data, EventId because)
    {
        if (!_isConnected)
            throw Failure(SocketError.DestinationAddressRequired);
        var error = Send(data, default);
        if (error == SocketError.WouldBlock)
            return 0;
        Check(error);
        return data.Length;
    }

    public override PollEvents Poll() => _host.Poll();

    public override Signal Changed(PollEvents wanted) => _host.Changed(wanted);

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
        if (option == SocketOption.ReceiveErrors && value != 0 && _host.Loop.Driver is PortableDriver)
            throw NotSupported();
        if (option is SocketOption.V6Only or SocketOption.ReusePort && _isBound)
            throw Failure(SocketError.InvalidArgument);
        _host.ThrowIfClosed();
        _host.Options.Set(
            _host.Socket,
            option,
            option switch
            {
                SocketOption.TimeToLive => CheckTimeToLive(value),
                SocketOption.ReceiveBuffer => CheckBufferSize(value),
                _ => value,
            }
        );
    }

    public override int GetOption(SocketOption option) => _host.Options.Get(_host.Socket, option);

    private static Endpoint Check(Endpoint remote) =>
        remote.Port == Port.Any ? throw Failure(SocketError.InvalidArgument) : remote;

    private SocketError Send(ReadOnlySpan<byte> data, Endpoint to) =>
        to == default ? _host.Socket!.Send(data, out _) : _host.Get(to.Address).SendTo(data, to);

    private bool TryReceiveError(out ReceivedError error)
    {
        error = default;
        Span<byte> quoted = stackalloc byte[64];
        return _host.Socket is { } socket && socket.TryReceiveError(quoted, out error, out _);
    }
}
