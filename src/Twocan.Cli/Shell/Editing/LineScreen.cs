using System.Globalization;
using System.Text;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary>
/// Where a prompt and a line stand on a terminal, and the bytes that bring them there. It breaks rows itself, at the width that
/// it is told: how a terminal treats its last column is then all the same.
/// </summary>
internal sealed class LineScreen(int width)
{
    private List<int> _rows = [0];
    private (int Row, int Column) _cursor;

    /// <summary>Columns; a terminal that becomes narrower breaks the rows that stand there, and the cursor moves with them.</summary>
    public int Width
    {
        get;
        set
        {
            var above = 0;
            for (var row = 0; row < _cursor.Row; row++)
                above += RowsOf(_rows[row], value);
            _cursor = (above + _cursor.Column / value, _cursor.Column % value);
            field = value;
        }
    } = width;

    /// <summary>Draws it in the place of what was drawn before.</summary>
    /// <param name="style">SGR of the prompt; empty for none.</param>
    public string Draw(string prompt, string style, string line, int cursor)
    {
        var bytes = new StringBuilder();
        if (_cursor.Row > 0)
            bytes.Append(CultureInfo.InvariantCulture, $"\e[{_cursor.Row}A");
        bytes.Append("\r\e[J").Append(style);
        var (rows, column) = (new List<int>(), 0);
        var (place, here) = ((0, 0), -prompt.Length);
        foreach (var element in Elements(prompt + line))
        {
            if (here == 0 && style.Length > 0)
                bytes.Append("\e[0m");
            var cells = CellWidth.Of(element);
            if (column + cells > Width)
                Break();
            if (here == cursor)
                place = (rows.Count, column);
            bytes.Append(element);
            column += cells;
            here += element.Length;
        }
        if (here == 0 && style.Length > 0)
            bytes.Append("\e[0m");
        if (column == Width)
            Break();
        if (here == cursor)
            place = (rows.Count, column);
        rows.Add(column);
        if (rows.Count - 1 > place.Item1)
            bytes.Append(CultureInfo.InvariantCulture, $"\e[{rows.Count - 1 - place.Item1}A");
        bytes.Append('\r');
        if (place.Item2 > 0)
            bytes.Append(CultureInfo.InvariantCulture, $"\e[{place.Item2}C");
        (_rows, _cursor) = (rows, place);
        return bytes.ToString();

        void Break()
        {
            bytes.Append("\r\n");
            rows.Add(column);
            column = 0;
        }
    }

    /// <summary>Goes below what is drawn, and leaves it there.</summary>
    public string Leave()
    {
        var below = _rows.Count - 1 - _cursor.Row;
        Forget();
        return below > 0 ? $"\e[{below}B\r\n" : "\r\n";
    }

    /// <summary>Nothing of it stands there any more.</summary>
    public void Forget() => (_rows, _cursor) = ([0], (0, 0));

    private static int RowsOf(int cells, int width) => Math.Max(1, (cells + width - 1) / width);

    private static IEnumerable<string> Elements(string text)
    {
        for (var at = 0; at < text.Length; )
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            yield return text.Substring(at, length);
            at += length;
        }
    }
}
