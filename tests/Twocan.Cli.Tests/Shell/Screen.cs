using System.Text;
using Twocan.Explorer;

namespace Twocan.Cli.Tests;

/// <summary>A terminal's screen as far as the line editor speaks to it: rows of cells, a cursor, a last column that waits before it wraps.</summary>
internal sealed class Screen(int width)
{
    private readonly List<string[]> _rows = [new string[width]];
    private bool _waits;

    public int Row { get; private set; }

    public int Column { get; private set; }

    /// <summary>The rows without blanks at their ends; a wide character stands once.</summary>
    public IReadOnlyList<string> Rows =>
        [.. _rows.Select(row => string.Concat(row.Select(cell => cell ?? " ")).TrimEnd())];

    public void Show(string bytes)
    {
        for (var at = 0; at < bytes.Length; )
        {
            if (bytes[at] == '\e')
            {
                var end = at + 2;
                while (!char.IsAsciiLetter(bytes[end]))
                    end++;
                Control(bytes[(at + 2)..end], bytes[end]);
                at = end + 1;
                continue;
            }
            var rune = Rune.GetRuneAt(bytes, at);
            at += rune.Utf16SequenceLength;
            Put(rune);
        }
    }

    private void Put(Rune rune)
    {
        var cells = CellWidth.Of(rune);
        switch (rune.Value)
        {
            case '\r':
                (Column, _waits) = (0, false);
                return;
            case '\n':
                Down();
                _waits = false;
                return;
        }
        Assert.False(Rune.IsControl(rune), $"U+{rune.Value:X4} goes to the screen");
        if (_waits || Column + cells > width)
        {
            Down();
            (Column, _waits) = (0, false);
        }
        if (cells == 0)
            return;
        _rows[Row][Column] = rune.ToString();
        if (cells == 2)
            _rows[Row][Column + 1] = "";
        Column += cells;
        if (Column == width)
            (Column, _waits) = (width - 1, true);
    }

    private void Down()
    {
        if (++Row == _rows.Count)
            _rows.Add(new string[width]);
    }

    private void Control(string parameters, char what)
    {
        var count = int.TryParse(parameters, out var number) ? number : 1;
        _waits = false;
        switch (what)
        {
            case 'A':
                Row = Math.Max(0, Row - count);
                break;
            case 'B':
                Row = Math.Min(_rows.Count - 1, Row + count);
                break;
            case 'C':
                Column = Math.Min(width - 1, Column + count);
                break;
            case 'J' when parameters.Length == 0:
                Array.Clear(_rows[Row], Column, width - Column);
                _rows.RemoveRange(Row + 1, _rows.Count - Row - 1);
                break;
            case 'J' or 'H':
                (Row, Column) = (0, 0);
                if (what == 'J')
                    foreach (var row in _rows)
                        Array.Clear(row);
                break;
            case 'm':
                break;
            default:
                Assert.Fail($"the screen does not know ESC [ {parameters} {what}");
                break;
        }
    }
}
