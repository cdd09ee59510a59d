using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>
/// A socket in LISTEN. Each SYN gets a connection of its own that waits in the SYN queue until its handshake is done, and then
/// in the accept queue until a program takes it. The program's backlog bounds the accept queue: while it is full, SYNs are
/// dropped and last words of a handshake ignored; their senders will try again. When the SYN queue is full, which a flood
/// brings about and hardly anything else, <see cref="SynCookies"/> answer in its place.
/// </summary>
public sealed partial class TcpAcceptor
{
    private readonly Tcp _tcp;
    private readonly int _backlog;
    private readonly Signal _arrived;
    private readonly HashSet<TcpSocket> _handshaking = [];
    private readonly Queue<TcpSocket> _waiting = new();
    private bool _isClosed;

    internal TcpAcceptor(Tcp tcp, Endpoint local, int backlog, bool v6Only, TcpSettings settings, byte timeToLive)
    {
        (_tcp, Local, _backlog, V6Only) = (tcp, local, Math.Max(backlog, 1), v6Only);
        (Settings, TimeToLive) = (settings, timeToLive);
        _arrived = new(tcp.Stack.Loop, tcp.Stack.Name, $"a connection to {local}");
    }

    public Endpoint Local { get; }

    /// <summary>Who listens; null when no program does.</summary>
    public string? Program { get; } = ProgramName.Current;

    /// <summary>What the connections that it accepts begin with.</summary>
    public TcpSettings Settings { get; set; }

    public byte TimeToLive { get; set; }

    /// <summary>On ::, connections over IPv4 are not taken.</summary>
    public bool V6Only { get; }

    /// <summary>Others may listen at the same place (SO_REUSEPORT).</summary>
    public bool SharesPort { get; init; }

    public int Backlog => _backlog;

    /// <summary>Who is let in; null is everybody. For others it is as if nobody listened.</summary>
    public IReadOnlyList<Subnet>? Admits { get; set; }

    /// <summary>Connections in SYN-RECEIVED: the SYN queue.</summary>
    public int Handshaking => _handshaking.Count;

    /// <summary>Connections that wait to be taken: the accept queue.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>SYNs that were answered without keeping anything.</summary>
    public long CookiesSent { get; private set; }

    internal bool Takes(IpAddress local) => LocalEnd.Takes(Local.Address, V6Only, local);

    /// <summary>A handshake that ends now would have nowhere to wait.</summary>
    internal bool IsFull => _waiting.Count >= _backlog;

    /// <summary>The next connection; its <see cref="TcpSocket.Because"/> is the segment that completed the handshake.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TcpSocket> AcceptAsync(CancellationToken stop = default)
    {
        while (true)
        {
            if (TryAccept(out var socket))
                return socket;
            await _arrived.WaitAsync(stop);
        }
    }

    /// <summary>False when no connection waits to be taken.</summary>
    public bool TryAccept([NotNullWhen(true)] out TcpSocket? socket)
    {
        ThrowIfClosed();
        if (!_waiting.TryDequeue(out socket))
            return false;
        socket.OnAccepted();
        return true;
    }

    /// <summary>Set by each connection that waits to be taken.</summary>
    internal Signal Arrived
    {
        get
        {
            ThrowIfClosed();
            return _arrived;
        }
    }

    /// <summary>Listens no more. Connections that no program has taken yet are reset.</summary>
    public void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _tcp.Forget(this);
        foreach (var socket in _handshaking.OrderBy(socket => socket.Serial).ToArray())
            socket.Abort();
        while (_waiting.TryDequeue(out var socket))
            socket.Abort();
        _arrived.Set();
    }

    /// <summary>SEGMENT ARRIVES in LISTEN (RFC 9293 §3.10.7.2).</summary>
    /// <param name="after">The new connection takes the place of an old one, and must begin behind what that has sent.</param>
    internal void OnSegment(in TcpSegment segment, in ConnectionKey key, SequenceNumber? after = null)
    {
        if (segment.Rst) // first: of a connection that we know nothing about
            return;
        if (segment.Ack) // second: nothing was ever sent from here to be acknowledged, unless by a cookie
        {
            if (!TryTakeCookie(segment, key))
                _tcp.OnSegmentForNobody(segment, key);
            return;
        }
        if (!segment.Syn) // fourth
            return;
        if (!ListenOptions.IsAdmitted(Admits, key.Remote.Address))
        {
            var cause = _tcp.Stack.Journal?.Tell(new PeerRefused(Local, key.Remote), segment.Cause) ?? segment.Cause;
            _tcp.Refuse(segment, key, DropReason.NotAdmitted, cause);
            return;
        }
        if (IsFull)
        {
            _tcp.Stack.Drop(Layer.Tcp, DropReason.AcceptQueueFull, segment.Cause);
            return;
        }
        if (!TryRoute(key, segment.Cause, out var route))
            return;
        if (Settings.OnlySynCookies || _handshaking.Count >= Math.Max(Settings.SynQueueLength, _backlog))
        {
            if (Settings.SynCookies || Settings.OnlySynCookies)
                SendCookie(segment, key, route);
            else
                _tcp.Stack.Drop(Layer.Tcp, DropReason.SynQueueFull, segment.Cause);
            return;
        }
        var connection = _tcp.CreateConnection(key, route, Settings, after);
        connection.Listen(Judge(segment, key));
        var socket = Begin(connection);
        socket.OnSegment(segment); // third
        if (connection.IsFastOpened)
            OfferEarly(socket);
    }

    internal void OnEstablished(TcpSocket socket)
    {
        _fastOpen.OnEstablished(socket);
        if (_handshaking.Remove(socket))
            Offer(socket);
    }

    internal void OnGone(TcpSocket socket, bool wasReset)
    {
        _handshaking.Remove(socket);
        _fastOpen.OnGone(socket, wasReset, _tcp.Stack.Loop.Now);
    }

    private void Offer(TcpSocket socket)
    {
        _waiting.Enqueue(socket);
        _arrived.Set();
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
            throw new SocketException((int)SocketError.OperationAborted);
    }

    private TcpSocket Begin(TcpConnection connection)
    {
        var socket = new TcpSocket(_tcp, connection, this) { TimeToLive = TimeToLive };
        connection.IsUnclaimed = true;
        _handshaking.Add(socket);
        return socket;
    }

    private bool TryRoute(in ConnectionKey key, EventId because, [NotNullWhen(true)] out Route? route)
    {
        var isFound = _tcp.Stack.Ip.TryRoute(key.Remote.Address, _tcp.Stack.FindAdapter(key.Remote.Scope), out route);
        if (!isFound)
            _tcp.Stack.Drop(Layer.Tcp, DropReason.NoRoute, because);
        return isFound;
    }

    /// <summary>Answers a SYN as a connection would, but makes none.</summary>
    private void SendCookie(in TcpSegment syn, in ConnectionKey key, Route route)
    {
        CookiesSent++;
        var now = _tcp.Stack.Loop.Now;
        var offered = SegmentOptions.Read(syn.Options);
        var connection = _tcp.CreateConnection(key, route, Settings);
        var cookie = _tcp.Cookies.Bake(key, syn.Sequence, offered, now);
        var fields = connection.CookieFields(syn, offered, cookie, now);
        var writer = new SegmentWriter(_tcp.Stack.Loop.Packets);
        writer.Begin(fields, 0);
        writer.Seal(fields, fields.Tell(_tcp.Stack.Journal, 0, SendReason.SynCookie, syn.Cause));
        if (writer.TryTake(out var packet))
            _tcp.Send(packet, key, TimeToLive);
    }

    private bool TryTakeCookie(in TcpSegment segment, in ConnectionKey key)
    {
        if (segment.Syn || !_tcp.Cookies.TryRead(segment, key, _tcp.Stack.Loop.Now, out var options))
            return false;
        if (IsFull)
        {
            _tcp.Stack.Drop(Layer.Tcp, DropReason.AcceptQueueFull, segment.Cause);
            return true;
        }
        if (!TryRoute(key, segment.Cause, out var route))
            return true;
        var connection = _tcp.CreateConnection(key, route, Settings, segment.Acknowledgement - 2);
        connection.ResumeFromCookie(segment, options, _tcp.Stack.Loop.Now);
        Begin(connection).OnSegment(segment);
        return true;
    }
}
