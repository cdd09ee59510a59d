using System.Globalization;
using System.Text;
using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>
/// A journey as one web page that needs nothing else: the story, a map, a picture of all that was said, and every frame
/// with its bytes, its way and its reasons. It can be handed on as a file and opened without a network.
/// </summary>
public static class JourneyPage
{
    private static readonly string s_style = Resource("page.css");
    private static readonly string s_script = Resource("page.js");

    /// <param name="map">The world's map as SVG; null for none.</param>
    /// <param name="both">The same journey without its faults beside it; null for none.</param>
    public static string Write(
        Journey journey,
        Language language,
        Depth depth = Depth.Story,
        string? map = null,
        Comparison? both = null
    )
    {
        var voice = new Voice(language);
        var story = StoryWriter.Write(journey, language, depth);
        var markup = new Markup(journey.Packets.Count);
        var sections = Sections(journey, story, map, both, voice, markup).ToList();
        var html = new StringBuilder(1024 * 1024);
        html.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!doctype html>
            <html lang={(voice.IsKorean ? "ko" : "en")}>
            <head>
            <meta charset=utf-8>
            <meta name=viewport content="width=device-width, initial-scale=1">
            <title>{Markup.Escape(story.Title.ToString())}</title>
            <style>
            {s_style}</style>
            </head>
            <body>
            <header>
            <h1>{markup.Of(story.Title)}</h1>
            {markup.Of([story.Opening[0]])}
            {Course.Draw(journey, story.Chapters, voice)}
            <p class="faint guide">{Guide(voice, journey.Packets.Count > 0)}</p>
            <noscript><p class=faint>{Scriptless(voice)}</p></noscript>
            </header>
            <nav>

            """
        );
        foreach (var section in sections)
            html.Append(
                CultureInfo.InvariantCulture,
                $"<a href=\"#{section.Id}\">{Markup.Escape(section.Title)}</a>\n"
            );
        html.Append("</nav>\n<main>\n");
        foreach (var section in sections)
            html.Append(
                CultureInfo.InvariantCulture,
                $"<section id=\"{section.Id}\"><h2>{Markup.Escape(section.Title)}</h2>\n{section.Content}</section>\n"
            );
        html.Append(
            CultureInfo.InvariantCulture,
            $"""
            </main>
            <aside id=panel hidden{Words(voice)}></aside>
            <script type=application/json id=data>{FrameData.Write(journey, voice, markup)}</script>
            <script>
            {s_script}</script>
            </body>
            </html>

            """
        );
        return html.ToString();
    }

    private static IEnumerable<(string Id, string Title, string Content)> Sections(
        Journey journey,
        Document story,
        string? map,
        Comparison? both,
        Voice voice,
        Markup markup
    )
    {
        if (map is not null)
            yield return ("map", voice.Word("The map", "지도"), Figure(map, voice));
        if (both is not null)
            yield return (
                "compare",
                voice.Word("With the fault beside without", "장애가 있을 때와 없을 때"),
                Compared(both, voice, markup)
            );
        if (SequencePicture.Draw(journey) is { Length: > 0 } sequence)
            yield return ("sequence", voice.Word("In one picture", "한눈에 보기"), About(voice) + Wide(sequence));
        if (both is not null && SequencePicture.Draw(both.Healthy, isLinked: false) is { Length: > 0 } other)
            yield return ("healthy", voice.Word("Without the fault", "장애가 없을 때"), Wide(other));
        foreach (var chapter in story.Chapters)
        {
            yield return (chapter.Id, chapter.Title.ToString(), markup.Of(chapter.Blocks));
            if (
                chapter.Id == "pictures"
                && journey.Screen is { } screen
                && Screen.Draw(screen, voice) is { Length: > 0 } shown
            )
                yield return ("screen", voice.Word("On the screen", "화면에 표시된 페이지"), Seen(voice) + shown);
        }
    }

    private static string Compared(Comparison both, Voice voice, Markup markup)
    {
        var told = ComparisonWriter.Write(both, voice.Language);
        var html = new StringBuilder(markup.Of(told.Opening));
        // What went wrong and how it ended are chapters of the story too.
        foreach (var chapter in told.Chapters.Where(static chapter => chapter.Id is not ("trouble" or "end")))
            html.Append(
                CultureInfo.InvariantCulture,
                $"<h3>{Markup.Escape(chapter.Title.ToString())}</h3>{markup.Of(chapter.Blocks)}"
            );
        return html.ToString();
    }

    /// <summary>As a picture of its own: its style sheet is not the page's.</summary>
    private static string Figure(string svg, Voice voice) =>
        $"<div class=\"wide framed\"><img class=map alt=\"{voice.Word("The map of the world", "세계의 지도")}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\"></div>";

    private static string Wide(string content) => $"<div class=wide>{content}</div>";

    private static string Seen(Voice voice) =>
        voice.Word(
            "<p>This is what the journey was for. It is put together here from the very bytes that came, each picture in the room that was left for it. (Scripts do not run here, and links lead nowhere.)</p>",
            "<p>이 여행의 목적입니다. 실제로 받은 바이트를 모아 그대로 표시했고, 비워 둔 자리마다 그림이 들어갔습니다. (여기서는 스크립트가 실행되지 않고 링크도 이어지지 않습니다.)</p>"
        );

    private static string Scriptless(Voice voice) =>
        voice.Word(
            "(The frames open by JavaScript, which is off here. The story does not need it.)",
            "(프레임을 펼쳐 보려면 JavaScript가 필요한데 지금은 꺼져 있습니다. 이야기는 그대로 읽을 수 있습니다.)"
        );

    private static string Guide(Voice voice, bool hasFrames) =>
        !hasFrames
            ? voice.Word("Times count from Enter.", "시각은 Enter를 누른 때부터 셉니다.")
            : voice.Word(
                "Times count from Enter. <b>#12</b> is frame 12 over all cables: choose it to see its bytes, its way and its reasons; the arrow keys go to its neighbours, Esc closes it.",
                "시각은 Enter를 누른 때부터 셉니다. <b>#12</b>는 모든 케이블을 통틀어 12번째 프레임입니다. 누르면 그 바이트와 지나간 길, 보낸 까닭이 보입니다. 화살표 키로 앞뒤 프레임으로 가고 Esc로 닫습니다."
            );

    private static string About(Voice voice) =>
        voice.Word(
            "<p>Every packet from the host that made it to the host that it was for, from top to bottom as time went by (not to scale: a long wait takes only a little more room). Routers, switches and ARP are left out here.</p>",
            "<p>모든 패킷을 만든 호스트에서 받을 호스트까지 위에서 아래로 시간 순서로 그렸습니다 (시간의 비율대로는 아닙니다. 오래 기다려도 간격은 조금만 늘어납니다). 라우터와 스위치, ARP는 여기서 뺐습니다.</p>"
        );

    /// <summary>What the script says: it knows no language itself.</summary>
    private static string Words(Voice voice)
    {
        (string Name, Phrase Says)[] words =
        [
            ("frame", new("Frame", "프레임")),
            ("bytes", new("Bytes and fields", "바이트와 필드")),
            ("way", new("Way", "지나간 길")),
            ("why", new("Why", "보낸 까닭")),
            ("close", new("Close", "닫기")),
            ("before", new("The frame before", "앞 프레임")),
            ("next", new("The next frame", "다음 프레임")),
            (
                "because",
                new(
                    "Each line happened because of the one below it, until the click.",
                    "각 줄은 바로 아래 줄 때문에 일어났으며, 끝에는 클릭이 있습니다."
                )
            ),
            (
                "hops",
                new(
                    "What every node on the way looked up, and what it changed.",
                    "지나간 노드마다 무엇을 찾아보고 무엇을 바꾸었는지 보입니다."
                )
            ),
        ];
        return string.Concat(
            words.Select(word => $" data-{word.Name}=\"{Markup.Escape(word.Says.In(voice.Language))}\"")
        );
    }

    private static string Resource(string name)
    {
        using var stream = typeof(JourneyPage).Assembly.GetManifestResourceStream($"Twocan.Explorer.Page.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
