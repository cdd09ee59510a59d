using System.Globalization;
using Twocan.Core;
using Twocan.Http;

namespace Twocan.Explorer;

/// <summary>
/// A visit as a waterfall: a line for each thing that was fetched, and how its time went by, on one scale for all. The phases differ in
/// their shapes too, not by colour alone.
/// </summary>
public static class Waterfall
{
    private const int WidestName = 40;
    private const int NarrowestBar = 16;

    private static readonly (string English, string Korean, char Mark, Role Role)[] s_phases =
    [
        ("line", "차례", '·', Role.Faint),
        ("name", "이름", '░', Role.Name),
        ("connect", "접속", '▒', Role.Call),
        ("TLS", "TLS", '▓', Role.State),
        ("first byte", "첫 바이트", '─', Role.Address),
        ("body", "본문", '█', Role.Good),
    ];

    public static IEnumerable<Text> Lines(PageLoad visit, Language language, int width)
    {
        var numbers = visit.Resources.Select(it => Numbers(it, language)).ToList();
        var sizeWidth = numbers.Max(static one => CellWidth.Of(one.Size));
        var timeWidth = numbers.Max(static one => one.Time.Length);
        var names = visit.Resources.Select(it => NameOf(it, visit.Url)).ToList();
        var fixedWidth = 5 + 2 + sizeWidth + 2 + timeWidth + 2;
        var nameWidth = Math.Min(
            names.Max(CellWidth.Of),
            Math.Min(WidestName, Math.Max(12, width - fixedWidth - 2 * NarrowestBar))
        );
        var bar = Math.Max(NarrowestBar, width - fixedWidth - nameWidth);
        var total = Duration.Max(visit.Took, new(1));

        yield return Scale(total, bar, new string(' ', fixedWidth + nameWidth));
        foreach (var (it, number, name) in visit.Resources.Zip(numbers, names))
        {
            var status = it.Status > 0 ? it.Status.ToString(CultureInfo.InvariantCulture) : " ✗ ";
            var line = new Text(
                $"{status}  ",
                it.IsGood ? Role.Good
                    : it.RedirectsTo is null ? Role.Bad
                    : Role.Faint
            );
            line += Pad(Shorten(name, nameWidth), nameWidth);
            line += new Text($"  {PadLeft(number.Size, sizeWidth)}  {number.Time.PadLeft(timeWidth)}  ", Role.Number);
            yield return line + Bar(it, visit.Began, total, bar);
        }
        yield return Legend(visit, language);
    }

    /// <summary>How the whole went: requests, bytes, connections, what the cache spared.</summary>
    public static string Sum(PageLoad visit, Language language)
    {
        var network = visit.Resources.Where(static it => it.Connection is not null).ToList();
        var connections = network.Count(static it => !it.Connection!.Value.WasReused);
        var hosts = network.Select(static it => it.Url.Authority).Distinct(StringComparer.Ordinal).Count();
        var bytes = network.Sum(static it => it.BytesReceived);
        var spared = visit.Resources.Count(static it => it.Cache == CacheUse.Served);
        var confirmed = visit.Resources.Count(static it => it.Cache == CacheUse.Confirmed);
        var isKorean = language == Language.Korean;
        var took = Milliseconds(visit.Took);
        var said = new List<string>();
        if (network.Count == 0 && visit.Resources.Any(static it => it.Failure is not null))
            said.Add(isKorean ? "응답이 오지 않았습니다" : "no answer came");
        else if (network.Count == 0)
            said.Add(isKorean ? "아무에게도 요청하지 않았습니다" : "nobody was asked");
        else if (isKorean)
            said.Add($"리퀘스트 {network.Count}개, 서버 {hosts}곳, 새 접속 {connections}개, 본문 {bytes:N0}바이트");
        else
            said.Add(
                $"{Count(network.Count, "request")} to {Count(hosts, "server")} over {Count(connections, "new connection")}, {bytes:N0} bytes of bodies"
            );
        if (spared > 0)
            said.Add(isKorean ? $"캐시에서 {spared}개" : $"{spared} from the cache");
        if (confirmed > 0)
            said.Add(isKorean ? $"바뀌지 않은 것 {confirmed}개" : $"{confirmed} unchanged");
        if (visit.LeftOut > 0)
            said.Add(
                isKorean ? $"너무 많아 가져오지 않은 것 {visit.LeftOut}개" : $"{visit.LeftOut} left out: it is too much"
            );
        return $"{string.Join("; ", said)}; {took}";
    }

    private static string Milliseconds(Duration time) =>
        $"{time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)} ms";

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    private static (string Size, string Time) Numbers(LoadedResource it, Language language)
    {
        var size = it switch
        {
            { Cache: CacheUse.Served } => language == Language.Korean ? "캐시" : "cache",
            { Failure: not null } => "–",
            { Cache: CacheUse.Confirmed } => language == Language.Korean ? "그대로" : "unchanged",
            _ => it.BytesReceived.ToString("N0", CultureInfo.InvariantCulture),
        };
        return (size, Milliseconds(it.Ended - it.Began));
    }

    /// <summary>The file, where it comes from the page's own server; else with its server.</summary>
    private static string NameOf(LoadedResource it, Url page)
    {
        var path = it.Url.Path;
        var file = it.Url.Segments is [.., { Length: > 0 } last] ? last : path;
        return it.Url.IsSameOriginAs(page)
            ? file
            : $"{it.Url.Host.Display}{(file.StartsWith('/') ? file : $"/…/{file}")}";
    }

    private static Text Scale(Duration total, int bar, string lead)
    {
        var end = Milliseconds(total);
        return new($"{lead}0{end.PadLeft(bar - 1)}", Role.Faint);
    }

    private static Text Bar(LoadedResource it, Instant began, Duration total, int cells)
    {
        var phases = it.Phases;
        Duration[] lengths =
        [
            phases.Queue,
            phases.Name ?? Duration.Zero,
            phases.Connect ?? Duration.Zero,
            phases.Tls ?? Duration.Zero,
            phases.Send + phases.FirstByte,
            phases.Body,
        ];
        var at = (it.Began - began).Nanoseconds;
        var start = Cell(at, total, cells);
        var line = new Text(new string(' ', Math.Min(start, cells - 1)));
        if (phases.Total == Duration.Zero)
            return line + new Text("│", Role.Faint);
        var drawn = Math.Min(start, cells - 1);
        for (var i = 0; i < lengths.Length; i++)
        {
            at += lengths[i].Nanoseconds;
            // What was the last to be waited for shows, however short it was.
            var end = Math.Max(
                Cell(at, total, cells),
                lengths[i] > Duration.Zero && i == LastOf(lengths) ? drawn + 1 : 0
            );
            end = Math.Min(end, cells);
            if (end <= drawn)
                continue;
            line += new Text(new string(s_phases[i].Mark, end - drawn), s_phases[i].Role);
            drawn = end;
        }
        return line;
    }

    private static int LastOf(Duration[] lengths) => Array.FindLastIndex(lengths, static one => one > Duration.Zero);

    private static int Cell(long at, Duration total, int cells) =>
        (int)Math.Round((double)at / total.Nanoseconds * cells, MidpointRounding.AwayFromZero);

    private static Text Legend(PageLoad visit, Language language)
    {
        var hasTls = visit.Resources.Any(static it => it.Phases.Tls is not null);
        var line = new Text("     ");
        foreach (var (english, korean, mark, role) in s_phases)
        {
            if (mark == '▓' && !hasTls)
                continue;
            line += new Text($"{(line.Pieces.Count > 1 ? "  " : "")}{mark}", role);
            line += new Text($" {(language == Language.Korean ? korean : english)}", Role.Faint);
        }
        return line;
    }

    private static Text Pad(string text, int width) =>
        new(text + new string(' ', Math.Max(0, width - CellWidth.Of(text))));

    private static string PadLeft(string text, int width) =>
        new string(' ', Math.Max(0, width - CellWidth.Of(text))) + text;

    /// <summary>The end of a name tells more than its middle.</summary>
    private static string Shorten(string name, int width)
    {
        if (CellWidth.Of(name) <= width)
            return name;
        var (head, tail) = ("", "");
        var room = width - 1;
        foreach (var rune in name.EnumerateRunes())
        {
            if (CellWidth.Of(head) + CellWidth.Of(rune) > room / 2)
                break;
            head += rune;
        }
        foreach (var rune in name.EnumerateRunes().Reverse())
        {
            if (CellWidth.Of(tail) + CellWidth.Of(rune) > room - CellWidth.Of(head))
                break;
            tail = rune + tail;
        }
        return $"{head}…{tail}";
    }
}
