using System.CommandLine;
using System.CommandLine.Parsing;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary>What <c>--help</c> shows: what it does, how it is called, an example that works as it stands.</summary>
internal static class Help
{
    public static void Write(CommandResult result, Terminal terminal)
    {
        var command = result.Command;
        terminal.Write(new Paragraph(command.Description ?? ""));
        terminal.Line();
        terminal.Line($"{"Usage:":strong} {$"{Usage.Line(result)}{Synopsis(command)}".TrimStart()}");
        Section(terminal, "Arguments", command.Arguments.Select(argument => (argument.Name, argument.Description)));
        var leaves = Leaves(command).ToLookup(leaf => leaf.Command is ShellVerb);
        Section(terminal, "Verbs", leaves[false].Select(Row));
        Section(terminal, "Verbs for the world and the shell itself", leaves[true].Select(Row));
        if (command is Verb verb)
        {
            Section(terminal, "Options", Shown(command.Options));
            Section(terminal, "Options of every verb", Shown(CommonOptions.All));
            Title(terminal, verb.Examples.Count == 1 ? "Example" : "Examples");
            var isInShell = InShell(result);
            foreach (var example in verb.Examples)
                terminal.Line($"  {(isInShell ? WithoutTwocan(example) : example):good}");
        }
        else
        {
            Section(terminal, "Options", Shown(CommonOptions.All.Union(command.Options)));
        }
    }

    private static (string, string?) Row((string Words, Command Command) leaf) =>
        (leaf.Words + Synopsis(leaf.Command), leaf.Command.Description);

    private static string Synopsis(Command command) =>
        command is Verb
            ? string.Concat(
                command.Arguments.Select(argument =>
                    argument.Arity.MinimumNumberOfValues > 0 ? $" {argument.Name}" : $" [{argument.Name}]"
                )
            ) + (command.Options.Count > 0 ? " [OPTIONS]" : "")
            : " VERB [OPTIONS]";

    private static bool InShell(CommandResult result) =>
        result.Command is ShellRoot || (result.Parent is CommandResult parent && InShell(parent));

    private static string WithoutTwocan(string example) =>
        example.StartsWith("twocan ", StringComparison.Ordinal) ? example["twocan ".Length..] : example;

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
        terminal.Line($"{title + ":":strong}");
    }

    private static void Section(Terminal terminal, string title, IEnumerable<(string Name, string? Text)> rows)
    {
        var lines = rows.Select(row => (IReadOnlyList<Text>)[new Text($"  {row.Name}"), row.Text ?? ""]).ToList();
        if (lines.Count == 0)
            return;
        Title(terminal, title);
        terminal.Write(new Table([new(""), new("", Flows: true)], lines));
    }
}
