using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>What stands in the page by its name only, and is asked for once the page has been read.</summary>
internal static class WantedChapter
{
    // More than two, side by side, and the frames of each are too many to be read one below the other.
    private const int MostLadders = 2;

    public static Chapter? Tell(Scene scene)
    {
        if (scene.Visit.Page is not { Status: >= 200 and < 300 } page)
            return null;
        var voice = scene.Voice;
        var wanted = scene.Visit.Wanted.ToList();
        var title = wanted.TrueForAll(static it => it.Kind == ResourceKind.Picture)
            ? voice.Say("The pictures", "그림")
            : voice.Say("What else the page wants", "페이지에 딸린 파일");
        if (wanted.Count == 0)
            return new(
                "pictures",
                title,
                [
                    voice.Tell(
                        $"The page wants no pictures: it can be shown as it is.",
                        $"페이지에 그림이 없으므로 그대로 표시하면 됩니다."
                    ),
                ]
            );
        var blocks = new List<Block> { Found(scene, page, wanted) };
        foreach (var one in wanted.Where(static it => it.Tag.Length > 0))
            blocks.Add(new Paragraph(Mention(voice, page, one), "• ", 2));
        AddMessages(blocks, scene, wanted);
        if (wanted.Count == 1)
            blocks.Add(Ending(scene, wanted[0]));
        else
            blocks.AddRange(SideBySide.Draw(scene, page, wanted));
        blocks.AddRange(Ladders(scene, page));
        return new("pictures", title, blocks);
    }

    private static Paragraph Found(Scene scene, Resource page, List<Resource> wanted)
    {
        var voice = scene.Voice;
        var tags = wanted.Count(static it => it.Tag.Length > 0);
        var how = Carried(scene, wanted.Count).In(voice.Language);
        return wanted.TrueForAll(static it => it.Kind == ResourceKind.Picture)
            ? voice.Tell(
                $"The browser reads the page, {page.Url:name}, and finds {(tags == 1 ? "an image tag" : $"{tags} image tags"):strong}. It leaves room for what is to be shown there and asks again: one request, one response. {how}",
                $"브라우저는 페이지 {page.Url:name}{Korean.Object(page.Url)} 읽고 그림 태그 {tags:number}개를 찾습니다. 그림이 들어갈 자리를 비워 두고 다시 요청합니다. 리퀘스트 하나에 응답 하나입니다. {how}"
            )
            : voice.Tell(
                $"The browser reads the page, {page.Url:name}, and finds the names of things that are not in it: {ResourceNames.Count(wanted, voice.Language):strong}. It asks for each of them: one request, one response. {how}",
                $"브라우저는 페이지 {page.Url:name}{Korean.Object(page.Url)} 읽고, 이름만 적혀 있는 것들을 찾습니다: {ResourceNames.Count(wanted, voice.Language):strong}. 그 하나하나를 다시 요청합니다. 리퀘스트 하나에 응답 하나입니다. {how}"
            );
    }

    /// <summary>The tag, and where it leads; where it does not stand in the page itself, in what it does.</summary>
    private static Text Mention(Voice voice, Resource page, Resource one)
    {
        Text text = $"{one.Tag:call} → {one.Url:name}";
        return one.Initiator is { } within && within != page.Url
            ? text + voice.Say($" {$"(in {FileOf(within)})":faint}", $" {$"({FileOf(within)}에서)":faint}")
            : text;
    }

    /// <summary>The first request of these, and its response: the others are like it.</summary>
    private static void AddMessages(List<Block> blocks, Scene scene, List<Resource> wanted)
    {
        var voice = scene.Voice;
        if (
            wanted.Find(static it => it.Response is not null)
            is not { Request: { } request, Response: { } response } one
        )
            return;
        var is1 = wanted.Count == 1;
        blocks.Add(
            voice.Tell(
                $"{(is1 ? "Its request" : $"The first request, for {FileOf(one.Url)},")} says as well on which page it is wanted ({"Referer":call}):",
                $"{(is1 ? "이" : $"첫 번째인 {FileOf(one.Url)}의")} 리퀘스트에는 어느 페이지에서 필요한지도 적혀 있습니다({"Referer":call})."
            )
        );
        blocks.Add(MessageChapters.HeadTable(request.Head, false, voice));
        blocks.Add(voice.Tell($"And its response:", $"그 응답은 이렇습니다."));
        blocks.Add(MessageChapters.HeadTable(response.Head, true, voice));
    }

    private static Paragraph Ending(Scene scene, Resource one) =>
        one is { Status: > 0, Ended: not null }
            ? MessageChapters.Arrived(scene, one)
            : scene.Voice.Item($"{one.Url:name}: {"did not come":bad}", $"{one.Url:name}: {"오지 않음":bad}");

    private static IEnumerable<Block> Ladders(Scene scene, Resource page)
    {
        var connections = scene.OwnConnections.ToList();
        if (connections.Count > MostLadders)
            yield break;
        foreach (var connection in connections)
        {
            var trace = scene.Trace(connection);
            var from = connection == scene.Main ? page.Ended! : connection.Began;
            var segments = trace
                .Segments.Where(segment => !segment.IsBefore(from) && segment.IsBefore(scene.Visit.End))
                .ToList();
            if (segments.Count > 0)
                yield return Ladder.Draw(scene, trace, segments);
        }
    }

    private static Phrase Carried(Scene scene, int wanted)
    {
        var connections = scene.Journey.IsOnHost ? HostChapters.Connects(scene) : scene.OwnConnections.Count();
        return connections <= 1
            ? new(
                "The connection was kept, so no new handshake is needed.",
                "연결을 끊지 않고 두었으므로 다시 접속할 필요가 없습니다."
            )
            : new(
                $"They do not wait for each other: with the kept connection, {connections} were used for these {wanted}.",
                $"서로 기다리지 않도록, 남겨 둔 연결까지 모두 {connections}개의 연결로 {wanted}개를 나란히 받습니다."
            );
    }

    private static string FileOf(string url) =>
        Http.Url.Parse(url) is { Segments: [.., { Length: > 0 } last] } ? last : Http.Url.Parse(url).Path;
}
