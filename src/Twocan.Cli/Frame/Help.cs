using System.CommandLine;
using System.CommandLine.Parsing;

namespace Twocan.Cli;

/// <summary>What <c>--help</c> shows: what it does, how it is called, an example that works as it stands.</summary>
internal static class Help
{
    private const int MaxFirstColumn = 34;

    public static void Write(CommandResult result, Terminal terminal)
    {
        var command = result.Command;
        terminal.Paragraph(command.Description ?? "");
        terminal.Line();
        terminal.Line($"{terminal.Paint("Usage:", Ink.Bold)} {Usage.Line(result)}{Synopsis(command)}");
        Section(terminal, "Arguments", command.Arguments.Select(argument => (argument.Name, argument.Description)));
        Section(
            terminal,
            "Verbs",
            Leaves(command).Select(leaf => (leaf.Words + Synopsis(leaf.Command), leaf.Command.Description))
        );
        if (command is Verb)
            Section(terminal, "Options", Shown(command.Options.Except(CommonOptions.All)));
        Section(
            terminal,
            command is Verb ? "Options of every verb" : "Options",
            Shown(command is Verb ? CommonOptions.All : CommonOptions.All.Union(command.Options))
        );
        if (command is Verb { Examples.Count: > 0 } verb)
        {
            Title(terminal, verb.Examples.Count == 1 ? "Example" : "Examples");
            foreach (var example in verb.Examples)
                terminal.Line($"  {terminal.Paint(example, Ink.Green)}");
        }
    }

    private static string Synopsis(Command command) =>
        command is Verb
            ? string.Concat(
                command.Arguments.Select(argument =>
                    argument.Arity.MinimumNumberOfValues > 0 ? $" {argument.Name}" : $" [{argument.Name}]"
                )
            ) + (command.Options.Count > 0 ? " [OPTIONS]" : "")
            : " VERB [OPTIONS]";

    private static IEnumerable<(string Words, Command Command)> Leaves(Command command) =>
        command.Subcommands.SelectMany(child =>
            child is Verb
                ? [(child.Name, child)]
                : Leaves(child).Select(leaf => ($"{child.Name} {leaf.Words}", leaf.Command))
        );

    private static IEnumerable<(string, string?)> Shown(IEnumerable<Option> options) =>
        options.Where(option => !option.Hidden).Select(option => (NameOf(option), option.Description));

    private static string NameOf(Option option)
    {
        var names = string.Join(", ", option.Aliases.Except(["-?"]).Append(option.Name).OrderBy(name => name.Length));
        return option.ValueType == typeof(bool) ? names : $"{names} {option.HelpName ?? "VALUE"}";
    }

    private static void Title(Terminal terminal, string title)
    {
        terminal.Line();
        terminal.Line(terminal.Paint($"{title}:", Ink.Bold));
    }

    private static void Section(Terminal terminal, string title, IEnumerable<(string Name, string? Text)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        Title(terminal, title);
        var column = Math.Min(MaxFirstColumn, all.Max(row => TextWidth.Of(row.Name)));
        foreach (var (name, text) in all)
        {
            var indent = $"  {TextWidth.PadRight(name, column)}  ";
            foreach (var line in TextWidth.Wrap(text ?? "", terminal.Width - column - 4))
            {
                terminal.Line(indent + line);
                indent = new(' ', column + 4);
            }
        }
    }
}
