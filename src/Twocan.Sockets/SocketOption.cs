namespace Twocan.Sockets;

/// <summary>What setsockopt sets and getsockopt gets, by the names that C programmers know.</summary>
public enum SocketOption
{
    /// <summary>TCP_NODELAY: 1 switches Nagle's waiting off.</summary>
    NoDelay,

    /// <summary>TCP_CORK: 1 keeps back what does not fill a segment, until it is 0 again (or an RTO has passed).</summary>
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

    /// <summary>IP_TOS of what a stream sends; its lowest two bits are ECN's, and stay TCP's.</summary>
    TypeOfService,

    /// <summary>SO_REUSEADDR.</summary>
    ReuseAddress,

    /// <summary>
    /// SO_REUSEPORT of a socket that is not bound yet: several may listen at one place, and the system shares out among them who
    /// comes. So a server has a loop on every core.
    /// </summary>
    ReusePort,

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

    /// <summary>
    /// TCP_FASTOPEN of a socket that listens: how many connections at once may bring data in their SYN (RFC 7413); 0 lets none.
    /// </summary>
    FastOpen,

    /// <summary>TCP_FASTOPEN_CONNECT: 1 makes connect return at once where the server's cookie is known, and the first write go in the SYN.</summary>
    FastOpenConnect,

    /// <summary>TCP_SYNCNT: how often a SYN is sent again before connect gives up.</summary>
    SynRetries,

    /// <summary>
    /// IP_LOCAL_PORT_RANGE: from which ports a stream connects that was not bound; the first in the low 16 bits, the last in the
    /// high ones, 0 for the system's own choice.
    /// </summary>
    LocalPortRange,

    /// <summary>TCP_QUICKACK: 1 acknowledges what comes next without waiting for company; 0 lets it wait again.</summary>
    QuickAck,
}
