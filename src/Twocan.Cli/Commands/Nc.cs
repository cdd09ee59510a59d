using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary><c>nc</c>: a pipe to a program on another host, by hand.</summary>
internal sealed class Nc : ProgramVerb
{
    /// <summary>UDP has no end; so long a silence is one.</summary>
    private const double DatagramWait = 3;

    private readonly Argument<string[]> _words = new("[HOST] PORT")
    {
        Description = "A name or an address, and a port or a service's name (with -z: 20-25,80)",
        Arity = new(1, 2),
    };

    private readonly Option<bool> _listen = new("--listen", "-l") { Description = "Wait for somebody to connect" };

    private readonly Option<bool> _udp = new("--udp", "-u") { Description = "Send datagrams in place of a connection" };

    private readonly Option<bool> _zero = new("--zero", "-z")
    {
        Description = "Say nothing: only look which ports are open",
    };

    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Tell of connections, on stderr" };

    private readonly Option<double?> _wait = new("--wait", "-w")
    {
        Description = "Give up after so many seconds of silence (default: never; with -u 3, with -z 1)",
        HelpName = "S",
    };

    private readonly Option<string?> _send = new("--send")
    {
        Description = @"What to send, in place of standard input; \r \n \t \0 \\ \x7f are understood",
        HelpName = "TEXT",
    };

    private readonly Option<string[]> _while = new("--while")
    {
        Description = "With -l in a new world, who comes: " + Errands.Grammar,
        HelpName = "WHAT",
    };

    private readonly AddressFamily _family;

    public Nc()
        : base(
            "nc",
            "Put a pipe through to a program on another host: what is read here is said there, and the other way round",
            @"twocan nc www.lab.cyber.co.kr http --send 'GET /sample1.htm HTTP/1.0\r\n\r\n'",
            "twocan nc -u www.lab.cyber.co.kr daytime --send '?'",
            "twocan nc -z -v www.lab.cyber.co.kr 7-13,80",
            @"twocan nc -l 8080 --while '@pc2 http://10.11.12.13:8080/' --send 'HTTP/1.0 204 No Content\r\n\r\n'"
        )
    {
        Arguments.Add(_words);
        foreach (var option in (Option[])[_listen, _udp, _zero, _verbose, _wait, _send, _while])
            Options.Add(option);
        _family = AddressFamily.AddTo(this);
    }

    public override HostProgram Prepare(Invocation call)
    {
        var words = call.Get(_words);
        var (host, ports) = (words.Length == 2 ? words[0] : null, PortsOf(words[^1]));
        var listens = call.Get(_listen);
        if (call.Get(_wait) is <= 0 or > 1e9)
            throw new WrongUsageException("-w is a number of seconds above 0");
        if (listens && call.Get(_zero))
            throw new WrongUsageException("-l waits and -z asks: say one of them");
        if (!listens && host is null)
            throw new WrongUsageException("nc needs a host and a port: nc www.lab.cyber.co.kr 80");
        if (ports.Count > 1 && !call.Get(_zero))
            throw new WrongUsageException("one conversation is with one port; -z looks at many");
        if (call.Has(_while) && (!listens || call.OnHost))
            throw new WrongUsageException("--while lets somebody come who is waited for: it goes with -l, in a world");
        if (listens && !call.OnHost && call.Living is null && !call.Has(_while) && call.Get(_wait) is null)
            throw new WrongUsageException(
                "in a new world nobody comes by himself: say --while '@pc2 http://10.11.12.13:8080/', or use a shell"
            );
        var send = call.Get(_send) is { } text ? Escapes.Read(text) : null;
        var family = _family.Of(call);
        if (call.Get(_zero))
            return (session, stop) => LookAsync(call, session, (host!, family), ports, stop);
        return async (session, stop) =>
        {
            var errands = call.Has(_while)
                ? Errands.Read(call, _while, (WorldSession)session, ((WorldSession)session).Host)
                : null;
            return await TalkAsync(call, session, (host, family), ports[0], send, errands, stop);
        };
    }

    private static IReadOnlyList<Port> PortsOf(string text) =>
        PortList.TryParse(text, out var ports, out var wrong) ? ports : throw new WrongUsageException(wrong);

    private async Task<int> TalkAsync(
        Invocation call,
        Session session,
        (string? Name, IpFamily? Family) peer,
        Port port,
        byte[]? send,
        Errands? errands,
        CancellationToken stop
    )
    {
        var address = peer.Name is null ? IpAddress.Any : await session.ResolveAsync(peer.Name, stop, peer.Family);
        var heard = new MemoryStream();
        var seconds = call.Get(_wait) ?? (call.Get(_udp) ? DatagramWait : null);
        var cat = new NetCat(session.Network, Input(call, session, send), Output(call, heard))
        {
            Wait = seconds is { } wait ? Duration.FromSeconds(wait) : null,
            Connected = from => Note(call, $"{(call.Get(_listen) ? "connection from" : "connected to")} {from}"),
            Listening = at =>
            {
                Note(call, $"listening on {at}");
                if (errands is not null)
                    session.Network.Loop.Start("nc, who comes", () => errands.RunAsync(call, stop));
            },
        };
        var endpoint = new Endpoint(address, port);
        NetCatReport report;
        try
        {
            report = await (
                (call.Get(_listen), call.Get(_udp)) switch
                {
                    (true, true) => cat.ReceiveAsync(endpoint, stop),
                    (true, false) => cat.AcceptAsync(endpoint, stop),
                    (false, true) => cat.SendAsync(endpoint, stop),
                    _ => cat.ConnectAsync(endpoint, stop),
                }
            );
        }
        catch (SocketException failure)
        {
            throw new NoAnswerException($"{(peer.Name is null ? "" : $"{peer.Name} ")}{endpoint}: {failure.Message}");
        }
        if (call.Json)
            call.Terminal.JsonLine(NcAnswer.Of(report, heard.ToArray()), NcJson.Default.NcAnswer);
        // A silence that was to be the end of UDP is none of TCP.
        return report.IsTimedOut && (!call.Get(_udp) || report.Received == 0) ? Exit.No : Exit.Done;
    }

    private static Func<Memory<byte>, CancellationToken, ValueTask<int>>? Input(
        Invocation call,
        Session session,
        byte[]? send
    ) =>
        send is not null ? StandardInput.Of(send)
        : call.OnHost ? StandardInput.ForHost(session.Network.Loop, "nc")
        // In a shell, standard input is where the commands come from.
        : call.Living is null ? StandardInput.ForWorld()
        : null;

    private static Action<ReadOnlyMemory<byte>> Output(Invocation call, MemoryStream heard) =>
        call.Json ? bytes => heard.Write(bytes.Span) : bytes => call.Terminal.Bytes(bytes.Span);

    private void Note(Invocation call, string text)
    {
        if (call.Get(_verbose) && !call.Json)
            call.Terminal.Note(text);
    }

    private async Task<int> LookAsync(
        Invocation call,
        Session session,
        (string Name, IpFamily? Family) peer,
        IReadOnlyList<Port> ports,
        CancellationToken stop
    )
    {
        var address = await session.ResolveAsync(peer.Name, stop, peer.Family);
        Scan.ThrowUnlessAllowed(call, address, confirmed: ports.Count == 1);
        var settings = new ScanSettings
        {
            Datagrams = call.Get(_udp),
            Wait = Duration.FromSeconds(call.Get(_wait) ?? 1),
        };
        var answers = await new PortScanner(session.Network, address, settings).ScanAsync(ports, stop);
        // A datagram that nobody has refused may have been taken.
        var isGood = answers.Any(answer => IsGood(answer, settings));
        if (call.Json)
            call.Terminal.JsonLine(ScanAnswer.Of(peer.Name, address, settings, answers), ScanJson.Default.ScanAnswer);
        else
            foreach (var answer in answers)
            {
                var service =
                    $"{peer.Name} {answer.Port} ({(settings.Datagrams ? "udp" : "tcp")}/{ServiceNames.NameOf(answer.Port) ?? "*"})";
                if (IsGood(answer, settings))
                    call.Terminal.Line(
                        call.Terminal.Say($"connection to {service} succeeded", $"{service} 연결에 성공했습니다")
                    );
                else if (call.Get(_verbose))
                    call.Terminal.Line(
                        call.Terminal.Say(
                            $"connection to {service} failed: {answer.Why}",
                            $"{service} 연결에 실패했습니다: {answer.Why}"
                        )
                    );
            }
        return isGood ? Exit.Done : Exit.No;
    }

    private static bool IsGood(PortAnswer answer, ScanSettings settings) =>
        answer.State == PortState.Open || (settings.Datagrams && answer.State == PortState.Filtered);
}

/// <summary>The answer of <c>nc --json</c>: what was heard is text where it is UTF-8, and base64 where it is not.</summary>
internal sealed record NcAnswer(
    string Peer,
    long Sent,
    long Received,
    bool TimedOut,
    double TookUs,
    string? Text,
    string? Base64
)
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    public static NcAnswer Of(NetCatReport report, byte[] heard)
    {
        string? text = null;
        try
        {
            text = s_strict.GetString(heard);
        }
        catch (DecoderFallbackException)
        {
            // Then it is no text.
        }
        return new(
            report.Peer.ToString(),
            report.Sent,
            report.Received,
            report.IsTimedOut,
            report.Took.TotalMicroseconds,
            text,
            text is null ? Convert.ToBase64String(heard) : null
        );
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NcAnswer))]
internal sealed partial class NcJson : JsonSerializerContext;
