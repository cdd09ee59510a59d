#pragma warning disable RS0030 // The operating system's sockets: this folder is where they are known.
using System.Net.Sockets;

namespace Twocan.Sockets;

/// <summary>Socket options by the names that the operating system has for them; what was set is answered as it was said.</summary>
internal sealed class HostOptions(params SocketOption[] known)
{
    private const int Ip = 0; // IPPROTO_IP
    private const int Ip6 = 41; // IPPROTO_IPV6
    private const int SocketLevel = 1; // SOL_SOCKET

    private readonly Dictionary<SocketOption, int> _said = [];

    public bool Knows(SocketOption option) => known.Contains(option);

    public bool IsOn(SocketOption option) => _said.GetValueOrDefault(option) != 0;

    public void Set(HostSocket host, SocketOption option, int value)
    {
        host.Configure(socket => Apply(socket, option, value));
        _said[option] = value;
    }

    public int Get(HostSocket host, SocketOption option) =>
        _said.TryGetValue(option, out var said) ? said : Ask(host.Socket, option);

    /// <summary>A connection that was accepted has the options of the socket that listened for it.</summary>
    public void InheritFrom(HostOptions listening)
    {
        foreach (var (option, value) in listening._said)
            _said[option] = value;
    }

    /// <summary>Received datagrams tell their TTL (IP_RECVTTL, IPV6_RECVHOPLIMIT).</summary>
    public static void TellTimeToLive(Socket socket) => SetLinux(socket, 12, 51, 1);

    /// <summary>ICMP errors wait in a queue of their own (IP_RECVERR, IPV6_RECVERR).</summary>
    public static void QueueErrors(Socket socket, bool on) => SetLinux(socket, 11, 25, on ? 1 : 0);

    private static void Apply(Socket socket, SocketOption option, int value)
    {
        switch (option)
        {
            case SocketOption.NoDelay:
                socket.NoDelay = value != 0;
                break;
            case SocketOption.KeepAlive:
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, value != 0);
                break;
            case SocketOption.KeepAliveTime:
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, value);
                break;
            case SocketOption.KeepAliveInterval:
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, value);
                break;
            case SocketOption.KeepAliveProbes:
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, value);
                break;
            case SocketOption.Cork when OperatingSystem.IsLinux():
                socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, 3, BitConverter.GetBytes(value)); // TCP_CORK
                break;
            case SocketOption.UserTimeout when OperatingSystem.IsLinux():
                socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, 18, BitConverter.GetBytes(value)); // TCP_USER_TIMEOUT
                break;
            case SocketOption.SendBuffer:
                socket.SendBufferSize = value;
                break;
            case SocketOption.ReceiveBuffer:
                socket.ReceiveBufferSize = value;
                break;
            case SocketOption.TimeToLive:
                socket.Ttl = (short)value;
                break;
            case SocketOption.Broadcast:
                socket.EnableBroadcast = value != 0;
                break;
            case SocketOption.DontFragment when socket.AddressFamily == AddressFamily.InterNetwork:
                socket.DontFragment = value != 0;
                break;
            case SocketOption.ReceiveErrors:
                QueueErrors(socket, value != 0);
                break;
            case SocketOption.V6Only:
                if (socket.AddressFamily == AddressFamily.InterNetworkV6)
                    socket.DualMode = value == 0;
                break;
            case SocketOption.BindToDevice when OperatingSystem.IsLinux():
                socket.SetRawSocketOption(SocketLevel, 62, BitConverter.GetBytes(value)); // SO_BINDTOIFINDEX
                break;
            case SocketOption.ReuseAddress:
                // .NET binds TCP sockets so wherever it is without danger; its own option of that name is another one.
                break;
            default:
                throw new SocketException((int)SocketError.ProtocolOption);
        }
    }

    private static int Ask(Socket? socket, SocketOption option) =>
        option switch
        {
            SocketOption.TimeToLive => socket?.Ttl ?? 64,
            SocketOption.SendBuffer => socket?.SendBufferSize ?? 0,
            SocketOption.ReceiveBuffer => socket?.ReceiveBufferSize ?? 0,
            _ => 0,
        };

    private static void SetLinux(Socket socket, int option4, int option6, int value)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var bytes = BitConverter.GetBytes(value);
        if (socket.AddressFamily == AddressFamily.InterNetworkV6)
            socket.SetRawSocketOption(Ip6, option6, bytes);
        if (
            socket.AddressFamily == AddressFamily.InterNetwork
            || socket is { ProtocolType: ProtocolType.Udp, DualMode: true }
        )
            socket.SetRawSocketOption(Ip, option4, bytes);
    }
}
