using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>SOCK_STREAM of the operating system's: one end of a connection, or, after listen, the place where connections arrive.</summary>
internal sealed class HostStream : OpenSocket
{
    private readonly HostNetwork _network;
    private readonly HostSocket _host;
    private IReadOnlyList<Subnet>? _admits;
    private Endpoint? _local;
    private Endpoint _remote = Endpoint.Any;
    private bool _isBound;
    private bool _isListening;
    private bool _isConnecting;
    private bool _isConnected;

    public HostStream(HostNetwork network)
        : this(
            network,
            new(
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
                SocketOption.ReusePort,
                SocketOption.V6Only,
                SocketOption.Linger,
                SocketOption.MaxSegment
            )
        ) { }

    private HostStream(HostNetwork network, HostOptions options) =>
        (_network, _host) = (network, new(network.Loop, network.Name, SocketKind.Stream, options));

    public override Endpoint Local => _local ?? _host.Socket?.Local ?? Endpoint.Any;

    public override Endpoint Remote => _remote;

    public override void Bind(Endpoint local)
    {
        if (_isBound || _isListening || _isConnected)
            throw Failure(SocketError.InvalidArgument);
        Check(_host.Get(local.Address).Bind(local));
        _isBound = true;
    }

    public override void Listen(int backlog, EventId because)
    {
        if (_isListening || _isConnecting || _isConnected)
            throw Failure(SocketError.InvalidArgument);
        if (!_isBound)
            Bind(Endpoint.Any);
        Check(_host.Socket!.Listen(backlog));
        _local = _host.Socket.Local;
        _isListening = true;
    }

    public override void Admit(IReadOnlyList<Subnet> subnets) => _admits = subnets;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<OpenSocket> AcceptAsync(CancellationToken stop)
    {
        while (true)
        {
            await _host.TurnAsync();
            if (TryAccept() is { } accepted)
                return accepted;
            await _host.WaitToReadAsync(stop);
        }
    }

    public override OpenSocket? TryAccept()
    {
        _host.ThrowIfClosed();
        if (!_isListening)
            throw Failure(SocketError.InvalidArgument);
        while (_host.MayRead)
        {
            switch (_host.Socket!.Accept(out var connection, out var remote))
            {
                case SocketError.Success when !ListenOptions.IsAdmitted(_admits, remote.Address):
                    _network.Refuse(connection!, Local, remote);
                    continue;
                case SocketError.Success:
                    var options = HostOptions.Inherit(_host.Options);
                    var accepted = new HostStream(_network, options) { _isConnected = true, _remote = remote };
                    accepted._host.Take(connection!);
                    // Who listens at one address accepts at no other.
                    if (_local is { Address.IsAny: false })
                        accepted._local = _local;
                    return accepted;
                case SocketError.WouldBlock:
                    _host.FoundEmpty(isCertain: true);
                    return null;
                case SocketError.ConnectionAborted: // it went away while it waited
                    continue;
                case var error:
                    throw Failure(error);
            }
        }
        return null;
    }

    public override async ValueTask ConnectAsync(Endpoint remote, EventId because, CancellationToken stop)
    {
        if (_isConnecting)
            throw Failure(SocketError.AlreadyInProgress);
        if (_isListening || _isConnected)
            throw Failure(SocketError.IsConnected);
        if (remote.Port == Port.Any)
            throw Failure(SocketError.AddressNotAvailable);
        var socket = _host.Get(remote.Address);
        _isConnecting = true;
        try
        {
            var error = socket.Connect(remote);
            if (error == SocketError.InProgress)
                error = await WaitForItAsync(socket, stop);
            Check(error);
            _isConnected = true;
            _remote = socket.Remote is { Port.Number: > 0 } known ? known : remote;
        }
        finally
        {
            _isConnecting = false;
        }
    }

    public override ValueTask<Received> ReadAsync(Memory<byte> into, CancellationToken stop)
    {
        var turn = _host.TurnAsync();
        return turn.IsCompletedSuccessfully && TryRead(into.Span, out var received)
            ? new(received)
            : ReadLaterAsync(turn, into, stop);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Received> ReadLaterAsync(ValueTask turn, Memory<byte> into, CancellationToken stop)
    {
        await turn;
        while (true)
        {
            if (TryRead(into.Span, out var received))
                return received;
            await _host.WaitToReadAsync(stop);
        }
    }

    public override bool TryRead(Span<byte> into, out Received received)
    {
        ThrowIfNotConnected();
        received = default;
        if (!_host.MayRead)
            return false;
        if (into.IsEmpty)
            return (_host.Poll() & (PollEvents.In | PollEvents.Error | PollEvents.HangUp)) != PollEvents.None;
        var error = _host.Socket!.Receive(into, out var count);
        if (error == SocketError.WouldBlock)
        {
            _host.FoundEmpty(isCertain: true);
            return false;
        }
        Check(error);
        if (count > 0 && count < into.Length)
            _host.FoundEmpty(isCertain: false);
        received = new(count, _remote, 0, default);
        return true;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> data, EventId because, CancellationToken stop)
    {
        var turn = _host.TurnAsync();
        if (!turn.IsCompletedSuccessfully)
            return WriteLaterAsync(turn, data, because, stop);
        var count = TryWrite(data.Span, because);
        return count == data.Length ? default : WriteLaterAsync(turn, data[count..], because, stop);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteLaterAsync(
        ValueTask turn,
        ReadOnlyMemory<byte> data,
        EventId because,
        CancellationToken stop
    )
    {
        await turn;
        while (true)
        {
            data = data[TryWrite(data.Span, because)..];
            if (data.IsEmpty)
                return;
            await _host.WaitToWriteAsync(stop);
        }
    }

    public override int TryWrite(ReadOnlySpan<byte> data, EventId because)
    {
        ThrowIfNotConnected();
        return _host.MayWrite ? Sent(_host.Socket!.Send(data, out var count), count, data.Length) : 0;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WritevAsync(
        ReadOnlyMemory<ReadOnlyMemory<byte>> pieces,
        EventId because,
        CancellationToken stop
    )
    {
        await _host.TurnAsync();
        var length = LengthOf(pieces.Span);
        for (var done = 0; (done += TryWritev(pieces.Span, done, length)) < length; )
            await _host.WaitToWriteAsync(stop);
    }

    public override int TryWritev(ReadOnlySpan<ReadOnlyMemory<byte>> pieces, EventId because) =>
        TryWritev(pieces, 0, LengthOf(pieces));

    /// <summary>The head waits in the kernel for the file's first bytes, and both leave together.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask SendFileAsync(
        ReadOnlyMemory<byte> head,
        FilePart part,
        EventId because,
        CancellationToken stop
    )
    {
        ThrowIfNotConnected();
        if (!_host.Socket!.SendsFiles || part.Length == 0)
        {
            await base.SendFileAsync(head, part, because, stop);
            return;
        }
        while (!head.IsEmpty)
        {
            await _host.TurnAsync();
            ThrowIfNotConnected();
            var count = 0;
            if (_host.MayWrite)
                Sent(_host.Socket.SendHead(head.Span, out count), count, head.Length);
            head = head[count..];
            if (!head.IsEmpty)
                await _host.WaitToWriteAsync(stop);
        }
        while (part.Length > 0)
        {
            await _host.TurnAsync();
            ThrowIfNotConnected();
            var error = _host.Socket.SendFile(part, out var count);
            if (error == SocketError.Success && count == 0)
                throw FileBlocks.EndsTooEarly(part.Length);
            part = part with { Offset = part.Offset + count, Length = part.Length - count };
            if (error == SocketError.WouldBlock)
            {
                _host.FoundFull();
                await _host.WaitToWriteAsync(stop);
            }
            else
            {
                Check(error);
            }
        }
    }

    public override PollEvents Poll() => _host.Poll();

    public override Signal Changed(PollEvents wanted) => _host.Changed(wanted);

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
        Check(_host.Socket!.Shutdown(how));
    }

    public override void Close(EventId because)
    {
        // The last moment at which the kernel can be asked how the connection went.
        if (_network.Journal is { } journal && _isConnected && !_host.IsClosed && _host.Socket!.TakeStock() is { } info)
            journal.Tell(new StockTaken(Local, Remote, info), because);
        _host.Close();
    }

    public override void SetOption(SocketOption option, int value)
    {
        if (option is SocketOption.V6Only or SocketOption.ReusePort && _isBound)
            throw Failure(SocketError.InvalidArgument);
        _host.ThrowIfClosed();
        _host.Options.Set(
            _host.Socket,
            option,
            option switch
            {
                SocketOption.TimeToLive => CheckTimeToLive(value),
                SocketOption.SendBuffer or SocketOption.ReceiveBuffer => CheckBufferSize(value),
                _ => value,
            }
        );
    }

    public override int GetOption(SocketOption option) => _host.Options.Get(_host.Socket, option);

    private int TryWritev(ReadOnlySpan<ReadOnlyMemory<byte>> pieces, int done, int length)
    {
        ThrowIfNotConnected();
        if (!_host.MayWrite || done == length)
            return 0;
        return Sent(_host.Socket!.SendPieces(pieces, done, out var count), count, length - done);
    }

    private int Sent(SocketError error, int count, int wanted)
    {
        if (error != SocketError.WouldBlock)
            Check(error);
        if (count < wanted)
            _host.FoundFull();
        return count;
    }

    private async ValueTask<SocketError> WaitForItAsync(SystemSocket socket, CancellationToken stop)
    {
        while ((_host.Poll() & (PollEvents.Out | PollEvents.Error)) == PollEvents.None)
            await _host.WaitToWriteAsync(stop);
        _host.ThrowIfClosed();
        return socket.TakeError();
    }

    private static int LengthOf(ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        var length = 0;
        foreach (var piece in pieces)
            length += piece.Length;
        return length;
    }

    private void ThrowIfNotConnected()
    {
        _host.ThrowIfClosed();
        if (!_isConnected)
            throw Failure(SocketError.NotConnected);
    }
}
