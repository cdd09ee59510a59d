using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>SOCK_STREAM: one end of a TCP connection behind a descriptor, or, after listen, the place where connections arrive.</summary>
public sealed class OpenStream(Tcp tcp, TcpSocket socket) : OpenSocket
{
    private TcpAcceptor? _acceptor;
    private IReadOnlyList<Subnet>? _admits;

    /// <summary>SO_LINGER: only zero makes a difference, since close never waits here.</summary>
    private int _linger = -1;

    public override Endpoint Local => _acceptor?.Local ?? socket.Local;

    public override Endpoint Remote => socket.Remote;

    /// <summary>What ended the wait of connect and accept: the segment that completed the handshake.</summary>
    public override EventId LastEvent => socket.Because;

    /// <summary>TCP_FASTOPEN_KEY: what a listener makes its cookies with in place of the host's key.</summary>
    public FastOpenKey? FastOpenKey
    {
        get => socket.Settings.FastOpenKey;
        set
        {
            socket.Settings = socket.Settings with { FastOpenKey = value };
            _acceptor?.Settings = socket.Settings;
        }
    }

    /// <summary>TCP_INFO.</summary>
    public TcpInfo? Info => _acceptor is null ? socket.Info : null;

    public override void Bind(Endpoint local)
    {
        if (_acceptor is not null)
            throw Failure(SocketError.InvalidArgument);
        socket.Bind(local);
    }

    public override void Listen(int backlog, EventId because)
    {
        if (_acceptor is not null || socket.Remote.Port != Port.Any)
            throw Failure(SocketError.InvalidArgument);
        var local = socket.Local;
        // The acceptor takes the socket's place at its address.
        socket.Close(because);
        _acceptor = tcp.Listen(local, backlog, socket.V6Only, socket.Settings, socket.TimeToLive, socket.SharesPort);
        _acceptor.Admits = _admits;
    }

    public override void Admit(IReadOnlyList<Subnet> subnets)
    {
        _admits = subnets;
        _acceptor?.Admits = subnets;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<OpenSocket> AcceptAsync(CancellationToken stop)
    {
        if (_acceptor is not { } acceptor)
            throw Failure(SocketError.InvalidArgument);
        return Open(await acceptor.AcceptAsync(stop));
    }

    public override ValueTask ConnectAsync(Endpoint remote, EventId because, CancellationToken stop) =>
        _acceptor is null
            ? socket.ConnectAsync(remote, because, stop)
            : ValueTask.FromException(Failure(SocketError.IsConnected));

    public override ValueTask<int> ConnectAndSendAsync(
        Endpoint remote,
        ReadOnlyMemory<byte> data,
        EventId because,
        CancellationToken stop
    ) =>
        _acceptor is null
            ? socket.ConnectAndSendAsync(remote, data, because, stop)
            : ValueTask.FromException<int>(Failure(SocketError.IsConnected));

    public override ValueTask<Received> ReadAsync(Memory<byte> into, CancellationToken stop) =>
        Connected().ReadAsync(into, stop);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> data, EventId because, CancellationToken stop) =>
        Connected().WriteAsync(data, because, stop);

    public override OpenSocket? TryAccept()
    {
        if (_acceptor is not { } acceptor)
            throw Failure(SocketError.InvalidArgument);
        return acceptor.TryAccept(out var accepted) ? Open(accepted) : null;
    }

    public override bool TryRead(Span<byte> into, out Received received) => Connected().TryRead(into, out received);

    public override int TryWrite(ReadOnlySpan<byte> data, EventId because) => Connected().TryWrite(data, because);

    public override int TrySend(ReadOnlySpan<byte> data, SendFlags flags, EventId because) =>
        Connected().TryWrite(data, because, flags);

    public override bool TryPeek(Span<byte> into, out Received received) => Connected().TryPeek(into, out received);

    /// <summary>The pump runs after the program's turn, so the pieces travel in one segment all the same.</summary>
    public override async ValueTask WritevAsync(
        ReadOnlyMemory<ReadOnlyMemory<byte>> pieces,
        EventId because,
        CancellationToken stop
    )
    {
        for (var i = 0; i < pieces.Length; i++)
            await WriteAsync(pieces.Span[i], because, stop);
    }

    public override int TryWritev(ReadOnlySpan<ReadOnlyMemory<byte>> pieces, EventId because)
    {
        var total = 0;
        foreach (var piece in pieces)
        {
            var count = TryWrite(piece.Span, because);
            total += count;
            if (count < piece.Length)
                break;
        }
        return total;
    }

    public override PollEvents Poll() =>
        _acceptor is not { } acceptor ? socket.Poll()
        : acceptor.Waiting > 0 ? PollEvents.In
        : PollEvents.None;

    public override Signal Changed(PollEvents wanted) => _acceptor?.Arrived ?? socket.Changed(wanted);

    /// <summary>A connection goes to its peer and nowhere else: the address may be left out.</summary>
    public override ValueTask SendToAsync(
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because,
        CancellationToken stop
    ) =>
        to == default || to == socket.Remote
            ? WriteAsync(data, because, stop)
            : ValueTask.FromException(Failure(SocketError.IsConnected));

    public override ValueTask<Received> ReceiveFromAsync(Memory<byte> into, CancellationToken stop) =>
        ReadAsync(into, stop);

    public override void Shutdown(ShutdownHow how, EventId because) => Connected().Shutdown(how, because);

    public override void Close(EventId because)
    {
        if (_acceptor is { } acceptor)
            acceptor.Close();
        else if (_linger == 0)
            socket.Reset(because);
        else
            socket.Close(because);
    }

    public override void SetOption(SocketOption option, int value)
    {
        switch (option)
        {
            case SocketOption.TimeToLive:
                socket.TimeToLive = CheckTimeToLive(value);
                _acceptor?.TimeToLive = socket.TimeToLive;
                break;
            case SocketOption.TypeOfService:
                socket.TypeOfService = (byte)(value & ~3);
                break;
            case SocketOption.V6Only:
                socket.V6Only = value != 0;
                break;
            case SocketOption.ReusePort:
                socket.SharesPort = value != 0;
                break;
            case SocketOption.ReuseAddress:
                socket.ReusesAddress = value != 0;
                break;
            case SocketOption.Linger:
                _linger = value;
                break;
            case SocketOption.QuickAck:
                socket.SetQuickAck(value != 0);
                break;
            default:
                SetStreamOption(option, value);
                break;
        }
    }

    public override int GetOption(SocketOption option) =>
        option switch
        {
            SocketOption.SendBuffer => socket.SendBufferSize,
            SocketOption.ReceiveBuffer => socket.ReceiveBufferSize,
            SocketOption.TimeToLive => socket.TimeToLive,
            SocketOption.TypeOfService => socket.TypeOfService,
            SocketOption.V6Only => socket.V6Only ? 1 : 0,
            SocketOption.ReusePort => socket.SharesPort ? 1 : 0,
            SocketOption.ReuseAddress => socket.ReusesAddress ? 1 : 0,
            SocketOption.Linger => _linger,
            SocketOption.QuickAck => socket.IsQuickAck ? 1 : 0,
            SocketOption.Error => (int)socket.TakeError(),
            SocketOption.MaxSegment => socket.SegmentSize,
            _ => socket.Settings.Read(option) ?? base.GetOption(option),
        };

    /// <summary>As on Linux, a new connection has the options of the socket that listened for it.</summary>
    private void SetStreamOption(SocketOption option, int value)
    {
        if (option == SocketOption.FastOpenConnect && value != 0 && !tcp.Settings.FastOpen.HasFlag(FastOpenUse.Client))
            throw Failure(SocketError.OperationNotSupported);
        // Which SYN it would go with is decided by then.
        if (option == SocketOption.FastOpenConnect && socket.Remote.Port != Port.Any)
            throw Failure(SocketError.InvalidArgument);
        if (socket.Settings.With(option, value) is not { } settings)
        {
            if (
                socket.Settings.Read(option) is not null
                || option is SocketOption.SendBuffer or SocketOption.ReceiveBuffer or SocketOption.MaxSegment
            )
                throw Failure(SocketError.InvalidArgument);
            base.SetOption(option, value);
            return;
        }
        socket.Settings = settings;
        _acceptor?.Settings = settings;
    }

    private OpenStream Open(TcpSocket accepted)
    {
        accepted.ReusesAddress = socket.ReusesAddress;
        return new(tcp, accepted) { _linger = _linger };
    }

    private TcpSocket Connected() => _acceptor is null ? socket : throw Failure(SocketError.NotConnected);
}
