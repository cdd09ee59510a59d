using System.Text;

namespace Twocan.Explorer;

/// <summary>Breaks a document into lines of at most so many cells. What comes out is still pieces with roles, to be coloured or not.</summary>
public static class Layout
{
    private const int Gap = 2;
    private const int NarrowestFlow = 16;
    private const int NarrowestColumn = 12;
    private const int NarrowestMeaning = 24;

    public static IEnumerable<IReadOnlyList<Piece>> Lines(Block block, int width) =>
        block switch
        {
            Paragraph paragraph => Lines(paragraph, width),
            Verbatim verbatim => verbatim.Lines.Select(line => line.Pieces),
            Table table => Lines(table, width),
            Tree tree => tree.Roots.SelectMany(root => Lines(root, "", "", width)),
            _ => throw new ArgumentException($"no layout for {block.GetType().Name}", nameof(block)),
        };

    private static IEnumerable<IReadOnlyList<Piece>> Lines(Paragraph paragraph, int width)
    {
        var first = new string(' ', paragraph.Indent) + paragraph.Marker;
        var rest = new string(' ', CellWidth.Of(first));
        return Hang(paragraph.Content, first, rest, width);
    }

    private static IEnumerable<IReadOnlyList<Piece>> Lines(TreeNode node, string first, string rest, int width)
    {
        foreach (var line in Hang(node.Content, first, rest + (node.Children.Count > 0 ? "│  " : "   "), width))
            yield return line;
        for (var i = 0; i < node.Children.Count; i++)
        {
            var last = i == node.Children.Count - 1;
            foreach (
                var line in Lines(node.Children[i], rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "), width)
            )
                yield return line;
        }
    }

    private static IEnumerable<IReadOnlyList<Piece>> Hang(Text text, string first, string rest, int width)
    {
        var lead = first;
        foreach (var line in Wrap(text, Math.Max(NarrowestFlow, width - CellWidth.Of(rest))))
        {
            yield return [new(lead, Role.Faint), .. line];
            lead = rest;
        }
    }

    private static IEnumerable<IReadOnlyList<Piece>> Lines(Table table, int width)
    {
        if (table.IsMessage && width - Gap - table.Rows.Max(static row => CellWidth.Of(row[0])) < NarrowestMeaning)
        {
            foreach (var line in table.Rows.SelectMany(row => Message(row, width)))
                yield return line;
            yield break;
        }
        var widths = Widths(table, width);
        if (Sum(widths) > width && table.Columns.Any(static column => column.IsDrawn))
        {
            // Rather no picture than one that is torn.
            table = WithoutDrawings(table);
            widths = Widths(table, width);
        }
        if (table.Columns.Any(static column => column.Title.Length > 0))
            yield return Row(
                [.. table.Columns.Select(static column => (IReadOnlyList<Piece>)[new(column.Title, Role.Faint)])],
                table.Columns,
                widths
            );
        foreach (var row in table.Rows)
        {
            List<List<List<Piece>>> cells = [];
            for (var i = 0; i < row.Count; i++)
                cells.Add(
                    table.Columns[i].Flows
                        ? [.. Wrap(row[i], widths[i])]
                        :
                        [
                            [.. row[i].Pieces],
                        ]
                );
            var height = cells.Max(static cell => cell.Count);
            for (var y = 0; y < height; y++)
                yield return Row(
                    [.. cells.Select(cell => (IReadOnlyList<Piece>)(y < cell.Count ? cell[y] : []))],
                    table.Columns,
                    widths
                );
        }
    }

    private static int[] Widths(Table table, int width)
    {
        var widths = new int[table.Columns.Count];
        for (var i = 0; i < widths.Length; i++)
        {
            widths[i] = CellWidth.Of(table.Columns[i].Title);
            foreach (var row in table.Rows)
                widths[i] = Math.Max(widths[i], CellWidth.Of(row[i]));
        }
        for (var i = 0; i < widths.Length; i++)
        {
            if (!table.Columns[i].Flows)
                continue;
            widths[i] = Math.Min(widths[i], Math.Max(NarrowestColumn, width - (Sum(widths) - widths[i])));
        }
        return widths;
    }

    private static int Sum(int[] widths) => widths.Sum() + Gap * (widths.Length - 1);

    /// <summary>A line of a message, and below it what it means: for terminals that are too narrow for both beside each other.</summary>
    private static IEnumerable<IReadOnlyList<Piece>> Message(IReadOnlyList<Text> row, int width)
    {
        yield return row[0].Pieces;
        foreach (var line in Wrap(row[1], Math.Max(NarrowestFlow, width - 6)))
            yield return [new(new(' ', 6), Role.Plain), .. line];
    }

    private static Table WithoutDrawings(Table table)
    {
        var kept = Enumerable.Range(0, table.Columns.Count).Where(i => !table.Columns[i].IsDrawn).ToList();
        return new(
            [.. kept.Select(i => table.Columns[i])],
            [.. table.Rows.Select(row => (IReadOnlyList<Text>)[.. kept.Select(i => row[i])])]
        );
    }

    private static List<Piece> Row(
        IReadOnlyList<IReadOnlyList<Piece>> cells,
        IReadOnlyList<Column> columns,
        int[] widths
    )
    {
        var line = new List<Piece>();
        var owed = 0;
        for (var i = 0; i < cells.Count; i++)
        {
            var used = cells[i].Sum(static piece => CellWidth.Of(piece.Content));
            var space = Math.Max(0, widths[i] - used);
            if (columns[i].Right)
                owed += space;
            if (used > 0)
            {
                line.Add(new(new(' ', owed), Role.Plain));
                line.AddRange(cells[i]);
                owed = 0;
            }
            else
            {
                owed += used;
            }
            if (!columns[i].Right)
                owed += space;
            owed += Gap;
        }
        return line;
    }

    /// <summary>
    /// Breaks at spaces (Korean too: a word keeps its particle), and inside a word only where it is longer than a line.
    /// </summary>
    public static IEnumerable<List<Piece>> Wrap(Text text, int width)
    {
        var line = new List<Piece>();
        var used = 0;
        foreach (var word in Words(text))
        {
            var length = word.Sum(static piece => CellWidth.Of(piece.Content));
            var isSpace = word[0].Content is " ";
            if (used + length > width && used > 0)
            {
                yield return Trimmed(line);
                (line, used) = ([], 0);
            }
            if (isSpace && used == 0)
                continue;
            foreach (var piece in length > width ? Split(word, width) : word)
            {
                var cells = CellWidth.Of(piece.Content);
                if (used + cells > width && used > 0)
                {
                    yield return Trimmed(line);
                    (line, used) = ([], 0);
                }
                line.Add(piece);
                used += cells;
            }
        }
        yield return Trimmed(line);
    }

    /// <summary>Without the spaces at its end, and with neighbours of one role joined again.</summary>
    private static List<Piece> Trimmed(List<Piece> words)
    {
        while (words.Count > 0 && words[^1].Content is " ")
            words.RemoveAt(words.Count - 1);
        var line = new List<Piece>();
        foreach (var word in words)
        {
            if (line.Count > 0 && line[^1].Role == word.Role)
                line[^1] = new(line[^1].Content + word.Content, word.Role);
            else
                line.Add(word);
        }
        return line;
    }

    /// <summary>Words and single spaces; a word may consist of pieces of several roles.</summary>
    private static IEnumerable<List<Piece>> Words(Text text)
    {
        var word = new List<Piece>();
        foreach (var piece in text.Pieces)
        {
            var start = 0;
            for (var i = 0; i < piece.Content.Length; i++)
            {
                if (piece.Content[i] != ' ')
                    continue;
                if (i > start)
                    word.Add(piece with { Content = piece.Content[start..i] });
                if (word.Count > 0)
                    yield return word;
                word = [];
                yield return [piece with { Content = " " }];
                start = i + 1;
            }
            if (start < piece.Content.Length)
                word.Add(piece with { Content = piece.Content[start..] });
        }
        if (word.Count > 0)
            yield return word;
    }

    private static IEnumerable<Piece> Split(List<Piece> word, int width)
    {
        foreach (var piece in word)
        {
            var part = new StringBuilder();
            var used = 0;
            foreach (var rune in piece.Content.EnumerateRunes())
            {
                var cells = CellWidth.Of(rune);
                if (used + cells > width)
                {
                    yield return piece with
                    {
                        Content = part.ToString(),
                    };
                    part.Clear();
                    used = 0;
                }
                part.Append(rune);
                used += cells;
            }
            yield return piece with
            {
                Content = part.ToString(),
            };
        }
    }
}
