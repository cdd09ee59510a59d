using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>One of a client's connections, busy with an exchange or idle in the pool.</summary>
internal sealed class ClientConnection : IDisposable
{
    private readonly CancellationTokenSource _idle = new();

    public ClientConnection(string origin, TcpStream stream, MessageLimits limits)
    {
        Origin = origin;
        Reader = new(limits);
        Messages = new(stream, Reader);
        // A request is written as a whole; waiting for more would only hold it back.
        stream.NoDelay = true;
    }

    public string Origin { get; }

    public ResponseReader Reader { get; }

    public MessageConnection Messages { get; }

    public TcpStream Stream => Messages.Stream;

    /// <summary>It has carried an exchange before this one.</summary>
    public bool IsReused { get; private set; }

    public bool IsIdle { get; private set; }

    /// <summary>When it is closed if nobody has used it until then.</summary>
    public Instant Expires { get; private set; }

    public bool IsDisposed { get; private set; }

    public void Rest(Instant expires) => (IsIdle, Expires, IsReused) = (true, expires, true);

    public void Use() => IsIdle = false;

    /// <summary>Reads on while idle: the peer's goodbye, or bytes that nobody asked for, end the connection. True when either has come.</summary>
    public ValueTask<bool> ListenWhileIdleAsync(EventLoop loop) => Messages.ReadEarlyAsync(loop, _idle.Token);

    public void Dispose()
    {
        if (IsDisposed)
            return;
        IsDisposed = true;
        _idle.Cancel();
        Stream.Dispose();
    }
}
