using Twocan.Core;
using Twocan.Http;

namespace Twocan.Explorer;

/// <summary>Several requests under way at the same time: when each waited, asked and was answered, and by which connection.</summary>
internal static class SideBySide
{
    private const int BarWidth = 22;

    public static IEnumerable<Block> Draw(Scene scene, Resource page, List<Resource> wanted)
    {
        var voice = scene.Voice;
        yield return new Table(
            [
                new(voice.Word("file", "파일"), Flows: true),
                new(voice.Word("bytes", "바이트"), Right: true),
                new(voice.Word("socket", "소켓"), Right: true),
                new(voice.Word("asked ms", "요청 ms"), Right: true),
                new(voice.Word("whole ms", "완료 ms"), Right: true),
                new(voice.Word("· waits  ─ asks  █ body", "· 대기  ─ 요청  █ 본문")) { IsDrawn = true },
            ],
            [.. wanted.Select(one => Row(scene, page, one))]
        );
        var connections = scene.OwnConnections.ToList();
        if (connections.Count < 2)
            yield break;
        yield return voice.Tell(
            $"A connection carries one request at a time. Who finds none free has a new one made, but no more than six to one server; then it waits. The browser's connections:",
            $"연결 하나는 한 번에 리퀘스트 하나만 나릅니다. 빈 연결이 없으면 새로 접속하되, 한 서버에 여섯 개까지만 하고 그 뒤에는 차례를 기다립니다. 브라우저의 연결은 다음과 같습니다."
        );
        yield return new Table(
            [
                new(voice.Word("socket", "소켓"), Right: true),
                new(voice.Word("port", "포트"), Right: true),
                new(voice.Word("connect ms", "접속 ms"), Right: true),
                new(voice.Word("stands at ms", "완료 ms"), Right: true),
                new(voice.Word("what it carried", "나른 것"), Flows: true),
            ],
            [.. connections.Select(connection => Row(scene, connection))]
        );
    }

    private static IReadOnlyList<Text> Row(Scene scene, Resource page, Resource one) =>
        [
            new(Name(one.Url, page.Url), one.Status is >= 200 and < 400 ? Role.Name : Role.Bad),
            Size(one),
            new($"{one.Request?.Descriptor}", Role.Number),
            new(one.Asked is { } asked ? scene.Ms(asked.At) : "—", Role.Time),
            new(one.Ended is { } ended ? scene.Ms(ended.At) : "—", Role.Time),
            Bar(one, page.Ended!.At, scene.Visit.End.At),
        ];

    private static IReadOnlyList<Text> Row(Scene scene, Connection connection) =>
        [
            new($"{connection.Descriptor}", Role.Number),
            new($"{connection.Local.Port}", Role.Number),
            new(scene.Ms(connection.Began.At), Role.Time),
            new(connection.Opened is { } opened ? scene.Ms(opened) : "—", Role.Time),
            string.Join(
                ", ",
                scene
                    .Visit.Resources.Where(one =>
                        one.Request?.Descriptor == connection.Descriptor
                        && one.Asked!.At >= connection.Began.At
                        && !(one.Asked!.At > connection.Closed)
                    )
                    .Select(one => Name(one.Url, scene.Visit.Page!.Url))
            ),
        ];

    private static Text Size(Resource one) =>
        one.Status switch
        {
            >= 200 and < 300 => new(Voice.Number(one.Bytes)),
            > 0 => new($"{one.Status}", one.Status < 400 ? Role.Faint : Role.Bad),
            _ => new("✗", Role.Bad),
        };

    private static Text Bar(Resource one, Instant from, Instant to)
    {
        var whole = Math.Max(1, (to - from).Nanoseconds);
        int Cell(JournalEntry? entry) =>
            entry is null
                ? BarWidth
                : Math.Clamp((int)Math.Round((double)BarWidth * (entry.At - from).Nanoseconds / whole), 0, BarWidth);
        var (began, asked, ended) = (Cell(one.Began), Cell(one.Asked ?? one.Ended), Cell(one.Ended));
        // A body that came in one piece with its head shows nevertheless.
        var answered = one.Answered is null ? ended : Math.Min(Cell(one.Answered), ended - 1);
        (began, asked) = (Math.Min(began, answered), Math.Min(asked, answered));
        return new Text(new string(' ', began))
            + new Text(new string('·', asked - began), Role.Faint)
            + new Text(new string('─', answered - asked), Role.Address)
            + new Text(new string('█', Math.Max(0, ended - answered)), Role.Good);
    }

    /// <summary>From the page's own server the file alone, from another with its name.</summary>
    private static string Name(string written, string page)
    {
        var (url, own) = (Url.Parse(written), Url.Parse(page));
        return url.IsSameOriginAs(own) ? url.Path : $"{url.Host.Display}{url.Path}";
    }
}
