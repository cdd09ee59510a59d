using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

public enum SocketKind
{
    /// <summary>SOCK_STREAM: TCP.</summary>
    Stream,

    /// <summary>SOCK_DGRAM: UDP.</summary>
    Datagram,

    /// <summary>ICMP echo and the errors that it earns, as Linux's 'ping sockets' do it: whole ICMP messages, from the type on.</summary>
    Icmp,
}

public enum ShutdownHow
{
    Read,
    Write,
    Both,
}

public enum SocketOption
{
    /// <summary>TCP_NODELAY: 1 switches Nagle's waiting off.</summary>
    NoDelay,

    /// <summary>TCP_CORK: 1 keeps back what does not fill a segment, until it is 0 again (or 200 ms have passed).</summary>
    Cork,

    /// <summary>SO_KEEPALIVE: 1 asks a silent peer now and then whether it is still there.</summary>
    KeepAlive,

    /// <summary>TCP_KEEPIDLE: seconds of silence before the first question.</summary>
    KeepAliveTime,

    /// <summary>TCP_KEEPINTVL: seconds between questions.</summary>
    KeepAliveInterval,

    /// <summary>TCP_KEEPCNT: questions without an answer before the connection counts as dead.</summary>
    KeepAliveProbes,

    /// <summary>TCP_USER_TIMEOUT: milliseconds that data may stay unacknowledged before the connection counts as dead; 0 leaves it to the stack.</summary>
    UserTimeout,

    /// <summary>SO_SNDBUF, in bytes.</summary>
    SendBuffer,

    /// <summary>SO_RCVBUF, in bytes.</summary>
    ReceiveBuffer,

    /// <summary>IP_TTL of what is sent.</summary>
    TimeToLive,

    /// <summary>SO_REUSEADDR.</summary>
    ReuseAddress,

    /// <summary>SO_BROADCAST.</summary>
    Broadcast,

    /// <summary>IP_DONTFRAG: 1 refuses a datagram that is too long for the path, where it would else be cut into fragments.</summary>
    DontFragment,

    /// <summary>
    /// IP_RECVERR of a datagram socket: 1 collects the ICMP errors about its datagrams, whoever they went to, for
    /// <see cref="ISocketCalls.ReceiveErrorAsync"/>, in place of throwing those about a connected peer.
    /// </summary>
    ReceiveErrors,

    /// <summary>
    /// SO_BINDTODEVICE of a datagram socket that is not bound yet: the number of the adapter (from 1, 0 for none) by which
    /// alone it sends and hears. So it may broadcast on a link on which the host has no address yet.
    /// </summary>
    BindToDevice,

    /// <summary>
    /// IPV6_V6ONLY of a socket that is not bound yet: 1 keeps a socket on :: from taking what comes over IPv4 (RFC 3493 §5.3).
    /// </summary>
    V6Only,

    /// <summary>SO_ERROR, to be read only: the number of the error that waits, which is then forgotten; 0 for none.</summary>
    Error,

    /// <summary>SO_LINGER: 0 makes close send a reset and throw away what is left to send; -1 (the default) does neither.</summary>
    Linger,

    /// <summary>TCP_MAXSEG: the longest segment that is asked of the peer and sent to it; 0 leaves it to the link.</summary>
    MaxSegment,
}

/// <summary>What a descriptor is ready for, with the numbers of Linux's poll(2).</summary>
[Flags]
public enum PollEvents
{
    None = 0,

    /// <summary>A read or an accept would not wait.</summary>
    In = 1,

    /// <summary>A write would not wait.</summary>
    Out = 4,

    /// <summary>An error waits to be fetched.</summary>
    Error = 8,

    /// <summary>Both directions are at their end.</summary>
    HangUp = 16,

    /// <summary>The peer has said its last.</summary>
    ReadHangUp = 0x2000,
}

/// <summary>What a receive call brought: how many bytes, from whom, with what TTL left, and which event brought it.</summary>
public readonly record struct Received(int Length, Endpoint From, byte TimeToLive, EventId Because);

/// <summary>An ICMP error about a datagram of mine: what recvmsg gives with MSG_ERRQUEUE.</summary>
/// <param name="Error">What a connected socket would have thrown.</param>
/// <param name="From">Who says so: a router on the way, the destination, or this host itself.</param>
/// <param name="Mtu">With 'fragmentation needed': the longest packet that the next link takes, if the router said so.</param>
/// <param name="To">Where the datagram was going.</param>
public readonly record struct ReceivedError(
    SocketError Error,
    IpAddress From,
    byte Type,
    byte Code,
    ushort Mtu,
    Endpoint To,
    EventId Because
);

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

    /// <summary>Answers a new descriptor for the connection that came in; <paramref name="descriptor"/> goes on listening.</summary>
    ValueTask<int> AcceptAsync(int descriptor, CancellationToken stop = default);

    ValueTask ConnectAsync(
        int descriptor,
        Endpoint remote,
        EventId because = default,
        CancellationToken stop = default
    );

    /// <summary>Waits for data; zero bytes mean that the peer has said its last.</summary>
    ValueTask<Received> ReadAsync(int descriptor, Memory<byte> into, CancellationToken stop = default);

    /// <summary>Waits until all of <paramref name="data"/> is in the send buffer.</summary>
    ValueTask WriteAsync(
        int descriptor,
        ReadOnlyMemory<byte> data,
        EventId because = default,
        CancellationToken stop = default
    );

    /// <summary>write with O_NONBLOCK: takes what there is room for now, and says how much; <see cref="System.Net.Sockets.SocketError.WouldBlock"/> when there is none.</summary>
    int WriteNow(int descriptor, ReadOnlySpan<byte> data, EventId because = default) =>
        throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.OperationNotSupported);

    /// <summary>poll without waiting: what the descriptor is ready for.</summary>
    PollEvents Poll(int descriptor) =>
        throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.OperationNotSupported);

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
