using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>One packet looked at closely: its bytes, its way, its reasons.</summary>
public static class PacketWriter
{
    private const int BytesARow = 16;
    private const int MostHex = 8;

    /// <summary>Every field of every header with its place, its bytes, its value and its meaning; then the bytes as they are.</summary>
    public static Document Bytes(Journey journey, Packet packet, Language language)
    {
        var voice = new Voice(language);
        var dissection = packet.Dissection;
        var chapters = new List<Chapter>();
        foreach (var layer in dissection.Layers)
            chapters.Add(
                new(
                    layer.Name,
                    voice.Say(
                        $"{layer.Name:strong}, {layer.Length} bytes from {layer.Offset}",
                        $"{layer.Name:strong}, {layer.Offset}번째부터 {layer.Length}바이트"
                    ),
                    [Fields(dissection, layer, voice)]
                )
            );
        chapters.Add(new("hex", voice.Say("The bytes", "바이트"), [Dump(dissection)]));
        return new(
            Title(journey, packet, voice),
            dissection.Problem is { } problem ? [new Paragraph(new Text(problem, Role.Bad))] : [],
            chapters
        );
    }

    /// <summary>The packet across every hop.</summary>
    public static Document Follow(Journey journey, Packet packet, Language language)
    {
        var voice = new Voice(language);
        var origin = packet.Origin;
        return new(
            Title(journey, origin, voice),
            [
                origin == packet
                    ? voice.Tell(
                        $"What every node that it met looked up, and what it changed:",
                        $"지나간 노드마다 무엇을 찾아보고 무엇을 바꾸었는지 보입니다."
                    )
                    : voice.Tell(
                        $"Frame #{packet.Number} passes on what began as frame #{origin.Number}, so here is the way from there. What every node looked up, and what it changed:",
                        $"프레임 #{packet.Number}{Korean.Topic(packet.Number.ToString())} 프레임 #{origin.Number}{Korean.Toward(origin.Number.ToString())} 시작한 패킷을 이어 나른 것이므로 처음부터 보입니다. 노드마다 무엇을 찾아보고 무엇을 바꾸었는지 보입니다."
                    ),
                Hops.Draw(journey, origin, voice, journey.Visits[0].Click.At),
            ],
            []
        );
    }

    /// <summary>From the frame up through its causes, across hosts, to the click.</summary>
    public static Document Why(Journey journey, Packet packet, Language language)
    {
        var voice = new Voice(language);
        var start = journey.Visits[0].Click.At;
        var rows = new List<IReadOnlyList<Text>>();
        foreach (var entry in journey.Journal.Climb(packet.Entry))
            rows.Add([
                new(Voice.Milliseconds(entry.At - start), Role.Time),
                new(entry.Host, Role.Host),
                new(LayersChapter.Name(entry.What.Layer), Role.Strong),
                entry.What is FrameSent
                    ? (Text)$"{entry.What.Say(language)} {Scene.Frame(journey.PacketAt(entry))}"
                    : entry.What.Say(language),
            ]);
        return new(
            Title(journey, packet, voice),
            [
                voice.Tell(
                    $"Why it was sent: read downwards, each line happened because of the one below it, until the click.",
                    $"이 프레임을 보낸 까닭입니다. 위에서 아래로 읽으십시오. 각 줄은 바로 아래 줄 때문에 일어났으며, 끝에는 클릭이 있습니다."
                ),
                new Table(
                    [
                        new("ms", Right: true),
                        new(voice.Word("node", "노드")),
                        new(voice.Word("layer", "층")),
                        new(voice.Word("what happened", "일어난 일"), Flows: true),
                    ],
                    rows
                ),
            ],
            []
        );
    }

    private static Text Title(Journey journey, Packet packet, Voice voice)
    {
        var at = Voice.At(packet.At, journey.Visits[0].Click.At);
        return voice.Say(
            $"{"Frame #" + packet.Number:strong} at {at:time} on {packet.Link:host} from {packet.From:host}: {packet.Dissection.Protocol:strong} {packet.Dissection.Summary}",
            $"{"프레임 #" + packet.Number:strong}, {at:time}, 케이블 {packet.Link:host}, 보낸 노드 {packet.From:host}: {packet.Dissection.Protocol:strong} {packet.Dissection.Summary}"
        );
    }

    private static Table Fields(Dissection dissection, DissectedLayer layer, Voice voice) =>
        new(
            [
                new(voice.Word("at", "위치"), Right: true),
                new(voice.Word("bytes", "바이트")),
                new(voice.Word("field", "필드")),
                new(voice.Word("value", "값")),
                new(voice.Word("meaning", "뜻"), Flows: true),
            ],
            [
                .. layer.Fields.Select(field =>
                    (IReadOnlyList<Text>)
                        [
                            new(field.Offset.ToString(), Role.Faint),
                            new(Hex(dissection.Frame.Span.Slice(field.Offset, field.Length)), Role.Number),
                            new(field.Name, Role.Strong),
                            new(field.Value, Role.Call),
                            new(field.Meaning.In(voice.Language), Role.Faint),
                        ]
                ),
            ]
        );

    private static string Hex(ReadOnlySpan<byte> bytes)
    {
        var shown = bytes[..Math.Min(bytes.Length, MostHex)];
        var text = string.Join(' ', shown.ToArray().Select(static octet => octet.ToString("x2")));
        return bytes.Length > MostHex ? text + " …" : text;
    }

    private static Verbatim Dump(Dissection dissection)
    {
        var lines = new List<Text>();
        var bytes = dissection.Frame.ToArray();
        for (var at = 0; at < bytes.Length; at += BytesARow)
        {
            var row = bytes[at..Math.Min(at + BytesARow, bytes.Length)];
            var hex = string.Join(' ', row.Select(static octet => octet.ToString("x2"))).PadRight(BytesARow * 3);
            lines.Add($"{at.ToString("x4"):faint}  {hex:number} {DnsDissector.Printable(row):plain}");
        }
        return new(lines);
    }
}
