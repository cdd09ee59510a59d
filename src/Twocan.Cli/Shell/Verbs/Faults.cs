using Twocan.Explorer;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>faults</c>: what goes wrong now, and what will.</summary>
internal sealed class Faults() : ShellVerb("faults", "List what goes wrong now, and what will", "faults")
{
    protected override int Run(Invocation call, LivingWorld living)
    {
        var faults = living.World.Faults;
        return Answer(
            call,
            new FaultsAnswer([.. faults.Select(fault => FaultAnswer.Of(fault, living.World))]),
            ShellJson.Default.FaultsAnswer,
            terminal =>
            {
                if (faults.Count == 0)
                    terminal.Line(terminal.Say("Nothing is wrong.", "장애가 없습니다."));
                else
                    terminal.Write(Table(faults, living.World, terminal));
            }
        );
    }

    private static Table Table(IReadOnlyList<Fault> faults, World world, Terminal terminal) =>
        new(
            [
                new("#", Right: true),
                new(terminal.Say("Fault", "장애"), Flows: true),
                new(terminal.Say("Until", "언제까지")),
            ],
            [
                .. faults.Select(fault =>
                    (IReadOnlyList<Text>)
                        [$"{fault.Number:number}", new(fault.What.ToString(), Role.Bad), Until(fault, world, terminal)]
                ),
            ]
        );

    private static Text Until(Fault fault, World world, Terminal terminal)
    {
        if (fault.Next == Core.Instant.Never)
            return terminal.Say("it is healed", "고칠 때까지");
        var left = fault.Next - world.Loop.Now;
        return fault.IsActive
            ? terminal.Say($"ends in {left}", $"{left} 뒤에 끝남")
            : terminal.Say($"begins in {left}", $"{left} 뒤에 시작");
    }
}

/// <summary>A fault in JSON; <paramref name="NextUs"/> is how long it takes until it begins or ends by itself.</summary>
internal sealed record FaultAnswer(int Number, string Fault, bool Active, double? NextUs)
{
    public static FaultAnswer Of(Fault fault, World world) =>
        new(
            fault.Number,
            fault.What.ToString(),
            fault.IsActive,
            fault.Next == Core.Instant.Never ? null : (fault.Next - world.Loop.Now).TotalMicroseconds
        );
}

internal sealed record FaultsAnswer(IReadOnlyList<FaultAnswer> Faults);
