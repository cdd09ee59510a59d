using System.Text;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli.Tests;

public class LineEditorTests
{
    private static readonly string[] s_history = ["ping www", "cut a--b", "ping ftp"];

    /// <summary>A person at a terminal: keys go in as bytes, and what comes out stands on a screen.</summary>
    private sealed class Person
    {
        private readonly KeyReader _reader = new();
        private readonly LineEditor _editor;

        public Person(int width = 40, string[]? history = null, Func<string, int, Completion>? complete = null)
        {
            Screen = new(width);
            _editor = new("pc> ", "\e[1m", width, history ?? [], complete ?? ((_, cursor) => new(cursor, [])));
            Screen.Show(_editor.TakeOutput());
        }

        public Screen Screen { get; }

        public LineOutcome Outcome { get; private set; }

        public string Text => _editor.Text;

        public Person Types(string keys)
        {
            foreach (var key in _reader.Read(Encoding.UTF8.GetBytes(keys)).Concat(_reader.OnSilence()))
            {
                if (Outcome != LineOutcome.None)
                    return this;
                Outcome = _editor.OnKey(key);
                Screen.Show(_editor.TakeOutput());
            }
            return this;
        }
    }

    [Theory]
    [InlineData("ping", "ping")]
    [InlineData("pinng\x7f\x7fg", "ping")]
    [InlineData("ing\x01p", "ping")]
    [InlineData("png\e[D\e[Di", "ping")]
    [InlineData("abc def\x17ping", "abc ping")]
    [InlineData("abc\x15ping", "ping")]
    [InlineData("ping x\x02\x02\x0b", "ping")]
    [InlineData("xping\x01\e[3~", "ping")]
    [InlineData("xping\x01\x04\x05!", "ping!")]
    [InlineData("a b\x17\x19\x19", "a bb")]
    [InlineData("one two\eb\ebX\efY", "XoneY two")]
    [InlineData("one two\e[1;5D\e[1;5DX", "Xone two")]
    [InlineData("one two\x01\ed", " two")]
    [InlineData("안녕하\x7f하세요", "안녕하세요")]
    [InlineData("안녕\e[D\x7f", "녕")]
    [InlineData("e\u0301x\x02\x7f", "x")]
    [InlineData("a\e[99~\eOP\e[200~b\x1c", "ab")]
    public void Keys_edit_the_line(string keys, string expected) =>
        Assert.Equal(expected, new Person().Types(keys).Text);

    [Fact]
    public void Enter_ends_the_line_and_leaves_the_cursor_below_it()
    {
        var person = new Person().Types("ping\x01\r");
        Assert.Equal((LineOutcome.Accepted, "ping"), (person.Outcome, person.Text));
        Assert.Equal(["pc> ping", ""], person.Screen.Rows);
        Assert.Equal((1, 0), (person.Screen.Row, person.Screen.Column));
    }

    [Fact]
    public void Control_D_ends_an_empty_line_alone()
    {
        Assert.Equal(LineOutcome.Ended, new Person().Types("\x04").Outcome);
        Assert.Equal(LineOutcome.None, new Person().Types("a\x04").Outcome);
    }

    [Fact]
    public void Control_C_drops_the_line()
    {
        var person = new Person().Types("ping\x03");
        Assert.Equal(LineOutcome.Dropped, person.Outcome);
        Assert.Equal("pc> ping^C", person.Screen.Rows[0]);
    }

    [Fact]
    public void Up_and_down_go_through_the_history_and_back_to_what_was_being_written()
    {
        var person = new Person(history: s_history).Types("dra");
        Assert.Equal("ping ftp", person.Types("\e[A").Text);
        Assert.Equal("cut a--b", person.Types("\e[A").Text);
        Assert.Equal("ping www", person.Types("\e[A\e[A").Text);
        Assert.Equal("dra", person.Types("\e[B\e[B\e[B\e[B").Text);
    }

    [Fact]
    public void Control_R_finds_what_was_said_while_one_writes_it()
    {
        var person = new Person(width: 60, history: s_history).Types("\x12pin");
        Assert.Equal("(reverse-i-search)'pin': ping ftp", person.Screen.Rows[0]);
        Assert.Equal("(reverse-i-search)'pin': ping www", person.Types("\x12").Screen.Rows[0]);
        Assert.StartsWith("(failed reverse-i-search)", person.Types("q").Screen.Rows[0], StringComparison.Ordinal);
        Assert.Equal("pc> ping ww", person.Types("\x7f\x05\x7f").Screen.Rows[0]);
        Assert.Equal("x", new Person(history: s_history).Types("x\x12pin\x07").Text);
    }

    [Fact]
    public void Tab_writes_what_all_that_fits_begins_with_and_then_lists_it()
    {
        var person = new Person(width: 20, complete: (line, _) => Fits(line, "ping", "pico", "pace")).Types("pi\t");
        Assert.Equal("pi", person.Text);
        Assert.Equal(["pc> pi", "pico  ping", "pc> pi"], person.Screen.Rows);
        Assert.Equal("ping ", person.Types("n\t").Text);
        Assert.Equal("x", new Person(complete: (line, _) => Fits(line, "ping")).Types("x\t").Text);

        static Completion Fits(string line, params string[] words) =>
            new(0, [.. words.Where(word => word.StartsWith(line, StringComparison.Ordinal)).Order()]);
    }

    [Fact]
    public void A_wide_character_that_does_not_fit_in_a_row_begins_the_next()
    {
        var person = new Person(width: 9).Types("한글은넓다");
        Assert.Equal(["pc> 한글", "은넓다"], person.Screen.Rows);
        Assert.Equal((1, 6), (person.Screen.Row, person.Screen.Column));
        person.Types("\x01");
        Assert.Equal((0, 4), (person.Screen.Row, person.Screen.Column));
    }

    [Fact]
    public void A_line_that_fills_its_row_has_the_cursor_in_the_next()
    {
        var person = new Person(width: 8).Types("ping");
        Assert.Equal((1, 0), (person.Screen.Row, person.Screen.Column));
        Assert.Equal(["pc> pin"], person.Types("\x7f").Screen.Rows);
    }

    [Fact]
    public void The_screen_shows_the_line_whatever_was_typed()
    {
        var random = new RandomSource(11);
        string[] keys =
        [
            "a",
            "Z9",
            "한",
            "글",
            " ",
            "e\u0301",
            "😀",
            "\x7f",
            "\x01",
            "\x05",
            "\x0b",
            "\x15",
            "\x17",
            "\x19",
            "\e[C",
            "\e[D",
            "\e[A",
            "\e[B",
            "\e[3~",
            "\eb",
            "\ef",
            "\t",
            "\x12",
            "\x07",
        ];
        for (var run = 0; run < 60; run++)
        {
            var width = 6 + random.Next(30);
            var person = new Person(width, s_history, (_, cursor) => new(cursor, ["한글", "b"]));
            for (var i = 0; i < 80; i++)
                person.Types(keys[random.Next(keys.Length)]);
            // Out of a search, and below whatever Tab has listed.
            person.Types("\x05");
            var rows = person.Screen.Rows;
            var shown = string.Concat(
                rows.Skip(rows.ToList().FindLastIndex(row => row.StartsWith("pc>", StringComparison.Ordinal)))
            );
            Assert.Equal(Squeeze("pc> " + person.Text), Squeeze(shown));
        }

        static string Squeeze(string text) =>
            text.Replace(" ", "", StringComparison.Ordinal).Replace("\u0301", "", StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_bytes_come_a_key_reader_makes_keys_of_them()
    {
        var random = new RandomSource(3);
        var reader = new KeyReader();
        var bytes = new byte[16];
        for (var i = 0; i < 20_000; i++)
        {
            random.Fill(bytes);
            foreach (var key in reader.Read(bytes))
                Assert.DoesNotContain(key.Text, char.IsControl);
        }
    }

    [Fact]
    public void A_key_that_comes_in_pieces_is_one_key()
    {
        var reader = new KeyReader();
        var keys = new List<Key>();
        foreach (var one in Encoding.UTF8.GetBytes("한\e[1;5D"))
            keys.AddRange(reader.Read([one]));
        Assert.Equal([new(KeyKind.Text, "한"), new(KeyKind.WordLeft)], keys);
    }

    [Fact]
    public void An_escape_that_stands_alone_is_a_key_when_nothing_follows()
    {
        var reader = new KeyReader();
        Assert.Empty(reader.Read("\e"u8));
        Assert.True(reader.IsInSequence);
        Assert.Equal([new(KeyKind.Cancel)], reader.OnSilence());
    }

    [Fact]
    public void A_terminal_that_becomes_narrower_is_drawn_anew_where_its_rows_stand()
    {
        var editor = new LineEditor("pc> ", "", 40, [], (_, cursor) => new(cursor, []));
        foreach (var letter in "a line of thirty letters or so")
            editor.OnKey(new(KeyKind.Text, letter.ToString()));
        editor.TakeOutput();
        editor.OnResize(10);
        // 34 cells in rows of ten: the cursor was carried to the fourth.
        Assert.StartsWith("\e[3A\r\e[J", editor.TakeOutput(), StringComparison.Ordinal);
    }
}
