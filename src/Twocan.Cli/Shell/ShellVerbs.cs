namespace Twocan.Cli;

/// <summary>Every verb that a shell knows: those of the command line, and its own.</summary>
internal static class ShellVerbs
{
    public static ShellRoot Root(History history)
    {
        var root = new ShellRoot();
        Cli.Verbs.AddTo(root);
        foreach (var verb in FaultVerb.All)
            root.Subcommands.Add(verb);
        foreach (
            var verb in (ShellVerb[])
                [
                    new Heal(),
                    new Faults(),
                    new Restart(),
                    new Now(),
                    new RunFor(),
                    new Step(),
                    new Pace(),
                    new JobsVerb(),
                    new WaitVerb(),
                    new StopVerb(),
                    new HistoryVerb(history),
                    new HelpVerb(root),
                    new ExitVerb(),
                ]
        )
            root.Subcommands.Add(verb);
        return root;
    }
}
