using System.Globalization;
using System.Text;
using Twocan.Core;
using Twocan.Http;

namespace Twocan.Explorer;

/// <summary>The first visit as a bar from Enter to the page, with what was being done in each part of it: what a reader sees first.</summary>
internal static class Course
{
    public static string Draw(Journey journey, IReadOnlyList<Chapter> chapters, Voice voice)
    {
        var visit = journey.Visits[0];
        var html = new StringBuilder("<div class=course>");
        var from = visit.Click.At;
        foreach (var (kind, says, chapter, until) in Parts(journey, visit, voice))
        {
            if (until is not { } to || to <= from)
                continue;
            var took = to - from;
            var isTold = chapters.Any(it => it.Id == chapter);
            html.Append(
                CultureInfo.InvariantCulture,
                $"<a class={kind} style=\"flex-grow:{Math.Max(1, took.Nanoseconds / 1000)}\"{(isTold ? $" href=\"#{chapter}\"" : "")}><b>{Markup.Escape(says)}</b><span>{took.TotalMilliseconds:N1} ms</span></a>"
            );
            from = to;
        }
        return html.Append("</div>").ToString();
    }

    private static IEnumerable<(string Kind, string Says, string Chapter, Instant? Until)> Parts(
        Journey journey,
        Visit visit,
        Voice voice
    )
    {
        var opened = journey.IsOnHost
            ? journey.HostConnections.FirstOrDefault(static it => it.Opened is not null)?.Opened
            : journey.Connections.FirstOrDefault(it => it.LocalHost == journey.Host)?.Opened;
        var secured = journey.HostConnections.FirstOrDefault(static it => it.Secured is not null)?.Secured;
        yield return (
            "names",
            voice.Word("looking up the name", "이름 찾기"),
            "names",
            journey.Resolutions.FirstOrDefault(it => it.Began.Host == journey.Host && it.Answers.Count > 0)?.Ended?.At
        );
        yield return ("connect", voice.Word("connecting", "접속"), journey.IsOnHost ? "socket" : "handshake", opened);
        yield return ("tls", "TLS", "tls", secured);
        var page = visit.Page;
        yield return (
            "page",
            voice.Word("the page", "페이지"),
            "response",
            page is { Status: > 0, Ended: { } ended } ? ended.At : null
        );
        if (!visit.IsWhole)
            yield return ("failed", voice.Word("in vain", "실패"), "end", visit.End.At);
        else if (visit.Wanted.Any())
            yield return ("wanted", ResourceNames.Short([.. visit.Wanted], voice), "pictures", visit.End.At);
    }
}
