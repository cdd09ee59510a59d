using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>The segments of a connection, a row each, with the states of both sockets beside them.</summary>
internal static class Ladder
{
    public static Table Draw(Scene scene, SegmentTrace trace, IEnumerable<Segment> segments)
    {
        var voice = scene.Voice;
        var connection = trace.Connection;
        var rows = new List<IReadOnlyList<Text>>();
        foreach (var segment in segments)
        {
            rows.Add([
                Scene.Frame(segment.Packet),
                new(scene.Ms(segment.Sent), Role.Time),
                new(Voice.State(segment.LocalState), Role.State),
                Arrow(scene, trace, segment),
                new(Voice.State(segment.RemoteState), Role.State),
                segment.Arrived is { } arrived ? new(scene.Ms(arrived), Role.Time) : new("—", Role.Bad),
            ]);
        }
        return new(
            [
                new(voice.Word("frame", "프레임"), Right: true),
                new(voice.Word("sent ms", "출발 ms"), Right: true),
                new($"{connection.LocalHost}:{connection.Local.Port}"),
                new("", Flows: true),
                new($"{connection.RemoteHost ?? connection.Remote.Address.ToString()}:{connection.Remote.Port}"),
                new(voice.Word("there ms", "도착 ms"), Right: true),
            ],
            rows
        );
    }

    private static Text Arrow(Scene scene, SegmentTrace trace, Segment segment)
    {
        var voice = scene.Voice;
        var text = new Text(segment.From == End.Local ? "→ " : "← ", Role.Faint);
        text += new Text(segment.Tcp.Flags, Role.Strong);
        var first = trace.Sequence(segment);
        text += segment.Tcp.Length > 0 ? $" {first}–{first + (uint)segment.Tcp.Length - 1}" : $" seq {first}";
        if (segment.Has("ACK"))
            text += $" ack {trace.Acknowledgement(segment)}";
        if (segment.Packet.Dissection.Http is not null)
            text += $" {segment.Packet.Dissection.Summary:call}";
        else if (segment.Tcp.Length > 0)
            text += voice.Say($" ({segment.Tcp.Length} bytes)", $" ({segment.Tcp.Length}바이트)");
        if (Reasons.Of(segment.Reason) is { } reason)
            text += $" {"(" + reason.In(voice.Language) + ")":faint}";
        if (segment.LostAs is { } lost)
            text += voice.Say($" {"lost on " + lost.Link:bad}", $" {lost.Link + "에서 잃음":bad}");
        return text;
    }
}

/// <summary>Why a segment was sent, where that is worth a word.</summary>
internal static class Reasons
{
    public static Phrase? Of(SendReason? reason) =>
        reason switch
        {
            SendReason.DelayedAcknowledge => new("nothing came along to ride with", "합승할 데이터가 없어 따로 보냄"),
            SendReason.DuplicateAcknowledge => new("something before it is missing", "앞의 것이 아직 오지 않음"),
            SendReason.OutOfWindow => new("had it already", "이미 받은 것임"),
            SendReason.WindowUpdate => new("there is room again", "윈도우 통지"),
            SendReason.WindowProbe => new("is there room again?", "윈도우 확인"),
            SendReason.RetransmitTimeout => new(
                "again: no acknowledgement came in time",
                "재전송: 시간 안에 ACK가 오지 않음"
            ),
            SendReason.FastRetransmit => new("again: three duplicate ACKs", "재전송: 중복 ACK 세 번"),
            SendReason.SackRetransmit => new("again: what came after it is there", "재전송: 뒤의 것들이 이미 도착함"),
            SendReason.RackRetransmit => new(
                "again: what was sent after it has arrived",
                "재전송: 나중에 보낸 것이 먼저 도착함"
            ),
            SendReason.TailLossProbe => new(
                "probe: silence for two round trips",
                "확인용 전송: 왕복 두 번 동안 답이 없음"
            ),
            SendReason.OldTimestamp => new("comes from the past", "오래된 세그먼트가 옴"),
            SendReason.PartialAcknowledgement => new("again: more is missing", "재전송: 빠진 것이 더 있음"),
            SendReason.Reset => new("breaks it off", "연결을 끊음"),
            _ => null,
        };
}
