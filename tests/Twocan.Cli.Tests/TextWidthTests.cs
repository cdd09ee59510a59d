namespace Twocan.Cli.Tests;

public class TextWidthTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(5, "hello")]
    [InlineData(6, "네트워")]
    [InlineData(8, "한 글 a_")]
    [InlineData(3, "\e[1;32mabc\e[0m")]
    [InlineData(3, "│├─")]
    [InlineData(1, "e\u0301")]
    [InlineData(2, "😀")]
    public void A_text_is_as_wide_as_the_terminal_draws_it(int width, string text) =>
        Assert.Equal(width, TextWidth.Of(text));

    [Fact]
    public void Wrapped_lines_fit_and_keep_every_letter()
    {
        const string text = "서브넷은 주소의 앞쪽 비트가 같은 이웃들이며 a-very-long-word-that-fits-nowhere is cut";
        var lines = TextWidth.Wrap(text, 12).ToList();
        Assert.All(lines, line => Assert.InRange(TextWidth.Of(line), 1, 12));
        Assert.Equal(text.Replace(" ", ""), string.Concat(lines).Replace(" ", ""));
    }
}
