using System.CommandLine;
using System.CommandLine.Parsing;

namespace Twocan.Cli;

/// <summary>What is wrong with a command line, in one line that helps.</summary>
internal static class Usage
{
    public static void ThrowIfWrong(ParseResult parsed)
    {
        var result = parsed.CommandResult;
        var command = result.Command;
        if (parsed.UnmatchedTokens.Count > 0)
            throw new WrongUsageException(Unknown(parsed.UnmatchedTokens[0], result));
        if (command is not Verb)
            throw new WrongUsageException(
                $"'{Line(result)}' needs a verb: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}. See {Line(result)} --help"
            );
        if (parsed.Errors.Count > 0)
            throw new WrongUsageException($"{Mistake(parsed.Errors[0], result)}. See {Line(result)} --help");
        if (parsed.GetValue(CommonOptions.Lang) is { } lang and not ("en" or "ko"))
            throw new WrongUsageException($"--lang is en or ko, not '{lang}'");
    }

    /// <summary>The words from the root to this command: <c>twocan ip explain</c>.</summary>
    public static string Line(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Line(parent)} {result.Command.Name}" : result.Command.Name;

    private static string Mistake(ParseError error, CommandResult result) =>
        error.SymbolResult switch
        {
            OptionResult { Tokens: [.., var token], Option: var option } =>
                $"'{token.Value}' is not what {option.Name} {option.HelpName} takes",
            OptionResult { Option: var option } => $"{option.Name} needs a value: {option.Name} {option.HelpName}",
            ArgumentResult { Tokens: [.., var token], Argument: var argument } =>
                $"'{token.Value}' is not what {argument.Name} takes",
            ArgumentResult { Argument: var argument } => $"'{Line(result)}' needs {argument.Name}",
            _ when result.Command.Arguments is [var first, ..] && result.Tokens.Count == 0 =>
                $"'{Line(result)}' needs {first.Name}",
            _ => error.Message.TrimEnd('.'),
        };

    private static string Unknown(string word, CommandResult result)
    {
        var isOption = word.StartsWith('-');
        var known = isOption
            ? result.Command.Options.Concat(CommonOptions.All).Select(option => option.Name)
            : result.Command.Subcommands.Select(command => command.Name);
        var what =
            isOption ? "option"
            : result.Command is Verb ? "argument"
            : "verb";
        var nearest = known
            .Select(name => (Name: name, Distance: Distance(word, name)))
            .Where(candidate => candidate.Distance <= Math.Max(2, candidate.Name.Length / 3))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault();
        return nearest.Name is null
            ? $"'{Line(result)}' knows no {what} '{word}'. See {Line(result)} --help"
            : $"'{Line(result)}' knows no {what} '{word}'. Did you mean '{nearest.Name}'?";
    }

    /// <summary>Letters to insert, remove, replace or swap with their neighbour (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
