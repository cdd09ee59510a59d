namespace Twocan.Cli;

/// <summary>What a verb does on a host of a world that runs, or on this machine; the answer is the exit code.</summary>
internal delegate Task<int> HostProgram(Session session, CancellationToken stop);

/// <summary>
/// A verb that is one program of one host: it can run beside others. What is wrong with its line is said before any world is made.
/// </summary>
internal abstract class ProgramVerb(string name, string description, params string[] examples)
    : Verb(name, description, examples)
{
    /// <summary>A program of one host neither knows nor cares whose network it is on.</summary>
    public override bool RunsOnHost => true;

    public sealed override int Run(Invocation call)
    {
        var program = Prepare(call);
        using var session = IsForThisMachine(call) ? HostSession.Open(call) : Session.Open(call, ReadsJournal(call));
        return session.Run(stop => program(session, stop));
    }

    /// <summary>Reads the line, and answers what is to be done.</summary>
    public abstract HostProgram Prepare(Invocation call);

    /// <summary>Whether it runs on this machine, also where nobody says so.</summary>
    protected virtual bool IsForThisMachine(Invocation call) => call.OnHost;

    /// <summary>Whether the program reads the journal.</summary>
    public virtual bool ReadsJournal(Invocation call) => false;
}
