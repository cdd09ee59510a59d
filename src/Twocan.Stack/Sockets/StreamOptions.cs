using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>The socket options of a stream, as they stand in its <see cref="TcpSettings"/>.</summary>
internal static class StreamOptions
{
    /// <summary>Linux's TCP_MIN_MSS.</summary>
    private const int LeastSegment = 88;

    /// <summary>Linux's MAX_TCP_SYNCNT.</summary>
    private const int MostSynRetries = 127;

    /// <summary>The settings with an option changed; null for an option that streams do not have, or a value that it cannot take.</summary>
    public static TcpSettings? With(this TcpSettings settings, SocketOption option, int value) =>
        option switch
        {
            SocketOption.NoDelay => settings with { NoDelay = value != 0 },
            SocketOption.Cork => settings with { Cork = value != 0 },
            // Who sets a size has decided: the buffer does not grow by itself any more.
            SocketOption.SendBuffer when value > 0 => settings with
            {
                SendBufferSize = AtLeastAPacket(value),
                MaxSendBufferSize = AtLeastAPacket(value),
            },
            SocketOption.ReceiveBuffer when value > 0 => settings with
            {
                ReceiveBufferSize = AtLeastAPacket(value),
                MaxReceiveBufferSize = AtLeastAPacket(value),
            },
            SocketOption.MaxSegment when value is 0 or >= LeastSegment and <= short.MaxValue => settings with
            {
                MaxSegmentSize = value,
            },
            SocketOption.KeepAlive => settings with { KeepAlive = value != 0 },
            SocketOption.KeepAliveTime when value > 0 => settings with { KeepAliveTime = Duration.FromSeconds(value) },
            SocketOption.KeepAliveInterval when value > 0 => settings with
            {
                KeepAliveInterval = Duration.FromSeconds(value),
            },
            SocketOption.KeepAliveProbes when value > 0 => settings with { KeepAliveProbes = value },
            SocketOption.UserTimeout when value >= 0 => settings with
            {
                UserTimeout = Duration.FromMilliseconds(value),
            },
            SocketOption.SynRetries when value is > 0 and <= MostSynRetries => settings with { SynRetries = value },
            SocketOption.LocalPortRange when value == 0 => settings with { LocalPorts = PortRange.Dynamic },
            SocketOption.LocalPortRange when (ushort)value is > 0 and var first && first <= (uint)value >> 16 =>
                settings with
                {
                    LocalPorts = new(first, (ushort)((uint)value >> 16)),
                },
            SocketOption.FastOpen when value >= 0 => settings with { FastOpenQueueLength = value },
            SocketOption.FastOpenConnect when value is 0 or 1 => settings with { FastOpenConnect = value != 0 },
            _ => null,
        };

    public static int? Read(this TcpSettings settings, SocketOption option) =>
        option switch
        {
            SocketOption.NoDelay => settings.NoDelay ? 1 : 0,
            SocketOption.Cork => settings.Cork ? 1 : 0,
            SocketOption.KeepAlive => settings.KeepAlive ? 1 : 0,
            SocketOption.KeepAliveTime => (int)settings.KeepAliveTime.TotalSeconds,
            SocketOption.KeepAliveInterval => (int)settings.KeepAliveInterval.TotalSeconds,
            SocketOption.KeepAliveProbes => settings.KeepAliveProbes,
            SocketOption.UserTimeout => (int)settings.UserTimeout.TotalMilliseconds,
            SocketOption.SynRetries => settings.SynRetries,
            SocketOption.LocalPortRange => settings.LocalPorts == PortRange.Dynamic
                ? 0
                : settings.LocalPorts.Last << 16 | settings.LocalPorts.First,
            SocketOption.FastOpen => settings.FastOpenQueueLength,
            SocketOption.FastOpenConnect => settings.FastOpenConnect ? 1 : 0,
            _ => null,
        };

    private static int AtLeastAPacket(int value) => Math.Max(value, PacketPool.BufferSize);
}
