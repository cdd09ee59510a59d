using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>ifconfig</c>: which adapters does a host have, and what has become of what came in by them?</summary>
internal sealed class Ifconfig : Verb
{
    private readonly Option<bool> _statistics = new("--statistics", "-s")
    {
        Description = "Count what the host's protocol stack did, and what it threw away, by reason",
    };

    private readonly Option<string[]> _after = new("--after")
    {
        Description = "Let this happen first, a new world has sent nothing: " + Errands.Grammar,
        HelpName = "WHAT",
    };

    public Ifconfig()
        : base(
            "ifconfig",
            "Show a host's adapters: addresses, MAC address, MTU, what crossed them",
            "twocan ifconfig --host home-router",
            "twocan ifconfig -s --after 'ping www.lab.cyber.co.kr'"
        )
    {
        Options.Add(_statistics);
        Options.Add(_after);
    }

    public override bool RunsOnHost => true;

    public override int Run(Invocation call)
    {
        if (call.OnHost)
            return OnHost.OfLinux(call, [_after, _statistics], HostIfconfig.Show);
        using var session = WorldSession.Open(call);
        var after = Errands.Read(call, _after, session, session.Host).Run(call);
        var counters = session.Host.Stack.Counters;
        if (call.Json)
        {
            var answer = new IfconfigAnswer(
                session.Host.Name,
                after,
                [.. session.Host.Ends.Select(end => IfconfigAdapter.Of(session.Host, end, call.Get(_statistics)))],
                call.Get(_statistics) ? IfconfigCounters.Of(counters) : null
            );
            call.Terminal.JsonLine(answer, IfconfigJson.Default.IfconfigAnswer);
            return Exit.Done;
        }
        Errands.Show(after, call.Terminal);
        foreach (var end in session.Host.Ends)
            Show(session, end, call.Terminal);
        if (!call.Get(_statistics))
            return Exit.Done;
        foreach (var end in session.Host.Ends)
            ShowCable(end, call.Terminal);
        Show(counters, call.Terminal);
        return Exit.Done;
    }

    private static void Show(WorldSession session, CableEnd end, Terminal terminal)
    {
        var adapter = session.Host.AdapterOn(end);
        terminal.Line($"{adapter.Name:strong}  {end.Cable.Name:name}  MTU {adapter.Mtu:number}");
        terminal.Line($"    {"MAC":faint}   {adapter.Mac.ToString()}");
        if (adapter.Offload)
            terminal.Line(
                terminal.Say(
                    "    offload: large segments and checksums are the adapter's work",
                    "    오프로드: 큰 세그먼트 나누기와 체크섬 계산은 어댑터가 합니다"
                )
            );
        foreach (var address in adapter.Addresses)
        {
            Text line =
                $"    {"IP":faint}    {address.ToString():address}  {terminal.Say("mask", "마스크"):faint} {address.Subnet.Mask}";
            if (address.Subnet.HasBroadcast)
                line += $"  {terminal.Say("broadcast", "브로드캐스트"):faint} {address.Subnet.Last}";
            terminal.Line(line);
        }
        if (LeaseOf(session.Host, adapter) is { } lease)
            Show(lease, session, terminal);
        terminal.Line(
            terminal.Say(
                $"    sent  {adapter.FramesSent} frames, {adapter.BytesSent} bytes; received {adapter.FramesReceived} frames, {adapter.BytesReceived} bytes",
                $"    보냄  프레임 {adapter.FramesSent}개, {adapter.BytesSent}바이트. 받음 프레임 {adapter.FramesReceived}개, {adapter.BytesReceived}바이트"
            )
        );
    }

    /// <summary>What became of frames between the adapter and the cable; on a wire that is shared, before they were on it.</summary>
    private static void ShowCable(CableEnd end, Terminal terminal)
    {
        var rows = new List<(string English, string Korean, long Count)>
        {
            ("frames dropped in front of the cable", "케이블 앞에서 버린 프레임", end.Outward.FramesDropped),
            ("frames marked instead (congestion experienced)", "버리는 대신 혼잡을 표시한 프레임", end.Outward.Marks),
            ("frames that waited at most", "한꺼번에 기다린 프레임의 최댓값", end.Outward.MostWaiting),
        };
        if (end.Station is { } station)
            rows.AddRange([
                (
                    "frames that waited until others were done",
                    "다른 쪽의 말이 끝나기를 기다린 프레임",
                    station.Deferred
                ),
                ("frames sent after one collision", "한 번 충돌한 뒤 보낸 프레임", station.SingleCollisions),
                ("frames sent after several collisions", "여러 번 충돌한 뒤 보낸 프레임", station.MultipleCollisions),
                ("frames given up after 16 collisions", "16번 충돌하여 포기한 프레임", station.ExcessiveCollisions),
                ("collisions", "충돌", station.Collisions),
                (
                    "of these, late: the wire is too long",
                    "그 가운데 늦은 충돌(선이 너무 깁니다)",
                    station.LateCollisions
                ),
                ("collisions of others, heard", "다른 쪽끼리의 충돌을 들은 횟수", station.JamsHeard),
            ]);
        if (rows.TrueForAll(row => row.Count == 0))
            return;
        terminal.Line();
        terminal.Write(
            new Table(
                [new(end.Cable.Name, Right: true), new(terminal.Say("What", "무엇"))],
                [
                    .. rows.Where(row => row.Count > 0)
                        .Select(row => (IReadOnlyList<Text>)[Number(row.Count), terminal.Say(row.English, row.Korean)]),
                ]
            )
        );
    }

    internal static DhcpLease? LeaseOf(Host host, Adapter adapter) =>
        host.AddressClients.FirstOrDefault(client => host.Adapters[client.AdapterNumber - 1] == adapter)?.Lease;

    private static void Show(DhcpLease lease, WorldSession session, Terminal terminal)
    {
        var by = session.NameOf(lease.Server) is { } name ? $"{name} ({lease.Server})" : lease.Server.ToString();
        var left =
            lease.Ends == Instant.Never
                ? terminal.Say("for ever", "무기한")
                : terminal.Say(
                    $"{(lease.Ends - session.World.Loop.Now).TotalSeconds:0} s left",
                    $"{(lease.Ends - session.World.Loop.Now).TotalSeconds:0}초 남음"
                );
        terminal.Line($"    {"DHCP":faint}  {terminal.Say("lent by", "빌려준 곳"):faint} {by:host}  {left:time}");
        var servers = string.Join(", ", lease.NameServers);
        if (servers.Length > 0)
            terminal.Line($"          {terminal.Say("name server", "DNS 서버"):faint} {servers:address}");
    }

    /// <summary>What the protocol stack did, and what it threw away.</summary>
    public static void Show(StackCounters counters, Terminal terminal)
    {
        var done = new (string English, string Korean, long Count)[]
        {
            ("IP packets received", "받은 IP 패킷", counters.PacketsReceived),
            ("of these, for this host", "그 가운데 이 호스트의 것", counters.PacketsDelivered),
            ("of these, passed on", "그 가운데 전달한 것", counters.PacketsForwarded),
            ("IP packets sent", "보낸 IP 패킷", counters.PacketsSent),
            ("fragments sent", "보낸 조각", counters.FragmentsSent),
            ("fragments received", "받은 조각", counters.FragmentsReceived),
            ("packets put together from fragments", "조각에서 다시 맞춘 패킷", counters.DatagramsReassembled),
            ("ICMP messages sent", "보낸 ICMP 메시지", counters.IcmpMessagesSent),
            ("ICMP messages received", "받은 ICMP 메시지", counters.IcmpMessagesReceived),
            (
                "ICMP errors held back, too many at once",
                "너무 많아서 보내지 않은 ICMP 오류",
                counters.IcmpErrorsHeldBack
            ),
            ("UDP datagrams sent", "보낸 UDP 데이터그램", counters.DatagramsSent),
            ("UDP datagrams received", "받은 UDP 데이터그램", counters.DatagramsReceived),
        };
        terminal.Line();
        terminal.Write(
            new Table(
                [new(terminal.Say("Count", "개수"), Right: true), new(terminal.Say("What", "무엇"))],
                [
                    .. done.Where(row => row.Count > 0)
                        .Select(row => (IReadOnlyList<Text>)[Number(row.Count), terminal.Say(row.English, row.Korean)]),
                ]
            )
        );
        var dropped = Enum.GetValues<DropReason>().Where(reason => counters.Dropped(reason) > 0).ToList();
        terminal.Line();
        if (dropped.Count == 0)
        {
            terminal.Line(terminal.Say("Nothing was thrown away.", "버린 것은 없습니다."));
            return;
        }
        terminal.Write(
            new Table(
                [
                    new(terminal.Say("Thrown away", "버린 것"), Right: true),
                    new(terminal.Say("Because", "까닭"), Flows: true),
                ],
                [
                    .. dropped.Select(reason =>
                        (IReadOnlyList<Text>)[Number(counters.Dropped(reason)), reason.Say(terminal.Language)]
                    ),
                ]
            )
        );
    }

    private static Text Number(long count) => $"{count:number}";
}

/// <summary>The answer of <c>ifconfig --json</c>.</summary>
internal sealed record IfconfigAnswer(
    string Host,
    IReadOnlyList<ErrandAnswer> After,
    IReadOnlyList<IfconfigAdapter> Adapters,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IfconfigCounters? Counters
);

internal sealed record IfconfigAdapter(
    string Name,
    string Cable,
    string Mac,
    int Mtu,
    bool Offload,
    IReadOnlyList<string> Addresses,
    long FramesSent,
    long BytesSent,
    long FramesReceived,
    long BytesReceived,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IfconfigQueue? Queue,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IfconfigMedium? Medium,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LeaseAnswer? Lease
)
{
    public static IfconfigAdapter Of(Host host, CableEnd end, bool counted)
    {
        var adapter = host.AdapterOn(end);
        var lease = Ifconfig.LeaseOf(host, adapter);
        return new(
            adapter.Name,
            end.Cable.Name,
            adapter.Mac.ToString(),
            adapter.Mtu,
            adapter.Offload,
            [.. adapter.Addresses.Select(address => address.ToString())],
            adapter.FramesSent,
            adapter.BytesSent,
            adapter.FramesReceived,
            adapter.BytesReceived,
            counted ? new(end.Outward.FramesDropped, end.Outward.Marks, end.Outward.MostWaiting) : null,
            counted && end.Station is { } station ? IfconfigMedium.Of(station) : null,
            lease is null ? null : LeaseAnswer.Of(lease)
        );
    }
}

internal sealed record IfconfigQueue(long Dropped, long Marked, int MostWaiting);

/// <summary>Half duplex: how the adapter got on with the others on its wire.</summary>
internal sealed record IfconfigMedium(
    long Deferred,
    long SingleCollisions,
    long MultipleCollisions,
    long ExcessiveCollisions,
    long Collisions,
    long LateCollisions,
    long JamsHeard
)
{
    public static IfconfigMedium Of(Station station) =>
        new(
            station.Deferred,
            station.SingleCollisions,
            station.MultipleCollisions,
            station.ExcessiveCollisions,
            station.Collisions,
            station.LateCollisions,
            station.JamsHeard
        );
}

internal sealed record IfconfigCounters(
    long PacketsReceived,
    long PacketsDelivered,
    long PacketsForwarded,
    long PacketsSent,
    long FragmentsSent,
    long FragmentsReceived,
    long DatagramsReassembled,
    long IcmpMessagesSent,
    long IcmpMessagesReceived,
    long IcmpErrorsHeldBack,
    long DatagramsSent,
    long DatagramsReceived,
    IReadOnlyDictionary<string, long> Dropped
)
{
    public static IfconfigCounters Of(StackCounters counters) =>
        new(
            counters.PacketsReceived,
            counters.PacketsDelivered,
            counters.PacketsForwarded,
            counters.PacketsSent,
            counters.FragmentsSent,
            counters.FragmentsReceived,
            counters.DatagramsReassembled,
            counters.IcmpMessagesSent,
            counters.IcmpMessagesReceived,
            counters.IcmpErrorsHeldBack,
            counters.DatagramsSent,
            counters.DatagramsReceived,
            new SortedDictionary<string, long>(
                Enum.GetValues<DropReason>()
                    .ToDictionary(
                        reason => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()),
                        counters.Dropped
                    ),
                StringComparer.Ordinal
            )
        );
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IfconfigAnswer))]
internal sealed partial class IfconfigJson : JsonSerializerContext;
