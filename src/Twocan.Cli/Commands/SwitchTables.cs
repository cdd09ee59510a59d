using System.CommandLine;
using System.Text.Json.Serialization;
using Twocan.Explorer;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>switch</c>: behind which of its ports has a switch seen whom?</summary>
internal sealed class SwitchTables : Verb
{
    private readonly Argument<string?> _switch = new("SWITCH")
    {
        Description = "Whose table (default: every switch's)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _after = new("--after")
    {
        Description = "Let this happen first, a new switch has seen nobody: " + Errands.Grammar,
        HelpName = "WHAT",
    };

    public SwitchTables()
        : base(
            "switch",
            "Show the tables of switches: which MAC address was seen behind which port, and what became of the frames",
            "twocan switch --after 'ping -c 1 www.lab.cyber.co.kr'",
            "twocan switch home-switch --after '@pc ping -c 1 10.11.12.2'"
        )
    {
        Arguments.Add(_switch);
        Options.Add(_after);
    }

    public override int Run(Invocation call)
    {
        using var session = WorldSession.Open(call);
        var switches = Chosen(call.Get(_switch), session.World);
        var after = Errands.Read(call, _after, session, session.Host).Run(call);
        if (call.Json)
        {
            var answer = new SwitchAnswer(after, [.. switches.Select(one => SwitchAnswerTable.Of(one, session.World))]);
            call.Terminal.JsonLine(answer, SwitchJson.Default.SwitchAnswer);
            return Exit.Done;
        }
        Errands.Show(after, call.Terminal);
        for (var i = 0; i < switches.Count; i++)
        {
            if (i > 0)
                call.Terminal.Line();
            Show(switches[i], call.Terminal);
        }
        return Exit.Done;
    }

    /// <summary>The host whose adapter has that address.</summary>
    public static string? OwnerOf(Core.MacAddress address, World world) =>
        world.Hosts.FirstOrDefault(host => host.Adapters.Any(adapter => adapter.Mac == address))?.Name;

    private static IReadOnlyList<Switch> Chosen(string? name, World world)
    {
        var switches = world.Nodes.OfType<Switch>().ToList();
        if (switches.Count == 0)
            throw new NoAnswerException("there is no switch in this world");
        if (name is null)
            return switches;
        return world.Find(name) switch
        {
            Switch one => [one],
            Hub => throw new WrongUsageException(
                $"{name} is a hub: it repeats each frame to everybody, and keeps no table"
            ),
            { } other => throw new WrongUsageException($"{other.Name} is no switch; {Others()}"),
            null => throw new WrongUsageException(
                Nearest.Guess(name, switches.Select(one => one.Name)) is { } near
                    ? $"there is no switch '{name}' in this world; did you mean '{near}'?"
                    : $"there is no switch '{name}' in this world; {Others()}"
            ),
        };

        string Others() => $"there are {string.Join(", ", Nearest.Of(name, switches.Select(one => one.Name), 8))}";
    }

    private static void Show(Switch one, Terminal terminal)
    {
        terminal.Line($"{one.Name:host}");
        if (one.Table is { Count: > 0 } table)
            terminal.Write(
                new Table(
                    [
                        new(terminal.Say("MAC address", "MAC 주소")),
                        new(terminal.Say("Host", "호스트")),
                        new(terminal.Say("Behind", "어느 쪽")),
                        new(terminal.Say("Heard", "들은 지"), Right: true),
                    ],
                    [
                        .. table.Select(entry =>
                            (IReadOnlyList<Text>)
                                [
                                    new(entry.Address.ToString(), Role.Address),
                                    new(OwnerOf(entry.Address, one.World) ?? "", Role.Host),
                                    new(entry.Cable, Role.Name),
                                    new(terminal.Say($"{entry.Age} ago", $"{entry.Age}"), Role.Time),
                                ]
                        ),
                    ]
                )
            );
        else
            terminal.Line(terminal.Say("The table is empty.", "표가 비어 있습니다."));
        terminal.Line(
            terminal.Say(
                $"{one.FramesForwarded} frames forwarded, {one.FramesFlooded} flooded ({one.UnknownDestinations} of them to an unknown address), {one.FramesFiltered} filtered, {one.FrameCheckFailures} damaged",
                $"한쪽으로 보낸 프레임 {one.FramesForwarded}개, 모두에게 보낸 것 {one.FramesFlooded}개(그 가운데 모르는 주소 {one.UnknownDestinations}개), 거른 것 {one.FramesFiltered}개, 깨진 것 {one.FrameCheckFailures}개"
            )
        );
    }
}

/// <summary>The answer of <c>switch --json</c>.</summary>
internal sealed record SwitchAnswer(IReadOnlyList<ErrandAnswer> After, IReadOnlyList<SwitchAnswerTable> Switches);

internal sealed record SwitchAnswerTable(
    string Name,
    IReadOnlyList<SwitchAnswerEntry> Table,
    long Forwarded,
    long Flooded,
    long UnknownDestinations,
    long Filtered,
    long Damaged,
    long TableOverflows
)
{
    public static SwitchAnswerTable Of(Switch one, World world) =>
        new(
            one.Name,
            [
                .. one.Table.Select(entry => new SwitchAnswerEntry(
                    entry.Address.ToString(),
                    SwitchTables.OwnerOf(entry.Address, world),
                    entry.Cable,
                    entry.Age.TotalMicroseconds
                )),
            ],
            one.FramesForwarded,
            one.FramesFlooded,
            one.UnknownDestinations,
            one.FramesFiltered,
            one.FrameCheckFailures,
            one.TableOverflows
        );
}

internal sealed record SwitchAnswerEntry(string Mac, string? Host, string Cable, double HeardUsAgo);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SwitchAnswer))]
internal sealed partial class SwitchJson : JsonSerializerContext;
