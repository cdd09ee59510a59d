namespace Twocan.Cli.Tests;

public class ShellLineTests
{
    [Theory]
    [InlineData("ping -c 1 www", "ping|-c|1|www")]
    [InlineData("  a   b ", "a|b")]
    [InlineData("a 'b c' \"d 'e' \\\" f\"", "a|b c|d 'e' \" f")]
    [InlineData("a\\ b ''", "a b|")]
    [InlineData("a # the rest", "a")]
    [InlineData("http://x/#top", "http://x/#top")]
    [InlineData("a; b c;", "a / b|c")]
    [InlineData("a & b", "a& / b")]
    [InlineData("# nothing", "")]
    [InlineData("'#' ';'", "#|;")]
    public void A_line_falls_into_commands_and_words(string line, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                " / ",
                ShellLine.Read(line).Select(one => string.Join('|', one.Words) + (one.IsBeside ? "&" : ""))
            )
        );

    [Theory]
    [InlineData("ping 'www")]
    [InlineData("ping \"www")]
    [InlineData("&")]
    public void What_is_not_whole_is_refused(string line) =>
        Assert.Throws<WrongUsageException>(() => ShellLine.Read(line));

    [Fact]
    public void Whatever_is_typed_falls_apart_or_is_refused()
    {
        var random = new Core.RandomSource(5);
        const string letters = "ab '\"\\;&#@-한\t";
        for (var i = 0; i < 20_000; i++)
        {
            var line = string.Concat(
                Enumerable.Range(0, random.Next(12)).Select(_ => letters[random.Next(letters.Length)])
            );
            try
            {
                Assert.All(ShellLine.Read(line), one => Assert.NotEmpty(one.Words));
            }
            catch (WrongUsageException)
            {
                // Said in words.
            }
        }
    }
}
