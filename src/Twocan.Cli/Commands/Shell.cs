using System.CommandLine;

namespace Twocan.Cli;

/// <summary><c>shell</c>: a living world at a prompt, or for a script.</summary>
internal sealed class Shell : Verb
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "A script, a command a line; from standard input, if that is no terminal",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _commands = new("--commands", "-c")
    {
        Description = "Do these commands, with ';' between them, and end",
        HelpName = "COMMANDS",
    };

    private readonly Option<bool> _exitOnError = new("--exit-on-error", "-e")
    {
        Description = "End a script at the first command that fails",
    };

    private readonly Option<bool> _noEcho = new("--no-echo")
    {
        Description = "Do not show a script's lines as they are done",
    };

    private readonly Option<string> _pace = new("--pace")
    {
        Description = "How fast the world's time goes while a command runs: 1x as on the wall (default: fast)",
        HelpName = "1x|fast",
        DefaultValueFactory = _ => "fast",
    };

    public Shell()
        : base(
            "shell",
            "Live in a world: every verb at a prompt, cables to cut, hosts to become, and what has happened stays",
            "twocan shell -c 'ping -c 1 www.lab.cyber.co.kr; @home-router arp'",
            "twocan shell -c 'cut home-router--isp for 2s; ping -c 4 www.lab.cyber.co.kr; faults; now'",
            "twocan shell -c 'ping -c 2 www.lab.cyber.co.kr &; run 30ms; step 3'"
        )
    {
        Arguments.Add(_file);
        foreach (var option in (Option[])[_commands, _exitOnError, _noEcho, _pace])
            Options.Add(option);
    }

    public override int Run(Invocation call)
    {
        var pace = Pace.Read(call.Get(_pace));
        if (call.Get(_file) is not null && call.Get(_commands) is not null)
            throw new WrongUsageException("a shell does a FILE or what -c says, not both");
        if (call.Get(_file) is { } file)
            return RunScript(call, pace, Open(file), file);
        if (call.Get(_commands) is { } commands)
            return RunScript(call, pace, new StringReader(commands), null, mayEcho: false);
        if (Console.IsInputRedirected)
            return RunScript(call, pace, Console.In, null);
        return RunAtPrompt(call, pace);
    }

    private int RunScript(Invocation call, double? pace, TextReader script, string? name, bool mayEcho = true)
    {
        using var living = WorldSession.OpenLiving(call);
        living.World.Pacer!.Pace = pace;
        var echo = mayEcho && !call.Json && !call.Get(_noEcho) ? call.Terminal : null;
        var lines = new ScriptLines(script, name, echo);
        return new ShellSession(
            living,
            call.Terminal,
            lines,
            ShellVerbs.Root(new History(null)),
            call.Get(_exitOnError)
        ).Run();
    }

    private static int RunAtPrompt(Invocation call, double? pace)
    {
        using var living = WorldSession.OpenLiving(call);
        living.World.Pacer!.Pace = pace;
        var history = new History(History.DefaultPath());
        var root = ShellVerbs.Root(history);
        using var lines = new EditedLines(call.Terminal, history, new Completer(root, living));
        lines.Greet(living.World);
        return new ShellSession(living, call.Terminal, lines, root, endsAtFailure: false).Run();
    }

    private static StreamReader Open(string file)
    {
        try
        {
            return new(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"the script cannot be read: {failure.Message}");
        }
    }
}
