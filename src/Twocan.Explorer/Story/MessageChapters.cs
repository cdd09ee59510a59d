using Twocan.Core;
using Twocan.Http;

namespace Twocan.Explorer;

/// <summary>The URL, the request message, and the response: what the two programs say to each other.</summary>
internal static class MessageChapters
{
    public static Chapter Url(Scene scene)
    {
        var voice = scene.Voice;
        var url = Http.Url.Parse(scene.Journey.Url);
        var blocks = new List<Block>
        {
            voice.Tell(
                $"You typed {scene.Journey.Url:name} and pressed Enter. Before anything is sent, the browser takes the URL apart to see what it is to do:",
                $"{scene.Journey.Url:name}{Korean.Object(scene.Journey.Url)} 입력하고 Enter를 눌렀습니다. 브라우저는 무엇을 보내기 전에 먼저 URL을 해독하여 할 일을 알아냅니다."
            ),
        };
        foreach (var sentence in UrlExplanation.Of(url).Say(voice.Language))
            blocks.Add(new Paragraph(sentence, "• ", 2));
        if (scene.Journey.Proxy is { } proxy)
            blocks.Add(
                voice.Tell(
                    $"But the settings name a proxy, {proxy:host}: the browser will not go to {url.Host.Text:name} itself, it will ask the proxy to.",
                    $"그런데 브라우저에는 프록시 {proxy:host}{Korean.Subject(proxy)} 설정되어 있습니다. 브라우저는 {url.Host.Text:name}에 직접 가지 않고 프록시에 부탁합니다."
                )
            );
        return new("url", voice.Say("The URL", "URL 해독"), blocks);
    }

    public static Chapter? Request(Scene scene)
    {
        var voice = scene.Voice;
        if (
            scene.Events<RequestSent>(scene.Journey.Host).Select(static it => it.What).FirstOrDefault()
            is not { Head: { } head }
        )
            return null;
        return new(
            "request",
            voice.Say("The request message", "리퀘스트 메시지"),
            [
                voice.Tell(
                    $"From the URL the browser makes a request message. Its first line says what is to be done (the method) and to what (the URI); fields follow, a line each; a blank line ends the head.",
                    $"브라우저는 해독한 결과로 리퀘스트 메시지를 만듭니다. 첫 줄에는 무엇을 할지(메소드)와 무엇에 대해 할지(URI)를 적고, 그 아래에 필드를 한 줄씩 적으며, 빈 줄로 헤더를 끝냅니다."
                ),
                HeadTable(head, false, voice),
                voice.Tell(
                    $"So far this is only text in the browser's memory. To send it the browser must ask the operating system, and the operating system wants to be told an IP address, not a name.",
                    $"아직은 브라우저의 메모리에 있는 글자일 뿐입니다. 브라우저는 메시지를 직접 보내지 못하고 OS에 의뢰하는데, 이때 상대를 이름이 아니라 IP 주소로 알려 주어야 합니다."
                ),
            ]
        );
    }

    public static Chapter? Response(Scene scene)
    {
        var voice = scene.Voice;
        var (entry, began) = scene.Events<ResponseBegan>(scene.Journey.Host).FirstOrDefault();
        if (entry is null)
            return null;
        var blocks = new List<Block>();
        if (Served(scene) is { } served)
            blocks.Add(served);
        var frame = scene.Journey.PacketOf(entry) is { } packet ? $" {Scene.Frame(packet)}" : (Text)"";
        blocks.Add(
            voice.Tell(
                $"At {scene.Ms(entry.At):time} ms the browser has read the head of the response{frame}:",
                $"{scene.Ms(entry.At):time} ms에 브라우저는 응답 메시지의 헤더를 다 읽었습니다{frame}."
            )
        );
        blocks.Add(HeadTable(began.Head, true, voice));
        foreach (var resource in scene.Visit.Resources.Where(static it => it.Kind == ResourceKind.Page))
            if (resource.Ended is not null && resource.Status > 0)
                blocks.Add(Arrived(scene, resource));
        return new("response", voice.Say("The response", "응답 메시지"), blocks);
    }

    public static Paragraph Arrived(Scene scene, Resource resource)
    {
        var voice = scene.Voice;
        var ended = scene.Ms(resource.Ended!.At);
        return voice.Item(
            $"{resource.Url:name}: {Status(resource)}, {Voice.Number(resource.Bytes):number} bytes of {resource.ContentType}, whole at {ended:time} ms (SHA-256 {resource.Sha256[..16]:faint}…)",
            $"{resource.Url:name}: {Status(resource)}, {resource.ContentType} {Voice.Number(resource.Bytes):number}바이트, {ended:time} ms에 다 받음 (SHA-256 {resource.Sha256[..16]:faint}…)"
        );
    }

    private static Text Status(Resource resource) =>
        new($"{resource.Status} {resource.Reason}", resource.Status < 400 ? Role.Good : Role.Bad);

    private static Paragraph? Served(Scene scene)
    {
        var voice = scene.Voice;
        var (asked, request) = scene.Events<RequestReceived>().FirstOrDefault();
        if (asked is null)
            return null;
        var (answered, _) = scene.Events<ResponseSent>(asked.Host).FirstOrDefault();
        return answered is null
            ? null
            : voice.Tell(
                $"At {scene.Ms(asked.At):time} ms {asked.Host:host} has read the whole request, {request.Method:call} {request.Target:call}, and at {scene.Ms(answered.At):time} ms it answers.",
                $"{scene.Ms(asked.At):time} ms에 {asked.Host:host}{Korean.Subject(asked.Host)} 리퀘스트 {request.Method:call} {request.Target:call}{Korean.Object(request.Target)} 다 읽고, {scene.Ms(answered.At):time} ms에 응답합니다."
            );
    }

    public static Table HeadTable(string head, bool isResponse, Voice voice)
    {
        var rows = new List<IReadOnlyList<Text>>();
        foreach (var line in head.Split("\r\n", StringSplitOptions.None))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.Length == 0)
                break;
            var meaning =
                rows.Count == 0 ? HttpDissector.StartLine(isResponse)
                : colon > 0 ? HttpDissector.Meaning(line[..colon])
                : new Phrase("", "");
            rows.Add([new("  " + line, Role.Call), new(meaning.In(voice.Language), Role.Faint)]);
        }
        rows.Add([
            new("  CRLF", Role.Faint),
            voice.Say("the blank line: the head ends here", "빈 줄: 헤더의 끝입니다"),
        ]);
        return new([new(""), new("", Flows: true)], rows) { IsMessage = true };
    }
}
