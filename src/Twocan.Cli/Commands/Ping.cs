using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary><c>ping</c>: is that host there, and how far away is it?</summary>
internal sealed class Ping : ProgramVerb
{
    private readonly Argument<string> _host = new("HOST")
    {
        Description = "A name, or an address; one of a link with its adapter or cable: fe80::1%eth0",
    };

    private readonly PingOptions _options;

    public Ping()
        : base(
            "ping",
            "Ask a host for echoes: is it there, how far away is it, and who says so if not?",
            "twocan ping www.lab.cyber.co.kr",
            "twocan ping -c 2 -s 1000 10.11.12.1",
            "twocan ping -6 -c 1 www.lab.cyber.co.kr",
            "twocan ping -q -A -w 2 -c 100 www.lab.glasscom.com"
        )
    {
        Arguments.Add(_host);
        _options = new(this);
    }

    public override string? Refuses(string option) =>
        option switch
        {
            "-R" =>
                "a packet has room to record nine routers, and most drop packets that ask for it; 'traceroute' finds them all",
            "-T" =>
                "routers drop packets that ask for time stamps; the times that it shows are measured at both its own ends",
            "-Q" => "it sends with type of service 0, and no router of a world treats another one differently",
            _ => null,
        };

    public override HostProgram Prepare(Invocation call)
    {
        var (name, family, settings) = (call.Get(_host), _options.Family(call), _options.Settings(call));
        return async (session, stop) =>
        {
            var (bare, scope) = session.WithoutZone(name);
            var target = await session.ResolveAsync(bare, stop, family);
            settings = settings with { Source = _options.Source(call, session, target), Scope = scope };
            var show = new PingLines(call.Terminal, session, _options.Style(call));
            if (!call.Json)
                show.Beginning(name, target, settings);
            var pinger = new Pinger(session.Network, target, settings, call.Json ? null : show.Result)
            {
                Waiting = call.Json ? null : show.NoAnswerYet,
            };
            var report = await RunAsync(pinger, session, target, stop);
            if (call.Json)
                call.Terminal.JsonLine(Report(name, report, session, call.Language), PingJson.Default.PingAnswer);
            else
                show.Summary(name, report);
            return report.Received > 0 ? Exit.Done : Exit.No;
        };
    }

    private static async Task<PingReport> RunAsync(
        Pinger pinger,
        Session session,
        IpAddress target,
        CancellationToken stop
    )
    {
        try
        {
            return await pinger.RunAsync(default, stop);
        }
        catch (SocketException refusal)
        {
            throw new NoAnswerException($"{session.Network.Name} cannot ask {target}: {refusal.Message}");
        }
    }

    private static PingAnswer Report(string name, PingReport report, Session session, Language language) =>
        new(
            name,
            report.Target.ToString(),
            report.Sent,
            report.Received,
            report.Errors,
            report.Duplicates,
            Math.Round(report.LossPercent, 3),
            Microseconds(report.Took.TotalMilliseconds),
            report.Received == 0
                ? null
                : new(
                    Microseconds(report.MinMilliseconds),
                    Microseconds(report.AverageMilliseconds),
                    Microseconds(report.MaxMilliseconds),
                    Microseconds(report.DeviationMilliseconds)
                ),
            [
                .. report.Results.Select(result => new PingAnswerResult(
                    result.Sequence,
                    result.Error?.LocalReason is null ? result.From.ToString() : null,
                    session.NameOf(result.From),
                    result.Length,
                    result.TimeToLive,
                    Microseconds(result.Time.TotalMilliseconds),
                    result.IsDuplicate,
                    result.Error?.Say(language)
                )),
            ]
        );

    private static double Microseconds(double milliseconds) => Math.Round(milliseconds * 1000, 3);
}

/// <summary>The answer of <c>ping --json</c>; times are the world's.</summary>
internal sealed record PingAnswer(
    string Host,
    string Address,
    int Sent,
    int Received,
    int Errors,
    int Duplicates,
    double LossPercent,
    double TookUs,
    PingTimes? RttUs,
    IReadOnlyList<PingAnswerResult> Results
);

internal sealed record PingTimes(double Min, double Avg, double Max, double Mdev);

internal sealed record PingAnswerResult(
    int Sequence,
    string? From,
    string? FromName,
    int Bytes,
    int Ttl,
    double TimeUs,
    bool Duplicate,
    string? Error
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PingAnswer))]
internal sealed partial class PingJson : JsonSerializerContext;
