using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary><c>traceroute</c>: which routers stand on the way to a host, and how far away is each?</summary>
internal sealed class Traceroute : ProgramVerb
{
    private static readonly TraceSettings Defaults = new();

    private readonly Argument<string> _host = new("HOST")
    {
        Description = "A name, or an address; one of a link with its adapter or cable: fe80::1%eth0",
    };

    private readonly Option<int> _max = new("--max-hops", "-m")
    {
        Description = "How far to go at most (default 30)",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Max,
    };

    private readonly Option<int> _queries = new("--queries", "-q")
    {
        Description = "How many probes for each hop (default 3)",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Queries,
    };

    private readonly Option<double> _wait = new("--wait", "-w")
    {
        Description = "Seconds to wait for the answer to a probe, of the world's time (default 5)",
        HelpName = "S",
        DefaultValueFactory = _ => Defaults.Wait.TotalSeconds,
    };

    private readonly Option<int> _first = new("--first", "-f")
    {
        Description = "The hop to begin with (default 1)",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.First,
    };

    private readonly Option<bool> _icmp = new("--icmp", "-I")
    {
        Description = "Send ICMP echo requests in place of UDP datagrams",
    };

    private readonly AddressFamily _family;

    public Traceroute()
        : base(
            "traceroute",
            "Find the routers on the way to a host: each throws a probe away whose time to live is over, and says so",
            "twocan traceroute www.lab.cyber.co.kr",
            "twocan traceroute -I -q 1 www.lab.glasscom.com",
            "twocan traceroute -6 www.lab.cyber.co.kr"
        )
    {
        Arguments.Add(_host);
        _family = AddressFamily.AddTo(this);
        foreach (var option in (Option[])[_max, _queries, _wait, _first, _icmp])
            Options.Add(option);
    }

    public override HostProgram Prepare(Invocation call)
    {
        var (settings, name, family) = (Settings(call), call.Get(_host), _family.Of(call));
        return (session, stop) => RunAsync(call, name, family, settings, session, stop);
    }

    private static async Task<int> RunAsync(
        Invocation call,
        string name,
        IpFamily? family,
        TraceSettings settings,
        Session session,
        CancellationToken stop
    )
    {
        var (bare, scope) = session.WithoutZone(name);
        var target = await session.ResolveAsync(bare, stop, family);
        settings = settings with { Scope = scope };
        if (!call.Json)
            call.Terminal.Line(
                call.Terminal.Say(
                    $"traceroute to {name} ({target}), {settings.Max} hops at most",
                    $"{name} ({target})까지 가는 길, 최대 {settings.Max}홉"
                )
            );
        var tracer = new Tracer(
            session.Network,
            target,
            settings,
            call.Json ? null : hop => call.Terminal.Line(Say(hop, session))
        );
        TraceReport report;
        try
        {
            report = await tracer.RunAsync(default, stop);
        }
        catch (SocketException refusal)
        {
            throw new NoAnswerException($"{session.Network.Name} cannot send to {target}: {refusal.Message}");
        }
        if (call.Json)
            call.Terminal.JsonLine(TraceAnswer.Of(name, report, session), TraceJson.Default.TraceAnswer);
        return report.IsReached ? Exit.Done : Exit.No;
    }

    private TraceSettings Settings(Invocation call)
    {
        var max = call.GetWithin(_max, 1, 255);
        return new()
        {
            Max = max,
            First = call.GetWithin(_first, 1, max),
            Queries = call.GetWithin(_queries, 1, 10),
            Wait = Duration.FromSeconds(call.GetWithin(_wait, 0, 86_400)),
            Echo = call.Get(_icmp),
        };
    }

    /// <summary>As everywhere: who answered is named once, until somebody else answers.</summary>
    private static Text Say(TraceHop hop, Session session)
    {
        Text line = new(FormattableString.Invariant($"{hop.TimeToLive, 2} "));
        var last = default(IpAddress?);
        foreach (var probe in hop.Probes)
        {
            if (probe.From is not { } from)
            {
                line += $" {"*":faint}";
                continue;
            }
            if (from != last)
                line += session.NameOf(from) is { } name
                    ? $" {name:host} ({from.ToString():address})"
                    : $" {from.ToString():address}";
            last = from;
            var time = probe.Time.TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture);
            line += $"  {time:number} ms";
            if (probe.Mark.Length > 0)
                line += $" {probe.Mark:bad}";
        }
        return line;
    }
}

/// <summary>The answer of <c>traceroute --json</c>; times are the world's.</summary>
internal sealed record TraceAnswer(
    string Host,
    string Address,
    bool Reached,
    double TookUs,
    IReadOnlyList<TraceAnswerHop> Hops
)
{
    public static TraceAnswer Of(string name, TraceReport report, Session session) =>
        new(
            name,
            report.Target.ToString(),
            report.IsReached,
            report.Took.TotalMicroseconds,
            [
                .. report.Hops.Select(hop => new TraceAnswerHop(
                    hop.TimeToLive,
                    [.. hop.Probes.Select(probe => TraceAnswerProbe.Of(probe, session))]
                )),
            ]
        );
}

internal sealed record TraceAnswerHop(int Ttl, IReadOnlyList<TraceAnswerProbe> Probes);

/// <summary>Silence is a probe whose every value is null.</summary>
internal sealed record TraceAnswerProbe(string? From, string? FromName, double? TimeUs, string? Mark)
{
    public static TraceAnswerProbe Of(TraceProbe probe, Session session) =>
        probe.From is { } from
            ? new(
                from.ToString(),
                session.NameOf(from),
                probe.Time.TotalMicroseconds,
                probe.Mark.Length > 0 ? probe.Mark : null
            )
            : new(null, null, null, null);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TraceAnswer))]
internal sealed partial class TraceJson : JsonSerializerContext;
