using System.CommandLine;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary><c>jobs</c>: what runs beside the commands.</summary>
internal sealed class JobsVerb() : ShellVerb("jobs", "List what was started with '&' and still runs", "jobs")
{
    protected override int Run(Invocation call, LivingWorld living) =>
        Answer(
            call,
            new JobsAnswer([.. living.Jobs.Running.Select(job => new JobAnswer(job.Number, job.Host, job.Line))]),
            ShellJson.Default.JobsAnswer,
            terminal =>
            {
                foreach (var job in living.Jobs.Running)
                    terminal.Line($"[{job.Number}]  {job.Host:host}  {job.Line}");
            }
        );
}

internal sealed record JobsAnswer(IReadOnlyList<JobAnswer> Jobs);

internal sealed record JobAnswer(int Number, string Host, string Command);

/// <summary><c>wait</c>: time passes until all jobs have ended.</summary>
internal sealed class WaitVerb()
    : ShellVerb("wait", "Let time pass until all that was started with '&' has ended", "wait")
{
    protected override int Run(Invocation call, LivingWorld living)
    {
        using var session = WorldSession.Open(call);
        return session.Run(living.Jobs.WaitForAllAsync);
    }
}

/// <summary><c>stop</c>: a job ends before its time.</summary>
internal sealed class StopVerb : ShellVerb
{
    private readonly Argument<int?> _number = new("N")
    {
        Description = "The job's number (default: all of them)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public StopVerb()
        : base("stop", "End what was started with '&'", "stop") => Arguments.Add(_number);

    protected override int Run(Invocation call, LivingWorld living)
    {
        var number = call.Get(_number);
        var jobs = living.Jobs.Running.Where(job => number is null || job.Number == number).ToList();
        if (number is not null && jobs.Count == 0)
            throw new WrongUsageException($"there is no job {number}");
        foreach (var job in jobs)
            job.End();
        // Their last words are said now, at this very moment of the world.
        living.World.RunFor(Core.Duration.Zero);
        return Exit.Done;
    }
}

/// <summary><c>help</c>: what there is, or how one verb is said.</summary>
internal sealed class HelpVerb : ShellVerb
{
    private readonly ShellRoot _root;

    private readonly Argument<string[]> _verb = new("VERB")
    {
        Description = "The verb to be explained",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public HelpVerb(ShellRoot root)
        : base("help", "List the verbs, or explain one", "help", "help ping")
    {
        _root = root;
        Arguments.Add(_verb);
    }

    protected override int Run(Invocation call, LivingWorld living) =>
        CommandLine.Run(_root, [.. call.Get(_verb), "--help"], living, call.Terminal);
}

/// <summary><c>history</c>: what was said before.</summary>
internal sealed class HistoryVerb(History history) : ShellVerb("history", "List what was said before", "history")
{
    protected override int Run(Invocation call, LivingWorld living) =>
        Answer(
            call,
            new HistoryAnswer([.. history.Lines]),
            ShellJson.Default.HistoryAnswer,
            terminal =>
            {
                for (var i = 0; i < history.Lines.Count; i++)
                    terminal.Line($"{$"{i + 1}".PadLeft(5):faint}  {history.Lines[i]}");
            }
        );
}

internal sealed record HistoryAnswer(IReadOnlyList<string> Lines);

/// <summary><c>exit</c>: the world ends.</summary>
internal sealed class ExitVerb : ShellVerb
{
    private readonly Argument<int?> _code = new("CODE")
    {
        Description = "How the shell is to end (default: with what the last command that failed said)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public ExitVerb()
        : base("exit", "Leave the world; it ends", "exit")
    {
        Arguments.Add(_code);
        Aliases.Add("quit");
    }

    protected override int Run(Invocation call, LivingWorld living)
    {
        var code = call.Get(_code);
        if (code is < 0 or > 255)
            throw new WrongUsageException($"exit takes a number from 0 to 255, not {code}");
        throw new ShellLeftException(code);
    }
}

/// <summary>Somebody has said <c>exit</c>.</summary>
internal sealed class ShellLeftException(int? code) : Exception
{
    public int? Code => code;
}
