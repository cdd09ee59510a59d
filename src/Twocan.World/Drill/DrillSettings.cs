using System.Globalization;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// What a script runs under: the addresses of both ends, how exact times have to be, and the settings of TCP. Scripts are
/// written for Linux, so its constants are taken where ours differ.
/// </summary>
public sealed class DrillSettings
{
    /// <summary>Settings of packetdrill that say how to get hold of a kernel; here there is none.</summary>
    private static readonly string[] Meaningless =
    [
        "local_ip_prefix",
        "netmask_ip",
        "gateway_ip",
        "wire_client",
        "wire_server",
        "wire_server_ip",
        "wire_server_port",
        "wire_client_device",
        "wire_server_device",
        "persistent_tun_dev",
        "speed",
        "code_command",
        "code_format",
        "code_sockopt",
        "dry_run",
        "verbose",
        // How long packets may be that packetdrill checks for strictness; the link takes what it takes.
        "mss",
        "debug",
        "non_fatal",
        "so_filename",
        "send_omit_free",
        "udp_encaps",
        // What a script's peer echoes is always reckoned from the first time stamp that it has seen.
        "tcp_ts_ecr_scaled",
        "strict_segments",
        "no_strict_segments",
    ];

    /// <summary>
    /// What a Linux kernel has at first: windows shifted by 7 of up to 64,240 octets in a SYN, six resent SYNs, and the first
    /// segments acknowledged one by one.
    /// </summary>
    public static readonly TcpSettings Linux = new()
    {
        ReceiveBufferSize = 64_240,
        MaxReceiveBufferSize = 6 << 20,
        SendBufferSize = 2 << 20,
        MaxSendBufferSize = 4 << 20,
        SynRetries = 6,
        QuickAcknowledgements = 16,
        RequiresTimestamps = false,
        TimeWaitReuse = null,
        EchoesFormerTimestamp = true,
        UpdatesDoubledWindows = true,
        SlowStartSegmentsPerAck = 1 << 14,
        PathMtuProbing = PathMtuProbing.Off,
    };

    public TcpSettings Tcp { get; set; } = Linux;

    /// <summary>How long a client does without Fast Open where that got lost on the way, at first.</summary>
    public Duration? FastOpenPause { get; set; }

    /// <summary>Linux's <c>tcp_tw_reuse_delay</c>, which counts only where <c>tcp_tw_reuse</c> is on.</summary>
    public Duration TimeWaitReuseDelay { get; set; } = Duration.FromSeconds(1);

    /// <summary>What the listeners' cookies are made with, if a script says so.</summary>
    public FastOpenKey? FastOpenKey { get; set; }

    /// <summary>Packets that no line expects do not fail a script.</summary>
    public bool IgnoresUnexpected { get; private set; }

    /// <summary>Names of the script that mean something else: packetdrill's <c>-D</c>.</summary>
    public Dictionary<string, string> Defines { get; } = [];

    public bool IsV6 { get; private set; }

    public Duration Tolerance { get; private set; } = Duration.FromMilliseconds(4);

    /// <summary>How far a packet may be from its time: a part of the time since the event before, if that is more.</summary>
    public Duration ToleranceAfter(Duration span) =>
        span * TolerancePercent / 100 is var part && part > Tolerance ? part : Tolerance;

    public int TolerancePercent { get; private set; }

    /// <summary>Shell scripts that packetdrill runs first.</summary>
    public IReadOnlyList<string> InitScripts { get; private set; } = [];

    /// <summary>How long a tick of our time stamps is, if a script wants them compared.</summary>
    public Duration TimestampTick { get; private set; }

    public int Mtu { get; set; } = 1500;

    public Port BindPort { get; private set; } = new(8080);

    public Port ConnectPort { get; private set; } = new(8080);

    public IpAddress LocalAddress => _local ?? IpAddress.Parse(IsV6 ? "fd3d:a0b:17d6::1" : "192.168.0.1");

    public IpAddress RemoteAddress => _remote ?? IpAddress.Parse(IsV6 ? "fd3d:fa7b:d17d::1" : "192.0.2.1");

    /// <summary>The router by which all ways lead, and from which ICMP messages come: the last but one address of our subnet.</summary>
    public IpAddress GatewayAddress =>
        IsV6 ? new(LocalAddress.High, ulong.MaxValue - 1) : IpAddress.V4(LocalAddress.AsV4 & 0xFFFF_0000 | 0xFFFE);

    private IpAddress? _local;
    private IpAddress? _remote;

    /// <summary>Takes the lines <c>--name=value</c> of a script.</summary>
    public void Apply(IEnumerable<DrillOption> options)
    {
        foreach (var option in options)
            Apply(option);
    }

    public void Apply(in DrillOption option)
    {
        var (line, name, value) = option;
        switch (name)
        {
            case "ip_version":
                IsV6 = value switch
                {
                    "ipv4" => false,
                    "ipv6" => true,
                    _ => throw Wrong(option, "ipv4 or ipv6"),
                };
                break;
            case "local_ip":
                _local = Address(option);
                break;
            case "remote_ip":
                // A whole subnet may stand here; the first address after its number is the peer.
                _remote = Address(option);
                break;
            case "bind_port":
                BindPort = new((ushort)Number(option, 1, ushort.MaxValue));
                break;
            case "connect_port":
                ConnectPort = new((ushort)Number(option, 1, ushort.MaxValue));
                break;
            case "tolerance_usecs":
                Tolerance = Duration.FromMicroseconds(Number(option, 0, 10_000_000));
                break;
            case "tolerance_percent":
                TolerancePercent = Number(option, 0, 100);
                break;
            case "init_scripts":
                InitScripts = value.Split(',', StringSplitOptions.RemoveEmptyEntries);
                break;
            case "tcp_ts_tick_usecs":
                TimestampTick = Duration.FromMicroseconds(Number(option, 0, 1_000_000));
                break;
            case "mtu":
                Mtu = Number(option, IsV6 ? Ipv6Header.LeastMtu : Ipv4Header.LeastMtu + 60, 65_535);
                break;
            case "unexpected":
                // packetdrill itself does not mind what comes after the last packet that a script expects.
                IgnoresUnexpected = value switch
                {
                    "fail" => false,
                    "ignore" => true,
                    _ => throw Wrong(option, "fail or ignore"),
                };
                break;
            case "define":
                var words = value.Split('=', 2);
                Defines[words[0]] = words is [_, var meaning] ? meaning : throw Wrong(option, "NAME=VALUE");
                break;
            default:
                if (Array.IndexOf(Meaningless, name) < 0)
                    throw new DrillScriptException(line, $"the option --{name} is not supported");
                break;
        }
    }

    private static int Number(in DrillOption option, int least, int most) =>
        int.TryParse(option.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
            : throw Wrong(option, $"a number from {least} to {most}");

    private static IpAddress Address(in DrillOption option) =>
        IpAddress.TryParse(option.Value.Split('/')[0], out var address) ? address : throw Wrong(option, "an address");

    private static DrillScriptException Wrong(in DrillOption option, string wanted) =>
        new(option.Line, $"--{option.Name} is {wanted}, not '{option.Value}'");
}
