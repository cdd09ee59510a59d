using System.Globalization;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// The shell commands of a script. On a real kernel they set it up; here those that set what we have too are mapped onto
/// <see cref="TcpSettings"/>, those that mean nothing for us are passed over, and all others are refused, since a script that
/// runs under other settings than it asks for proves nothing.
/// </summary>
internal sealed partial class DrillShellCommands(DrillSettings settings, int line)
{
    /// <summary>How a kernel hands packets to its hardware, remembers other connections, or paces: nothing of which is in a script's sight here.</summary>
    private static readonly string[] Meaningless =
    [
        "tcp_fack",
        "tcp_min_tso_segs",
        "tcp_tso_win_divisor",
        "tcp_tso_rtt_log",
        "tcp_pacing_ss_ratio",
        "tcp_pacing_ca_ratio",
        "tcp_notsent_lowat",
        "tcp_no_metrics_save",
        "tcp_no_ssthresh_metrics_save",
        "tcp_metrics_save",
        "tcp_limit_output_bytes",
        "tcp_autocorking",
        "tcp_max_syn_backlog",
        "tcp_invalid_ratelimit",
        "tcp_challenge_ack_limit",
        "tcp_min_rtt_wlen",
        "tcp_low_latency",
        "tcp_adv_win_scale",
        "tcp_app_win",
        "tcp_moderate_rcvbuf",
        "tcp_mem",
        "tcp_max_orphans",
        "tcp_comp_sack_nr",
        "tcp_comp_sack_delay_ns",
        "tcp_comp_sack_slack_ns",
        "tcp_backlog_ack_defer",
        "tcp_max_reordering",
        "tcp_migrate_req",
        "tcp_plb_enabled",
        "tcp_available_congestion_control",
        "tcp_allowed_congestion_control",
        "somaxconn",
        "rmem_max",
        "wmem_max",
        "rmem_default",
        "wmem_default",
        "optmem_max",
        "default_qdisc",
        "ip_local_port_range",
        "ip_no_pmtu_disc",
    ];

    /// <summary>What is remembered of other hosts (Linux's tcp_metrics) is to be forgotten.</summary>
    public bool ForgetsPeers { get; private set; }

    public static DrillShellCommands Run(DrillSettings settings, DrillShell shell)
    {
        var commands = new DrillShellCommands(settings, shell.Line);
        var all = shell
            .Commands.Replace("\\\n", " ", StringComparison.Ordinal)
            .Replace("&>", ">", StringComparison.Ordinal);
        foreach (var command in all.Split(['\n', ';', '&'], StringSplitOptions.RemoveEmptyEntries))
            commands.RunFirst(command.Split("||"));
        return commands;
    }

    /// <summary><c>this || that</c>: what a kernel does not know fails, and the next is tried.</summary>
    private void RunFirst(ReadOnlySpan<string> alternatives)
    {
        try
        {
            Run(alternatives[0]);
        }
        catch (DrillScriptException) when (alternatives.Length > 1)
        {
            RunFirst(alternatives[1..]);
        }
    }

    private void Run(string command)
    {
        var comment = command.IndexOf('#', StringComparison.Ordinal);
        var words = Words(comment < 0 ? command : command[..comment]);
        if (words.Count == 0)
            return;
        var name = words[0][(words[0].LastIndexOf('/') + 1)..];
        switch (name)
        {
            case "defaults.sh":
                settings.Tcp = Defaults(settings.Tcp);
                settings.FastOpenKey = DefaultFastOpenKey;
                ForgetsPeers = true;
                break;
            case "sysctl" or "set_sysctls.py":
                SetAll(words.Skip(1));
                break;
            case "ip" when words is ["ip", "route", "change" or "replace" or "add", _, ..]:
                SetRoute(words);
                break;
            case "ip" when words is ["ip", "link", "set", _, _, "mtu", var mtu]:
                settings.Mtu = Number("mtu", mtu, 65_535);
                break;
            case "ip" when words is ["ip", "tcp_metrics", "flush", ..]:
                ForgetsPeers = true;
                break;
            case "echo" when words is ["echo", var value, .. var path] && TrySetCubic(path[^1], value):
                break;
            // A queue before the cable that takes nothing; of all others it is never full.
            case "tc" when words is [.., "limit", "0"]:
                throw Refused("a queue that drops everything ('limit 0')");
            // A kernel's counters have other names than ours; what they count shows in the packets.
            case "true" or ":" or "tc" or "ethtool" or "nstat":
            case var _ when name.StartsWith("sysctl_restore_", StringComparison.Ordinal):
                break;
            default:
                throw Refused($"the shell command '{string.Join(' ', words)}'");
        }
    }

    /// <summary>What 'defaults.sh' of the public scripts sets.</summary>
    private static TcpSettings Defaults(TcpSettings tcp) =>
        tcp with
        {
            ReceiveBufferSize = ushort.MaxValue,
            MaxReceiveBufferSize = 15 << 20,
            SynRetries = 5,
            SynAckRetries = 5,
            CongestionControl = Cubic.NameOf,
            RestartsAfterIdle = false,
            Ecn = EcnUse.Off,
            Sack = true,
            DuplicateSack = true,
            Timestamps = true,
            ForwardRto = true,
            TailLossProbe = true,
            Rack = true,
        };

    private static readonly FastOpenKey DefaultFastOpenKey = FastOpenKey.TryParse(
        "a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4",
        out var key
    )
        ? key!
        : throw new InvalidOperationException();

    private void SetAll(IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            if (word.StartsWith('-'))
                continue;
            var (path, value) = word.Split('=', 2) is [var left, var right] ? (left, right) : (word, null);
            if (value is null)
                throw Refused($"reading '{path}'");
            Set(path[(path.LastIndexOfAny(['.', '/']) + 1)..], value);
        }
    }

    private void Set(string name, string value)
    {
        if (name == "tcp_fastopen_key")
        {
            settings.FastOpenKey = FastOpenKey.TryParse(value, out var key) ? key : throw Refused($"the key '{value}'");
            return;
        }
        if (name == "tcp_fastopen_blackhole_timeout_sec")
        {
            settings.FastOpenPause = Duration.FromSeconds(Number(name, value, 86_400));
            return;
        }
        if (name == "tcp_tw_reuse_delay")
            settings.TimeWaitReuseDelay = Duration.FromMilliseconds(Number(name, value, 3_600_000));
        var tcp = settings.Tcp;
        settings.Tcp = name switch
        {
            "tcp_sack" => tcp with { Sack = Switch(name, value) },
            "tcp_dsack" => tcp with { DuplicateSack = Switch(name, value) },
            "tcp_timestamps" => tcp with { Timestamps = Number(name, value, 2) != 0 },
            "tcp_window_scaling" => tcp with { WindowScaling = Switch(name, value) },
            "tcp_syn_retries" => tcp with { SynRetries = Number(name, value, 127) },
            "tcp_synack_retries" => tcp with { SynAckRetries = Number(name, value, 127) },
            "tcp_retries2" => tcp with { DataRetries = Number(name, value, 255) },
            "tcp_congestion_control" => tcp with { CongestionControl = Algorithm(value) },
            "tcp_slow_start_after_idle" => tcp with { RestartsAfterIdle = Switch(name, value) },
            "tcp_ecn" => tcp with
            {
                Ecn = Number(name, value, 2) switch
                {
                    0 => EcnUse.Off,
                    1 => EcnUse.Ask,
                    _ => EcnUse.Accept,
                },
            },
            "tcp_keepalive_time" => tcp with { KeepAliveTime = Duration.FromSeconds(Number(name, value, 1 << 20)) },
            "tcp_keepalive_intvl" => tcp with
            {
                KeepAliveInterval = Duration.FromSeconds(Number(name, value, 1 << 20)),
            },
            "tcp_keepalive_probes" => tcp with { KeepAliveProbes = Number(name, value, 127) },
            "tcp_recovery" => tcp with { Rack = (Number(name, value, 7) & 1) != 0 },
            "tcp_early_retrans" => tcp with { TailLossProbe = Number(name, value, 4) >= 3 },
            "tcp_frto" => tcp with { ForwardRto = Number(name, value, 2) != 0 },
            "tcp_mtu_probing" => tcp with { PathMtuProbing = (PathMtuProbing)Number(name, value, 2) },
            "tcp_base_mss" => tcp with { BaseSegmentSize = Number(name, value, 65_535) },
            "tcp_mtu_probe_floor" => tcp with { LeastProbedSegmentSize = Number(name, value, 65_535) },
            "tcp_probe_threshold" => tcp with { PathMtuThreshold = Math.Max(Number(name, value, 65_535), 1) },
            "tcp_probe_interval" => tcp with
            {
                PathMtuProbeInterval = Duration.FromSeconds(Number(name, value, 1 << 20)),
            },
            "tcp_syncookies" => tcp with
            {
                SynCookies = Number(name, value, 2) > 0,
                OnlySynCookies = Number(name, value, 2) == 2,
            },
            "tcp_fastopen" => tcp with { FastOpen = (FastOpenUse)Number(name, value, 0xFFFF) },
            // 2 is for connections within the host.
            "tcp_tw_reuse" => tcp with
            {
                TimeWaitReuse = Number(name, value, 2) == 1 ? settings.TimeWaitReuseDelay : null,
            },
            "tcp_tw_reuse_delay" when tcp.TimeWaitReuse is null => tcp,
            "tcp_tw_reuse_delay" => tcp with { TimeWaitReuse = settings.TimeWaitReuseDelay },
            "tcp_fin_timeout" => tcp with { FinWait2Timeout = Duration.FromSeconds(Number(name, value, 86_400)) },
            "tcp_rmem" => tcp with
            {
                // Half of a kernel's buffer is for its own book-keeping.
                ReceiveBufferSize = Math.Min(Triple(name, value).Default / 2, ushort.MaxValue),
                MaxReceiveBufferSize = Triple(name, value).Most,
            },
            "tcp_wmem" => tcp with { SendBufferSize = Math.Max(Triple(name, value).Default, 2 << 20) },
            "tcp_rto_min_us" => tcp with
            {
                MinRtoMargin = Duration.FromMicroseconds(Number(name, value, int.MaxValue)),
            },
            "tcp_rto_max_ms" => tcp with { MaxRto = Duration.FromMilliseconds(Number(name, value, 120_000)) },
            _ => OnlyAs(name, value) ? tcp : throw Refused($"setting {name}"),
        };
    }

    /// <summary>The parameters of Linux's module for CUBIC that we have too.</summary>
    private bool TrySetCubic(string path, string value)
    {
        switch (path[(path.LastIndexOf('/') + 1)..])
        {
            case "hystart":
                settings.Tcp = settings.Tcp with { HyStart = Switch("hystart", value) };
                return true;
            // 2 is longer round trips, 1 trains of acknowledgements, which RFC 9406 does without.
            case "hystart_detect":
                settings.Tcp = settings.Tcp with { HyStart = (Number("hystart_detect", value, 3) & 2) != 0 };
                return true;
            default:
                return false;
        }
    }

    /// <summary>Settings that we have one value of.</summary>
    private bool OnlyAs(string name, string value)
    {
        if (Array.IndexOf(Meaningless, name) >= 0)
            return true;
        var only = name switch
        {
            "tcp_thin_linear_timeouts" or "tcp_abort_on_overflow" => "0",
            "tcp_shrink_window" or "tcp_stdurg" or "tcp_ecn_option" => "0",
            "tcp_reordering" => "3",
            "tcp_rfc1337" => value is "0" or "1" ? value : "1",
            "tcp_syn_linear_timeouts" => "0",
            "tcp_workaround_signed_windows" => value,
            _ => null,
        };
        if (only is null)
            return false;
        return value == only ? true : throw Refused($"setting {name} to {value} (here it is always {only})");
    }

    /// <summary>The metrics of the one route that there is: <c>ip route change 192.0.2.0/24 … initcwnd 1 rto_min 50ms</c>.</summary>
    private void SetRoute(List<string> words)
    {
        for (var i = 4; i < words.Count; i += 2)
        {
            var value = i + 1 < words.Count ? words[i + 1] : "";
            switch (words[i])
            {
                case "via" or "dev" or "src" or "initrwnd" or "advmss":
                    break;
                case "initcwnd":
                    settings.Tcp = settings.Tcp with { InitialWindowSegments = Number("initcwnd", value, 65_535) };
                    break;
                case "rto_min":
                    var milliseconds = Number("rto_min", value.Replace("ms", "", StringComparison.Ordinal), 60_000);
                    settings.Tcp = settings.Tcp with { MinRtoMargin = Duration.FromMilliseconds(milliseconds) };
                    break;
                case "congctl":
                    settings.Tcp = settings.Tcp with { CongestionControl = Algorithm(value) };
                    break;
                default:
                    throw Refused($"the route's metric '{words[i]}'");
            }
        }
    }

    private string Algorithm(string name) =>
        name is Cubic.NameOf or Reno.NameOf or Bbr.NameOf ? name : throw Refused($"the congestion control '{name}'");

    private bool Switch(string name, string value) => Number(name, value, 1) != 0;

    private int Number(string name, string value, int most)
    {
        var isHex = value.StartsWith("0x", StringComparison.Ordinal);
        var isRead = isHex
            ? int.TryParse(
                value.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var number
            )
            : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        return isRead && number >= 0 && number <= most ? number : throw Refused($"setting {name} to '{value}'");
    }

    private (int Default, int Most) Triple(string name, string value)
    {
        var words = value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 3
            ? (Number(name, words[1], 1 << 30), Number(name, words[2], 1 << 30))
            : throw Refused($"setting {name} to '{value}'");
    }

    private DrillScriptException Refused(string what) => new(line, $"{what} is not supported here");
}
