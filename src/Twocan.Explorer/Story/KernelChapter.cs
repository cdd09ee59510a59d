using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>What the operating system's kernel answers when it is asked how its connections went (TCP_INFO).</summary>
internal static class KernelChapter
{
    private const int Widest = 3;

    private static readonly Phrase s_ms = new("ms", "ms");
    private static readonly Phrase s_bytes = new("bytes", "바이트");
    private static readonly Phrase s_none = new("", "");

    private static readonly Fact[] s_facts =
    [
        new(new("round trip, smoothed", "왕복 시간, 평균"), s_ms, it => Ms(it.SmoothedRtt), new("RTT ms", "왕복 ms")),
        new(new("round trip, how much it varies", "왕복 시간, 흔들리는 정도"), s_ms, it => Ms(it.RttVariation)),
        new(new("round trip, the shortest", "왕복 시간, 가장 짧은 것"), s_ms, it => Ms(it.MinRtt)),
        new(
            new("time until it would send again (RTO)", "재전송까지 기다릴 시간(RTO)"),
            s_ms,
            it => Ms(it.Rto),
            new("RTO ms", "RTO ms")
        ),
        new(
            new("most data in a segment (MSS)", "세그먼트 하나의 최대 데이터(MSS)"),
            s_bytes,
            it => Voice.Number(it.SegmentSize),
            new("MSS", "MSS")
        ),
        new(
            new("may be on its way unacknowledged (congestion window)", "ACK 없이 보낼 수 있는 양(혼잡 윈도우)"),
            s_bytes,
            it => Voice.Number(it.CongestionWindow),
            new("window", "윈도우")
        ),
        new(new("segments sent", "보낸 세그먼트"), s_none, it => Voice.Number(it.SegmentsSent), new("sent", "보냄")),
        new(
            new("segments sent again", "다시 보낸 세그먼트"),
            s_none,
            it => Voice.Number(it.Retransmissions),
            new("again", "재전송")
        ),
        new(
            new("segments received", "받은 세그먼트"),
            s_none,
            it => Voice.Number(it.SegmentsReceived),
            new("received", "받음")
        ),
        new(
            new("data that was acknowledged", "상대가 확인한 데이터"),
            s_bytes,
            it => Voice.Number(it.BytesAcknowledged)
        ),
        new(new("data received", "받은 데이터"), s_bytes, it => Voice.Number(it.BytesReceived)),
    ];

    public static Chapter? Tell(Scene scene)
    {
        var known = scene.Journey.HostConnections.Where(static it => it.Info is not null).ToList();
        if (known.Count == 0)
            return null;
        var voice = scene.Voice;
        return new(
            "kernel",
            voice.Say("What the kernel knows", "커널이 아는 것"),
            [
                voice.Tell(
                    $"Segments, acknowledgements and windows are the kernel's business. But it keeps an account of each connection, and tells it when asked ({"getsockopt TCP_INFO":call}, right before {"close()":call}):",
                    $"세그먼트와 ACK와 윈도우는 커널이 맡아 처리합니다. 그래도 커널은 연결마다 기록을 남겨 두고, 물어보면 알려 줍니다({"close()":call} 직전의 {"getsockopt TCP_INFO":call})."
                ),
                known.Count > Widest ? InRows(known, voice) : InColumns(known, voice),
            ]
        );
    }

    /// <summary>A fact in a line, in full words.</summary>
    private static Table InColumns(List<HostConnection> known, Voice voice) =>
        new(
            [
                new("", Flows: true),
                .. known.Select(it => new Column(voice.Word($"port {Port(it)}", $"{Port(it)}번 포트"), Right: true)),
            ],
            [
                .. s_facts.Select(fact =>
                    (IReadOnlyList<Text>)
                        [
                            fact.What.In(voice.Language),
                            .. known.Select(it => new Text(
                                $"{fact.Read(it.Info!.Value)} {fact.Unit.In(voice.Language)}",
                                Role.Number
                            )),
                        ]
                ),
            ]
        );

    /// <summary>Many connections: one in a line, and what people look at first.</summary>
    private static Table InRows(List<HostConnection> known, Voice voice)
    {
        var shown = s_facts.Where(static fact => fact.Brief is not null).ToList();
        return new(
            [
                new(voice.Word("port", "포트"), Right: true),
                .. shown.Select(fact => new Column(fact.Brief!.Value.In(voice.Language), Right: true)),
            ],
            [
                .. known.Select(it =>
                    (IReadOnlyList<Text>)
                        [Port(it), .. shown.Select(fact => new Text(fact.Read(it.Info!.Value), Role.Number))]
                ),
            ]
        );
    }

    private static string Port(HostConnection connection) => $"{connection.Local?.Port}";

    private static string Ms(Duration time) => Voice.Milliseconds(time);

    /// <param name="What">In a table that has room for words.</param>
    /// <param name="Brief">The head of a column; null where it has none.</param>
    private sealed record Fact(Phrase What, Phrase Unit, Func<HostTcpInfo, string> Read, Phrase? Brief = null);
}
