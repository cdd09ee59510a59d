using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// The socket library: the BSD calls, on descriptors. A descriptor is a small number that tells a program's sockets
/// apart; each host has its own, from 3 on, the lowest free one first (0 to 2 are the terminal's).
/// <para>
/// Calls that would block are awaited. Errors are <see cref="System.Net.Sockets.SocketException"/>s with the
/// <see cref="System.Net.Sockets.SocketError"/> that the operating system would give. <c>because</c> is the event that led
/// to the call; the packets that follow from the call carry it as their cause.
/// </para>
/// </summary>
public interface ISocketCalls
{
    /// <param name="family">What it is made for first of all; a socket of either takes the other's addresses too.</param>
    int Socket(SocketKind kind, EventId because = default, IpFamily family = IpFamily.V4);

    void Bind(int descriptor, Endpoint local, EventId because = default);

    void Listen(int descriptor, int backlog, EventId because = default);

    /// <summary>Whom a listening socket lets in, and nobody else: the others get a reset. Their addresses say it, so it is for one's own network.</summary>
    void Admit(int descriptor, IReadOnlyList<Subnet> subnets);

    /// <summary>Answers a new descriptor for the connection that came in; <paramref name="descriptor"/> goes on listening.</summary>
    ValueTask<int> AcceptAsync(int descriptor, CancellationToken stop = default);

    ValueTask ConnectAsync(
        int descriptor,
        Endpoint remote,
        EventId because = default,
        CancellationToken stop = default
    );

    /// <summary>
    /// sendto with MSG_FASTOPEN (RFC 7413): connects, and sends this with the SYN where it may. Answers how much was taken, which is
    /// all of it for who waits.
    /// </summary>
    async ValueTask<int> ConnectAndSendAsync(
        int descriptor,
        Endpoint remote,
        ReadOnlyMemory<byte> data,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        await ConnectAsync(descriptor, remote, because, stop);
        await WriteAsync(descriptor, data, because, stop);
        return data.Length;
    }

    /// <summary>Waits for data; zero bytes mean that the peer has said its last.</summary>
    ValueTask<Received> ReadAsync(int descriptor, Memory<byte> into, CancellationToken stop = default);

    /// <summary>Waits until all of <paramref name="data"/> is in the send buffer.</summary>
    ValueTask WriteAsync(
        int descriptor,
        ReadOnlyMemory<byte> data,
        EventId because = default,
        CancellationToken stop = default
    );

    /// <summary>writev: the same for several pieces, in their order.</summary>
    ValueTask WritevAsync(
        int descriptor,
        ReadOnlyMemory<ReadOnlyMemory<byte>> pieces,
        EventId because = default,
        CancellationToken stop = default
    );

    /// <summary>
    /// sendfile, with what goes before the file's bytes as FreeBSD has it: waits until all of it is in the send buffer. A file
    /// that ends too early is an <see cref="EndOfStreamException"/>.
    /// </summary>
    ValueTask SendFileAsync(
        int descriptor,
        ReadOnlyMemory<byte> head,
        FilePart part,
        EventId because = default,
        CancellationToken stop = default
    );

    /// <summary>accept with O_NONBLOCK: false when nobody is waiting.</summary>
    bool TryAccept(int descriptor, out int accepted);

    /// <summary>read with O_NONBLOCK: false when it would have to wait.</summary>
    bool TryRead(int descriptor, Span<byte> into, out Received received);

    /// <summary>write with O_NONBLOCK: takes what there is room for now, and says how much; 0 when there is none.</summary>
    int TryWrite(int descriptor, ReadOnlySpan<byte> data, EventId because = default);

    /// <summary>send with O_NONBLOCK: a write of which the program says something more; where nobody can heed it, it is a write.</summary>
    int TrySend(int descriptor, ReadOnlySpan<byte> data, SendFlags flags, EventId because = default) =>
        TryWrite(descriptor, data, because);

    /// <summary>recv with MSG_PEEK and O_NONBLOCK: what the next read will give stays where it is.</summary>
    bool TryPeek(int descriptor, Span<byte> into, out Received received) =>
        throw new SocketException((int)SocketError.OperationNotSupported);

    /// <summary>writev with O_NONBLOCK.</summary>
    int TryWritev(int descriptor, ReadOnlySpan<ReadOnlyMemory<byte>> pieces, EventId because = default);

    /// <summary>poll without waiting: what the descriptor is ready for.</summary>
    PollEvents Poll(int descriptor);

    /// <summary>
    /// Waits until the descriptor is ready for one of <paramref name="wanted"/>, has an error or is at its end. It may wake for
    /// nothing: the next call on it may have to wait again.
    /// </summary>
    ValueTask<PollEvents> PollAsync(int descriptor, PollEvents wanted, CancellationToken stop = default);

    /// <summary>
    /// poll(2): waits until one of <paramref name="descriptors"/> is ready for what is wanted of it, has an error, is at its end or
    /// is none at all; each is told what it was found ready for. Answers how many were found so; 0 when <paramref name="timeout"/>
    /// was over first. Without one it waits for ever, and with none at all it only looks.
    /// </summary>
    ValueTask<int> PollAsync(
        Memory<PollDescriptor> descriptors,
        Duration? timeout = null,
        CancellationToken stop = default
    );

    ValueTask SendToAsync(
        int descriptor,
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because = default,
        CancellationToken stop = default
    );

    /// <summary>Waits for one datagram; what does not fit into <paramref name="into"/> is lost.</summary>
    ValueTask<Received> ReceiveFromAsync(int descriptor, Memory<byte> into, CancellationToken stop = default);

    /// <summary>Waits for an ICMP error about one of the socket's datagrams; needs <see cref="SocketOption.ReceiveErrors"/>.</summary>
    ValueTask<ReceivedError> ReceiveErrorAsync(int descriptor, CancellationToken stop = default);

    void Shutdown(int descriptor, ShutdownHow how, EventId because = default);

    /// <summary>Gives the descriptor back at once. The protocol stack goes on sending what is left, then says goodbye.</summary>
    void Close(int descriptor, EventId because = default);

    void SetOption(int descriptor, SocketOption option, int value);

    int GetOption(int descriptor, SocketOption option);

    Endpoint LocalEndpoint(int descriptor);

    Endpoint RemoteEndpoint(int descriptor);
}
