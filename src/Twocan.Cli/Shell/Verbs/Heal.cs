using System.CommandLine;
using System.Globalization;
using Twocan.Explorer;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>heal</c>: faults end before their time.</summary>
internal sealed class Heal : ShellVerb
{
    private readonly Argument<string[]> _which = new("WHICH")
    {
        Description = "A number of 'faults', a cable, a host, a kind of fault (loss), or 'all': the default",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public Heal()
        : base("heal", "End faults: all of them, or those that are named", "heal", "heal home-router--isp") =>
        Arguments.Add(_which);

    protected override int Run(Invocation call, LivingWorld living)
    {
        var which = call.Get(_which);
        var healed = which is [] or ["all"]
            ? [.. living.World.Faults]
            : which.SelectMany(word => Meant(word, living.World)).Distinct().ToList();
        foreach (var fault in healed)
            fault.Dispose();
        return Answer(
            call,
            new HealAnswer([.. healed.Select(fault => fault.What.ToString())]),
            ShellJson.Default.HealAnswer,
            terminal =>
            {
                foreach (var fault in healed)
                    terminal.Line(
                        terminal.Language == Core.Language.Korean
                            ? $"{fault.What.ToString():good}: 고쳤습니다"
                            : (Text)$"{fault.What.ToString():good}: healed"
                    );
                if (healed.Count == 0)
                    terminal.Line(terminal.Say("Nothing was wrong.", "고칠 장애가 없었습니다."));
            }
        );
    }

    private static IEnumerable<Fault> Meant(string word, World world)
    {
        var faults = world.Faults.Where(fault => Is(word, fault, world)).ToList();
        if (faults.Count > 0)
            return faults;
        throw new WrongUsageException(
            world.Faults.Count == 0
                ? $"nothing is wrong, so not '{word}' either"
                : $"there is no fault '{word}'; there are: {string.Join("; ", world.Faults.Select(fault => $"{fault.Number} {fault.What}"))}"
        );
    }

    private static bool Is(string word, Fault fault, World world) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? fault.Number == number
        : world.FindCable(word) is { } cable ? fault.Cables.Contains(cable)
        : world.Find(word) is { } machine ? fault.Machines.Contains(machine)
        : fault.What.ToString().StartsWith(word + " ", StringComparison.Ordinal);
}

internal sealed record HealAnswer(IReadOnlyList<string> Healed);

/// <summary><c>restart</c>: a host gets its power back, or loses it for a moment.</summary>
internal sealed class Restart : ShellVerb
{
    private readonly Argument<string[]> _machines = new("MACHINE…")
    {
        Description = "Who starts again",
        Arity = ArgumentArity.OneOrMore,
    };

    public Restart()
        : base("restart", "Start machines again: those that crashed, and those that run", "restart ns.isp") =>
        Arguments.Add(_machines);

    protected override int Run(Invocation call, LivingWorld living)
    {
        var machines = call.Get(_machines).Select(living.FindMachine).ToList();
        foreach (var machine in machines)
            PowerCycle(machine, living.World);
        return Answer(
            call,
            new RestartAnswer([.. machines.Select(machine => machine.Name)]),
            ShellJson.Default.RestartAnswer,
            terminal =>
            {
                foreach (var machine in machines)
                    terminal.Line(
                        terminal.Language == Core.Language.Korean
                            ? $"{machine.Name:host}: 다시 켰습니다. 전에 알던 것은 모두 잊었습니다"
                            : (Text)$"{machine.Name:host} starts again, and knows nothing of before"
                    );
            }
        );
    }

    /// <summary>What runs loses its power for no time at all.</summary>
    private static void PowerCycle(Node machine, World world)
    {
        var crashes = world.Faults.Where(fault => fault.IsActive && fault.Machines.Contains(machine)).ToList();
        try
        {
            if (crashes.Count == 0)
                crashes.Add((Fault)world.Fault($"crash {machine.Name}"));
        }
        catch (FaultSentenceException wrong)
        {
            throw new WrongUsageException(wrong.Message);
        }
        foreach (var crash in crashes)
            crash.Dispose();
    }
}

internal sealed record RestartAnswer(IReadOnlyList<string> Restarted);
