using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>What stands behind a descriptor. A call that this kind of socket does not know is refused.</summary>
public abstract class OpenSocket
{
    public abstract Endpoint Local { get; }

    public abstract Endpoint Remote { get; }

    /// <summary>The event that let the last call return, where the call does not say it itself.</summary>
    public virtual EventId LastEvent => EventId.None;

    public abstract void Bind(Endpoint local);

    public virtual void Listen(int backlog, EventId because) => throw NotSupported();

    public virtual void Admit(IReadOnlyList<Subnet> subnets) => throw NotSupported();

    public virtual ValueTask<OpenSocket> AcceptAsync(CancellationToken stop) => throw NotSupported();

    public abstract ValueTask ConnectAsync(Endpoint remote, EventId because, CancellationToken stop);

    /// <summary>Where the SYN cannot carry data it follows the handshake.</summary>
    public virtual async ValueTask<int> ConnectAndSendAsync(
        Endpoint remote,
        ReadOnlyMemory<byte> data,
        EventId because,
        CancellationToken stop
    )
    {
        await ConnectAsync(remote, because, stop);
        await WriteAsync(data, because, stop);
        return data.Length;
    }

    public abstract ValueTask<Received> ReadAsync(Memory<byte> into, CancellationToken stop);

    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> data, EventId because, CancellationToken stop);

    public virtual ValueTask WritevAsync(
        ReadOnlyMemory<ReadOnlyMemory<byte>> pieces,
        EventId because,
        CancellationToken stop
    ) => WriteAsync(Join(pieces.Span), because, stop);

    public virtual ValueTask SendFileAsync(
        ReadOnlyMemory<byte> head,
        FilePart part,
        EventId because,
        CancellationToken stop
    ) => FileBlocks.SendAsync(this, head, part, because, stop);

    public virtual OpenSocket? TryAccept() => throw NotSupported();

    public abstract bool TryRead(Span<byte> into, out Received received);

    public abstract int TryWrite(ReadOnlySpan<byte> data, EventId because);

    public virtual int TrySend(ReadOnlySpan<byte> data, SendFlags flags, EventId because) => TryWrite(data, because);

    public virtual bool TryPeek(Span<byte> into, out Received received) => throw NotSupported();

    public virtual int TryWritev(ReadOnlySpan<ReadOnlyMemory<byte>> pieces, EventId because) =>
        TryWrite(Join(pieces), because);

    public abstract PollEvents Poll();

    /// <summary>Set when the socket may have become ready for one of <paramref name="wanted"/>, is at its end, or is closed.</summary>
    public abstract Signal Changed(PollEvents wanted);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public virtual async ValueTask<PollEvents> PollAsync(PollEvents wanted, CancellationToken stop)
    {
        var told = wanted | PollEvents.Error | PollEvents.HangUp;
        while (true)
        {
            var changed = Changed(wanted);
            if ((Poll() & told) is not PollEvents.None and var found)
                return found;
            await changed.WaitAsync(stop);
        }
    }

    public abstract ValueTask SendToAsync(
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because,
        CancellationToken stop
    );

    public abstract ValueTask<Received> ReceiveFromAsync(Memory<byte> into, CancellationToken stop);

    public virtual ValueTask<ReceivedError> ReceiveErrorAsync(CancellationToken stop) => throw NotSupported();

    /// <summary>Without a connection there is nothing to shut down.</summary>
    public virtual void Shutdown(ShutdownHow how, EventId because) => throw Failure(SocketError.NotConnected);

    public abstract void Close(EventId because);

    public virtual void SetOption(SocketOption option, int value) => throw Failure(SocketError.ProtocolOption);

    public virtual int GetOption(SocketOption option) => throw Failure(SocketError.ProtocolOption);

    protected static SocketException NotSupported() => Failure(SocketError.OperationNotSupported);

    protected static SocketException Failure(SocketError error) => new((int)error);

    protected static void Check(SocketError error)
    {
        if (error != SocketError.Success)
            throw Failure(error);
    }

    /// <summary>However many pieces it came in, a message is one.</summary>
    private static byte[] Join(ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        var joined = new ArrayBufferWriter<byte>(64);
        foreach (var piece in pieces)
            joined.Write(piece.Span);
        return joined.WrittenSpan.ToArray();
    }

    protected static byte CheckTimeToLive(int value) =>
        value is >= 1 and <= 255 ? (byte)value : throw Failure(SocketError.InvalidArgument);

    protected static int CheckBufferSize(int value) =>
        value > 0 ? Math.Max(value, PacketPool.BufferSize) : throw Failure(SocketError.InvalidArgument);
}
