using System.CommandLine;
using System.Text.Json;

namespace Twocan.Cli.Tests;

public class HelpTests
{
    public static TheoryData<string> VerbLines => [.. Verbs(Cli.Verbs.Root(), "").Select(verb => verb.Line)];

    public static TheoryData<string> Examples =>
        [.. Verbs(Cli.Verbs.Root(), "").SelectMany(verb => verb.Verb.Examples)];

    [Theory]
    [MemberData(nameof(VerbLines))]
    public void Every_verb_has_help_with_an_example(string line)
    {
        var call = Call.Twocan([.. line.Split(' '), "--help"]);
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.Contains($"Usage: twocan {line}", call.Out, StringComparison.Ordinal);
        Assert.Contains(
            $"  twocan {line}",
            call.Out[call.Out.IndexOf("Example", StringComparison.Ordinal)..],
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_works_as_it_stands(string example)
    {
        var words = Words(example);
        Assert.Equal("twocan", words[0]);
        SkipUnlessHere(words);
        var call = Call.Twocan(words[1..]);
        Assert.True(call.ExitCode == 0, $"{example} => {call.ExitCode}\n{call.Error}");
        Assert.NotEqual("", call.Out);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void With_json_an_example_says_json_lines_in_snake_case_and_nothing_else(string example)
    {
        var words = Words(example);
        SkipUnlessHere(words);
        // Behind '--' stands somebody else's command line.
        var end = Array.IndexOf(words, "--") is > 0 and var at ? at : words.Length;
        var call = Call.Twocan([.. words[1..end], "--json", .. words[end..]]);
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        foreach (var line in call.Out.TrimEnd('\n').Split('\n'))
            AssertSnakeCase(JsonDocument.Parse(line).RootElement);
    }

    /// <summary>Some verbs need what not every machine has and not every user may.</summary>
    private static void SkipUnlessHere(string[] words)
    {
        var verb = Verbs(Cli.Verbs.Root(), "")
            .First(verb => $"{string.Join(' ', words[1..])} ".StartsWith($"{verb.Line} ", StringComparison.Ordinal))
            .Verb;
        if (OperatingSystem.IsLinux() && verb is Attach)
            Kernel.SkipUnlessHere();
        Assert.SkipWhen(verb.WhyNotHere is not null, $"{verb.WhyNotHere}");
        if (Array.IndexOf(words, "--") is > 0 and var at)
            Assert.SkipUnless(Call.IsInstalled(words[at + 1]), $"{words[at + 1]} is not installed");
    }

    /// <summary>As a shell would take the line apart: what stands between quotes is one word.</summary>
    private static string[] Words(string example) =>
        [
            .. example
                .Split('\'')
                .SelectMany(
                    (part, index) => index % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                ),
        ];

    private static void AssertSnakeCase(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                AssertSnakeCase(item);
        }
        if (element.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in element.EnumerateObject())
        {
            Assert.Matches("^[a-z0-9_]+$", property.Name);
            AssertSnakeCase(property.Value);
        }
    }

    private static IEnumerable<(string Line, Verb Verb)> Verbs(Command command, string line) =>
        command.Subcommands.SelectMany(child =>
            child is Verb verb ? [(line + child.Name, verb)] : Verbs(child, $"{line}{child.Name} ")
        );
}
