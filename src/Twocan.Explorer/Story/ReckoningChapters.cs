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
            var again = scene
                .Events<SegmentSent>()
                .Count(static it =>
                    it.What.Reason
                        is SendReason.RetransmitTimeout
                            or SendReason.FastRetransmit
                            or SendReason.PartialAcknowledgement
                );
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
                new(""),
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

internal static class WaitNames
{
    public static Phrase Of(WaitKind kind) =>
        kind switch
        {
            WaitKind.Propagation => new("propagation", "전파"),
            WaitKind.Transmission => new("transmission", "송신"),
            WaitKind.Queue => new("queues", "줄 서기"),
            WaitKind.Arp => new("ARP", "ARP"),
            WaitKind.Retransmission => new("retransmission", "재전송 대기"),
            WaitKind.DelayedAcknowledgement => new("delayed ACKs", "지연 ACK"),
            WaitKind.Window => new("window", "윈도우"),
            WaitKind.Resolver => new("resolver", "리졸버 대기"),
            WaitKind.Server => new("server", "서버"),
            _ => new("other waiting", "그 밖의 대기"),
        };

    public static Phrase Why(WaitKind kind) =>
        kind switch
        {
            WaitKind.Propagation => new("signals run through cables: distance", "신호가 케이블을 달리는 시간: 거리"),
            WaitKind.Transmission => new(
                "bits go on the cable one by one: rate",
                "비트를 하나씩 케이블에 싣는 시간: 속도"
            ),
            WaitKind.Queue => new("frames stand in line for a cable", "프레임이 케이블 앞에서 차례를 기다림"),
            WaitKind.Arp => new("packets wait for a MAC address", "패킷이 MAC 주소를 기다림"),
            WaitKind.Retransmission => new("TCP waits before it sends again", "TCP가 다시 보내기 전에 기다림"),
            WaitKind.DelayedAcknowledgement => new(
                "an ACK waits for data to ride with",
                "ACK가 합승할 데이터를 기다림"
            ),
            WaitKind.Window => new("data waits for acknowledgements", "데이터가 ACK를 기다림"),
            WaitKind.Resolver => new(
                "a resolver waits for an answer that does not come",
                "리졸버가 오지 않는 답을 기다림"
            ),
            WaitKind.Server => new("a server works", "서버가 일함"),
            _ => new("", ""),
        };
}

/// <summary>What a failure means, and what one might look at.</summary>
internal static class Endings
{
    /// <summary>The reason in a few Korean words; the English ones come with the failure.</summary>
    public static string InShort(Failure failure) =>
        failure.Kind switch
        {
            FailureKind.NoSuchName => "그런 이름이 없습니다 (NXDOMAIN)",
            FailureKind.NoAddress => "이름에 주소가 없습니다",
            FailureKind.NameServersSilent => "DNS 서버의 답을 얻지 못했습니다",
            FailureKind.ConnectionRefused => "접속이 거부되었습니다",
            FailureKind.TimedOut => "시간 안에 아무도 답하지 않았습니다",
            FailureKind.Unreachable => "그 호스트로 가는 길이 없습니다",
            FailureKind.ConnectionBroken => "연결이 끊어졌습니다",
            FailureKind.BadResponse => "응답을 읽을 수 없습니다",
            FailureKind.BadUrl => "다룰 수 없는 URL입니다",
            FailureKind.TooManyRedirects => "리다이렉트가 너무 많습니다",
            FailureKind.Status => $"서버의 응답은 {failure.Why}입니다",
            _ => "프록시에 닿지 못했습니다",
        };

    public static Phrase Of(FailureKind kind) =>
        kind switch
        {
            FailureKind.NoSuchName => new(
                "The name servers in charge say that there is no such name. Nothing was sent to any web server. Check the spelling of the host.",
                "담당 DNS 서버가 그런 이름은 없다고 답했습니다. 웹 서버에는 아무것도 보내지 않았습니다. 호스트 이름의 철자를 확인하십시오."
            ),
            FailureKind.NoAddress => new(
                "The name exists, but no address belongs to it: it may be a domain without a web server.",
                "이름은 있지만 주소가 없습니다. 웹 서버가 없는 도메인일 수 있습니다."
            ),
            FailureKind.NameServersSilent => new(
                "No name server gave an answer, so there was no address to go to. Look at the cables on the way to the name servers.",
                "어느 DNS 서버에서도 답을 얻지 못해 찾아갈 주소가 없었습니다. DNS 서버까지의 케이블을 살펴보십시오."
            ),
            FailureKind.ConnectionRefused => new(
                "The host is there, but no program listens on that port: its stack answered the SYN with RST.",
                "호스트는 있지만 그 포트에서 기다리는 프로그램이 없습니다. 상대의 프로토콜 스택이 SYN에 RST로 답했습니다."
            ),
            FailureKind.TimedOut => new(
                "Nobody answered, however often the segment was sent again, so TCP gave up and told the program.",
                "여러 번 다시 보내도 아무도 답하지 않아 TCP가 포기하고 프로그램에 알렸습니다."
            ),
            FailureKind.Unreachable => new(
                "A router said by ICMP that there is no way to that host.",
                "그 호스트로 가는 길이 없다고 라우터가 ICMP로 알려 왔습니다."
            ),
            FailureKind.ConnectionBroken => new(
                "The connection broke off in the middle.",
                "연결이 도중에 끊어졌습니다."
            ),
            FailureKind.BadResponse => new(
                "What came back was not a response that HTTP allows.",
                "돌아온 것이 HTTP 규칙에 맞는 응답이 아니었습니다."
            ),
            FailureKind.BadUrl => new(
                "The browser cannot go by that way of access.",
                "브라우저가 쓸 수 없는 액세스 방법입니다."
            ),
            FailureKind.TooManyRedirects => new(
                "The servers sent the browser from one place to the next without an end.",
                "서버들이 브라우저를 끝없이 다른 곳으로 보냈습니다."
            ),
            FailureKind.Status => new(
                "The server answered, but not with what was asked for: 4xx means that the request was at fault, 5xx the server.",
                "서버가 응답했지만 요청한 것을 주지 않았습니다. 4xx는 리퀘스트의 잘못, 5xx는 서버의 잘못이라는 뜻입니다."
            ),
            _ => new(
                "The proxy that the settings name could not be reached, so no server was ever asked.",
                "설정된 프록시에 닿지 못해 어떤 서버에도 요청하지 못했습니다."
            ),
        };
}
