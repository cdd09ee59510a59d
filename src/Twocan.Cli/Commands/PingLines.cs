using System.Globalization;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary>How much <c>ping</c> shows, and how.</summary>
internal sealed record PingStyle(bool Quiet, bool Dots, bool Dates, bool Numeric, bool Outstanding);

/// <summary>What <c>ping</c> says to people.</summary>
internal sealed class PingLines(Terminal terminal, Session session, PingStyle style)
{
    private const int MaxDots = 1000;

    public void Beginning(string name, IpAddress target, PingSettings settings) =>
        terminal.Line(
            $"PING {name:host} ({target.ToString():address}) {settings.Size}({settings.Size + (target.IsV4 ? 28 : 48)}) {terminal.Say("bytes of data", "바이트")}"
        );

    public void Result(PingResult result)
    {
        if (style.Quiet)
            return;
        Text line = Date();
        var from = NameOf(result.From) is { } name ? $"{name} ({result.From})" : $"{result.From}";
        if (result.Error is not { } error)
            line +=
                $"{result.Length} bytes from {from:host}: icmp_seq={result.Sequence} ttl={result.TimeToLive} time={Milliseconds(result.Time):number} ms{(result.IsDuplicate ? " (DUP!)" : "")}";
        else if (error.LocalReason is { } reason)
            line += $"icmp_seq={result.Sequence} {reason:bad}";
        else
            line += $"From {from:host} icmp_seq={result.Sequence} {Sentence(error.Say(terminal.Language)):bad}";
        terminal.Line(line);
    }

    public void NoAnswerYet(int sequence)
    {
        if (style.Outstanding && !style.Quiet)
            terminal.Line(
                (Text)Date()
                    + terminal.Say(
                        $"no answer yet for icmp_seq={sequence}",
                        $"icmp_seq={sequence}에 아직 응답이 없습니다"
                    )
            );
    }

    public void Summary(string name, PingReport report)
    {
        if (style.Dots && report.Unanswered > 0)
            terminal.Line(new string('.', Math.Min(report.Unanswered, MaxDots)));
        terminal.Line();
        terminal.Line(terminal.Say($"--- {name} ping statistics ---", $"--- {name} ping 통계 ---"));
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

    private string? NameOf(IpAddress address) => style.Numeric ? null : session.NameOf(address);

    private string Date()
    {
        if (!style.Dates)
            return "";
        var microseconds =
            (session.Network.Loop.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return $"[{microseconds / 1_000_000}.{microseconds % 1_000_000:d6}] ";
    }

    private static string Milliseconds(Duration time) =>
        time.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
