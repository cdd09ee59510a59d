#pragma warning disable RS0030 // The operating system's sockets: this folder is where they are known.
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>SOCK_STREAM of the operating system's: one end of a connection, or, after listen, the place where connections arrive.</summary>
internal sealed class HostStream(EventLoop loop, string owner) : OpenSocket
{
    private readonly HostSocket _host = new(loop, owner, Make);
    private readonly HostOptions _options = new(
        SocketOption.NoDelay,
        SocketOption.Cork,
        SocketOption.KeepAlive,
        SocketOption.KeepAliveTime,
        SocketOption.KeepAliveInterval,
        SocketOption.KeepAliveProbes,
        SocketOption.UserTimeout,
        SocketOption.SendBuffer,
        SocketOption.ReceiveBuffer,
        SocketOption.TimeToLive,
        SocketOption.ReuseAddress,
        SocketOption.V6Only
    );
    private Endpoint _remote = Endpoint.Any;
    private bool _isBound;
    private bool _isListening;
    private bool _isConnecting;
    private bool _isConnected;

    public override Endpoint Local => HostEndpoint.FromSystem(_host.Socket?.LocalEndPoint);

    public override Endpoint Remote => _remote;

    public override void Bind(Endpoint local)
    {
        if (_isBound || _isListening || _isConnected)
            throw Failure(SocketError.InvalidArgument);
        _host.Get(local.Address).Bind(HostEndpoint.ToSystem(local));
        _isBound = true;
    }

    public override void Listen(int backlog, EventId because)
    {
        if (_isListening || _isConnecting || _isConnected)
            throw Failure(SocketError.InvalidArgument);
        if (!_isBound)
            Bind(Endpoint.Any);
        _host.Socket!.Listen(backlog);
        _isListening = true;
    }

    public override async ValueTask<OpenSocket> AcceptAsync(CancellationToken stop)
    {
        if (!_isListening)
            throw Failure(SocketError.InvalidArgument);
        while (true)
        {
            await _host.TurnAsync();
            if (_host.Socket!.Poll(0, SelectMode.SelectRead) && Accept() is { } accepted)
                return accepted;
            await _host.WaitToReadAsync(stop);
            _host.ThrowIfClosed();
        }
    }

    public override async ValueTask ConnectAsync(Endpoint remote, EventId because, CancellationToken stop)
    {
        if (_isListening || _isConnected || _isConnecting)
            throw Failure(SocketError.IsConnected);
        if (remote.Port == Port.Any)
            throw Failure(SocketError.AddressNotAvailable);
        var socket = _host.Get(remote.Address);
        _isConnecting = true;
        try
        {
            if (!TryStart(socket, remote))
                await WaitForItAsync(socket, stop);
            _isConnected = true;
            _remote = HostEndpoint.FromSystem(socket.RemoteEndPoint) is { Port.Number: > 0 } known ? known : remote;
        }
        finally
        {
            _isConnecting = false;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<Received> ReadAsync(Memory<byte> into, CancellationToken stop)
    {
        while (true)
        {
            await _host.TurnAsync();
            ThrowIfNotConnected();
            var count = _host.Socket!.Receive(into.Span, SocketFlags.None, out var error);
            if (error == SocketError.Success)
                return new(count, Remote, 0, default);
            if (error != SocketError.WouldBlock)
                throw Failure(error);
            await _host.WaitToReadAsync(stop);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> data, EventId because, CancellationToken stop)
    {
        while (true)
        {
            await _host.TurnAsync();
            ThrowIfNotConnected();
            var count = _host.Socket!.Send(data.Span, SocketFlags.None, out var error);
            if (error == SocketError.Success)
            {
                data = data[count..];
                if (data.IsEmpty)
                    return;
                continue;
            }
            if (error != SocketError.WouldBlock)
                throw Failure(error);
            await _host.WaitToWriteAsync(stop);
        }
    }

    public override OpenSocket? TryAccept()
    {
        if (!_isListening)
            throw Failure(SocketError.InvalidArgument);
        _host.ThrowIfClosed();
        return _host.Socket!.Poll(0, SelectMode.SelectRead) ? Accept() : null;
    }

    public override bool TryRead(Span<byte> into, out Received received)
    {
        ThrowIfNotConnected();
        var count = _host.Socket!.Receive(into, SocketFlags.None, out var error);
        received = new(count, Remote, 0, default);
        return error == SocketError.Success || (error == SocketError.WouldBlock ? false : throw Failure(error));
    }

    public override int TryWrite(ReadOnlySpan<byte> data, EventId because)
    {
        ThrowIfNotConnected();
        var count = _host.Socket!.Send(data, SocketFlags.None, out var error);
        return error == SocketError.Success ? count
            : error == SocketError.WouldBlock ? 0
            : throw Failure(error);
    }

    public override PollEvents Poll() => _host.Poll();

    public override ValueTask<PollEvents> PollAsync(PollEvents wanted, CancellationToken stop) =>
        _host.PollAsync(wanted, stop);

    /// <summary>A connection goes to its peer and nowhere else: the address may be left out.</summary>
    public override ValueTask SendToAsync(
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because,
        CancellationToken stop
    ) =>
        to == default || to == Remote
            ? WriteAsync(data, because, stop)
            : ValueTask.FromException(Failure(SocketError.IsConnected));

    public override ValueTask<Received> ReceiveFromAsync(Memory<byte> into, CancellationToken stop) =>
        ReadAsync(into, stop);

    public override void Shutdown(ShutdownHow how, EventId because)
    {
        ThrowIfNotConnected();
        _host.Socket!.Shutdown(
            how switch
            {
                ShutdownHow.Read => SocketShutdown.Receive,
                ShutdownHow.Write => SocketShutdown.Send,
                _ => SocketShutdown.Both,
            }
        );
    }

    public override void Close(EventId because) => _host.Close();

    public override void SetOption(SocketOption option, int value)
    {
        if (!_options.Knows(option))
            throw Failure(SocketError.ProtocolOption);
        if (option == SocketOption.V6Only && _isBound)
            throw Failure(SocketError.InvalidArgument);
        _options.Set(_host, option, Check(option, value));
    }

    public override int GetOption(SocketOption option) =>
        _options.Knows(option) ? _options.Get(_host, option) : throw Failure(SocketError.ProtocolOption);

    private static int Check(SocketOption option, int value) =>
        option switch
        {
            SocketOption.TimeToLive => CheckTimeToLive(value),
            SocketOption.SendBuffer or SocketOption.ReceiveBuffer => CheckBufferSize(value),
            _ => value,
        };

    private HostStream? Accept()
    {
        try
        {
            var accepted = new HostStream(loop, owner) { _isConnected = true };
            var connection = _host.Socket!.Accept();
            accepted._host.Take(connection);
            accepted._options.InheritFrom(_options);
            accepted._remote = HostEndpoint.FromSystem(connection.RemoteEndPoint);
            return accepted;
        }
        catch (SocketException gone)
            when (gone.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionAborted)
        {
            return null;
        }
        catch (SocketException failure)
        {
            throw Failure(failure.SocketErrorCode);
        }
    }

    private static Socket Make(AddressFamily family) => new(family, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>True when it is connected at once.</summary>
    private static bool TryStart(Socket socket, Endpoint remote)
    {
        try
        {
            socket.Connect(HostEndpoint.ToSystem(remote));
            return true;
        }
        catch (SocketException waits) when (waits.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            return false;
        }
        catch (SocketException failure)
        {
            throw Failure(failure.SocketErrorCode);
        }
    }

    private async ValueTask WaitForItAsync(Socket socket, CancellationToken stop)
    {
        while (!socket.Poll(0, SelectMode.SelectWrite) && !socket.Poll(0, SelectMode.SelectError))
        {
            await _host.WaitToWriteAsync(stop);
            _host.ThrowIfClosed();
        }
        var error = (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != SocketError.Success)
            throw Failure(error);
    }

    private void ThrowIfNotConnected()
    {
        _host.ThrowIfClosed();
        if (!_isConnected)
            throw Failure(SocketError.NotConnected);
    }
}
