using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>How much of a journey is told.</summary>
public enum Depth
{
    /// <summary>What happens, and why.</summary>
    Story,

    /// <summary>And what each layer of each node did.</summary>
    Layers,

    /// <summary>The bytes of one frame.</summary>
    Bytes,
}

/// <summary>Tells a journey: a chapter for each step of the way, the same in each language.</summary>
public sealed class StoryWriter
{
    private readonly Journey _journey;
    private readonly Voice _voice;
    private readonly Depth _depth;

    private StoryWriter(Journey journey, Language language, Depth depth) =>
        (_journey, _voice, _depth) = (journey, new(language), depth);

    public static Document Write(Journey journey, Language language, Depth depth = Depth.Story) =>
        new StoryWriter(journey, language, depth).Write();

    private Document Write()
    {
        var chapters = new List<Chapter>();
        var scene = new Scene(_journey, _journey.Visits[0], _voice);
        AddAll(chapters, scene);
        foreach (var visit in _journey.Visits.Skip(1))
            chapters.Add(Again(new(_journey, visit, _voice)));
        chapters.Add(_journey.IsOnHost ? HostChapters.Totals(scene) : ReckoningChapters.Totals(scene));
        return new(
            _voice.Say(
                $"{_journey.Url:name} from Enter to the last socket gone",
                $"{_journey.Url:name}, Enter에서 소켓 말소까지"
            ),
            [Verdict.Of(_journey, _voice), Guide()],
            chapters
                .Select((chapter, i) => chapter with { Title = $"{i + 1}. {chapter.Title.ToString():strong}" })
                .ToList()
        );
    }

    private void AddAll(List<Chapter> chapters, Scene scene)
    {
        Chapter?[] told =
        [
            MessageChapters.Url(scene),
            MessageChapters.Request(scene),
            NamesChapter.Tell(scene),
            HostChapters.Sockets(scene),
            SecrecyChapter.Tell(scene),
            ConnectionChapters.Socket(scene),
            NeighbourChapter.Tell(scene),
            ConnectionChapters.Handshake(scene),
            ConnectionChapters.Segments(scene),
            ReckoningChapters.Proxy(scene),
            MessageChapters.Response(scene),
            WantedChapter.Tell(scene),
            ReckoningChapters.End(scene),
            ClosingChapters.Close(scene),
            ClosingChapters.Gone(scene),
            KernelChapter.Tell(scene),
            ReckoningChapters.Trouble(scene),
        ];
        foreach (var chapter in told)
            if (chapter is not null)
                chapters.Add(chapter);
        if (_depth == Depth.Layers)
            chapters.Add(LayersChapter.Tell(scene));
    }

    private Paragraph Guide() =>
        _journey.IsOnHost
            ? _voice.Tell(
                $"{"Times count from Enter. This is the machine's own network: what it lets a program know.":faint}",
                $"{"시각은 Enter를 누른 때부터 셉니다. 이 컴퓨터의 네트워크이므로, 프로그램이 알 수 있는 것만 보입니다.":faint}"
            )
            : _voice.Tell(
                $"{"Times count from Enter. #12 is frame 12 over all cables: --packet 12 shows its bytes, --follow 12 its way, --why 12 its reasons.":faint}",
                $"{"시각은 Enter를 누른 때부터 셉니다. #12는 모든 케이블을 통틀어 12번째 프레임입니다. --packet 12는 그 바이트를, --follow 12는 지나간 길을, --why 12는 보낸 까닭을 보여 줍니다.":faint}"
            );

    /// <summary>A later visit, told by what is different.</summary>
    private Chapter Again(Scene scene)
    {
        var visit = scene.Visit;
        var first = _journey.Visits[0];
        var blocks = new List<Block>
        {
            _voice.Tell(
                $"Enter is pressed again on the same URL. It takes {Voice.Milliseconds(visit.Took):time} ms; the first time took {Voice.Milliseconds(first.Took):time} ms.",
                $"같은 URL에서 Enter를 다시 누릅니다. 첫 번째에는 {Voice.Milliseconds(first.Took):time} ms가 걸렸지만 이번에는 {Voice.Milliseconds(visit.Took):time} ms가 걸립니다."
            ),
        };
        blocks.AddRange(NamesChapter.Tell(scene).Blocks);
        if (ReckoningChapters.Proxy(scene) is { } proxy)
            blocks.AddRange(proxy.Blocks);
        foreach (var resource in visit.Resources.Where(static it => it.Status > 0 && it.Ended is not null))
        {
            blocks.Add(MessageChapters.Arrived(scene, resource));
            if (resource.CacheStatus is { } status)
                blocks.Add(new Paragraph($"Cache-Status: {status:call}", "", 4));
        }
        if (ReckoningChapters.End(scene) is { } end)
            blocks.AddRange(end.Blocks);
        if (_depth == Depth.Layers)
            blocks.AddRange(LayersChapter.Tell(scene).Blocks);
        return new(
            $"visit-{visit.Number}",
            _voice.Say($"Once more: visit {visit.Number}", $"다시 한 번: {visit.Number}번째 방문"),
            blocks
        );
    }
}
