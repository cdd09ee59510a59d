using Twocan.Core;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>One packet across every hop: what each node looked up, what it changed in the frame, where it sent it.</summary>
internal static class Hops
{
    /// <summary>What only a router that translates addresses changes.</summary>
    private static readonly (string Layer, string Field, string Korean)[] TranslatedFields =
    [
        ("IPv4", "Source", "출발지"),
        ("IPv4", "Destination", "목적지"),
        ("TCP", "Source port", "출발지 포트"),
        ("TCP", "Destination port", "목적지 포트"),
        ("UDP", "Source port", "출발지 포트"),
        ("UDP", "Destination port", "목적지 포트"),
    ];

    /// <summary>What each router takes one from.</summary>
    private static readonly (string Layer, string Field, Phrase Name)[] HopFields =
    [
        ("IPv4", "Time to live", "TTL"),
        ("IPv6", "Hop limit", new("hop limit", "홉 제한")),
    ];

    public static Table Draw(Journey journey, Packet origin, Voice voice, Instant since)
    {
        var rows = new List<IReadOnlyList<Text>>();
        foreach (var packet in journey.Copies(origin))
            rows.Add([
                Scene.Frame(packet),
                new(Voice.Milliseconds(packet.At - since), Role.Time),
                new(packet.From, Role.Host),
                What(journey, packet, voice),
            ]);
        return new(
            [
                new(voice.Word("frame", "프레임"), Right: true),
                new("ms", Right: true),
                new(voice.Word("node", "노드")),
                new(voice.Word("what it does", "하는 일"), Flows: true),
            ],
            rows
        );
    }

    private static Text What(Journey journey, Packet packet, Voice voice)
    {
        var text = LookedUp(journey, packet, voice);
        if (Changes(packet, voice) is { } changed)
            text += voice.Say($"; {changed}", $". {changed}");
        text += voice.Say($" → {packet.To:host}", $" → {packet.To:host}");
        if (packet.Lost is not null)
            text += voice.Say(
                $" {"lost on the cable: " + packet.Lost:bad}",
                $" {"케이블에서 잃음: " + packet.Lost:bad}"
            );
        else if (packet.Arrived is { } arrived && packet.PassedOnAs.Count == 0)
            text += Fate(journey, packet, arrived, voice);
        return text;
    }

    private static Text LookedUp(Journey journey, Packet packet, Voice voice)
    {
        IpAddress? queued = null;
        foreach (var cause in journey.Journal.Climb(journey.Journal.Find(packet.Entry.Because)))
        {
            switch (cause.What)
            {
                case NeighbourQueued waiting:
                    queued = waiting.NextHop;
                    continue;
                case PacketSent sent:
                    return Route(voice, sent.Route, sent.NextHop, sent.Destination) + Waited(voice, queued);
                case PacketForwarded forwarded:
                    return Translated(journey, cause, voice)
                        + Route(voice, forwarded.Route, forwarded.NextHop, forwarded.Destination)
                        + Waited(voice, queued);
                case HubRepeated hub:
                    return voice.Say(
                        $"repeats the signal to all {hub.OutPorts} other ports, looking at nothing",
                        $"내용을 보지 않고 다른 포트 {hub.OutPorts}개 모두에 신호를 되풀이합니다"
                    );
                case BusCarried bus:
                    return voice.Say(
                        $"carries the signal past all {bus.OutPorts} others",
                        $"신호가 다른 {bus.OutPorts}곳을 모두 지나갑니다"
                    );
                case SwitchForwarded known:
                    return known.Known
                        ? voice.Say(
                            $"finds {known.Destination:address} in its MAC table",
                            $"MAC 표에서 {known.Destination:address}의 포트를 찾습니다"
                        )
                        : voice.Say(
                            $"does not know {known.Destination:address} yet, so sends it to every port",
                            $"{known.Destination:address}{Korean.Object("MAC")} 아직 몰라 모든 포트로 내보냅니다"
                        );
                case FrameArrived or FrameSent or SwitchLearned or IMediumEvent:
                    continue;
                case NeighbourAsked or NeighbourAnswered:
                    return cause.What.Say(voice.Language);
                default:
                    return "";
            }
        }
        return "";
    }

    private static Text Route(Voice voice, Subnet route, IpAddress nextHop, IpAddress destination) =>
        nextHop == destination
            ? voice.Say(
                $"routing table: {route:address} is right here",
                $"경로표: {route:address}에 바로 연결되어 있습니다"
            )
            : voice.Say(
                $"routing table: {route:address}, next hop {nextHop:address}",
                $"경로표: {route:address}, 다음 홉 {nextHop:address}"
            );

    /// <summary>The row of a NAT's table that decided, when the router has one.</summary>
    private static Text Translated(Journey journey, JournalEntry forwarded, Voice voice) =>
        journey.Journal.Find(forwarded.Because)?.What is AddressTranslated row
            ? voice.Say(
                $"NAT table: {row.Inside:address} ↔ {row.Outside:address}{(row.IsNew ? " (a new row)" : "")}; ",
                $"NAT 표: {row.Inside:address} ↔ {row.Outside:address}{(row.IsNew ? " (새 줄)" : "")}, "
            )
            : "";

    private static Text Waited(Voice voice, IpAddress? nextHop) =>
        nextHop is not { } sought ? ""
        : sought.IsV4 ? voice.Say(" (waited for ARP)", " (ARP를 기다렸습니다)")
        : voice.Say(" (waited for the neighbour's MAC address)", " (이웃의 MAC 주소를 기다렸습니다)");

    /// <summary>The fields that differ from the frame as it came in.</summary>
    private static Text? Changes(Packet packet, Voice voice)
    {
        if (packet.PassesOn is not { } before)
            return null;
        var (old, now) = (before.Dissection, packet.Dissection);
        var changed = new List<string>();
        foreach (var (layer, field, name) in HopFields)
            if (old.Find(layer, field) is { } was && now.Find(layer, field) is { } left && was.Value != left.Value)
                changed.Add($"{voice.Say(name.English, name.Korean)} {was.Value} → {left.Value}");
        foreach (var (layer, field, korean) in TranslatedFields)
            if (
                old.Find(layer, field) is { } replaced
                && now.Find(layer, field) is { } after
                && replaced.Value != after.Value
            )
                changed.Add($"{voice.Word(field, korean)} {replaced.Value} → {after.Value} (NAT)");
        if (old.Find("Ethernet", "Destination")?.Value != now.Find("Ethernet", "Destination")?.Value)
            changed.Add(
                now.Find("IPv6", "Hop limit") is null
                    ? voice.Word("new MAC addresses, checksum and FCS", "MAC 주소, 체크섬, FCS를 새로 씀")
                    : voice.Word("new MAC addresses and FCS", "MAC 주소와 FCS를 새로 씀")
            );
        return changed.Count == 0 ? null : voice.Say($"{string.Join(", ", changed)}", $"{string.Join(", ", changed)}");
    }

    private static Text Fate(Journey journey, Packet packet, Instant arrived, Voice voice)
    {
        var arrival = journey.Journal.Effects(packet.Entry).FirstOrDefault(static entry => entry.What is FrameArrived);
        if (arrival is null)
            return "";
        foreach (var effect in journey.Journal.Effects(arrival))
        {
            if (effect.What is PacketDelivered or NeighbourLearned or NeighbourAnswered)
                return voice.Say(
                    $", {"which takes it":good}",
                    $"{Korean.Subject(packet.To)} {"자기 것이므로 받습니다":good}"
                );
            if (effect.What is Dropped { Reason: not DropReason.NotForMe } dropped)
                return voice.Say(
                    $", which throws it away: {dropped.Reason:bad}",
                    $"에서 버려집니다: {dropped.Reason:bad}"
                );
        }
        return voice.Say(
            ", which lets it pass: not its MAC address",
            $"{Korean.Topic(packet.To)} 자기 MAC 주소가 아니므로 무시합니다"
        );
    }
}
