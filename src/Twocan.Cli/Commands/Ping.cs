using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary><c>ping</c>: is that host there, and how far away is it?</summary>
internal sealed class Ping : Verb
{
    private const int MaxSize = 65507;

    private readonly Argument<string> _host = new("HOST") { Description = "A name, or an address" };

    private readonly Option<int> _count = new("--count", "-c")
    {
        Description = "How many requests (default 4)",
        HelpName = "N",
        DefaultValueFactory = _ => 4,
    };

    private readonly Option<double> _interval = new("--interval", "-i")
    {
        Description = "Seconds from one to the next, of the world's time (default 1)",
        HelpName = "S",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> _size = new("--size", "-s")
    {
        Description = "Bytes of data in each (default 56)",
        HelpName = "BYTES",
        DefaultValueFactory = _ => 56,
    };

    private readonly Option<int> _ttl = new("--ttl", "-t")
    {
        Description = "How many hosts may pass it on, and one more (default 64)",
        HelpName = "N",
        DefaultValueFactory = _ => 64,
    };

    private readonly Option<double> _patience = new("--timeout", "-W")
    {
        Description = "Seconds to wait for replies after the last request (default 5)",
        HelpName = "S",
        DefaultValueFactory = _ => 5,
    };

    public Ping()
        : base(
            "ping",
            "Ask a host for echoes: is it there, how far away is it, and who says so if not?",
            "twocan ping www.lab.cyber.co.kr",
            "twocan ping -c 2 -s 1000 10.11.12.1"
        )
    {
        Arguments.Add(_host);
        foreach (var option in new Option[] { _count, _interval, _size, _ttl, _patience })
            Options.Add(option);
    }

    public override int Run(Invocation call)
    {
        var settings = Settings(call);
        var name = call.Get(_host);
        using var session = WorldSession.Open(call);
        var report = session.Run(async () =>
        {
            var target = await session.ResolveAsync(name);
            if (!call.Json)
                call.Terminal.Line(
                    $"PING {name:host} ({target.ToString():address}) {settings.Size}({settings.Size + 28})"
                );
            var pinger = new Pinger(
                session.Host.Network,
                target,
                settings,
                call.Json ? null : result => Show(result, session, call.Terminal)
            );
            return await pinger.RunAsync();
        });
        if (call.Json)
            call.Terminal.JsonLine(Report(name, report, session, call.Language), PingJson.Default.PingAnswer);
        else
            ShowSummary(name, report, call.Terminal);
        return report.Received > 0 ? Exit.Done : Exit.No;
    }

    private PingSettings Settings(Invocation call) =>
        new()
        {
            Count = call.GetWithin(_count, 1, ushort.MaxValue),
            Interval = Duration.FromSeconds(call.GetWithin(_interval, 0, 86_400)),
            Size = call.GetWithin(_size, 0, MaxSize),
            TimeToLive = (byte)call.GetWithin(_ttl, 1, 255),
            Patience = Duration.FromSeconds(call.GetWithin(_patience, 0, 86_400)),
        };

    private static void Show(PingResult result, WorldSession session, Terminal terminal)
    {
        var from = session.NameOf(result.From) is { } name ? $"{name} ({result.From})" : $"{result.From}";
        if (result.Error is not { } error)
            terminal.Line(
                $"{result.Length} bytes from {from:host}: icmp_seq={result.Sequence} ttl={result.TimeToLive} time={Milliseconds(result.Time):number} ms{(result.IsDuplicate ? " (DUP!)" : "")}"
            );
        else if (error.LocalReason is { } reason)
            terminal.Line($"icmp_seq={result.Sequence} {reason:bad}");
        else
            terminal.Line($"From {from:host} icmp_seq={result.Sequence} {Sentence(error.Say(terminal.Language)):bad}");
    }

    private static void ShowSummary(string name, PingReport report, Terminal terminal)
    {
        terminal.Line();
        terminal.Line($"--- {name} ---");
        var loss = report.LossPercent.ToString("0.#", CultureInfo.InvariantCulture);
        var errors = report.Errors > 0 ? terminal.Say($", +{report.Errors} errors", $", 오류 {report.Errors}개") : "";
        var doubles =
            report.Duplicates > 0
                ? terminal.Say($", +{report.Duplicates} duplicates", $", 중복 {report.Duplicates}개")
                : "";
        terminal.Line(
            terminal.Say(
                $"{report.Sent} packets transmitted, {report.Received} received{doubles}{errors}, {loss}% packet loss, time {report.Took}",
                $"{report.Sent}개를 보내 {report.Received}개를 받았습니다{doubles}{errors}, 손실 {loss}%, 걸린 시간 {report.Took}"
            )
        );
        if (report.Received > 0)
            terminal.Line(
                $"rtt min/avg/max/mdev = {report.MinMilliseconds:F3}/{report.AverageMilliseconds:F3}/{report.MaxMilliseconds:F3}/{report.DeviationMilliseconds:F3} ms".ToString()
            );
    }

    private static string Milliseconds(Duration time) =>
        time.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static PingAnswer Report(string name, PingReport report, WorldSession session, Language language) =>
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
