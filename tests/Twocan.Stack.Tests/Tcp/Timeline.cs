using System.Globalization;
using System.Text.RegularExpressions;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>
/// A time line of what one machine is told and what it must send, to the millisecond, as packetdrill writes it:
/// <code>
/// 0     connect
/// +0    > S 0:0(0) win 65535 &lt;mss 1460>
/// +.05  &lt; S. 0:0(0) ack 1 win 4000 &lt;mss 1000>
/// +0    > . 1:1(0) ack 1
/// +0    write 2500
/// +0    > . 1:1001(1000) ack 1
/// </code>
/// Sequence numbers count from each side's initial one (both lie close to where 32 bits wrap). A segment that no line
/// expects fails the script, as does one that comes at another time. What a line does not name is not compared.
/// </summary>
internal sealed partial class Timeline
{
    private static readonly SequenceNumber OurStart = new(0xFFFF_FF00);
    private static readonly SequenceNumber TheirStart = new(0xFFFF_F800);
    private static readonly Endpoint Us = Endpoint.TryParse("10.0.0.1:1000", out var us) ? us : default;
    private static readonly Endpoint Them = Endpoint.TryParse("10.0.0.2:80", out var them) ? them : default;
    private static readonly Duration Tolerance = Duration.FromMilliseconds(1);

    private static readonly string[] Looks =
    [
        "state",
        "error",
        "cwnd",
        "ssthresh",
        "rto",
        "srtt",
        "end",
        "rcvbuf",
        "sndbuf",
        "stage",
    ];

    private readonly PacketPool _pool = new();
    private readonly Queue<(Instant At, byte[] Bytes)> _sent = new();
    private TcpConnection _connection = null!;
    private TcpSettings _settings = new() { CongestionControl = Reno.NameOf, PathMtuProbing = PathMtuProbing.Off };
    private int _mss = 1460;
    private Instant _now;
    private int _written;
    private int _read;
    private string _line = "";
    private uint _lastTimestamp;
    private bool _isMarked;

    /// <summary>Lines that bring an active connection to ESTABLISHED; the peer takes segments of 1,000 octets.</summary>
    public const string Connected = """
        0     connect
        +0    > S 0:0(0)
        +.1   < S. 0:0(0) ack 1 win 60000 <mss 1000>
        +0    > . 1:1(0) ack 1

        """;

    /// <summary>The same from the other side.</summary>
    public const string Accepted = """
        0     listen
        +0    < S 0:0(0) win 60000 <mss 1000>
        +0    > S. 0:0(0) ack 1
        +.1   < . 1:1(0) ack 1 win 60000
        +0    state Established

        """;

    /// <summary>The same as <see cref="Connected"/>, with these options in both SYNs.</summary>
    public static string ConnectedWith(string options) =>
        Connected.Replace("<mss 1000>", $"<mss 1000,{options}>", StringComparison.Ordinal);

    public static string AcceptedWith(string options) =>
        Accepted.Replace("<mss 1000>", $"<mss 1000,{options}>", StringComparison.Ordinal);

    public static void Run(string script) => new Timeline().RunLines(script);

    private void RunLines(string script)
    {
        foreach (var raw in script.Split('\n'))
        {
            var comment = raw.IndexOf("//", StringComparison.Ordinal);
            _line = (comment < 0 ? raw : raw[..comment]).Trim();
            if (_line.Length > 0)
                RunLine();
        }
        _line = "the end";
        Require(_sent.Count == 0, $"nothing more is sent, but {Show()}");
        Assert.Equal(0, _pool.Outstanding);
    }

    private void RunLine()
    {
        if (_line.StartsWith("--", StringComparison.Ordinal))
        {
            SetOption(_line[2..].Split('='));
            return;
        }
        var words = _line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        var seconds = double.Parse(words[0].TrimStart('+'), CultureInfo.InvariantCulture);
        var due = (words[0][0] == '+' ? _now : Instant.Zero) + Duration.FromSeconds(seconds);
        var happens = words[1].Trim();
        RunUntil(due);
        if (happens[0] == '>')
        {
            ExpectAll(happens);
            return;
        }
        var call = happens.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries);
        // A look at the state may stand between a step and the segments that it sends at the same time.
        var isLook = Looks.Contains(call[0]) && _sent.TryPeek(out var waiting) && waiting.At == _now;
        Require(_sent.Count == 0 || isLook, $"nothing is sent before, but {Show()}");
        if (happens[0] == '<')
            Inject(Pattern().Match(happens));
        else
            Call(call);
        Transmit();
    }

    private void SetOption(string[] option)
    {
        var value = option.Length > 1 && int.TryParse(option[1], out var number) ? number : 0;
        switch (option[0])
        {
            case "mss":
                _mss = value;
                break;
            case "rcvbuf":
                _settings = _settings with { ReceiveBufferSize = value, MaxReceiveBufferSize = value };
                break;
            case "rcvmax":
                _settings = _settings with { MaxReceiveBufferSize = value };
                break;
            case "sndbuf":
                _settings = _settings with { SendBufferSize = value, MaxSendBufferSize = value };
                break;
            default:
                _settings = SettingNamed(option[0], value);
                break;
        }
    }

    /// <summary>Each mechanism can be switched off by its name.</summary>
    private TcpSettings SettingNamed(string name, int value) =>
        name switch
        {
            "sack" => _settings with { Sack = value != 0 },
            "ts" => _settings with { Timestamps = value != 0 },
            "wscale" => _settings with { WindowScaling = value != 0 },
            "dsack" => _settings with { DuplicateSack = value != 0 },
            "rack" => _settings with { Rack = value != 0 },
            "tlp" => _settings with { TailLossProbe = value != 0 },
            "frto" => _settings with { ForwardRto = value != 0 },
            "limited" => _settings with { LimitedTransmit = value != 0 },
            "idle" => _settings with { RestartsAfterIdle = value != 0 },
            "keepalive" => _settings with
            {
                KeepAlive = true,
                KeepAliveTime = Duration.FromSeconds(value),
                KeepAliveInterval = Duration.FromSeconds(10),
                KeepAliveProbes = 3,
            },
            "usertimeout" => _settings with { UserTimeout = Duration.FromSeconds(value) },
            "ecn" => _settings with { Ecn = (EcnUse)value },
            "probing" => _settings with { PathMtuProbing = (PathMtuProbing)value },
            "iw" => _settings with { InitialWindowSegments = value },
            "cubic" => _settings with { CongestionControl = Cubic.NameOf },
            "hystart" => _settings with { HyStart = value != 0 },
            _ => throw new InvalidOperationException(name),
        };

    private void Call(string[] words)
    {
        var value = words.Length > 1 && int.TryParse(words[1], out var number) ? number : 0;
        switch (words[0])
        {
            case "connect":
                Create();
                _connection.Connect(_now);
                break;
            case "listen":
                Create();
                _connection.Listen();
                break;
            case "fastconnect": // with the cookie, and the segment size of the last visit
                Create();
                _connection.ConnectFast(new(Cookie(words[1]), int.Parse(words[2])), _now);
                break;
            case "fastlisten": // a listener that believes the cookie, or gives one
                Create();
                _connection.Listen(words.Length > 1 ? new(false, Cookie(words[1])) : new(true, null));
                break;
            case "release":
                _connection.ReleaseSyn();
                break;
            case "stage":
                Require($"{_connection.FastOpenStage}" == words[1], $"the stage is {_connection.FastOpenStage}");
                break;
            case "write":
                var data = new byte[value];
                for (var i = 0; i < data.Length; i++)
                    data[i] = Octet(_written + i);
                var accepted = _connection.Write(data, _now);
                _written += accepted;
                Require(accepted == (words.Length > 2 ? int.Parse(words[2]) : value), $"write takes {accepted}");
                break;
            case "read":
                var into = new byte[value];
                var count = _connection.Read(into, _now, out _);
                Require(count == (words.Length > 2 ? int.Parse(words[2]) : value), $"read gives {count}");
                for (var i = 0; i < count; i++)
                    Require(into[i] == Octet(_read + i), $"octet {_read + i} is wrong");
                _read += count;
                break;
            case "end":
                Require(_connection.HasPeerFinished && _connection.IsReadable, "the end can be read");
                break;
            case "close":
                _connection.Close(_now);
                break;
            case "shutdown":
                _connection.Shutdown(ShutdownHow.Write, _now);
                break;
            case "abort":
                _connection.Abort(_now);
                break;
            case "nodelay":
                _connection.Adjust(_connection.Settings with { NoDelay = true }, _now);
                break;
            case "icmp":
                var error = Enum.Parse<System.Net.Sockets.SocketError>(words[1]);
                _connection.OnNetworkError(error, OurStart + int.Parse(words[2]), _now);
                break;
            case "toobig":
                _connection.OnPacketTooBig(value, OurStart + int.Parse(words[2]), _now);
                break;
            case "state":
                Require($"{_connection.State}" == words[1], $"the state is {_connection.State}");
                break;
            case "error":
                Require($"{_connection.Error}" == words[1], $"the error is {_connection.Error}");
                break;
            case "rest":
                Require(_connection.Due == Instant.Never, $"it is due at {_connection.Due}");
                break;
            case "cwnd":
                Require(_connection.Info.CongestionWindow == value, $"cwnd is {_connection.Info.CongestionWindow}");
                break;
            case "ssthresh":
                Require(_connection.Info.SlowStartThreshold == value, $"it is {_connection.Info.SlowStartThreshold}");
                break;
            case "rto":
                Require(_connection.Info.Rto == Duration.FromMilliseconds(value), $"RTO is {_connection.Info.Rto}");
                break;
            case "srtt":
                Require(
                    _connection.Info.SmoothedRtt == Duration.FromMilliseconds(value),
                    $"SRTT is {_connection.Info.SmoothedRtt}"
                );
                break;
            case "cork":
                _connection.Adjust(_connection.Settings with { Cork = value != 0 }, _now);
                break;
            case "rcvbuf":
                Require(_connection.ReceiveBufferSize == value, $"it is {_connection.ReceiveBufferSize}");
                break;
            case "sndbuf":
                Require(_connection.SendBufferSize == value, $"it is {_connection.SendBufferSize}");
                break;
            case "mark": // by a router, of the next segment
                _isMarked = true;
                break;
            case "nothing":
                break;
            default:
                throw new InvalidOperationException(words[0]);
        }
    }

    private static FastOpenCookie? Cookie(string text) =>
        text == "none" ? null : FastOpenCookie.Of(Convert.FromHexString(text == "ask" ? "" : text));

    private void Create() => _connection = new(_settings, Us, Them, OurStart, _mss);

    private static byte Octet(int position) => (byte)(position * 7 + position / 256);

    private void RunUntil(Instant due)
    {
        while (_connection is not null && _connection.Due <= due)
        {
            _now = Instant.Max(_now, _connection.Due);
            _connection.OnDue(_now);
            Transmit();
        }
        _now = due;
    }

    private void Transmit()
    {
        var writer = new SegmentWriter(_pool);
        while (_connection.TryTransmit(ref writer, _now))
        {
            Assert.True(writer.TryTake(out var packet));
            _sent.Enqueue((_now, packet!.Span.ToArray()));
            Assert.True(TcpHeader.TryRead(packet.Span, out var header));
            _lastTimestamp = SegmentOptions.Read(header.Options).TimestampValue;
            packet.Dispose();
            Invariants.Check(_connection);
        }
    }

    private void Inject(Match match)
    {
        Require(match.Success, "a segment can be read from it");
        var fields = new SegmentFields(
            Them,
            Us,
            TheirStart + Number(match, "seq"),
            match.Groups["ack"].Success ? OurStart + Number(match, "ack") : default,
            ReadFlags(match.Groups["flags"].Value),
            (ushort)(match.Groups["win"].Success ? Number(match, "win") : 60_000),
            InjectedOptions(match)
        );
        var writer = new SegmentWriter(_pool);
        var data = writer.Begin(fields, Number(match, "length"));
        for (var i = 0; i < data.Length; i++)
            data[i] = Octet(Number(match, "seq") - (fields.Flags.Has(TcpFlags.Syn) ? 0 : 1) + i);
        writer.Seal(fields, default);
        writer.TryTake(out var packet);
        using (packet)
        {
            Assert.True(TcpHeader.TryRead(packet!.Span, out var header));
            _connection.OnSegment(new(header, packet.Span[header.Length..], default, _isMarked), _now);
            _isMarked = false;
            Invariants.Check(_connection);
        }
    }

    /// <summary><c>1:10001(10x1000)</c> stands for ten segments in a row; only the last of them may have the PSH that is written.</summary>
    private void ExpectAll(string text)
    {
        var match = RunPattern().Match(text);
        if (!match.Success)
        {
            Expect(Pattern().Match(text));
            return;
        }
        var (at, count, length) = (Number(match, "seq"), Number(match, "count"), Number(match, "length"));
        for (var i = 0; i < count; i++, at += length)
        {
            var flags = match.Groups["flags"].Value;
            if (i < count - 1)
                flags = flags.Replace("P", "", StringComparison.Ordinal);
            Expect(Pattern().Match($"> {flags} {at}:{at + length}({length}){match.Groups["rest"].Value}"));
        }
    }

    private void Expect(Match match)
    {
        Require(match.Success, "a segment can be read from it");
        Require(_sent.Count > 0, "a segment is sent, but none is");
        var shown = Show();
        var (at, bytes) = _sent.Dequeue();
        Assert.True(TcpHeader.TryRead(bytes, out var header));
        var data = bytes.AsSpan(header.Length);
        var offset = _now - at;
        Require(offset <= Tolerance && -offset <= Tolerance, $"it is sent now, but {shown}");
        var isReset = header.Flags.Has(TcpFlags.Rst);
        var isSame =
            header.Flags == ReadFlags(match.Groups["flags"].Value)
            && (header.Sequence == OurStart + Number(match, "seq") || isReset && header.Sequence.Value == 0)
            && data.Length == Number(match, "length")
            && (!match.Groups["ack"].Success || header.Acknowledgement == TheirStart + Number(match, "ack"))
            && (!match.Groups["win"].Success || header.Window == Number(match, "win"))
            && HasOptions(match, header);
        Require(isSame, $"this is sent, but {shown}");
        // The octets behind a SYN are the first of the stream, its own number is before them.
        var before = header.Flags.Has(TcpFlags.Syn) ? 0 : 1;
        for (var i = 0; i < data.Length; i++)
            Require(data[i] == Octet(header.Sequence - OurStart - before + i), $"octet {i} of it is wrong");
    }

    /// <summary>Once both SYNs had time stamps each segment has one: what a script does not say follows from the time.</summary>
    private SegmentOptions InjectedOptions(Match match)
    {
        var options = ScriptOptions.Read(match.Groups["options"].Value, OurStart);
        if (!_connection.HasTimestamps || options.HasTimestamps || match.Groups["options"].Value == "none")
            return options;
        options.HasTimestamps = true;
        options.TimestampValue = 1_000_000 + (uint)(_now.Nanoseconds / 1_000_000);
        options.TimestampEcho = _lastTimestamp;
        return options;
    }

    private static bool HasOptions(Match match, in TcpHeader header)
    {
        if (!match.Groups["options"].Success)
            return true;
        var text = match.Groups["options"].Value;
        return text.Length == 0
            ? header.Length == TcpHeader.MinLength
            : ScriptOptions.Match(ScriptOptions.Read(text, TheirStart), SegmentOptions.Read(header.Options));
    }

    private string Show()
    {
        if (!_sent.TryPeek(out var sent) || !TcpHeader.TryRead(sent.Bytes, out var header))
            return "nothing is";
        var length = sent.Bytes.Length - header.Length;
        var start = header.Sequence - OurStart;
        return $"[{header.Flags.Text}] {start}:{start + length}({length}) ack {header.Acknowledgement - TheirStart} win {header.Window} <{ScriptOptions.Show(SegmentOptions.Read(header.Options), TheirStart)}> at {sent.At}";
    }

    private void Require(bool holds, string what)
    {
        if (!holds)
            Assert.Fail($"{_line}\n(now {_now}) expected: {what}");
    }

    private static int Number(Match match, string name) => int.Parse(match.Groups[name].Value);

    private static TcpFlags ReadFlags(string text) =>
        text.Aggregate(
            TcpFlags.None,
            (flags, letter) =>
                flags
                | letter switch
                {
                    'S' => TcpFlags.Syn,
                    'F' => TcpFlags.Fin,
                    'R' => TcpFlags.Rst,
                    'P' => TcpFlags.Psh,
                    'U' => TcpFlags.Urg,
                    'E' => TcpFlags.Ece,
                    'W' => TcpFlags.Cwr,
                    '.' => TcpFlags.Ack,
                    _ => TcpFlags.None,
                }
        );

    [GeneratedRegex(
        @"^> (?<flags>[SFRPUEW.-]+) (?<seq>\d+):\d+\((?<count>\d+)x(?<length>\d+)\)(?<rest>.*)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex RunPattern();

    [GeneratedRegex(
        @"^[<>] (?<flags>[SFRPUEW.-]+) (?<seq>\d+):\d+\((?<length>\d+)\)( ack (?<ack>\d+))?( win (?<win>\d+))?( <(?<options>[^>]*)>)?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Pattern();
}
