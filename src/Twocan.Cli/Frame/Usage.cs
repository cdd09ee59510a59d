using System.CommandLine;
using System.CommandLine.Parsing;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary>What is wrong with a command line, in one line that helps.</summary>
internal static class Usage
{
    public static void ThrowIfWrong(ParseResult parsed)
    {
        var result = parsed.CommandResult;
        var command = result.Command;
        // An option that nobody knows is taken for an argument, and the argument behind it for one too many.
        if (MistakenOption(parsed) is { } option)
            throw new WrongUsageException(
                command is Verb verb && verb.Refuses(option) is { } why
                    ? $"'{Line(result)}' has no '{option}': {why}"
                    : Unknown(option, result)
            );
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
        result.Parent switch
        {
            CommandResult { Command: ShellRoot } => result.Command.Name,
            null when result.Command is ShellRoot => "",
            CommandResult parent => $"{Line(parent)} {result.Command.Name}",
            _ => result.Command.Name,
        };

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

    /// <summary>What stands behind '--' is meant as it is.</summary>
    private static string? MistakenOption(ParseResult parsed) =>
        parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? null
            : parsed
                .CommandResult.Children.OfType<ArgumentResult>()
                .SelectMany(argument => argument.Tokens)
                .Select(token => token.Value)
                .FirstOrDefault(value => value is ['-', not (>= '0' and <= '9'), ..]);

    private static string Unknown(string word, CommandResult result)
    {
        var isOption = word.StartsWith('-');
        var known = isOption
            ? result.Command.Options.Concat(CommonOptions.All).Select(option => option.Name)
            : result.Command.Subcommands.Select(command => command.Name);
        if (result.Command is ShellRoot && !isOption)
            return Nearest.Guess(word, known) is { } meant
                ? $"no verb '{word}': did you mean '{meant}'?"
                : $"no verb '{word}': 'help' lists those that there are";
        var what =
            isOption ? "option"
            : result.Command is Verb ? "argument"
            : "verb";
        return Nearest.Guess(word, known) is not { } near
            ? $"'{Line(result)}' knows no {what} '{word}'. See {Line(result)} --help"
            : $"'{Line(result)}' knows no {what} '{word}'. Did you mean '{near}'?";
    }
}
