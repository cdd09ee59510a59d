using System.Runtime.Versioning;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary><c>netstat --on-host</c>: the kernel's sockets.</summary>
internal static class HostNetstat
{
    public static int Show(Invocation call, NetstatWanted wanted)
    {
        if (!OperatingSystem.IsLinux())
            return Exit.Wrong;
        var rows = HostSockets.All().Where(row => wanted.Takes(row.State is not null, row.IsListening)).ToList();
        var holders = wanted.Programs ? HostSockets.Holders() : new Dictionary<long, HostProcess>();
        if (call.Json)
            call.Terminal.JsonLine(
                new(
                    Environment.MachineName,
                    [.. rows.Select(row => HostSocketAnswer.Of(row, holders.GetValueOrDefault(row.Inode)))]
                ),
                HostNetstatJson.Default.HostNetstatAnswer
            );
        else if (rows.Count == 0)
            call.Terminal.Line(
                call.Terminal.Say(
                    $"this machine has no such socket{(wanted.All ? "" : "; -a shows those that listen")}",
                    $"이 컴퓨터에는 그런 소켓이 없습니다{(wanted.All ? "" : ". -a로 기다리는 소켓도 볼 수 있습니다")}"
                )
            );
        else
            Show(call.Terminal, wanted, rows, holders);
        return rows.Count > 0 ? Exit.Done : Exit.No;
    }

    /// <summary>A name of the machine's own file, or the address.</summary>
    public static Text End(Endpoint end, bool numeric)
    {
        if (numeric)
            return new(end.ToString(), Role.Address);
        var port = end.Port == Port.Any ? "*" : ServiceNames.NameOf(end.Port) ?? end.Port.ToString();
        if (end.Address.IsAny)
            return (Text)$"*:{port:name}";
        return HostsFile.NameOf(end.Address) is { } name
            ? (Text)$"{name:host}:{port:name}"
            : new Text(end.ToString(), Role.Address);
    }

    [SupportedOSPlatform("linux")]
    private static void Show(
        Terminal terminal,
        NetstatWanted wanted,
        IReadOnlyList<HostSocketRow> rows,
        IReadOnlyDictionary<long, HostProcess> holders
    )
    {
        List<Column> columns =
        [
            new(terminal.Say("Proto", "프로토콜")),
            new(terminal.Say("Recv-Q", "수신 대기"), Right: true),
            new(terminal.Say("Send-Q", "송신 대기"), Right: true),
            new(terminal.Say("Local", "내 쪽")),
            new(terminal.Say("Remote", "상대 쪽")),
            new(terminal.Say("State", "상태")),
        ];
        if (wanted.Timers)
            columns.Add(new(terminal.Say("Timer", "타이머")));
        if (wanted.Programs)
            columns.Add(new(terminal.Say("Program", "프로그램")));
        terminal.Write(new Table(columns, [.. rows.Select(row => Row(terminal, wanted, row, holders))]));
        foreach (var row in rows.Where(row => wanted.Info && row.Info is not null))
            ShowInfo(terminal, wanted, row, row.Info!.Value);
    }

    [SupportedOSPlatform("linux")]
    private static IReadOnlyList<Text> Row(
        Terminal terminal,
        NetstatWanted wanted,
        HostSocketRow row,
        IReadOnlyDictionary<long, HostProcess> holders
    )
    {
        List<Text> cells =
        [
            row.Protocol,
            $"{row.ReceiveQueue:number}",
            $"{row.SendQueue:number}",
            End(row.Local, wanted.Numeric),
            row.Remote is { } remote ? End(remote, wanted.Numeric) : new Text("*", Role.Faint),
            row.State is { } state ? new Text(state, Role.State) : "",
        ];
        if (wanted.Timers)
            cells.Add(row.Timer is { } timer ? (Text)$"{Say(timer, terminal)} {row.TimerLeft:time}" : "");
        if (wanted.Programs)
            cells.Add(holders.GetValueOrDefault(row.Inode) is { } by ? (Text)$"{by.Name:name} {$"{by.Id}":faint}" : "");
        return cells;
    }

    private static void ShowInfo(Terminal terminal, NetstatWanted wanted, HostSocketRow row, in HostTcpInfo info)
    {
        terminal.Line();
        terminal.Line((Text)"" + End(row.Local, wanted.Numeric) + " → " + End(row.Remote!.Value, wanted.Numeric));
        terminal.Write(
            new Paragraph(
                terminal.Say(
                    $"round trip {info.SmoothedRtt} ± {info.RttVariation}; retransmission after {info.Rto}; {info.Retransmissions} retransmitted; congestion window {info.CongestionWindow} bytes, segments of {info.SegmentSize}; {info.BytesAcknowledged} bytes acknowledged, {info.BytesReceived} received",
                    $"왕복 시간 {info.SmoothedRtt} ± {info.RttVariation}. 재전송까지 {info.Rto}. 재전송 {info.Retransmissions}번. 혼잡 윈도우 {info.CongestionWindow}바이트, 세그먼트 {info.SegmentSize}바이트. 확인된 양 {info.BytesAcknowledged}바이트, 받은 양 {info.BytesReceived}바이트"
                ),
                Indent: 4
            )
        );
    }

    private static string Say(string timer, Terminal terminal) =>
        timer switch
        {
            "retransmit" => terminal.Say("resends in", "재전송까지"),
            "persist" => terminal.Say("asks for the window in", "윈도우를 물어보기까지"),
            "keep_alive" => terminal.Say("asks for a sign of life in", "연결 확인까지"),
            _ => terminal.Say("is erased in", "소켓 말소까지"),
        };
}

/// <summary>The answer of <c>netstat --on-host --json</c>.</summary>
internal sealed record HostNetstatAnswer(string Host, IReadOnlyList<HostSocketAnswer> Sockets);

/// <summary>The program is null without -p, and where this user may not see it.</summary>
internal sealed record HostSocketAnswer(
    string Protocol,
    string Local,
    string? Remote,
    string? RemoteName,
    string? State,
    long ReceiveQueue,
    long SendQueue,
    string? Timer,
    double? TimerUs,
    int User,
    int? Pid,
    string? Program,
    HostInfoAnswer? Info
)
{
    public static HostSocketAnswer Of(HostSocketRow row, HostProcess? by) =>
        new(
            row.Protocol,
            row.Local.ToString(),
            row.Remote?.ToString(),
            row.Remote is { } remote ? HostsFile.NameOf(remote.Address) : null,
            row.State,
            row.ReceiveQueue,
            row.SendQueue,
            row.Timer,
            row.Timer is null ? null : row.TimerLeft.TotalMicroseconds,
            row.User,
            by?.Id,
            by?.Name,
            row.Info is { } info
                ? new(
                    info.SmoothedRtt.TotalMicroseconds,
                    info.RttVariation.TotalMicroseconds,
                    info.Rto.TotalMicroseconds,
                    info.CongestionWindow,
                    info.SegmentSize,
                    info.Retransmissions,
                    info.BytesAcknowledged,
                    info.BytesReceived
                )
                : null
        );
}

internal sealed record HostInfoAnswer(
    double RttUs,
    double RttVariationUs,
    double RtoUs,
    int Cwnd,
    int Mss,
    int Retransmissions,
    long BytesAcknowledged,
    long BytesReceived
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HostNetstatAnswer))]
internal sealed partial class HostNetstatJson : JsonSerializerContext;
