namespace Twocan.Worlds;

/// <summary>The constants of the socket calls, with the numbers that Linux gives them.</summary>
internal static class Constants
{
    public const long NonBlocking = 0x800; // O_NONBLOCK and SOCK_NONBLOCK
    public const long DontWait = 0x40; // MSG_DONTWAIT
    public const long WaitAll = 0x100; // MSG_WAITALL
    public const long NoSignal = 0x4000; // MSG_NOSIGNAL
    public const long TcpInq = 36; // TCP_INQ, and TCP_CM_INQ
    public const long Peek = 2; // MSG_PEEK
    public const long More = 0x8000; // MSG_MORE
    public const long EndOfRecord = 0x80; // MSG_EOR
    public const long FastOpen = 0x20000000; // MSG_FASTOPEN

    public const long EpollAdd = 1; // EPOLL_CTL_ADD
    public const long EpollDelete = 2; // EPOLL_CTL_DEL
    public const long EpollModify = 3; // EPOLL_CTL_MOD

    private static readonly Dictionary<string, long> Values = new()
    {
        ["AF_UNSPEC"] = 0,
        ["AF_INET"] = 2,
        ["PF_INET"] = 2,
        ["AF_INET6"] = 10,
        ["PF_INET6"] = 10,
        ["SOCK_STREAM"] = 1,
        ["SOCK_DGRAM"] = 2,
        ["SOCK_NONBLOCK"] = NonBlocking,
        ["SOCK_CLOEXEC"] = 0x80000,
        ["IPPROTO_IP"] = 0,
        ["IPPROTO_ICMP"] = 1,
        ["IPPROTO_TCP"] = 6,
        ["IPPROTO_UDP"] = 17,
        ["IPPROTO_IPV6"] = 41,
        ["SOL_SOCKET"] = 1,
        ["SOL_IP"] = 0,
        ["SOL_TCP"] = 6,
        ["SOL_UDP"] = 17,
        ["SOL_IPV6"] = 41,
        ["SO_REUSEADDR"] = 2,
        ["SO_ERROR"] = 4,
        ["SO_BROADCAST"] = 6,
        ["SO_SNDBUF"] = 7,
        ["SO_RCVBUF"] = 8,
        ["SO_KEEPALIVE"] = 9,
        ["SO_PRIORITY"] = 12,
        ["SO_LINGER"] = 13,
        ["SO_REUSEPORT"] = 15,
        ["SO_RCVLOWAT"] = 18,
        ["SO_TIMESTAMPING"] = 37,
        ["SO_MARK"] = 36,
        ["SO_ZEROCOPY"] = 60,
        ["TCP_NODELAY"] = 1,
        ["TCP_MAXSEG"] = 2,
        ["TCP_CORK"] = 3,
        ["TCP_KEEPIDLE"] = 4,
        ["TCP_KEEPINTVL"] = 5,
        ["TCP_KEEPCNT"] = 6,
        ["TCP_SYNCNT"] = 7,
        ["TCP_LINGER2"] = 8,
        ["TCP_DEFER_ACCEPT"] = 9,
        ["TCP_WINDOW_CLAMP"] = 10,
        ["TCP_INFO"] = 11,
        ["TCP_QUICKACK"] = 12,
        ["TCP_CONGESTION"] = 13,
        ["TCP_MD5SIG"] = 14,
        ["TCP_USER_TIMEOUT"] = 18,
        ["TCP_FASTOPEN"] = 23,
        ["TCP_TIMESTAMP"] = 24,
        ["TCP_NOTSENT_LOWAT"] = 25,
        ["TCP_FASTOPEN_CONNECT"] = 30,
        ["TCP_FASTOPEN_KEY"] = 33,
        ["TCP_FASTOPEN_NO_COOKIE"] = 34,
        ["TCP_INQ"] = TcpInq,
        ["TCP_CM_INQ"] = TcpInq,
        ["IP_TOS"] = 1,
        ["IP_TTL"] = 2,
        ["IP_MTU_DISCOVER"] = 10,
        ["IP_PMTUDISC_DONT"] = 0,
        ["IP_PMTUDISC_WANT"] = 1,
        ["IP_PMTUDISC_DO"] = 2,
        ["IP_RECVERR"] = 11,
        ["IP_MTU"] = 14,
        ["IP_BIND_ADDRESS_NO_PORT"] = 24,
        ["IP_LOCAL_PORT_RANGE"] = 51,
        ["IPV6_UNICAST_HOPS"] = 16,
        ["IPV6_V6ONLY"] = 26,
        ["IPV6_TCLASS"] = 67,
        ["F_GETFL"] = 3,
        ["F_SETFL"] = 4,
        ["O_RDONLY"] = 0,
        ["O_WRONLY"] = 1,
        ["O_RDWR"] = 2,
        ["O_NONBLOCK"] = NonBlocking,
        ["SHUT_RD"] = 0,
        ["SHUT_WR"] = 1,
        ["SHUT_RDWR"] = 2,
        ["MSG_OOB"] = 1,
        ["MSG_PEEK"] = Peek,
        ["MSG_TRUNC"] = 0x20,
        ["MSG_DONTWAIT"] = DontWait,
        ["MSG_WAITALL"] = WaitAll,
        ["MSG_ERRQUEUE"] = 0x2000,
        ["MSG_NOSIGNAL"] = NoSignal,
        ["MSG_MORE"] = More,
        ["MSG_ZEROCOPY"] = 0x4000000,
        ["MSG_FASTOPEN"] = FastOpen,
        ["MSG_EOR"] = EndOfRecord,
        ["POLLIN"] = 1,
        ["POLLPRI"] = 2,
        ["POLLOUT"] = 4,
        ["POLLERR"] = 8,
        ["POLLHUP"] = 0x10,
        ["POLLNVAL"] = 0x20,
        ["POLLRDNORM"] = 0x40,
        ["POLLWRNORM"] = 0x100,
        ["POLLRDHUP"] = 0x2000,
        ["EPOLL_CTL_ADD"] = EpollAdd,
        ["EPOLL_CTL_DEL"] = EpollDelete,
        ["EPOLL_CTL_MOD"] = EpollModify,
        ["EPOLLIN"] = 1,
        ["EPOLLPRI"] = 2,
        ["EPOLLOUT"] = 4,
        ["EPOLLERR"] = 8,
        ["EPOLLHUP"] = 0x10,
        ["EPOLLRDNORM"] = 0x40,
        ["EPOLLWRNORM"] = 0x100,
        ["EPOLLRDHUP"] = 0x2000,
        ["EPOLLONESHOT"] = 1L << 30,
        ["EPOLLET"] = 1L << 31,
        ["FIONREAD"] = 0x541B,
        ["SIOCINQ"] = 0x541B,
        ["TIOCOUTQ"] = 0x5411,
        ["SIOCOUTQ"] = 0x5411,
        ["SIOCOUTQNSD"] = 0x894B,
        ["NULL"] = 0,
    };

    /// <summary>Errors are constants too: what SO_ERROR tells is compared with one.</summary>
    public static bool TryFind(string name, out long value) =>
        Values.TryGetValue(name, out value) || (value = Errors.NumberOf(name)) != 0;

    /// <summary>What a constant that is not known here belongs to, as far as its name says it.</summary>
    public static string WhyUnknown(string name) =>
        name switch
        {
            _ when name.StartsWith("SOF_TIMESTAMPING_", StringComparison.Ordinal) =>
                $"the kernel's time stamps (SO_TIMESTAMPING) are not supported, nor '{name}'",
            _ when name.StartsWith("SO_EE_", StringComparison.Ordinal)
                    || name.StartsWith("CMSG_LEVEL_", StringComparison.Ordinal)
                    || name.StartsWith("SCM_", StringComparison.Ordinal) =>
                $"control messages of the error queue (MSG_ZEROCOPY, SO_TIMESTAMPING) are not supported, nor '{name}'",
            _ => $"the constant '{name}' is not known here",
        };

    /// <summary>The name of an option of a level, for a complaint.</summary>
    public static string OptionName(long level, long option)
    {
        var prefix = level switch
        {
            1 => "SO_",
            6 => "TCP_",
            41 => "IPV6_",
            _ => "IP_",
        };
        foreach (var (name, value) in Values)
        {
            if (value == option && name.StartsWith(prefix, StringComparison.Ordinal))
                return name;
        }
        return $"option {option} of level {level}";
    }
}
