using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// A socket in LISTEN. Each SYN gets a connection of its own; when its handshake is done it waits here until a program
/// takes it. Those in the handshake and those that wait are together never more than the backlog: a SYN beyond that is
/// dropped, its sender will try again.
/// </summary>
public sealed class TcpAcceptor
{
    private readonly Tcp _tcp;
    private readonly int _backlog;
    private readonly Signal _arrived;
    private readonly List<TcpSocket> _handshaking = [];
    private readonly Queue<TcpSocket> _waiting = new();
    private bool _isClosed;

    internal TcpAcceptor(Tcp tcp, Endpoint local, int backlog, bool v6Only)
    {
        (_tcp, Local, _backlog, V6Only) = (tcp, local, Math.Max(backlog, 1), v6Only);
        _arrived = new(tcp.Stack.Loop, tcp.Stack.Name, $"a connection to {local}");
    }

    public Endpoint Local { get; }

    /// <summary>On ::, connections over IPv4 are not taken.</summary>
    public bool V6Only { get; }

    public int Backlog => _backlog;

    /// <summary>Connections in SYN-RECEIVED.</summary>
    public int Handshaking => _handshaking.Count;

    /// <summary>Connections that wait to be taken.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>The next connection; its <see cref="TcpSocket.Because"/> is the segment that completed the handshake.</summary>
    public async ValueTask<TcpSocket> AcceptAsync(CancellationToken stop = default)
    {
        while (true)
        {
            if (_isClosed)
                throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.OperationAborted);
            if (_waiting.TryDequeue(out var socket))
                return socket;
            await _arrived.WaitAsync(stop);
        }
    }

    /// <summary>Listens no more. Connections that no program has taken yet are reset.</summary>
    public void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _tcp.Forget(this);
        foreach (var socket in _handshaking.ToArray())
            socket.Abort();
        while (_waiting.TryDequeue(out var socket))
            socket.Abort();
        _arrived.Set();
    }

    /// <summary>SEGMENT ARRIVES in LISTEN (RFC 9293 §3.10.7.2).</summary>
    internal void OnSegment(in TcpSegment segment, in ConnectionKey key)
    {
        if (segment.Rst) // first: of a connection that we know nothing about
            return;
        if (segment.Ack) // second: nothing was ever sent from here to be acknowledged
        {
            _tcp.OnSegmentForNobody(segment, key);
            return;
        }
        if (!segment.Syn) // fourth
            return;
        if (_handshaking.Count + _waiting.Count >= _backlog)
        {
            _tcp.Stack.Drop(Layer.Tcp, DropReason.AcceptQueueFull, segment.Cause);
            return;
        }
        var through = _tcp.Stack.FindAdapter(key.Remote.Scope);
        if (!_tcp.Stack.Ip.TryRoute(key.Remote.Address, through, out var route))
        {
            _tcp.Stack.Drop(Layer.Tcp, DropReason.NoRoute, segment.Cause);
            return;
        }
        var connection = _tcp.CreateConnection(key, route.Mtu);
        connection.Listen();
        var socket = new TcpSocket(_tcp, connection, this);
        _handshaking.Add(socket);
        socket.OnSegment(segment); // third
    }

    internal void OnEstablished(TcpSocket socket)
    {
        if (!_handshaking.Remove(socket))
            return;
        _waiting.Enqueue(socket);
        _arrived.Set();
    }

    internal void OnGone(TcpSocket socket) => _handshaking.Remove(socket);
}
