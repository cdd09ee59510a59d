using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary><c>scan</c>: which ports of a host are open, which closed, and which say nothing?</summary>
internal sealed class Scan : ProgramVerb
{
    private readonly Argument<string> _host = new("HOST") { Description = "A name, or an address" };

    private readonly Option<string?> _ports = new("--ports", "-p")
    {
        Description = "Which (default: those of well-known services)",
        HelpName = "20-25,80,http",
    };

    private readonly Option<string> _scan = new("--scan", "-s")
    {
        Description = "How: T connects (default); S sends a SYN by hand and leaves it at that, from a host of a world",
        HelpName = "T|S",
        DefaultValueFactory = _ => "T",
    };

    private readonly Option<double> _wait = new("--wait", "-w")
    {
        Description = "Seconds to wait for the answer of a port (default 1)",
        HelpName = "S",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<bool> _all = new("--all", "-a") { Description = "Show closed ports one by one, too" };

    private readonly Option<bool> _mayI = new("--i-may")
    {
        Description = "With --on-host: I have the right to scan that machine, which is not this one",
    };

    private readonly AddressFamily _family;

    public Scan()
        : base(
            "scan",
            "Knock at the ports of a host: which are open, which closed, which filtered?",
            "twocan scan www.lab.cyber.co.kr",
            "twocan scan www.lab.cyber.co.kr -sS -p 1-100 -a"
        )
    {
        Arguments.Add(_host);
        foreach (var option in (Option[])[_ports, _scan, _wait, _all, _mayI])
            Options.Add(option);
        _family = AddressFamily.AddTo(this);
    }

    public override HostProgram Prepare(Invocation call)
    {
        var (name, family, how) = (call.Get(_host), _family.Of(call), call.Get(_scan));
        if (how is not ("S" or "T"))
            throw new WrongUsageException($"-s is T (connect) or S (a SYN alone), not '{how}'");
        if (how == "S" && call.OnHost)
            throw new WrongUsageException(
                "-sS sends a SYN by hand, as hosts of a world do; with --on-host scan by connecting"
            );
        var settings = new ScanSettings
        {
            HalfOpen = how == "S",
            Wait = Duration.FromSeconds(call.GetWithin(_wait, 0.001, 3600)),
        };
        IReadOnlyList<Port>? ports = ServiceNames.Ports;
        if (call.Get(_ports) is { } text && !PortList.TryParse(text, out ports, out var wrong))
            throw new WrongUsageException(wrong);
        return async (session, stop) =>
        {
            var address = await session.ResolveAsync(name, stop, family);
            ThrowUnlessAllowed(call, address, call.Get(_mayI));
            var began = session.Network.Loop.Now;
            var answers = await new PortScanner(session.Network, address, settings).ScanAsync(ports, stop);
            if (call.Json)
                call.Terminal.JsonLine(ScanAnswer.Of(name, address, settings, answers), ScanJson.Default.ScanAnswer);
            else
                Show(call, name, address, answers, session.Network.Loop.Now - began);
            return answers.Any(answer => answer.State == PortState.Open) ? Exit.Done : Exit.No;
        };
    }

    /// <summary>On a real network one scans what is one's own.</summary>
    public static void ThrowUnlessAllowed(Invocation call, IpAddress address, bool confirmed)
    {
        if (call.OnHost && !address.IsLoopback && !confirmed)
            throw new WrongUsageException(
                $"{address} is not this machine: its owner may take a scan for an attack. Who has the right to do it says 'scan --i-may'"
            );
    }

    private void Show(Invocation call, string name, IpAddress address, IReadOnlyList<PortAnswer> answers, Duration took)
    {
        var terminal = call.Terminal;
        var shown = answers.Where(answer => call.Get(_all) || answer.State != PortState.Closed).ToList();
        var closed = answers.Count - shown.Count;
        terminal.Line(
            terminal.Say(
                $"{name} ({address}): {answers.Count} ports in {took}",
                $"{name} ({address}): 포트 {answers.Count}개, {took}"
            )
        );
        if (shown.Count > 0)
            terminal.Write(
                new Table(
                    [
                        new(terminal.Say("Port", "포트"), Right: true),
                        new(terminal.Say("State", "상태")),
                        new(terminal.Say("Service", "서비스")),
                        new(terminal.Say("Because of", "까닭")),
                        new(terminal.Say("After", "걸린 시간"), Right: true),
                    ],
                    [.. shown.Select(answer => Row(answer, terminal))]
                )
            );
        if (closed > 0)
            terminal.Line(
                terminal.Say(
                    $"{closed} more {(closed == 1 ? "is" : "are")} closed: the host says that nobody listens there",
                    $"나머지 {closed}개는 닫혀 있습니다. 호스트가 그곳에서 듣는 프로그램이 없다고 알려 왔습니다"
                )
            );
    }

    private static IReadOnlyList<Text> Row(PortAnswer answer, Terminal terminal) =>
        [
            $"{answer.Port:number}",
            answer.State switch
            {
                PortState.Open => new(terminal.Say("open", "열림"), Role.Good),
                PortState.Closed => new(terminal.Say("closed", "닫힘"), Role.Faint),
                _ => new(terminal.Say("filtered", "걸러짐"), Role.Bad),
            },
            new(ServiceNames.NameOf(answer.Port) ?? "", Role.Name),
            answer.Why,
            $"{answer.Time:time}",
        ];
}

/// <summary>The answer of <c>scan --json</c> and <c>nc -z --json</c>.</summary>
internal sealed record ScanAnswer(string Host, string Address, string Scan, IReadOnlyList<ScanAnswerPort> Ports)
{
    public static ScanAnswer Of(
        string host,
        IpAddress address,
        ScanSettings settings,
        IReadOnlyList<PortAnswer> answers
    ) =>
        new(
            host,
            address.ToString(),
            settings.HalfOpen ? "syn"
                : settings.Datagrams ? "udp"
                : "connect",
            [
                .. answers.Select(answer => new ScanAnswerPort(
                    answer.Port.Number,
                    JsonNamingPolicy.SnakeCaseLower.ConvertName(answer.State.ToString()),
                    ServiceNames.NameOf(answer.Port),
                    answer.Why,
                    answer.Time.TotalMicroseconds
                )),
            ]
        );
}

internal sealed record ScanAnswerPort(int Port, string State, string? Service, string Why, double TimeUs);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ScanAnswer))]
internal sealed partial class ScanJson : JsonSerializerContext;
