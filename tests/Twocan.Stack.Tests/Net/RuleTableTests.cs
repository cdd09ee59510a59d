using System.Reflection;

namespace Twocan.Stack.Tests;

/// <summary>docs/ip.md says of each rule where it is kept and which test holds it: both must be there.</summary>
public sealed class RuleTableTests
{
    private static string Root
    {
        get
        {
            var at = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(at.FullName, "docs", "ip.md")))
                at = at.Parent ?? throw new FileNotFoundException("docs/ip.md is nowhere above the tests.");
            return at.FullName;
        }
    }

    /// <summary>The rows of all tables: rule, document, where, test.</summary>
    private static List<string[]> Rows =>
        [
            .. File.ReadLines(Path.Combine(Root, "docs", "ip.md"))
                .Where(line => line.StartsWith('|') && !line.StartsWith("|-", StringComparison.Ordinal))
                .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))
                .Where(row => row[0] != "rule"),
        ];

    [Fact]
    public void Every_test_that_the_table_of_rules_names_exists()
    {
        var tests = typeof(RuleTableTests)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttributes<FactAttribute>().Any())
            .Select(method => method.Name)
            .ToHashSet();
        var named = Rows.SelectMany(row => Quoted(row[3])).ToList();
        Assert.True(named.Count >= 60, $"only {named.Count} tests are named");
        Assert.DoesNotContain(named, name => !tests.Contains(name));
    }

    [Fact]
    public void Every_file_that_the_table_of_rules_names_exists()
    {
        var files = Rows.SelectMany(row => Quoted(row[2])).Distinct();
        Assert.DoesNotContain(files, file => !File.Exists(Path.Combine(Root, "src", "Twocan.Stack", file)));
    }

    [Fact]
    public void Every_rule_says_where_it_stands_and_what_becomes_of_it()
    {
        foreach (var row in Rows)
        {
            Assert.Equal(4, row.Length);
            Assert.True(char.IsAsciiDigit(row[1][0]), row[0]);
            Assert.True(row[3].Length > 0, row[0]);
        }
    }

    /// <summary>What stands between backquotes.</summary>
    private static IEnumerable<string> Quoted(string cell) => cell.Split('`').Where((_, i) => i % 2 == 1);
}
