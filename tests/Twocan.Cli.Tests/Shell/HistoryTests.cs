using System.Text;

namespace Twocan.Cli.Tests;

public sealed class HistoryTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("twocan-history").FullName;

    private string FilePath => Path.Combine(_directory, "twocan", "history");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_line_is_in_the_file_as_soon_as_it_is_said()
    {
        new History(FilePath).Add("ping www");
        Assert.Equal("ping www\n", File.ReadAllText(FilePath));
        Assert.Equal(["ping www"], new History(FilePath).Lines);
    }

    [Fact]
    public void What_is_said_twice_in_a_row_is_kept_once()
    {
        var history = new History(null);
        foreach (var line in (string[])["a", "a ", " ", "b", "a"])
            history.Add(line);
        Assert.Equal(["a", "b", "a"], history.Lines);
    }

    [Fact]
    public void A_file_that_was_cut_short_goes_on_with_a_line_of_its_own()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllBytes(FilePath, [.. "ping www\ncut 한"u8[..^1]]);
        var history = new History(FilePath);
        Assert.Equal(["ping www", "cut"], history.Lines);
        history.Add("heal");
        Assert.Equal(["ping www", "cut", "heal"], new History(FilePath).Lines);
    }

    [Fact]
    public void A_file_of_anything_brings_no_control_characters_to_the_screen()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, "a\e[2Jb\u009bc\n" + new string('x', 100_000) + "\n\0\n", Encoding.UTF8);
        Assert.Equal(["a[2Jbc"], new History(FilePath).Lines);
    }

    [Fact]
    public void The_file_does_not_grow_without_end()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllLines(FilePath, Enumerable.Range(0, 5000).Select(number => $"line {number}"));
        var history = new History(FilePath);
        Assert.Equal((1000, "line 4999"), (history.Lines.Count, history.Lines[^1]));
        Assert.Equal(1000, File.ReadAllLines(FilePath).Length);
    }

    [Fact]
    public void Where_nothing_can_be_written_nothing_fails()
    {
        File.WriteAllText(Path.Combine(_directory, "twocan"), "a file where the directory should be");
        var history = new History(FilePath);
        history.Add("ping");
        Assert.Equal(["ping"], history.Lines);
    }
}
