using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>nat</c>: whom does a router hide, behind what, and for how long yet?</summary>
internal sealed class NatTables : Verb
{
    private readonly Argument<string?> _router = new("ROUTER")
    {
        Description = "Whose table (default: mine if I translate, else the first router's that does)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _after = new("--after")
    {
        Description = "Let this happen first, a new world has translated nothing: " + Errands.Grammar,
        HelpName = "WHAT",
    };

    public NatTables()
        : base(
            "nat",
            "Show a router's table of translated addresses: who stands behind which of its ports, with whom, how long yet",
            "twocan nat --after 'ping -c 1 www.lab.cyber.co.kr'",
            "twocan nat home-router --after http://www.lab.cyber.co.kr/ --after '@pc2 ping -c 1 192.0.2.226'"
        )
    {
        Arguments.Add(_router);
        Options.Add(_after);
    }

    public override int Run(Invocation call)
    {
        using var session = WorldSession.Open(call);
        var router = Chosen(call.Get(_router), session);
        var after = Errands.Read(call, _after, session, session.Host).Run(call);
        // The crash of a router takes its table with it, and the new one is another.
        var nat = router.Stack.Ip.Nat!;
        var now = session.World.Loop.Now;
        if (call.Json)
        {
            call.Terminal.JsonLine(NatAnswer.Of(router, nat, after, session, now), NatJson.Default.NatAnswer);
            return Exit.Done;
        }
        Errands.Show(after, call.Terminal);
        Show(router, nat, session, call.Terminal);
        return Exit.Done;
    }

    private static Host Chosen(string? name, WorldSession session)
    {
        var routers = session.World.Hosts.Where(host => host.Stack.Ip.Nat is not null).ToList();
        if (routers.Count == 0)
            throw new NoAnswerException("no router of this world translates addresses");
        if (name is null)
            return routers.Contains(session.Host) ? session.Host : routers[0];
        var host =
            session.World.Hosts.FirstOrDefault(host => host.Name == name)
            ?? throw new WrongUsageException(WorldSession.NoSuchHost(name, session.World));
        return routers.Contains(host)
            ? host
            : throw new WrongUsageException(
                $"{name} translates no addresses; {string.Join(", ", routers.Select(router => router.Name))} does"
            );
    }

    private static void Show(Host router, Nat nat, WorldSession session, Terminal terminal)
    {
        var (address, adapter) = (nat.Address, nat.Outside.Name);
        terminal.Line(
            address.IsAny
                ? $"{router.Name:host}: {terminal.Say($"has no address on {adapter} to hide anybody behind, or asks yet whether it is free", $"{adapter}에 숨길 주소가 아직 없습니다(또는 비어 있는지 묻는 중입니다)")}"
            : terminal.Language == Language.Korean
                ? $"{router.Name:host}: 안쪽 주소를 {adapter}의 {address.ToString():address} 뒤에 숨깁니다"
            : (Text)$"{router.Name:host} hides what is inside behind {address.ToString():address} on {adapter}"
        );
        foreach (var forward in nat.Napt.Forwards)
            terminal.Line($"  {terminal.Say("forward", "포트 전달"):faint}  {forward.ToString():address}");
        if (nat.Rows is { Count: > 0 } rows)
            terminal.Write(Table(rows, session, terminal));
        else
            terminal.Line(terminal.Say("The table is empty.", "표가 비어 있습니다."));
        var counters = nat.Napt.Counters;
        terminal.Line(
            terminal.Say(
                $"{counters.TranslatedOut} packets out, {counters.TranslatedIn} in; {counters.Opened} sessions opened, {counters.Expired} expired, {counters.Evicted} evicted, {counters.Refused} refused",
                $"나간 패킷 {counters.TranslatedOut}개, 들어온 패킷 {counters.TranslatedIn}개. 연 세션 {counters.Opened}개, 시간이 다 된 것 {counters.Expired}개, 밀려난 것 {counters.Evicted}개, 거절한 것 {counters.Refused}개"
            )
        );
    }

    private static Table Table(IReadOnlyList<NatRow> rows, WorldSession session, Terminal terminal) =>
        new(
            [
                new(terminal.Say("Protocol", "프로토콜")),
                new(terminal.Say("Inside", "안쪽")),
                new(terminal.Say("Outside", "바깥쪽")),
                new(terminal.Say("With", "상대")),
                new(terminal.Say("State", "상태")),
                new(terminal.Say("Ends in", "남은 시간"), Right: true),
            ],
            [
                .. rows.Select(row =>
                    (IReadOnlyList<Text>)
                        [
                            row.Protocol.ToString().ToUpperInvariant(),
                            new(row.Inside.ToString(), Role.Address),
                            new(row.Outside.ToString(), Role.Address),
                            new(row.Remote.ToString(), Role.Address),
                            new(State(row, terminal), Role.State),
                            new((row.Expires - session.World.Loop.Now).ToString(), Role.Time),
                        ]
                ),
            ]
        );

    private static string State(in NatRow row, Terminal terminal) =>
        row.State switch
        {
            NatState.Opening => terminal.Say("opening", "여는 중"),
            NatState.Established => terminal.Say("established", "연결됨"),
            NatState.Closing => terminal.Say("closing", "닫는 중"),
            NatState.Reset => terminal.Say("reset", "리셋됨"),
            _ => terminal.Say("open", "열림"),
        };
}

/// <summary>The answer of <c>nat --json</c>.</summary>
internal sealed record NatAnswer(
    string Host,
    string Outside,
    string Adapter,
    IReadOnlyList<ErrandAnswer> After,
    IReadOnlyList<string> Forwards,
    IReadOnlyList<NatAnswerRow> Sessions,
    NatAnswerCounters Counters
)
{
    public static NatAnswer Of(
        Host router,
        Nat nat,
        IReadOnlyList<ErrandAnswer> after,
        WorldSession session,
        Instant now
    ) =>
        new(
            router.Name,
            nat.Address.ToString(),
            nat.Outside.Name,
            after,
            [.. nat.Napt.Forwards.Select(forward => forward.ToString())],
            [
                .. nat.Rows.Select(row => new NatAnswerRow(
                    row.Protocol.ToString().ToLowerInvariant(),
                    row.Inside.ToString(),
                    session.NameOf(row.Inside.Address),
                    row.Outside.ToString(),
                    row.Remote.ToString(),
                    session.NameOf(row.Remote.Address),
                    JsonNamingPolicy.SnakeCaseLower.ConvertName(row.State.ToString()),
                    (row.Expires - now).TotalMicroseconds,
                    row.IsForward
                )),
            ],
            new(
                nat.Napt.Counters.TranslatedOut,
                nat.Napt.Counters.TranslatedIn,
                nat.Napt.Counters.Opened,
                nat.Napt.Counters.Expired,
                nat.Napt.Counters.Evicted,
                nat.Napt.Counters.Refused
            )
        );
}

internal sealed record NatAnswerRow(
    string Protocol,
    string Inside,
    string? InsideName,
    string Outside,
    string Remote,
    string? RemoteName,
    string State,
    double EndsUs,
    bool Forward
);

internal sealed record NatAnswerCounters(long Out, long In, long Opened, long Expired, long Evicted, long Refused);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NatAnswer))]
internal sealed partial class NatJson : JsonSerializerContext;
