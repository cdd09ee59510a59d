using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>How the next hop's MAC address is found: by ARP, or for IPv6 by neighbour discovery.</summary>
internal static class NeighbourChapter
{
    public static Chapter? Tell(Scene scene)
    {
        if (scene.Events<PacketSent>(scene.Journey.Host).FirstOrDefault() is not { Entry: not null } first)
            return null;
        var voice = scene.Voice;
        var isV4 = first.What.Destination.IsV4;
        var all = scene
            .Journey.Packets.Where(packet =>
                packet.PassesOn is null
                && IsSearch(packet.Dissection, isV4)
                && scene.Journey.Journal.Root(packet.Entry) == scene.Visit.Click
            )
            .ToList();
        var me = first.What.Source.ToString();
        var mine = all.Where(packet => IsBetween(packet.Dissection, me, isV4)).ToList();
        var blocks = new List<Block> { Question(voice, first.What) };
        if (mine.Count == 0)
        {
            blocks.Add(FromMemory(voice, isV4));
        }
        else
        {
            blocks.Add(isV4 ? ByArp(scene, mine[0]) : ByDiscovery(scene, mine[0]));
            blocks.Add(Frames(scene, mine, isV4 ? "ARP" : voice.Word("neighbour discovery", "이웃 탐색")));
        }
        if (all.Count > mine.Count)
            blocks.Add(
                voice.Tell(
                    $"The others on the way did the same on their own cables: {all.Count - mine.Count:number} more questions and answers.",
                    $"도중의 다른 기기들도 저마다 자기 케이블에서 같은 일을 했습니다. 질문과 대답이 {all.Count - mine.Count:number}개 더 오갔습니다."
                )
            );
        return new(
            "arp",
            isV4
                ? voice.Say("Whose MAC address? ARP", "MAC 주소를 알아내는 ARP")
                : voice.Say("Whose MAC address? Neighbour discovery", "MAC 주소를 알아내는 이웃 탐색"),
            blocks
        );
    }

    private static bool IsSearch(Dissection frame, bool isV4) =>
        isV4
            ? frame.Protocol == "ARP"
            : frame.Find("ICMPv6", "Type")?.Value.Split(' ')[0] is { } type
                && (
                    type == Number(Icmpv6Type.NeighbourSolicitation)
                    || type == Number(Icmpv6Type.NeighbourAdvertisement)
                );

    private static string Number(Icmpv6Type type) => ((byte)type).ToString();

    private static bool IsBetween(Dissection frame, string me, bool isV4) =>
        isV4
            ? frame.Find("ARP", "Sender IP")?.Value == me || frame.Find("ARP", "Target IP")?.Value == me
            : frame.Source == me || frame.Destination == me;

    private static Paragraph Question(Voice voice, in PacketSent sent)
    {
        var (hop, route) = (sent.NextHop, sent.Route);
        return hop == sent.Destination
            ? voice.Tell(
                $"A packet leaves through the LAN adapter, and Ethernet knows only MAC addresses. {sent.Destination:address} is on this very network ({route:address}), so the frame goes to it directly; but which MAC address has it?",
                $"패킷은 LAN 어댑터를 통해 나가는데, 이더넷은 MAC 주소밖에 모릅니다. {sent.Destination:address}{Korean.Topic(sent.Destination.ToString())} 같은 네트워크({route:address}) 안에 있으므로 프레임을 바로 보내면 됩니다. 그런데 그 MAC 주소는 무엇일까요?"
            )
            : voice.Tell(
                $"A packet leaves through the LAN adapter, and Ethernet knows only MAC addresses. {sent.Destination:address} is not on this network: the routing table sends it by {route:address} to the router {hop:address}. But which MAC address has that one?",
                $"패킷은 LAN 어댑터를 통해 나가는데, 이더넷은 MAC 주소밖에 모릅니다. {sent.Destination:address}{Korean.Topic(sent.Destination.ToString())} 이 네트워크에 없으므로 경로표의 {route:address}에 따라 라우터 {hop:address}에 맡깁니다. 그런데 라우터의 MAC 주소는 무엇일까요?"
            );
    }

    private static Paragraph FromMemory(Voice voice, bool isV4) =>
        isV4
            ? voice.Tell($"The ARP cache still knows it from before.", $"ARP 캐시에 아직 남아 있어 다시 묻지 않습니다.")
            : voice.Tell(
                $"The cache of neighbours still knows it from before.",
                $"이웃 캐시에 아직 남아 있어 다시 묻지 않습니다."
            );

    private static Paragraph ByArp(Scene scene, Packet first) =>
        scene.Voice.Tell(
            $"ARP asks everybody on the LAN, and the one who is meant answers. Meanwhile the packet waits; it is not lost. (This came with the very first packet that left, at {scene.Ms(first.At):time} ms.)",
            $"ARP로 LAN의 모두에게 물으면 해당하는 쪽이 대답합니다. 그동안 패킷은 버려지지 않고 기다립니다. (이 일은 맨 처음 패킷이 나갈 때, {scene.Ms(first.At):time} ms에 일어났습니다.)"
        );

    private static Paragraph ByDiscovery(Scene scene, Packet first)
    {
        var group = first.Dissection.Destination;
        return scene.Voice.Tell(
            $"IPv6 has no ARP: it asks by ICMPv6, and does not shout at everybody. The question goes to {group:address}, a multicast group made of the last 24 bits of the address that is sought; only who has such an address listens to it. The one who is meant answers. Meanwhile the packet waits; it is not lost. (This came with the very first packet that left, at {scene.Ms(first.At):time} ms.)",
            $"IPv6에는 ARP가 없습니다. ICMPv6로 묻고, 모두에게 외치지도 않습니다. 질문은 찾는 주소의 마지막 24비트로 만든 멀티캐스트 그룹 {group:address}{Korean.Toward(group)} 가며, 그런 주소를 가진 쪽만 듣습니다. 해당하는 쪽이 대답합니다. 그동안 패킷은 버려지지 않고 기다립니다. (이 일은 맨 처음 패킷이 나갈 때, {scene.Ms(first.At):time} ms에 일어났습니다.)"
        );
    }

    private static Table Frames(Scene scene, List<Packet> frames, string protocol) =>
        new(
            [
                new(scene.Voice.Word("frame", "프레임"), Right: true),
                new("ms", Right: true),
                new(scene.Voice.Word("node", "노드")),
                new(protocol, Flows: true),
            ],
            [
                .. frames.Select(packet =>
                    (IReadOnlyList<Text>)
                        [
                            Scene.Frame(packet),
                            new(scene.Ms(packet.At), Role.Time),
                            new(packet.From, Role.Host),
                            packet.Dissection.Summary,
                        ]
                ),
            ]
        );
}
