using System.Text.RegularExpressions;

namespace Twocan.Cli.Tests;

public partial class ReadmeTests
{
    /// <summary>The README shows a part of what its first command prints: line by line, and in that order.</summary>
    [Theory]
    [InlineData("README.md", "en")]
    [InlineData("README.ko.md", "ko")]
    public void What_the_readme_shows_of_its_first_command_is_what_it_prints(string file, string language)
    {
        var text = File.ReadAllText(Path.Combine(Root(), file));
        var shown = text.Split("\n```\n")[1].Split('\n').Where(line => line.Trim() != "…").ToList();
        Assert.True(shown.Count > 10, $"{file} shows only {shown.Count} lines");
        var call = Call.Twocan("explore", "http://www.lab.cyber.co.kr/sample1.htm", "--lang", language);
        var printed = call.Out.Split('\n');
        var next = 0;
        foreach (var line in shown)
        {
            var found = Array.IndexOf(printed, line, next);
            Assert.True(found >= 0, $"{file} shows a line that the command does not print there: '{line}'");
            next = found + 1;
        }
    }

    /// <summary>The session of a document is one, in order, and each of its lines is what the shell prints.</summary>
    [Theory]
    [InlineData("shell.md")]
    [InlineData("tools.md")]
    [InlineData("url.md")]
    [InlineData("browse.md")]
    public void The_session_in_a_document_is_what_the_shell_prints(string document)
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", document));
        var session = string.Concat(
            text.Split("```console\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])
        );
        var script = session
            .Split('\n')
            .Where(line => Prompt().IsMatch(line))
            .Select(line => line[(line.IndexOf('>') + 2)..])
            .ToList();
        Assert.True(script.Count > 1);
        var call = Call.Shell(string.Join('\n', script));
        Assert.Equal("", call.Error);
        Assert.Equal(Lines(session), Lines(call.Out));

        // Where a block ends in an empty line, the document leaves it out.
        static IEnumerable<string> Lines(string said) =>
            said.ReplaceLineEndings("\n").Split('\n').Where(line => line.Length > 0);
    }

    [GeneratedRegex(@"^[\w.-]+( \(down\))?> ", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Prompt();

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Twocan.slnx")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException("The tests stand in no checkout.");
    }
}
