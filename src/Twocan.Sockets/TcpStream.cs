using System.Runtime.CompilerServices;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>A connection as a <see cref="Stream"/>: the pipe between two sockets. Disposing it closes the descriptor.</summary>
public sealed class TcpStream(ISocketCalls calls, int descriptor) : LoopStream
{
    private bool _closed;
    private Endpoint? _local;

    /// <summary>The number by which the program knows its socket.</summary>
    public int Descriptor { get; } = descriptor;

    /// <summary>Asked for once, when somebody wants to know: most servers never do.</summary>
    public Endpoint LocalEndpoint => _local ??= calls.LocalEndpoint(Descriptor);

    public Endpoint RemoteEndpoint { get; } = calls.RemoteEndpoint(descriptor);

    /// <summary>The cause of what is written from now on.</summary>
    public EventId Because { get; set; }

    /// <summary>The event that brought the bytes of the last read.</summary>
    public EventId LastArrival { get; private set; }

    public override bool CanWrite => true;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        var reading = calls.ReadAsync(Descriptor, buffer, cancellationToken);
        return reading.IsCompletedSuccessfully ? new(Take(reading.Result)) : AwaitAsync(reading);
    }

    // The box of a read that waits is used again: a bulk transfer waits for every other segment.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitAsync(ValueTask<Received> reading) => Take(await reading);

    private int Take(in Received received)
    {
        if (!received.Because.IsNone)
            LastArrival = received.Because;
        return received.Length;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return calls.WriteAsync(Descriptor, buffer, Because, cancellationToken);
    }

    /// <summary>All of the pieces, in their order, in one call.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<ReadOnlyMemory<byte>> pieces, CancellationToken stop = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return calls.WritevAsync(Descriptor, pieces, Because, stop);
    }

    /// <summary>First <paramref name="head"/>, then so much of a file, by the shortest way that there is.</summary>
    public ValueTask SendFileAsync(ReadOnlyMemory<byte> head, FilePart part, CancellationToken stop = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return calls.SendFileAsync(Descriptor, head, part, Because, stop);
    }

    /// <summary>Takes what is there already; false when one would have to wait. Zero bytes are the end.</summary>
    public bool TryRead(Span<byte> into, out int length)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        var isRead = calls.TryRead(Descriptor, into, out var received);
        length = Take(received);
        return isRead;
    }

    /// <summary>Gives what there is room for at once, and answers how much that was.</summary>
    public int TryWrite(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return calls.TryWrite(Descriptor, data, Because);
    }

    public int TryWrite(ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return calls.TryWritev(Descriptor, pieces, Because);
    }

    /// <summary>
    /// Waits, without a buffer, until <see cref="TryRead"/> is worth trying: thousands of idle connections then share one.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WaitToReadAsync(CancellationToken stop = default) => await PollAsync(PollEvents.In, stop);

    /// <summary>Waits until <see cref="TryWrite(ReadOnlySpan{byte})"/> is worth trying.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WaitToWriteAsync(CancellationToken stop = default) => await PollAsync(PollEvents.Out, stop);

    public ValueTask<PollEvents> PollAsync(PollEvents wanted, CancellationToken stop = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return calls.PollAsync(Descriptor, wanted, stop);
    }

    /// <summary>Says 'this was my last' and goes on listening (half-close).</summary>
    public void ShutdownWrite() => calls.Shutdown(Descriptor, ShutdownHow.Write, Because);

    /// <summary>Sends at once also what is small (TCP_NODELAY).</summary>
    public bool NoDelay
    {
        get => calls.GetOption(Descriptor, SocketOption.NoDelay) != 0;
        set => calls.SetOption(Descriptor, SocketOption.NoDelay, value ? 1 : 0);
    }

    protected override void Dispose(bool disposing)
    {
        if (!_closed && disposing)
        {
            _closed = true;
            calls.Close(Descriptor, Because);
        }
        base.Dispose(disposing);
    }
}
