using System.Buffers;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>One of a client's connections, busy with an exchange or idle in the pool.</summary>
internal sealed class ClientConnection : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private Signal? _rested;

    public ClientConnection(FetchRoute route, TcpStream stream, TlsStream? tls, MessageLimits limits)
    {
        Route = route;
        Tls = tls;
        Reader = new(limits);
        Messages = new(stream, Reader, tls);
        Node = new(this);
    }

    public FetchRoute Route { get; }

    public TlsStream? Tls { get; }

    public ResponseReader Reader { get; }

    public MessageConnection Messages { get; }

    public TcpStream Stream => Messages.Stream;

    /// <summary>What goes out is put together here.</summary>
    public ArrayBufferWriter<byte> Out { get; } = new(512);

    /// <summary>It has carried an exchange before this one.</summary>
    public bool IsReused { get; private set; }

    public bool IsIdle { get; private set; }

    /// <summary>When it is closed if nobody has used it until then.</summary>
    public Instant Expires { get; private set; }

    /// <summary>Its place among those that are idle.</summary>
    public LinkedListNode<ClientConnection> Node { get; }

    public bool IsDisposed { get; private set; }

    public void Rest(Instant expires)
    {
        (IsIdle, Expires, IsReused) = (true, expires, true);
        _rested?.Set();
    }

    public void Use() => IsIdle = false;

    /// <summary>
    /// As long as it lives: reads on while it is idle, since the peer's goodbye, or bytes that nobody asked for, are the end of it.
    /// A read that is under way when the connection is used again brings the beginning of the answer.
    /// </summary>
    public async Task WatchAsync(EventLoop loop, string owner, Action<ClientConnection> spoke)
    {
        _rested = new(loop, owner, "a connection to rest");
        while (true)
        {
            while (!IsIdle)
                await _rested.WaitAsync(_over.Token);
            if (await Messages.ReadEarlyAsync(loop, _over.Token) && IsIdle)
            {
                spoke(this);
                return;
            }
        }
    }

    public void Dispose()
    {
        if (IsDisposed)
            return;
        IsDisposed = true;
        _over.Cancel();
        Messages.Transport.Dispose();
    }
}
