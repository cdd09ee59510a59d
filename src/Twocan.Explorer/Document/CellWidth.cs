using System.Text;

namespace Twocan.Explorer;

/// <summary>How many cells of a terminal a text takes: Hangul and its neighbours take two (Unicode's East Asian Width, W and F).</summary>
public static class CellWidth
{
    public static int Of(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += Of(rune);
        return width;
    }

    public static int Of(Text text) => text.Pieces.Sum(static piece => Of(piece.Content));

    public static int Of(Rune rune) =>
        rune.Value switch
        {
            < 0x1100 => Rune.IsControl(rune) ? 0 : 1,
            <= 0x115F => 2,
            >= 0x1160 and <= 0x11FF => 0,
            >= 0x2E80 and <= 0x303E => 2,
            >= 0x3041 and <= 0x33FF => 2,
            >= 0x3400 and <= 0x4DBF => 2,
            >= 0x4E00 and <= 0x9FFF => 2,
            >= 0xA000 and <= 0xA4CF => 2,
            >= 0xAC00 and <= 0xD7A3 => 2,
            >= 0xF900 and <= 0xFAFF => 2,
            >= 0xFE30 and <= 0xFE6F => 2,
            >= 0xFF00 and <= 0xFF60 => 2,
            >= 0xFFE0 and <= 0xFFE6 => 2,
            >= 0x1F300 and <= 0x1FAFF => 2,
            >= 0x20000 and <= 0x3FFFD => 2,
            _ => 1,
        };
}
