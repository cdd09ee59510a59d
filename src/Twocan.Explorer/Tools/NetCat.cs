using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>How a conversation went.</summary>
/// <param name="Sent">Octets to the peer.</param>
/// <param name="Received">Octets from the peer.</param>
/// <param name="IsTimedOut">It ended because nothing was said any more.</param>
public sealed record NetCatReport(Endpoint Peer, long Sent, long Received, bool IsTimedOut, Duration Took);

/// <summary>
/// Puts one conversation through: what the input holds goes to the peer, what the peer says comes out. At the end of the input it says
/// its last (half-close) and goes on listening until the peer has said its last, too.
/// </summary>
/// <param name="input">Reads what is to be sent; zero bytes are its end. Null: nothing is sent, and nothing is ended.</param>
public sealed class NetCat(
    INetwork network,
    Func<Memory<byte>, CancellationToken, ValueTask<int>>? input,
    Action<ReadOnlyMemory<byte>> output
)
{
    /// <summary>A datagram that fits into one packet on any usual path.</summary>
    private const int DatagramSize = 1400;
    private const int BlockSize = 16 * 1024;

    private readonly Signal _isSent = new(network.Loop, network.Name, "the input to end");
    private long _sent;
    private long _received;

    /// <summary>How long to wait for a connection, and for something to be said; null is for ever.</summary>
    public Duration? Wait { get; init; }

    public async Task<NetCatReport> ConnectAsync(Endpoint remote, CancellationToken stop = default)
    {
        var began = network.Loop.Now;
        using var patience = new Patience(network.Loop, Wait, stop);
        TcpStream stream;
        try
        {
            stream = await network.ConnectAsync(remote, default, patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsOver)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
        using (stream)
        {
            Connected?.Invoke(stream.RemoteEndpoint);
            return await ConverseAsync(stream, patience, began);
        }
    }

    /// <summary>Told of the peer, once there is one.</summary>
    public Action<Endpoint>? Connected { get; init; }

    /// <summary>Told where it listens, once it does.</summary>
    public Action<Endpoint>? Listening { get; init; }

    /// <summary>Waits for one connection, and converses on it.</summary>
    public async Task<NetCatReport> AcceptAsync(Endpoint local, CancellationToken stop = default)
    {
        var began = network.Loop.Now;
        using var patience = new Patience(network.Loop, Wait, stop);
        TcpStream stream;
        using (var listener = network.Listen(local, new ListenOptions { Backlog = 1 }))
        {
            Listening?.Invoke(listener.LocalEndpoint);
            try
            {
                stream = await listener.AcceptAsync(patience.Token);
            }
            catch (OperationCanceledException) when (patience.IsOver)
            {
                throw new SocketException((int)SocketError.TimedOut);
            }
        }
        using (stream)
        {
            Connected?.Invoke(stream.RemoteEndpoint);
            return await ConverseAsync(stream, patience, began);
        }
    }

    /// <summary>Datagrams to a peer, and from it.</summary>
    public async Task<NetCatReport> SendAsync(Endpoint remote, CancellationToken stop = default)
    {
        using var socket = network.OpenDatagram();
        await socket.ConnectAsync(remote);
        return await ExchangeAsync(socket, remote, stop);
    }

    /// <summary>Waits for a datagram, and converses with whoever has sent it.</summary>
    public async Task<NetCatReport> ReceiveAsync(Endpoint local, CancellationToken stop = default)
    {
        using var socket = network.OpenDatagram(local);
        Listening?.Invoke(socket.LocalEndpoint);
        return await ExchangeAsync(socket, null, stop);
    }

    private async Task<NetCatReport> ConverseAsync(TcpStream stream, Patience patience, Instant began)
    {
        patience.Begin();
        var sending = Start(() => SendAllAsync(stream, patience));
        var isTimedOut = false;
        try
        {
            var buffer = new byte[BlockSize];
            while (await stream.ReadAsync(buffer, patience.Token) is > 0 and var count)
            {
                _received += count;
                patience.Begin();
                output(buffer.AsMemory(0, count));
            }
        }
        catch (OperationCanceledException) when (patience.IsOver)
        {
            isTimedOut = true;
        }
        // Who has said its last takes no more of us either: what the input still holds is not waited for.
        patience.End();
        await sending.WaitAsync(_isSent);
        return new(stream.RemoteEndpoint, _sent, _received, isTimedOut, network.Loop.Now - began);
    }

    private async Task SendAllAsync(TcpStream stream, Patience patience)
    {
        if (input is null)
            return;
        var buffer = new byte[BlockSize];
        while (await input(buffer, patience.Token) is > 0 and var count)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), patience.Token);
            _sent += count;
            patience.Begin();
        }
        stream.ShutdownWrite();
    }

    private async Task<NetCatReport> ExchangeAsync(DatagramSocket socket, Endpoint? remote, CancellationToken stop)
    {
        var began = network.Loop.Now;
        using var patience = new Patience(network.Loop, Wait, stop);
        var sending = remote is { } known ? Start(() => SendAllAsync(socket, known, patience)) : null;
        var (buffer, isTimedOut) = (new byte[ushort.MaxValue], false);
        try
        {
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, patience.Token);
                if (remote is null)
                {
                    remote = received.From;
                    Connected?.Invoke(received.From);
                    sending = Start(() => SendAllAsync(socket, received.From, patience));
                }
                if (received.From != remote)
                    continue;
                _received += received.Length;
                patience.Begin();
                output(buffer.AsMemory(0, received.Length));
            }
        }
        catch (OperationCanceledException) when (patience.IsOver)
        {
            // UDP has no end: silence is one.
            isTimedOut = true;
        }
        patience.End();
        if (sending is not null)
            await sending.WaitAsync(_isSent);
        return new(remote ?? socket.LocalEndpoint, _sent, _received, isTimedOut, network.Loop.Now - began);
    }

    private async Task SendAllAsync(DatagramSocket socket, Endpoint remote, Patience patience)
    {
        if (input is null)
            return;
        var buffer = new byte[DatagramSize];
        while (await input(buffer, patience.Token) is > 0 and var count)
        {
            await socket.SendToAsync(buffer.AsMemory(0, count), remote, default, patience.Token);
            _sent += count;
            patience.Begin();
        }
    }

    private Sending Start(Func<Task> send)
    {
        var sending = new Sending();
        network.Loop.Start(
            "nc, sending",
            async () =>
            {
                try
                {
                    await send();
                }
                catch (OperationCanceledException)
                {
                    // The conversation is over.
                }
                catch (SocketException)
                {
                    // Who listens hears of it too, and tells.
                }
                finally
                {
                    sending.IsOver = true;
                    _isSent.Set();
                }
            }
        );
        return sending;
    }

    private sealed class Sending
    {
        public bool IsOver { get; set; }

        public async Task WaitAsync(Signal signal)
        {
            while (!IsOver)
                await signal.WaitAsync();
        }
    }

    /// <summary>Ends when nothing has happened for so long, when it is told to, or when somebody stops it all.</summary>
    private sealed class Patience : IDisposable
    {
        private readonly CancellationTokenSource _silence;
        private readonly CancellationTokenSource _end;
        private readonly Duration? _wait;
        private readonly CancellationToken _stop;

        public Patience(EventLoop loop, Duration? wait, CancellationToken stop)
        {
            (_wait, _stop) = (wait, stop);
            _silence = wait is { } span ? new(span.ToTimeSpan(), loop.TimeProvider) : new();
            _end = CancellationTokenSource.CreateLinkedTokenSource(stop, _silence.Token);
        }

        public CancellationToken Token => _end.Token;

        public bool IsOver => _silence.IsCancellationRequested && !_stop.IsCancellationRequested;

        /// <summary>Something was said: it begins anew.</summary>
        public void Begin()
        {
            if (_wait is { } span)
                _silence.CancelAfter(span.ToTimeSpan());
        }

        public void End() => _end.Cancel();

        public void Dispose()
        {
            _end.Dispose();
            _silence.Dispose();
        }
    }
}
