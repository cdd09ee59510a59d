using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>Puts a journey with faults beside the same one without: what came later, by how much, and with what the time went.</summary>
public sealed class ComparisonWriter
{
    private const int BarWidth = 24;

    private readonly Comparison _both;
    private readonly Voice _voice;

    private ComparisonWriter(Comparison both, Language language) => (_both, _voice) = (both, new(language));

    public static Document Write(Comparison both, Language language) => new ComparisonWriter(both, language).Write();

    private Document Write()
    {
        var scene = new Scene(_both.Broken, _both.Broken.Visits[0], _voice);
        List<Chapter> chapters = [Milestones(), Time(), Traffic(), Segments(scene)];
        if (ReckoningChapters.Trouble(scene) is { } trouble)
            chapters.Add(trouble);
        if (ReckoningChapters.End(scene) is { } end)
            chapters.Add(end);
        return new(
            _voice.Say(
                $"{_both.Broken.Url:name}: with the fault beside without",
                $"{_both.Broken.Url:name}: 장애가 있을 때와 없을 때"
            ),
            [Verdict(), Parting()],
            chapters
                .Select((chapter, i) => chapter with { Title = $"{i + 1}. {chapter.Title.ToString():strong}" })
                .ToList()
        );
    }

    private Paragraph Verdict()
    {
        var healthy = Voice.Milliseconds(Totals.Of(_both.Healthy).Took);
        var broken = Voice.Milliseconds(Totals.Of(_both.Broken).Took);
        var later = Voice.Milliseconds(_both.Later.Abs());
        if (_both.Broken.Failure is { } failure)
            return _voice.Tell(
                $"Without the fault the page was whole after {healthy:time} ms. With it, it {"did not come":bad}: after {broken:time} ms the browser gave up: {failure.Why}.",
                $"장애가 없으면 {healthy:time} ms 만에 페이지를 다 가져옵니다. 장애가 있으면 {"가져오지 못합니다":bad}. {broken:time} ms 뒤 브라우저가 포기했습니다: {Endings.InShort(failure)}."
            );
        return _both.Later == Duration.Zero
            ? _voice.Tell(
                $"The fault cost nothing: with it or without, the page is whole after {healthy:time} ms.",
                $"장애가 있어도 달라지지 않았습니다. 어느 쪽이든 {healthy:time} ms 만에 페이지를 다 가져옵니다."
            )
            : _voice.Tell(
                $"Without the fault the page was whole after {healthy:time} ms, with it after {broken:time} ms: {later:bad} ms {(_both.Later > Duration.Zero ? "later" : "sooner"):bad}.",
                $"장애가 없으면 {healthy:time} ms, 있으면 {broken:time} ms 만에 페이지를 다 가져옵니다. {later:bad} ms {(_both.Later > Duration.Zero ? "늦습니다" : "빠릅니다"):bad}."
            );
    }

    private Paragraph Parting()
    {
        if (_both.PartAt is not { } number)
            return _voice.Tell(
                $"Every frame is the same in both, to the byte and to the nanosecond.",
                $"모든 프레임이 바이트 하나, 나노초 하나까지 같습니다."
            );
        if (_both.Broken.Packet(number) is not { } packet)
            return _voice.Tell(
                $"They are the same until frame {number - 1}; the journey with the fault ends there.",
                $"프레임 {number - 1}까지 같고, 장애가 있는 여행은 거기서 끝납니다."
            );
        var at = Voice.Milliseconds(packet.At - _both.Broken.Visits[0].Click.At);
        return _voice.Tell(
            $"They are the same to the byte until {at:time} ms, where they part at frame {Scene.Frame(packet)} on {packet.Link:host}: {packet.Dissection.Protocol:strong} {packet.Dissection.Summary}{(packet.Lost is null ? "" : ", which is lost"):bad}.",
            $"{at:time} ms까지는 바이트 하나까지 같고, 케이블 {packet.Link:host}의 프레임 {Scene.Frame(packet)}에서 갈라집니다: {packet.Dissection.Protocol:strong} {packet.Dissection.Summary}{(packet.Lost is null ? "" : " (잃음)"):bad}."
        );
    }

    private Chapter Milestones() =>
        new(
            "milestones",
            _voice.Say("When what was reached", "언제 어디까지 왔는가"),
            [
                new Table(
                    Columns(_voice.Word("milestone", "이정표"), "ms"),
                    [
                        .. _both
                            .Milestones.Where(static stone => stone.Healthy is not null || stone.Broken is not null)
                            .Select(stone => Row(Name(stone), stone.Healthy, stone.Broken)),
                    ]
                ),
            ]
        );

    private Text Name(Milestone stone) =>
        stone.Kind switch
        {
            MilestoneKind.NameKnown => _voice.Say(
                $"the address of {stone.Of:name} is known",
                $"{stone.Of:name}의 주소를 앎"
            ),
            MilestoneKind.Connected => _voice.Say($"connected to {stone.Of:address}", $"{stone.Of:address}에 접속"),
            MilestoneKind.Arrived => _voice.Say($"{stone.Of:name} is there", $"{stone.Of:name} 도착"),
            MilestoneKind.Done => _voice.Say("the page is done", "페이지를 마침"),
            _ => _voice.Say("the last socket is gone", "마지막 소켓이 말소됨"),
        };

    private Chapter Time()
    {
        var (healthy, broken) = (Totals.Of(_both.Healthy).Time, Totals.Of(_both.Broken).Time);
        var most = Math.Max(
            1,
            healthy.Values.Concat(broken.Values).Select(static part => part.Nanoseconds).DefaultIfEmpty().Max()
        );
        var rows = healthy
            .Keys.Union(broken.Keys)
            .Select(kind =>
                (Kind: kind, Healthy: healthy.GetValueOrDefault(kind), Broken: broken.GetValueOrDefault(kind))
            )
            .OrderByDescending(static row => (row.Broken - row.Healthy).Abs())
            .ThenBy(static row => row.Kind)
            .Select(row =>
                (IReadOnlyList<Text>)
                    [
                        .. Row(new(WaitNames.Of(row.Kind).In(_voice.Language), Role.Strong), row.Healthy, row.Broken),
                        Bar(row.Healthy, row.Broken, most),
                        new(WaitNames.Why(row.Kind).In(_voice.Language), Role.Faint),
                    ]
            );
        return new(
            "time",
            _voice.Say("With what the time went", "시간을 어디에 썼는가"),
            [
                new Table(
                    [.. Columns(_voice.Word("with", "내역"), "ms", flows: false), new(""), new("", Flows: true)],
                    [.. rows]
                ),
            ]
        );
    }

    /// <summary>What both took, and behind it what one took more.</summary>
    private static Text Bar(Duration healthy, Duration broken, long most)
    {
        var (less, more) = (Cells(Duration.Min(healthy, broken), most), Cells(Duration.Max(healthy, broken), most));
        return new Text(new string('█', less), Role.Number)
            + new Text(new string(broken > healthy ? '█' : '░', more - less), broken > healthy ? Role.Bad : Role.Good);
    }

    private static int Cells(Duration part, long most) => (int)(BarWidth * part.Nanoseconds / most);

    private Chapter Traffic()
    {
        var (healthy, broken) = (Totals.Of(_both.Healthy), Totals.Of(_both.Broken));
        return new(
            "traffic",
            _voice.Say("What was sent for it", "무엇을 보냈는가"),
            [
                new Table(
                    Columns("", ""),
                    [
                        Counts(
                            _voice.Word("frames on all cables", "모든 케이블의 프레임"),
                            healthy.Frames,
                            broken.Frames
                        ),
                        Counts(_voice.Word("frames lost", "잃은 프레임"), healthy.FramesLost, broken.FramesLost),
                        Counts(
                            _voice.Word("bytes on all cables", "모든 케이블의 바이트"),
                            healthy.CarriedBytes,
                            broken.CarriedBytes
                        ),
                        Counts(
                            _voice.Word("questions to name servers", "DNS 서버에 한 질문"),
                            Comparison.Questions(_both.Healthy),
                            Comparison.Questions(_both.Broken)
                        ),
                        Counts(
                            _voice.Word("segments sent again", "다시 보낸 세그먼트"),
                            Comparison.Retransmissions(_both.Healthy),
                            Comparison.Retransmissions(_both.Broken)
                        ),
                    ]
                ),
            ]
        );
    }

    private Chapter Segments(Scene scene)
    {
        var rows = _both.Carried.Select(row =>
            (IReadOnlyList<Text>)
                [
                    What(row),
                    Times(_both.Healthy, row.Healthy, isBroken: false),
                    Times(_both.Broken, row.Broken, isBroken: true),
                ]
        );
        return new(
            "carried",
            _voice.Say("The same segments, twice", "같은 세그먼트를 나란히"),
            [
                _voice.Tell(
                    $"What went over the connection, and when it was sent in ms; → from {scene.Journey.Host:host}, ← to it. Acknowledgements that travel alone are left out.",
                    $"연결을 지난 것과 보낸 시각(ms)입니다. →는 {scene.Journey.Host:host}에서 나간 것, ←는 들어온 것이고, 따로 간 ACK는 뺐습니다."
                ),
                new Table(
                    [
                        new(""),
                        new(_voice.Word("without the fault", "장애 없음")),
                        new(_voice.Word("with it", "장애 있음"), Flows: true),
                    ],
                    [.. rows]
                ),
            ]
        );
    }

    private Text What(Carried row)
    {
        var text = new Text(row.From == End.Local ? "→ " : "← ", Role.Faint);
        if (row.Flags.Length > 0)
            text += new Text(row.Flags + " ", Role.Strong);
        if (row.Length > 0)
            text += $"{row.Sequence}–{row.Sequence + (uint)row.Length - 1} ";
        return text + new Text(row.What, Role.Call);
    }

    private Text Times(Journey journey, IReadOnlyList<Segment> segments, bool isBroken)
    {
        if (segments.Count == 0)
            return new("—", Role.Faint);
        Text text = "";
        foreach (var segment in segments)
        {
            if (!text.IsEmpty)
                text += ", ";
            text += new Text(
                Voice.Milliseconds(segment.Sent - journey.Visits[0].Click.At),
                segment.LostAs is null ? Role.Plain : Role.Bad
            );
            if (isBroken)
                text += $" {Scene.Frame(segment.Packet)}";
            if (segment.LostAs is not null)
                text += _voice.Say($" {"lost":bad}", $" {"잃음":bad}");
        }
        return text;
    }

    private Column[] Columns(string first, string unit, bool flows = true)
    {
        var of = unit.Length > 0 ? " " + unit : "";
        return
        [
            new(first, Flows: flows),
            new(_voice.Word("without", "없을 때") + of, Right: true),
            new(_voice.Word("with it", "있을 때") + of, Right: true),
            new(_voice.Word("difference", "차이"), Right: true),
        ];
    }

    private static Text[] Row(Text name, Duration? healthy, Duration? broken) =>
        [name, Milliseconds(healthy), Milliseconds(broken), Difference(broken - healthy)];

    private static Text[] Counts(string name, long healthy, long broken) =>
        [
            name,
            Voice.Number(healthy),
            Voice.Number(broken),
            broken == healthy
                ? new("")
                : new Text(Signed(broken - healthy, Voice.Number(Math.Abs(broken - healthy))), Role.Bad),
        ];

    private static Text Milliseconds(Duration? span) =>
        span is { } there ? new(Voice.Milliseconds(there), Role.Time) : new("—", Role.Bad);

    private static Text Difference(Duration? difference) =>
        difference is { } there && there != Duration.Zero
            ? new(
                Signed(there.Nanoseconds, Voice.Milliseconds(there.Abs())),
                there > Duration.Zero ? Role.Bad : Role.Good
            )
            : new("");

    private static string Signed(long sign, string number) => (sign > 0 ? "+" : "−") + number;
}
