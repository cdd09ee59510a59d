using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>Socket options by the numbers that Linux has for them.</summary>
internal sealed partial class LinuxSocket
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int TcpLevel = 6; // IPPROTO_TCP
    private const int IpLevel = 0; // IPPROTO_IP
    private const int Ipv6Level = 41; // IPPROTO_IPV6
    private const int Linger = 13; // SO_LINGER

    public override SocketError TakeError()
    {
        var length = sizeof(int);
        return Libc.GetOption(descriptor, SocketLevel, 4, out var error, ref length) < 0 // SO_ERROR
            ? LastError()
            : Errno.ToSocketError(error);
    }

    public override SocketError SetOption(SocketOption option, int value) =>
        option switch
        {
            // IP_TTL, IPV6_UNICAST_HOPS
            SocketOption.TimeToLive => SetBoth(2, 16, value),
            // IP_MTU_DISCOVER, IPV6_MTU_DISCOVER: 'do', or not at all
            SocketOption.DontFragment => SetBoth(10, 23, value != 0 ? 2 : 0),
            // IP_RECVERR, IPV6_RECVERR
            SocketOption.ReceiveErrors => SetBoth(11, 25, value),
            SocketOption.V6Only => family == IpFamily.V6 ? Set(Ipv6Level, 26, value) : SocketError.Success,
            SocketOption.Linger => SetLinger(value),
            SocketOption.Error => SocketError.ProtocolOption,
            _ => NumberOf(option) is var (level, name) ? Set(level, name, value) : SocketError.ProtocolOption,
        };

    public override int? GetOption(SocketOption option)
    {
        var (level, name) = option switch
        {
            SocketOption.TimeToLive => family == IpFamily.V4 ? (IpLevel, 2) : (Ipv6Level, 16),
            SocketOption.V6Only => family == IpFamily.V4 ? (-1, 0) : (Ipv6Level, 26),
            _ => NumberOf(option) ?? (-1, 0),
        };
        if (level < 0)
            return null;
        var length = sizeof(int);
        return Libc.GetOption(descriptor, level, name, out var value, ref length) < 0 ? null : value;
    }

    public override HostTcpInfo? TakeStock()
    {
        Span<byte> info = stackalloc byte[HostTcpInfo.Length];
        var length = info.Length;
        return Libc.GetOption(descriptor, TcpLevel, 11, ref info[0], ref length) < 0 // TCP_INFO
            ? null
            : HostTcpInfo.Read(info[..length]);
    }

    /// <summary>Received datagrams tell their TTL (IP_RECVTTL, IPV6_RECVHOPLIMIT).</summary>
    private void TellTimeToLive() => SetBoth(12, 51, 1);

    private static (int Level, int Name)? NumberOf(SocketOption option) =>
        option switch
        {
            SocketOption.NoDelay => (TcpLevel, 1),
            SocketOption.MaxSegment => (TcpLevel, 2),
            SocketOption.Cork => (TcpLevel, 3),
            SocketOption.KeepAliveTime => (TcpLevel, 4),
            SocketOption.KeepAliveInterval => (TcpLevel, 5),
            SocketOption.KeepAliveProbes => (TcpLevel, 6),
            SocketOption.SynRetries => (TcpLevel, 7),
            SocketOption.UserTimeout => (TcpLevel, 18),
            SocketOption.LocalPortRange => (IpLevel, 51),
            SocketOption.ReuseAddress => (SocketLevel, 2),
            SocketOption.Broadcast => (SocketLevel, 6),
            SocketOption.SendBuffer => (SocketLevel, 7),
            SocketOption.ReceiveBuffer => (SocketLevel, 8),
            SocketOption.KeepAlive => (SocketLevel, 9),
            SocketOption.ReusePort => (SocketLevel, 15),
            SocketOption.BindToDevice => (SocketLevel, 62), // SO_BINDTOIFINDEX
            _ => null,
        };

    /// <summary>What is said of IP holds for both of them on a socket that speaks both.</summary>
    private SocketError SetBoth(int name4, int name6, int value)
    {
        if (family == IpFamily.V4)
            return Set(IpLevel, name4, value);
        var error = Set(Ipv6Level, name6, value);
        if (kind != SocketKind.Icmp)
            _ = Set(IpLevel, name4, value);
        return error;
    }

    private SocketError SetLinger(int seconds)
    {
        ReadOnlySpan<int> linger = [seconds < 0 ? 0 : 1, Math.Max(seconds, 0)];
        return Result(Libc.SetOption(descriptor, SocketLevel, Linger, in linger[0], 2 * sizeof(int)));
    }

    private SocketError Set(int level, int name, int value) =>
        Result(Libc.SetOption(descriptor, level, name, in value, sizeof(int)));
}
