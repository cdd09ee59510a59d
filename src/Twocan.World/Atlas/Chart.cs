namespace Twocan.Worlds;

/// <summary>
/// A world laid out to be drawn on paper: a box for every node, a line for every cable. In units of a pixel, the same on
/// every machine. <see cref="SvgAtlas"/> draws it.
/// </summary>
public sealed class Chart
{
    internal Chart(
        int width,
        int height,
        IReadOnlyList<ChartBox> boxes,
        IReadOnlyList<ChartLine> lines,
        IReadOnlyList<ChartRegion> regions
    ) => (Width, Height, Boxes, Lines, Regions) = (width, height, boxes, lines, regions);

    public int Width { get; }

    public int Height { get; }

    public IReadOnlyList<ChartBox> Boxes { get; }

    public IReadOnlyList<ChartLine> Lines { get; }

    /// <summary>Links that several machines share, behind their boxes.</summary>
    public IReadOnlyList<ChartRegion> Regions { get; }

    public static Chart Of(World world, Node? start = null)
    {
        ArgumentNullException.ThrowIfNull(world);
        return new ChartLayout(world, start).Chart();
    }
}

/// <summary>A node's box: its name, and below it what else is said of it.</summary>
public sealed record ChartBox(Node Node, int X, int Y, int Width, int Height, string Text, bool IsLeaf);

/// <summary>A cable's way, at right angles, and what is written beside it.</summary>
public sealed record ChartLine(Cable Cable, IReadOnlyList<(int X, int Y)> Points, IReadOnlyList<ChartLabel> Labels);

/// <summary>A line of small letters and the place that it takes.</summary>
public sealed record ChartLabel(string Text, int X, int Y, int Width, int Height)
{
    private const int Descent = 3;

    /// <summary>Where the letters stand.</summary>
    public int Baseline => Y + Height - Descent;

    internal static ChartLabel At(string text, int x, int baseline) =>
        new(
            text,
            x,
            baseline + Descent - ChartLayout.LabelHeight,
            TextWidth.Of(text, ChartLayout.SmallSize),
            ChartLayout.LabelHeight
        );
}

/// <summary>The boxes and cables of one link, and which of the colours is its.</summary>
public sealed record ChartRegion(int Colour, IReadOnlyList<ChartBox> Boxes, IReadOnlyList<ChartLine> Lines);

/// <summary>How wide a text becomes in the fonts of the picture: an estimate that is rather too large.</summary>
internal static class TextWidth
{
    public static int Of(string text, double size)
    {
        var ems = 0.0;
        foreach (var letter in text)
            ems += letter switch
            {
                'i' or 'j' or 'l' or '.' or ',' or ':' or '\'' or '|' or ' ' => 0.31,
                'f' or 't' or 'r' or '-' or '/' => 0.42,
                'm' or 'w' or 'M' or 'W' => 0.92,
                >= 'A' and <= 'Z' => 0.72,
                >= '\u1100' => 1.0,
                _ => 0.61,
            };
        return (int)Math.Ceiling(ems * size);
    }
}
