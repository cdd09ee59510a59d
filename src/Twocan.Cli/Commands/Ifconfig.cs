using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
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

    public override int Run(Invocation call)
    {
        using var session = WorldSession.Open(call);
        var after = Errands.Read(call, _after, session, session.Host).Run(call);
        var counters = session.Host.Stack.Counters;
        if (call.Json)
        {
            var answer = new IfconfigAnswer(
                session.Host.Name,
                after,
                [.. session.Host.Ends.Select(end => IfconfigAdapter.Of(session.Host.AdapterOn(end), end))],
                call.Get(_statistics) ? IfconfigCounters.Of(counters) : null
            );
            call.Terminal.JsonLine(answer, IfconfigJson.Default.IfconfigAnswer);
            return Exit.Done;
        }
        Errands.Show(after, call.Terminal);
        foreach (var end in session.Host.Ends)
            Show(session.Host.AdapterOn(end), end, call.Terminal);
        if (call.Get(_statistics))
            Show(counters, call.Terminal);
        return Exit.Done;
    }

    private static void Show(Adapter adapter, CableEnd end, Terminal terminal)
    {
        terminal.Line($"{adapter.Name:strong}  {end.Cable.Name:name}  MTU {adapter.Mtu:number}");
        terminal.Line($"    {"MAC":faint}   {adapter.Mac.ToString()}");
        foreach (var address in adapter.Addresses)
        {
            Text line =
                $"    {"IP":faint}    {address.ToString():address}  {terminal.Say("mask", "마스크"):faint} {address.Subnet.Mask}";
            if (address.Subnet.HasBroadcast)
                line += $"  {terminal.Say("broadcast", "브로드캐스트"):faint} {address.Subnet.Last}";
            terminal.Line(line);
        }
        terminal.Line(
            terminal.Say(
                $"    sent  {adapter.FramesSent} frames, {adapter.BytesSent} bytes; received {adapter.FramesReceived} frames, {adapter.BytesReceived} bytes",
                $"    보냄  프레임 {adapter.FramesSent}개, {adapter.BytesSent}바이트. 받음 프레임 {adapter.FramesReceived}개, {adapter.BytesReceived}바이트"
            )
        );
    }

    private static void Show(StackCounters counters, Terminal terminal)
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
    IReadOnlyList<string> Addresses,
    long FramesSent,
    long BytesSent,
    long FramesReceived,
    long BytesReceived
)
{
    public static IfconfigAdapter Of(Adapter adapter, CableEnd end) =>
        new(
            adapter.Name,
            end.Cable.Name,
            adapter.Mac.ToString(),
            adapter.Mtu,
            [.. adapter.Addresses.Select(address => address.ToString())],
            adapter.FramesSent,
            adapter.BytesSent,
            adapter.FramesReceived,
            adapter.BytesReceived
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
