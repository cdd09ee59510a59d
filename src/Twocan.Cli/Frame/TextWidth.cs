using System.Globalization;
using System.Text;

namespace Twocan.Cli;

/// <summary>How many columns a text takes on a terminal: Korean letters take two, escape sequences none.</summary>
internal static class TextWidth
{
    /// <summary>The wide blocks of Unicode's East Asian Width that a terminal of ours may meet.</summary>
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F),
        (0x2E80, 0x303E),
        (0x3041, 0xA4CF),
        (0xA960, 0xA97F),
        (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF),
        (0xFE30, 0xFE6F),
        (0xFF00, 0xFF60),
        (0xFFE0, 0xFFE6),
        (0x1F300, 0x1F64F),
        (0x1F680, 0x1F6FF),
        (0x1F900, 0x1F9FF),
        (0x20000, 0x3FFFD),
    ];

    public static int Of(string text)
    {
        var width = 0;
        for (var index = 0; index < text.Length; )
            width += Step(text, ref index);
        return width;
    }

    public static string PadRight(string text, int width) => text + Spaces(width - Of(text));

    public static string PadLeft(string text, int width) => Spaces(width - Of(text)) + text;

    /// <summary>Breaks a text at its spaces into lines of at most <paramref name="width"/> columns; a longer word is cut.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        width = Math.Max(width, 8);
        var line = new StringBuilder();
        var used = 0;
        foreach (var word in text.Split(' ').SelectMany(word => Cut(word, width)))
        {
            var columns = Of(word);
            if (used > 0 && used + 1 + columns > width)
            {
                yield return line.ToString();
                line.Clear();
                used = 0;
            }
            if (used > 0)
            {
                line.Append(' ');
                used++;
            }
            line.Append(word);
            used += columns;
        }
        yield return line.ToString();
    }

    private static IEnumerable<string> Cut(string word, int width)
    {
        var start = 0;
        var used = 0;
        for (var index = 0; index < word.Length; )
        {
            var before = index;
            var step = Step(word, ref index);
            if (used + step > width)
            {
                yield return word[start..before];
                (start, used) = (before, 0);
            }
            used += step;
        }
        yield return word[start..];
    }

    /// <summary>Moves over one character or one escape sequence and answers its width.</summary>
    private static int Step(string text, ref int index)
    {
        if (text[index] == '\e' && index + 1 < text.Length && text[index + 1] == '[')
        {
            index += 2;
            while (index < text.Length && text[index] is < '@' or > '~')
                index++;
            index = Math.Min(index + 1, text.Length);
            return 0;
        }
        if (text[index] < 0x300)
        {
            index++;
            return 1;
        }
        if (
            Rune.DecodeFromUtf16(text.AsSpan(index), out var rune, out var length)
            != System.Buffers.OperationStatus.Done
        )
        {
            index++;
            return 1;
        }
        index += length;
        if (
            Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
        )
            return 0;
        foreach (var (first, last) in Wide)
        {
            if (rune.Value >= first && rune.Value <= last)
                return 2;
        }
        return 1;
    }

    private static string Spaces(int count) => count > 0 ? new(' ', count) : "";
}
