using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>A TCP socket as the socket calls know it.</summary>
public sealed partial class TcpSocket
{
    private readonly Tcp _tcp;
    private readonly LoopTimer _timer;
    private readonly TcpAcceptor? _acceptor;
    private Signal? _readable;
    private Signal? _writable;
    private TcpConnection? _connection;
    private ConnectionKey _key;
    private TcpSettings _settings;
    private Endpoint _bound = Endpoint.Any;
    private bool _isBound;
    private bool _isPumpDue;
    private bool _isForgotten;
    private bool _isEstablished;
    private bool _isClosed;
    private bool _isConnectPending;

    internal TcpSocket(Tcp tcp)
    {
        _tcp = tcp;
        _settings = tcp.Settings;
        _timer = Loop.CreateTimer(static socket => ((TcpSocket)socket!).OnDue(), this);
        Program = ProgramName.Current;
    }

    /// <summary>For a connection that somebody else opens.</summary>
    internal TcpSocket(Tcp tcp, TcpConnection connection, TcpAcceptor acceptor)
        : this(tcp)
    {
        (_acceptor, _settings, Program) = (acceptor, connection.Settings, acceptor.Program);
        Begin(connection, new(connection.Local, connection.Remote));
    }

    /// <summary>Port 0 while it has none.</summary>
    public Endpoint Local => _connection?.Local ?? _bound;

    /// <summary>Port 0 while it has none.</summary>
    public Endpoint Remote => _connection?.Remote ?? Endpoint.Any;

    /// <summary>Who made it, or listened for it; null when no program did.</summary>
    public string? Program { get; }

    /// <summary>The segment that completed the handshake.</summary>
    public EventId Because { get; private set; }

    public TcpState State => _connection?.State ?? TcpState.Closed;

    /// <summary>The control information that this socket is; null while it was never connected.</summary>
    public TcpInfo? Info => _connection?.Info;

    /// <summary>The timer of the connection that goes off first, and when.</summary>
    public (TcpTimer Timer, Instant Due) NextTimer => _connection?.NextTimer ?? (TcpTimer.None, Instant.Never);

    public byte TimeToLive { get; set; } = Ip.DefaultTimeToLive;

    /// <summary>Of all packets of the connection, but for the two bits of ECN.</summary>
    public byte TypeOfService { get; set; }

    /// <summary>IPV6_V6ONLY: bound to ::, it does not take what comes over IPv4.</summary>
    public bool V6Only
    {
        get;
        set => field = _isBound ? throw new SocketException((int)SocketError.InvalidArgument) : value;
    }

    /// <summary>SO_REUSEPORT: others that say so too may be bound to the same place.</summary>
    public bool SharesPort
    {
        get;
        set => field = _isBound ? throw new SocketException((int)SocketError.InvalidArgument) : value;
    }

    /// <summary>What a program sets by its options, and those connections inherit that a listener accepts.</summary>
    public TcpSettings Settings
    {
        get => _settings;
        set
        {
            _settings = value;
            if (_connection is not { } connection)
                return;
            connection.Adjust(value, Now);
            AfterStep();
        }
    }

    /// <summary>TCP_MAXSEG: while there is no connection what the program has asked for, and then what it came to.</summary>
    public int SegmentSize =>
        _connection is { IsSynchronized: true } connection ? connection.SegmentSize
        : _settings.MaxSegmentSize > 0 ? _settings.MaxSegmentSize
        : TcpConnection.DefaultSegmentSize;

    /// <summary>SO_REUSEADDR: from a port of its own choice it may connect anew although that is in TIME-WAIT.</summary>
    public bool ReusesAddress { get; set; }

    internal Endpoint Bound => _bound;

    /// <summary>By now, where it grows by itself.</summary>
    public int SendBufferSize => _connection?.SendBufferSize ?? _settings.SendBufferSize;

    public int ReceiveBufferSize => _connection?.ReceiveBufferSize ?? _settings.ReceiveBufferSize;

    /// <summary>The order in which connections came to be.</summary>
    internal long Serial { get; private set; }

    private EventLoop Loop => _tcp.Stack.Loop;

    private Signal Readable => _readable ??= new(Loop, _tcp.Stack.Name, "data from ", this);

    private Signal Writable => _writable ??= new(Loop, _tcp.Stack.Name, "room to send to ", this);

    private Instant Now => Loop.Now;

    public override string ToString() => $"{Remote} on {Local}";

    public void Bind(Endpoint local)
    {
        if (_isBound || _connection is not null)
            throw new SocketException((int)SocketError.InvalidArgument);
        _bound = _tcp.Bind(this, local);
        _isBound = true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ConnectAsync(Endpoint remote, EventId because, CancellationToken stop = default)
    {
        ThrowIfClosed();
        if (remote == default)
        {
            Disconnect(because);
            return;
        }
        if (_connection is { State: TcpState.Closed, Error: not SocketError.Success } && _isErrorTaken)
            Renew();
        if (_connection is { } begun)
        {
            ConnectAgain(begun);
            return;
        }
        var connection = Open(remote, _settings.FastOpenConnect, because);
        // The first write sends the SYN, with its data.
        if (connection.IsSynHeld)
            return;
        AfterStep();
        _isConnectPending = true;
        while (connection.State is TcpState.SynSent or TcpState.SynReceived)
            await Writable.WaitAsync(stop);
        _isConnectPending = false;
        ThrowIfFailed(connection);
        ThrowIfClosed();
    }

    /// <summary>Active OPEN: from now on this is a connection that is being made, but for the SYN itself.</summary>
    private TcpConnection Open(Endpoint remote, bool allowsFastOpen, EventId because)
    {
        var address = LocalEnd.OrLoopback(remote.Address);
        if (remote.Port == Port.Any)
            throw new SocketException((int)SocketError.AddressNotAvailable);
        if (
            address.IsMulticast
            || _tcp.Stack.Ip.IsBroadcast(address)
            || !_tcp.Stack.Ip.TryRoute(address, _tcp.Stack.FindAdapter(remote.Scope), out var route)
        )
            throw new SocketException((int)SocketError.NetworkUnreachable);
        if (_isBound && !LocalEnd.TakesFamily(_bound.Address, V6Only, address.IsV4))
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        var key = _tcp.ChooseEnds(this, route.Source, remote with { Address = address }, out var former);
        var connection = _tcp.CreateConnection(key, route, _settings, former.End, former.Recent);
        Begin(connection, key);
        if (allowsFastOpen && PlanFor(key, because) is { } plan)
            connection.ConnectFast(plan, Now, because);
        else
            connection.Connect(Now, because);
        return connection;
    }

    /// <summary>connect to AF_UNSPEC, as on Linux: ends what there is by a reset, and the socket can be used anew.</summary>
    private void Disconnect(EventId because)
    {
        if (_connection is not { } connection)
            return;
        connection.Abort(Now, because);
        SendWhatIsOwed();
        Renew();
    }

    /// <summary>What has come to its end, and been told of, is as if it had never been: another connection may be tried.</summary>
    private void Renew()
    {
        Wake();
        Forget();
        _connection = null;
        (_isForgotten, _isEstablished, _isErrorTaken, _isConnectPending) = (false, false, false, false);
    }

    /// <summary>Who did not wait for the first call may ask by a second one what became of it: once, as POSIX has it.</summary>
    private void ConnectAgain(TcpConnection begun)
    {
        if (!begun.IsSynHeld && begun.State is TcpState.SynSent or TcpState.SynReceived)
            throw new SocketException((int)SocketError.AlreadyInProgress);
        ThrowIfFailed(begun);
        if (!_isConnectPending)
            throw new SocketException((int)SocketError.IsConnected);
        _isConnectPending = false;
    }

    /// <summary>Waits for data; zero bytes mean that the peer has said its last.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Received> ReadAsync(Memory<byte> into, CancellationToken stop = default)
    {
        while (true)
        {
            var connection = Begun();
            if (connection.IsReadable)
                return Take(connection, into.Span);
            await Readable.WaitAsync(stop);
        }
    }

    private Received Take(TcpConnection connection, Span<byte> into)
    {
        var count = connection.Read(into, Now, out var because);
        if (count == 0 && !connection.HasPeerFinished && into.Length > 0)
            ThrowIfFailed(connection);
        if (count > 0)
            AfterStep(); // the window may have grown
        return new(count, Remote, 0, because);
    }

    /// <summary>Waits until all of <paramref name="data"/> is in the send buffer.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, EventId because, CancellationToken stop = default)
    {
        if (_connection is { IsSynHeld: true } opening)
        {
            await FollowSynAsync(opening, data, WriteIntoSyn(data.Span, because) ?? 0, because, stop);
            return;
        }
        while (true)
        {
            data = data[WriteSome(data.Span, because)..];
            if (data.IsEmpty)
                return;
            await Writable.WaitAsync(stop);
        }
    }

    private int WriteSome(ReadOnlySpan<byte> data, EventId because, SendFlags flags = SendFlags.None)
    {
        if (WriteIntoSyn(data, because) is { } early)
            return early;
        var connection = Begun();
        if (!connection.IsOpenForWriting)
        {
            ThrowIfFailed(connection);
            throw new SocketException((int)SocketError.Shutdown);
        }
        // RFC 9293 §3.10.2: in SYN-SENT it has to wait.
        if (!connection.IsUsable)
            return 0;
        var count = connection.Write(data, Now, because, flags);
        if (count > 0)
            AfterStep();
        return count;
    }

    public void Shutdown(ShutdownHow how, EventId because)
    {
        Connected().Shutdown(how, Now, because);
        AfterStep();
    }

    /// <summary>Lets go of the socket: what was written is still sent, then FIN; or a reset, if something was left unread.</summary>
    public void Close(EventId because)
    {
        if (_isClosed)
            return;
        _isClosed = true;
        if (_isBound)
            _tcp.Unbind(this);
        if (_connection is not { } connection)
            return;
        connection.Close(Now, because);
        _readable?.Set();
        _writable?.Set();
        _either?.Set();
        AfterStep();
    }

    private void Begin(TcpConnection connection, in ConnectionKey key)
    {
        (_connection, _key) = (connection, key);
        Serial = _tcp.Register(this, key);
    }

    private TcpConnection Connected() =>
        Begun() is var connection && (connection.IsUsable || connection.State == TcpState.Closed)
            ? connection
            : throw new SocketException((int)SocketError.NotConnected);

    /// <summary>There is one, if only its SYN on the way (RFC 9293 §3.10.3: a RECEIVE in SYN-SENT waits).</summary>
    private TcpConnection Begun()
    {
        ThrowIfClosed();
        return _connection ?? throw new SocketException((int)SocketError.NotConnected);
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
            throw new SocketException((int)SocketError.OperationAborted);
    }

    /// <summary>As on Linux, whoever asks first is told; after that a read finds the end, and a write a broken pipe.</summary>
    private void ThrowIfFailed(TcpConnection connection)
    {
        if (TakeError() is var error && error != SocketError.Success)
            throw new CausedSocketException(error, connection.ErrorBecause);
    }
}
