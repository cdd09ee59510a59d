namespace Twocan.Cli;

/// <summary>Rows in columns, as wide as their widest cell; cells may carry ink and Korean letters.</summary>
internal sealed class Table(params string[] heads)
{
    private readonly List<string[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(Terminal terminal, string indent = "")
    {
        var all = heads.Length > 0 ? _rows.Prepend(heads) : _rows;
        var columns = all.Max(row => row.Length);
        var widths = new int[columns];
        foreach (var row in all)
        {
            for (var column = 0; column < row.Length; column++)
                widths[column] = Math.Max(widths[column], TextWidth.Of(row[column]));
        }
        if (heads.Length > 0)
            WriteRow(terminal, indent, heads.Select(head => terminal.Paint(head, Ink.Bold)).ToArray(), widths);
        foreach (var row in _rows)
            WriteRow(terminal, indent, row, widths);
    }

    private static void WriteRow(Terminal terminal, string indent, string[] row, int[] widths) =>
        terminal.Line(
            indent + string.Join("  ", row.Select((cell, column) => TextWidth.PadRight(cell, widths[column]))).TrimEnd()
        );
}
