namespace Twocan.Explorer.Tests;

public sealed class LayoutTests
{
    [Fact]
    public void Hangul_takes_two_cells()
    {
        Assert.Equal(10, CellWidth.Of("리졸버 DNS"));
        Assert.Equal(6, CellWidth.Of("소켓 3"));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(37)]
    [InlineData(80)]
    public void No_line_of_a_paragraph_is_wider_than_the_terminal(int width)
    {
        Text text =
            $"The browser asks {"www.lab.cyber.co.kr":name} 리졸버는 이름을 주소로 바꿉니다 and-a-word-that-is-longer-than-a-narrow-line.";
        foreach (var line in Layout.Lines(new Paragraph(text, "• ", 2), width))
            Assert.InRange(Width(line), 1, width);
    }

    [Fact]
    public void Wrapping_loses_no_letter_and_no_role()
    {
        Text text = $"one {"two three":name} four five";
        var lines = Layout.Lines(new Paragraph(text), 16).ToList();
        Assert.True(lines.Count > 1);
        Assert.Equal("one two three four five", string.Join(' ', lines.Select(Say)));
        Assert.Equal(
            ["two", "three"],
            lines
                .SelectMany(line => line)
                .Where(piece => piece.Role == Role.Name)
                .SelectMany(piece => piece.Content.Split(' '))
        );
    }

    [Fact]
    public void Columns_stand_under_each_other_also_in_korean()
    {
        var table = new Table(
            [new("시각", Right: true), new("무엇")],
            [
                ["1 ms", "가"],
                ["20.5 ms", "나"],
            ]
        );
        var lines = Layout.Lines(table, 80).Select(Say).ToList();
        Assert.Equal(["   시각  무엇", "   1 ms  가", "20.5 ms  나"], lines);
    }

    [Fact]
    public void The_flowing_column_takes_the_width_that_is_left()
    {
        var table = new Table(
            [new("at"), new("what", Flows: true)],
            [
                ["1 ms", "a sentence that is rather long for so narrow a terminal"],
            ]
        );
        var lines = Layout.Lines(table, 30).ToList();
        Assert.All(lines, line => Assert.InRange(Width(line), 1, 30));
        Assert.StartsWith("      ", Say(lines[2]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_is_drawn_with_its_branches()
    {
        var tree = new Tree([new("root", [new("a", [new("b", [])]), new("c", [])])]);
        Assert.Equal(["root", "├─ a", "│  └─ b", "└─ c"], Layout.Lines(tree, 40).Select(Say));
    }

    private static int Width(IReadOnlyList<Piece> line) => line.Sum(piece => CellWidth.Of(piece.Content));

    private static string Say(IReadOnlyList<Piece> line) => string.Concat(line.Select(piece => piece.Content));
}
