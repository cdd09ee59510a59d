using Twocan.Core;
using Twocan.Proxy;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>The proxy's part, what went wrong on the way, how it ended, and what it all cost.</summary>
internal static class ReckoningChapters
{
    private const int BarWidth = 30;

    public static Chapter? Proxy(Scene scene)
    {
        var decisions = scene.Events<CacheDecided>().ToList();
        if (decisions.Count == 0)
            return null;
        var voice = scene.Voice;
        var rows = new List<IReadOnlyList<Text>>();
        foreach (var (entry, decision) in decisions)
            rows.Add([new(scene.Ms(entry.At), Role.Time), new(entry.Host, Role.Host), decision.Say(voice.Language)]);
        foreach (var (entry, stored) in scene.Events<CacheStored>())
            rows.Add([new(scene.Ms(entry.At), Role.Time), new(entry.Host, Role.Host), stored.Say(voice.Language)]);
        var onward = scene.Connections.Count(connection => connection.LocalHost != scene.Journey.Host);
        var proxy = decisions[0].Entry.Host;
        return new(
            "proxy",
            voice.Say("The proxy", "프록시"),
            [
                voice.Tell(
                    $"{proxy:host} stands between: to the browser it is the server, to the server it is the browser. It makes requests of its own, resolves names itself, and keeps answers that it may give again.",
                    $"{proxy:host}{Korean.Subject(proxy)} 사이에 서 있습니다. 브라우저에게는 서버이고 서버에게는 브라우저입니다. 스스로 리퀘스트를 만들고 이름을 찾으며, 다시 써도 되는 응답을 간직합니다."
                ),
                new Table(
                    [
                        new("ms", Right: true),
                        new(voice.Word("host", "호스트")),
                        new(voice.Word("what it decided", "판단"), Flows: true),
                    ],
                    [.. rows.OrderBy(row => double.Parse(row[0].ToString()))]
                ),
                onward == 0
                    ? voice.Tell(
                        $"So this journey ends here: {"no packet went beyond the proxy":good}.",
                        $"그래서 이번 여행은 여기에서 끝납니다. {"프록시 너머로는 패킷이 하나도 나가지 않았습니다":good}."
                    )
                    : voice.Tell(
                        $"For this it opened {(onward == 1 ? "a connection" : $"{onward} connections"):strong} of its own to the servers.",
                        $"이를 위해 프록시는 서버 쪽으로 연결 {onward:number}개를 따로 맺었습니다."
                    ),
            ]
        );
    }

    /// <summary>Faults, lost frames, and how they were made good.</summary>
    public static Chapter? Trouble(Scene scene)
    {
        var voice = scene.Voice;
        var lost = scene
            .Journey.Packets.Where(packet =>
                packet.Lost is not null && scene.Journey.Journal.Root(packet.Entry) == scene.Visit.Click
            )
            .ToList();
        var faults = scene
            .Journey.Journal.Entries.Where(static entry => entry.What is FaultBegan or FaultEnded)
            .ToList();
        if (lost.Count == 0 && faults.Count == 0)
            return null;
        var blocks = new List<Block>();
        foreach (var fault in faults)
            blocks.Add(new Paragraph($"{scene.Ms(fault.At):time} ms {fault.What.Say(voice.Language):bad}", "• ", 2));
        if (lost.Count > 0)
        {
            var again = scene.Events<SegmentSent>().Count(static it => it.What.Reason.IsRetransmission);
            blocks.Add(
                voice.Tell(
                    $"{Voice.Number(lost.Count):number} {(lost.Count == 1 ? "frame" : "frames")} never arrived. The cables do nothing about that; whoever misses an answer asks again: ARP, the resolver, and TCP, which sent {again:number} {(again == 1 ? "segment" : "segments")} a second time.",
                    $"프레임 {Voice.Number(lost.Count):number}개가 도착하지 못했습니다. 케이블은 아무것도 해 주지 않습니다. 답을 받지 못한 쪽이 다시 묻습니다. ARP와 리졸버가 그렇고, TCP는 세그먼트 {again:number}개를 다시 보냈습니다."
                )
            );
            blocks.Add(
                new Table(
                    [
                        new(voice.Word("frame", "프레임"), Right: true),
                        new("ms", Right: true),
                        new(voice.Word("cable", "케이블")),
                        new(voice.Word("what was lost", "잃은 것"), Flows: true),
                    ],
                    [
                        .. lost.Select(packet =>
                            (IReadOnlyList<Text>)
                                [
                                    Scene.Frame(packet),
                                    new(scene.Ms(packet.At), Role.Time),
                                    new(packet.Link, Role.Host),
                                    $"{packet.Dissection.Protocol:strong} {packet.Dissection.Summary}",
                                ]
                        ),
                    ]
                )
            );
        }
        return new("trouble", voice.Say("What went wrong on the way", "도중의 장애"), blocks);
    }

    public static Chapter? End(Scene scene)
    {
        if (scene.Visit.Failure is not { } failure)
            return null;
        var voice = scene.Voice;
        var end = scene.Ms(scene.Visit.End.At);
        return new(
            "end",
            voice.Say("Where the journey ended", "여행이 끝난 곳"),
            [
                voice.Tell(
                    $"At {end:time} ms the browser gave {failure.Url:name} up: {failure.Why:bad}.",
                    $"{end:time} ms에 브라우저는 {failure.Url:name}{Korean.Object(failure.Url)} 포기했습니다: {Endings.InShort(failure):bad}."
                ),
                new Paragraph(Endings.Of(failure.Kind).In(voice.Language)),
            ]
        );
    }

    public static Chapter Totals(Scene scene)
    {
        var voice = scene.Voice;
        var totals = Explorer.Totals.Of(scene.Journey);
        var share = (100.0 * totals.PageBytes / Math.Max(1, totals.CarriedBytes)).ToString("0.0");
        var took = Voice.Milliseconds(totals.Took);
        return new(
            "totals",
            voice.Say("What it cost", "총계"),
            [
                voice.Item(
                    $"{Voice.Number(totals.PageBytes):number} bytes are the page; {Voice.Number(totals.CarriedBytes):number} bytes in {Voice.Number(totals.Frames):number} frames on all cables carried them ({share:number} %), {Voice.Number(totals.OwnCableBytes):number} of them on {scene.Journey.Host}'s own cable.",
                    $"페이지는 {Voice.Number(totals.PageBytes):number}바이트이고, 이를 나르느라 모든 케이블에서 프레임 {Voice.Number(totals.Frames):number}개, {Voice.Number(totals.CarriedBytes):number}바이트가 오갔습니다 ({share:number} %). 그 가운데 {scene.Journey.Host}의 케이블을 지난 것은 {Voice.Number(totals.OwnCableBytes):number}바이트입니다."
                ),
                scene.Journey.IsWhole
                    ? voice.Item(
                        $"From the click to the page on the screen {took:time} ms went by, and every one of them has its reason:",
                        $"클릭부터 페이지가 표시될 때까지 {took:time} ms가 걸렸고, 그 시간은 다음과 같이 쓰였습니다."
                    )
                    : voice.Item(
                        $"From the click to the end of all hope {took:time} ms went by, and every one of them has its reason:",
                        $"클릭부터 포기할 때까지 {took:time} ms가 걸렸고, 그 시간은 다음과 같이 쓰였습니다."
                    ),
                TimeTable(totals, voice),
            ]
        );
    }

    private static Table TimeTable(Totals totals, Voice voice)
    {
        var whole = Math.Max(1, totals.Took.Nanoseconds);
        return new(
            [
                new(voice.Word("with", "내역")),
                new("ms", Right: true),
                new("%", Right: true),
                new("") { IsDrawn = true },
                new("", Flows: true),
            ],
            [
                .. totals
                    .Time.OrderByDescending(static part => part.Value)
                    .ThenBy(static part => part.Key)
                    .Select(part =>
                        (IReadOnlyList<Text>)
                            [
                                new("  " + WaitNames.Of(part.Key).In(voice.Language), Role.Strong),
                                new(Voice.Milliseconds(part.Value), Role.Time),
                                (100.0 * part.Value.Nanoseconds / whole).ToString("0.0"),
                                new(new string('█', (int)(BarWidth * part.Value.Nanoseconds / whole)), Role.Number),
                                new(WaitNames.Why(part.Key).In(voice.Language), Role.Faint),
                            ]
                    ),
            ]
        );
    }
}
