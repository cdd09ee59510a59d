using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>All that every layer of every node did, in the order of time.</summary>
internal static class LayersChapter
{
    public static Chapter Tell(Scene scene)
    {
        var voice = scene.Voice;
        var rows = new List<IReadOnlyList<Text>>();
        foreach (var entry in scene.Journey.Journal.Entries)
        {
            if (scene.Journey.Journal.Root(entry) != scene.Visit.Click)
                continue;
            rows.Add([
                new(scene.Ms(entry.At), Role.Time),
                new(entry.Host, Role.Host),
                new(Name(entry.What.Layer), Role.Strong),
                scene.Journey.PacketAt(entry) is { } packet
                    ? (Text)$"{entry.What.Say(voice.Language)} {Scene.Frame(packet)} {packet.Dissection.Summary:faint}"
                    : entry.What.Say(voice.Language),
            ]);
        }
        return new(
            "layers",
            voice.Say("Layer by layer", "층마다 한 일"),
            [
                voice.Tell(
                    $"Everything that any layer of any node did for this, in the order of time:",
                    $"이 페이지를 위해 모든 노드의 모든 층이 한 일을 시간 순서로 적었습니다."
                ),
                new Table(
                    [
                        new("ms", Right: true),
                        new(voice.Word("node", "노드")),
                        new(voice.Word("layer", "층")),
                        new(voice.Word("what it does", "하는 일"), Flows: true),
                    ],
                    rows
                ),
            ]
        );
    }

    public static string Name(Layer layer) =>
        layer switch
        {
            Layer.Arp or Layer.Ip or Layer.Icmp or Layer.Udp or Layer.Tcp or Layer.Dns or Layer.Http => layer
                .ToString()
                .ToUpperInvariant(),
            _ => layer.ToString(),
        };
}
