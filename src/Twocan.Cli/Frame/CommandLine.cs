using System.CommandLine;
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

    private static int Run(ParseResult parsed, Terminal terminal, LivingWorld? living = null)
    {
        try
        {
            return Call(parsed, terminal, living);
        }
        catch (WrongUsageException wrong)
        {
            terminal.Error(wrong.Message);
            return Exit.Wrong;
        }
        catch (WorldFileException wrong)
        {
            terminal.Error(WorldCheck.Report(wrong.Errors));
            return Exit.Wrong;
        }
        catch (NoAnswerException no)
        {
            terminal.Error(no.Message);
            return Exit.No;
        }
        catch (OperationCanceledException)
        {
            return Exit.Interrupted;
        }
#pragma warning disable CA1031 // A mistake of ours: said as a mistake of ours, and as JSON to who reads JSON.
        catch (Exception bug)
        {
            terminal.Error($"a mistake in twocan itself: {bug.Message}");
            terminal.Note(bug.ToString());
            return Exit.Bug;
        }
#pragma warning restore CA1031
    }

    private static bool Has(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    // Not GetValue: that throws where the line is wrong, and the line's mistake is to be told in this language.
    private static string? Lang(ParseResult parsed) =>
        parsed.GetResult(CommonOptions.Lang) is { Tokens: [.., var token] } ? token.Value : null;

    private static int Call(ParseResult parsed, Terminal terminal, LivingWorld? living)
    {
        var command = parsed.CommandResult.Command;
        if (Has(parsed, CommonOptions.Help) || (command is RootVerb && parsed.Tokens.Count == 0))
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
        if (parsed.GetValue(CommonOptions.OnHost))
            throw new WrongUsageException(
                terminal.Say(
                    "--on-host is not there yet: every verb works in a world so far (leave --on-host out, or name one with --world FILE)",
                    "--on-host는 아직 없습니다. 지금은 모든 명령이 가상 세계 안에서 동작합니다 (--on-host를 빼거나 --world FILE로 세계를 고르십시오)"
                )
            );
        return ((Verb)command).Run(new(parsed, terminal, living));
    }
}
