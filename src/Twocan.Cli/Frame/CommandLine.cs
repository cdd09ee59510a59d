using System.CommandLine;
using System.Net.Sockets;
using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary>From the words on the command line to a verb, and from what became of it to an exit code.</summary>
internal static class CommandLine
{
    // '@server' is dig's, not the name of a file with more arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static int Run(string[] args)
    {
        var parsed = Verbs.Root().Parse(args, Parsing);
        var json = args.Contains("--json");
        using var terminal = new Terminal(json, CommonOptions.LanguageOf(Lang(parsed), json));
        return Run(parsed, terminal);
    }

    /// <summary>A line of a shell, for its own verbs too, in the world that lives there.</summary>
    public static int Run(Command root, IReadOnlyList<string> words, LivingWorld living, Terminal terminal)
    {
        var parsed = root.Parse(words, Parsing);
        var json = terminal.Json || words.Contains("--json");
        var language = Lang(parsed) is { } lang ? CommonOptions.LanguageOf(lang, json) : terminal.Language;
        return Run(parsed, terminal.For(json, language), living);
    }

    /// <summary>A line of a shell that is to run beside others.</summary>
    public static int Start(Command root, IReadOnlyList<string> words, LivingWorld living, Terminal terminal)
    {
        var parsed = root.Parse(words, Parsing);
        try
        {
            Usage.ThrowIfWrong(parsed);
            ThrowIfNotOnHost(parsed, terminal, living);
            if (parsed.CommandResult.Command is not ProgramVerb verb)
                throw new WrongUsageException(
                    $"'{parsed.CommandResult.Command.Name}' cannot run beside others: {string.Join(", ", root.Subcommands.OfType<ProgramVerb>().Select(one => one.Name))} can"
                );
            var mine = terminal.For(terminal.Who, terminal.Json ? "" : $"[{living.Jobs.Next}] ");
            var call = new Invocation(parsed, mine, living);
            var program = verb.Prepare(call);
            var session = WorldSession.Open(call, verb.ReadsJournal(call), isInFront: false);
            living.Jobs.Start(
                string.Join(' ', words),
                living.Me.Name,
                stop => RunBesideAsync(program, session, mine, stop)
            );
            return Exit.Done;
        }
        catch (Exception failure)
        {
            if (Told(failure, terminal) is { } code)
                return code;
            throw;
        }
    }

    private static async Task RunBesideAsync(
        HostProgram program,
        WorldSession session,
        Terminal terminal,
        CancellationToken stop
    )
    {
        using (session)
        {
            try
            {
                await program(session, stop);
            }
            catch (Exception failure)
            {
                if (Told(failure, terminal) is null)
                    throw;
            }
        }
    }

    private static int Run(ParseResult parsed, Terminal terminal, LivingWorld? living = null)
    {
        try
        {
            return Call(parsed, terminal, living);
        }
        catch (Exception failure)
        {
            if (Told(failure, terminal) is { } code)
                return code;
            throw;
        }
    }

    /// <summary>Says what went wrong, and answers the exit code; null for what is nobody's failure.</summary>
    private static int? Told(Exception failure, Terminal terminal)
    {
        switch (failure)
        {
            case ShellLeftException:
                return null;
            case WrongUsageException:
                terminal.Error(failure.Message);
                return Exit.Wrong;
            case WorldFileException wrong:
                terminal.Error(WorldCheck.Report(wrong.Errors));
                return Exit.Wrong;
            case NoAnswerException or SocketException:
                terminal.Error(failure.Message);
                return Exit.No;
            case OperationCanceledException:
                return Exit.Interrupted;
            default:
                // A mistake of ours: said as a mistake of ours, and as JSON to who reads JSON.
                terminal.Error($"a mistake in twocan itself: {failure.Message}");
                terminal.Note(failure.ToString());
                return Exit.Bug;
        }
    }

    private static bool Has(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    // Not GetValue: that throws where the line is wrong, and the line's mistake is to be told in this language.
    private static string? Lang(ParseResult parsed) =>
        parsed.GetResult(CommonOptions.Lang) is { Tokens: [.., var token] } ? token.Value : null;

    private static void ThrowIfNotOnHost(ParseResult parsed, Terminal terminal, LivingWorld? living)
    {
        if (!parsed.GetValue(CommonOptions.OnHost))
            return;
        var verb = (Verb)parsed.CommandResult.Command;
        if (!verb.RunsOnHost)
            throw new WrongUsageException(
                terminal.Say(
                    $"{verb.Name} works in a world alone: leave --on-host out",
                    $"{verb.Name} 명령은 가상 세계 안에서만 동작합니다. --on-host를 빼십시오"
                )
            );
        if (living is not null)
            throw new WrongUsageException(
                terminal.Say(
                    "--on-host leaves this world: say it to a twocan of its own, outside the shell",
                    "--on-host는 이 세계를 벗어납니다. 셸 밖에서 따로 실행하십시오"
                )
            );
    }

    private static int Call(ParseResult parsed, Terminal terminal, LivingWorld? living)
    {
        var command = parsed.CommandResult.Command;
        if (Has(parsed, CommonOptions.Help) || (command is RootVerb or ShellRoot && parsed.Tokens.Count == 0))
        {
            Help.Write(parsed.CommandResult, terminal);
            return Exit.Done;
        }
        if (Has(parsed, CommonOptions.Version))
        {
            terminal.Line($"twocan {typeof(CommandLine).Assembly.GetName().Version?.ToString(3)}");
            return Exit.Done;
        }
        Usage.ThrowIfWrong(parsed);
        ThrowIfNotOnHost(parsed, terminal, living);
        return ((Verb)command).Run(new(parsed, terminal, living));
    }
}
