using System.Net.Sockets;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>setsockopt and getsockopt, by the numbers that Linux gives to levels and options.</summary>
internal sealed partial class DrillCalls
{
    /// <summary>Options that change nothing that a script could see here.</summary>
    private static readonly string[] Harmless =
    [
        "SO_PRIORITY",
        "SO_MARK",
        "IP_MTU_DISCOVER",
        // A port is chosen at connect, unless bind names one.
        "IP_BIND_ADDRESS_NO_PORT",
    ];

    private DrillOutcome SetOption(DrillArguments call)
    {
        var open = Find(call);
        var name = Constants.OptionName(call.Number(1), call.Number(2));
        if (Array.IndexOf(Harmless, name) >= 0)
            return new(0);
        // No limit but the buffer's: so it is here.
        if (name == "TCP_NOTSENT_LOWAT" && call.Number(3) is 0 or >= int.MaxValue)
            return new(0);
        if (name == "TCP_CONGESTION")
            return SetCongestionControl(call);
        if (name == "TCP_INQ")
        {
            open.TellsQueue = call.Number(3) != 0;
            return new(0);
        }
        if (name == "TCP_FASTOPEN_KEY")
            return SetFastOpenKey(call, open);
        if (OptionNamed(name) is not { } option)
            throw call.Unsupported($"the option {name}");
        var value = option == SocketOption.Linger ? call.Linger(3) : call.Number(3);
        if (option == SocketOption.Error)
            throw new SocketException((int)SocketError.ProtocolOption);
        // As on Linux, where a sender's buffer takes twice what it is said to.
        if (option == SocketOption.SendBuffer)
            value *= 2;
        // Two ports in 32 bits fill the sign too.
        if (option == SocketOption.LocalPortRange)
            value = (int)(uint)value;
        _calls.SetOption(open.Live, option, (int)Math.Clamp(value, int.MinValue, int.MaxValue));
        return new(0);
    }

    private DrillOutcome GetOption(DrillArguments call)
    {
        var open = Find(call);
        var name = Constants.OptionName(call.Number(1), call.Number(2));
        // TCP_INFO itself is read by assertions.
        if (name == "TCP_INFO")
            return new(0);
        if (OptionNamed(name) is not { } option)
            throw call.Unsupported($"the option {name}");
        long value = _calls.GetOption(open.Live, option);
        value = option switch
        {
            // Linux tells twice what it was asked for: the rest is for its own book-keeping.
            SocketOption.ReceiveBuffer => value * 2,
            SocketOption.Error => value == 0 ? 0 : Errors.NumberOf((SocketError)value),
            _ => value,
        };
        call.CheckOut(3, value);
        return new(0);
    }

    private DrillOutcome SetFastOpenKey(DrillArguments call, Open open)
    {
        var bytes = call.Bytes(3);
        if (bytes.Length != FastOpenKey.Length || call.Number(4) != bytes.Length)
            throw new SocketException((int)SocketError.InvalidArgument);
        open.FastOpenKey = new(bytes);
        SetKey(open, open.FastOpenKey);
        return new(0);
    }

    private void SetKey(Open open, FastOpenKey key)
    {
        if (stack.Sockets.Behind(open.Live) is OpenStream stream)
            stream.FastOpenKey = key;
    }

    /// <summary>For the connections that begin from now on: one that goes on keeps its own.</summary>
    private DrillOutcome SetCongestionControl(DrillArguments call)
    {
        var name = call.Text(3);
        if (name is not (Cubic.NameOf or Reno.NameOf or Bbr.NameOf))
            throw new SocketException((int)SocketError.ProtocolOption);
        if (LastInfo is { } info && info.CongestionControl != name)
            throw call.Unsupported(
                $"changing the congestion control of a connection from {info.CongestionControl} to {name}"
            );
        settings.Tcp = settings.Tcp with { CongestionControl = name };
        stack.Tcp.Settings = stack.Tcp.Settings with { CongestionControl = name };
        return new(0);
    }

    private static SocketOption? OptionNamed(string name) =>
        name switch
        {
            "SO_REUSEADDR" => SocketOption.ReuseAddress,
            "SO_REUSEPORT" => SocketOption.ReusePort,
            "SO_ERROR" => SocketOption.Error,
            "SO_BROADCAST" => SocketOption.Broadcast,
            "SO_SNDBUF" => SocketOption.SendBuffer,
            "SO_RCVBUF" => SocketOption.ReceiveBuffer,
            "SO_LINGER" => SocketOption.Linger,
            "SO_KEEPALIVE" => SocketOption.KeepAlive,
            "TCP_KEEPIDLE" => SocketOption.KeepAliveTime,
            "TCP_KEEPINTVL" => SocketOption.KeepAliveInterval,
            "TCP_KEEPCNT" => SocketOption.KeepAliveProbes,
            "TCP_SYNCNT" => SocketOption.SynRetries,
            "TCP_USER_TIMEOUT" => SocketOption.UserTimeout,
            "TCP_CORK" => SocketOption.Cork,
            "TCP_NODELAY" => SocketOption.NoDelay,
            "TCP_MAXSEG" => SocketOption.MaxSegment,
            "TCP_FASTOPEN" => SocketOption.FastOpen,
            "TCP_FASTOPEN_CONNECT" => SocketOption.FastOpenConnect,
            "TCP_QUICKACK" => SocketOption.QuickAck,
            "IP_LOCAL_PORT_RANGE" => SocketOption.LocalPortRange,
            "IP_TTL" or "IPV6_UNICAST_HOPS" => SocketOption.TimeToLive,
            "IP_TOS" or "IPV6_TCLASS" => SocketOption.TypeOfService,
            "IP_RECVERR" => SocketOption.ReceiveErrors,
            "IPV6_V6ONLY" => SocketOption.V6Only,
            _ => null,
        };
}
