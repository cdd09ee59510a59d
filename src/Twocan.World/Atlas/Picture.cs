namespace Twocan.Worlds;

/// <summary>What a piece of a picture in text stands for; how that looks is the terminal's business.</summary>
public enum PictureInk
{
    Space,
    Line,
    Label,
    Kind,
    Host,
    Router,
    Bridge,
    Address,
}

/// <summary>A picture made of letters and lines, one cell each.</summary>
internal sealed class Picture(int width, int height)
{
    [Flags]
    private enum Way : byte
    {
        None = 0,
        Up = 1,
        Right = 2,
        Down = 4,
        Left = 8,
    }

    /// <summary>Box-drawing letters by the ways that lead out of them.</summary>
    private const string Junctions = " ╵╶└╷│┌├╴┘─┴┐┤┬┼";

    private readonly char[] _letters = new char[width * height];
    private readonly PictureInk[] _inks = new PictureInk[width * height];
    private readonly Way[] _ways = new Way[width * height];

    public void Write(int x, int y, string text, PictureInk ink)
    {
        foreach (var letter in text)
        {
            if (x >= 0 && x < width && y >= 0 && y < height)
                (_letters[y * width + x], _inks[y * width + x]) = (letter, ink);
            x++;
        }
    }

    public bool IsFree(int x, int y, int length)
    {
        for (var i = x; i < x + length; i++)
        {
            if (i < 0 || i >= width || _letters[y * width + i] != '\0' || _ways[y * width + i] != Way.None)
                return false;
        }
        return true;
    }

    /// <summary>A line down, both ends included; it joins what it meets.</summary>
    public void Down(int x, int from, int to)
    {
        for (var y = from; y <= to; y++)
            Join(x, y, (y > from ? Way.Up : Way.None) | (y < to ? Way.Down : Way.None));
    }

    public void Across(int y, int from, int to)
    {
        for (var x = from; x <= to; x++)
            Join(x, y, (x > from ? Way.Left : Way.None) | (x < to ? Way.Right : Way.None));
    }

    /// <summary>The lines, each as runs of one kind, without the space at their ends.</summary>
    public IEnumerable<IReadOnlyList<(string Text, PictureInk Ink)>> Lines()
    {
        for (var y = 0; y < height; y++)
        {
            var runs = new List<(string Text, PictureInk Ink)>();
            var start = 0;
            var end = width;
            while (end > 0 && Letter(end - 1, y) == ' ')
                end--;
            for (var x = 1; x <= end; x++)
            {
                if (x < end && InkAt(x, y) == InkAt(start, y))
                    continue;
                var at = start;
                runs.Add((string.Create(x - start, y, (span, row) => Fill(span, at, row)), InkAt(start, y)));
                start = x;
            }
            yield return runs;
        }
    }

    private void Fill(Span<char> span, int x, int y)
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = Letter(x + i, y);
    }

    private void Join(int x, int y, Way ways)
    {
        if (x >= 0 && x < width && y >= 0 && y < height)
            _ways[y * width + x] |= ways;
    }

    private char Letter(int x, int y) =>
        _letters[y * width + x] is var letter and not '\0' ? letter : Junctions[(int)_ways[y * width + x]];

    private PictureInk InkAt(int x, int y) =>
        _letters[y * width + x] != '\0' ? _inks[y * width + x]
        : _ways[y * width + x] != Way.None ? PictureInk.Line
        : PictureInk.Space;
}
