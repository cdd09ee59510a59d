using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Stack;

namespace Twocan.Cli;

/// <summary><c>arp</c>: whose MAC addresses does a host know?</summary>
internal sealed class ArpCache : Verb
{
    private readonly Option<string[]> _after = new("--after")
    {
        Description = "Let this happen first, a new world knows nobody: " + Errands.Grammar,
        HelpName = "WHAT",
    };

    private readonly AddressFamily _family;

    public ArpCache()
        : base(
            "arp",
            "Show which MAC address a host has learned for which neighbour: by ARP, and for IPv6 by neighbour discovery",
            "twocan arp --after 'ping www.lab.cyber.co.kr'",
            "twocan arp --host home-router --after '@pc http://www.lab.cyber.co.kr/' --after '@pc2 ping 10.11.12.2'",
            "twocan arp -6 --after 'ping -6 www.lab.cyber.co.kr'"
        )
    {
        Options.Add(_after);
        _family = AddressFamily.AddTo(this);
    }

    public override bool RunsOnHost => true;

    public override int Run(Invocation call)
    {
        var family = _family.Of(call);
        if (call.OnHost)
            return OnHost.OfLinux(call, [_after], here => HostArp.Show(here, family));
        using var session = WorldSession.Open(call);
        var errands = Errands.Read(call, _after, session, session.Host);
        var after = errands.Run(call);
        var rows = session
            .Host.Adapters.SelectMany(adapter =>
                adapter
                    .Arp.Neighbours.Neighbours.Concat(adapter.Discovery.Neighbours.Neighbours)
                    .Where(neighbour => family is null || neighbour.Address.Family == family)
                    .OrderBy(neighbour => neighbour.Address)
                    .Select(neighbour => (adapter, neighbour))
            )
            .ToList();
        if (call.Json)
        {
            var answer = new ArpAnswer(
                session.Host.Name,
                after,
                [.. rows.Select(row => ArpAnswerRow.Of(row.adapter, row.neighbour, session))]
            );
            call.Terminal.JsonLine(answer, ArpJson.Default.ArpAnswer);
            return Exit.Done;
        }
        Errands.Show(after, call.Terminal);
        if (rows.Count > 0)
            call.Terminal.Write(Table(rows, session, call.Terminal));
        else
            call.Terminal.Line(
                call.Terminal.Say(
                    $"{session.Host.Name} has learned of nobody yet{(errands.Count == 0 ? "; let something happen first: --after 'ping www.lab.cyber.co.kr'" : "")}",
                    $"{session.Host.Name}의 ARP 캐시는 아직 비어 있습니다{(errands.Count == 0 ? ". 먼저 무엇인가 하게 하십시오: --after 'ping www.lab.cyber.co.kr'" : "")}"
                )
            );
        return Exit.Done;
    }

    private static Table Table(
        IReadOnlyList<(Adapter Adapter, Neighbour Neighbour)> rows,
        WorldSession session,
        Terminal terminal
    ) =>
        new(
            [
                new(terminal.Say("Address", "주소")),
                new(terminal.Say("Host", "호스트")),
                new(terminal.Say("MAC address", "MAC 주소")),
                new(terminal.Say("State", "상태")),
                new(terminal.Say("Heard", "들은 지"), Right: true),
                new(terminal.Say("Adapter", "어댑터")),
            ],
            [.. rows.Select(row => Row(row.Adapter, row.Neighbour, session, terminal))]
        );

    private static IReadOnlyList<Text> Row(
        Adapter adapter,
        Neighbour neighbour,
        WorldSession session,
        Terminal terminal
    )
    {
        var isKnown = neighbour.State != NeighbourState.Incomplete;
        var state = neighbour.State switch
        {
            NeighbourState.Incomplete => terminal.Say("asked for", "묻는 중"),
            NeighbourState.Probe => terminal.Say("asked again", "다시 묻는 중"),
            NeighbourState.Stale => terminal.Say("stale", "오래됨"),
            NeighbourState.Delay => terminal.Say("in doubt", "확인을 기다림"),
            _ => terminal.Say("reachable", "닿음"),
        };
        return
        [
            new(neighbour.Address.ToString(), Role.Address),
            new(session.NameOf(neighbour.Address) ?? "", Role.Host),
            isKnown ? neighbour.Mac.ToString() : "",
            new(state, Role.State),
            isKnown
                ? new Text(
                    terminal.Say(
                        $"{session.World.Loop.Now - neighbour.ConfirmedAt} ago",
                        $"{session.World.Loop.Now - neighbour.ConfirmedAt}"
                    ),
                    Role.Time
                )
                : "",
            adapter.Name,
        ];
    }
}

/// <summary>The answer of <c>arp --json</c>.</summary>
internal sealed record ArpAnswer(
    string Host,
    IReadOnlyList<ErrandAnswer> After,
    IReadOnlyList<ArpAnswerRow> Neighbours
);

/// <summary>The MAC address, and when it was last heard, are null for who is being asked for.</summary>
internal sealed record ArpAnswerRow(
    string Address,
    string? Name,
    string? Mac,
    string State,
    double? HeardUsAgo,
    int PacketsWaiting,
    string Adapter
)
{
    public static ArpAnswerRow Of(Adapter adapter, Neighbour neighbour, WorldSession session)
    {
        var isKnown = neighbour.State != NeighbourState.Incomplete;
        return new(
            neighbour.Address.ToString(),
            session.NameOf(neighbour.Address),
            isKnown ? neighbour.Mac.ToString() : null,
            JsonNamingPolicy.SnakeCaseLower.ConvertName(neighbour.State.ToString()),
            isKnown ? (session.World.Loop.Now - neighbour.ConfirmedAt).TotalMicroseconds : null,
            neighbour.WaitingCount,
            adapter.Name
        );
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ArpAnswer))]
internal sealed partial class ArpJson : JsonSerializerContext;
