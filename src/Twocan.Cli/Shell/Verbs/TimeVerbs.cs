using System.CommandLine;
using System.Globalization;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>now</c>: what time it is in the world.</summary>
internal sealed class Now : ShellVerb
{
    public Now()
        : base("now", "Say what time it is in the world, and how fast it goes", "now") => Aliases.Add("time");

    public static NowAnswer Of(World world) =>
        new(
            world.Loop.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
            (world.Loop.Now - Instant.Zero).TotalMicroseconds,
            PaceOf(world)
        );

    public static string PaceOf(World world) =>
        world.Pacer?.Pace is { } pace ? pace.ToString("0.######", CultureInfo.InvariantCulture) + "x" : "fast";

    protected override int Run(Invocation call, LivingWorld living)
    {
        var world = living.World;
        return Answer(
            call,
            Of(world),
            ShellJson.Default.NowAnswer,
            terminal =>
            {
                var date = world.Loop.UtcNow.ToString(
                    "ddd, dd MMM yyyy HH:mm:ss.ffffff 'GMT'",
                    CultureInfo.InvariantCulture
                );
                var age = world.Loop.Now - Instant.Zero;
                terminal.Line(
                    terminal.Language == Language.Korean
                        ? $"{date:time}, 세계가 시작된 지 {age}, 빠르기 {PaceOf(world)}"
                        : (Text)$"{date:time}, {age} after the world began, pace {PaceOf(world)}"
                );
            }
        );
    }
}

/// <summary>The world's clock, in JSON.</summary>
internal sealed record NowAnswer(string Clock, double AgeUs, string Pace);

/// <summary><c>pace</c>: how fast the world's time goes while something runs.</summary>
internal sealed class Pace : ShellVerb
{
    private const double Slowest = 1e-6;
    private const double Fastest = 1e6;

    private readonly Argument<string?> _pace = new("PACE")
    {
        Description = "1x: as on the wall; 0.1x: ten times as slow; fast: as it can",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Pace()
        : base(
            "pace",
            "Say or set how fast the world's time goes while a command runs",
            "pace",
            "pace 100x",
            "pace fast"
        ) => Arguments.Add(_pace);

    /// <summary>Null is 'fast'.</summary>
    public static double? Read(string text)
    {
        if (text == "fast")
            return null;
        return
            double.TryParse(
                text.TrimEnd('x'),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var pace
            ) && pace is >= Slowest and <= Fastest
            ? pace
            : throw new WrongUsageException($"'{text}' is not a pace: say 1x, 0.1x, 100x or fast");
    }

    protected override int Run(Invocation call, LivingWorld living)
    {
        if (call.Get(_pace) is { } text)
            living.World.Pacer!.Pace = Read(text);
        var pace = Now.PaceOf(living.World);
        return Answer(
            call,
            new PaceAnswer(pace),
            ShellJson.Default.PaceAnswer,
            terminal => terminal.Line(terminal.Say($"pace {pace}", $"빠르기 {pace}"))
        );
    }
}

internal sealed record PaceAnswer(string Pace);

/// <summary><c>run</c>: time passes.</summary>
internal sealed class RunFor : ShellVerb
{
    private readonly Argument<string[]> _time = new("TIME")
    {
        Description = "How long, as in 5s or 200ms; until the world is at rest, if it is not said",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public RunFor()
        : base("run", "Let time pass, and what happens happen", "run 5s", "run") => Arguments.Add(_time);

    protected override int Run(Invocation call, LivingWorld living)
    {
        var words = call.Get(_time);
        using var session = WorldSession.Open(call);
        if (words is [])
        {
            living.World.Settle(stop: session.Stop);
            session.Stop.ThrowIfCancellationRequested();
        }
        else if (Quantity.TryTime(string.Join(' ', words), out var span, out var wrong))
        {
            session.Run(async stop =>
            {
                await living.World.Loop.DelayAsync(span, stop);
                return Exit.Done;
            });
        }
        else
        {
            throw new WrongUsageException(wrong);
        }
        var world = living.World;
        return Answer(
            call,
            Now.Of(world),
            ShellJson.Default.NowAnswer,
            terminal =>
                terminal.Line(
                    $"{terminal.Say("now", "지금")} {world.Loop.UtcNow.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture):time}"
                )
        );
    }
}
