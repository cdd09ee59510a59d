using System.CommandLine;
using System.Diagnostics.CodeAnalysis;

namespace Twocan.Cli;

/// <summary>
/// One verb of the command, in one file: its arguments and options, an example, the call into the room that does the
/// work, and the two ways to print the result. The options that every verb has are the root's (<see cref="CommonOptions"/>).
/// </summary>
internal abstract class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines that <c>--help</c> shows; each works as it stands.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Whether it knows <c>--on-host</c>: this machine's network has the same thing.</summary>
    public virtual bool RunsOnHost => false;

    /// <summary>What this machine or this user lacks for the verb, in a line; null when nothing.</summary>
    public virtual string? WhyNotHere => null;

    /// <summary>Why there is no option that people know from elsewhere; null where there is nothing to say about it.</summary>
    public virtual string? Refuses(string option) => null;

    /// <summary>Does it, and answers the exit code: 0 done, 1 the answer is 'no'.</summary>
    public abstract int Run(Invocation call);
}

/// <summary>A word that only gathers verbs: <c>ip</c>, <c>world</c>.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A command, not a collection.")]
internal sealed class VerbGroup : Command
{
    public VerbGroup(string name, string description, params Verb[] verbs)
        : base(name, description)
    {
        foreach (var verb in verbs)
            Subcommands.Add(verb);
    }
}

/// <summary>How a process of ours ends.</summary>
internal static class Exit
{
    public const int Done = 0;

    /// <summary>The answer is 'no': refused, timed out, no such name.</summary>
    public const int No = 1;

    /// <summary>Wrong usage or a bad file.</summary>
    public const int Wrong = 2;

    /// <summary>The command itself broke (EX_SOFTWARE of sysexits.h).</summary>
    public const int Bug = 70;

    /// <summary>Ctrl-C, as shells say it: 128 and the number of SIGINT.</summary>
    public const int Interrupted = 130;
}

/// <summary>The command cannot be done as it was asked: said in one line, exit code 2.</summary>
internal sealed class WrongUsageException(string message) : Exception(message);

/// <summary>The answer is 'no': said in one line, exit code 1.</summary>
internal sealed class NoAnswerException(string message) : Exception(message);
