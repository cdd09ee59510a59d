using System.Text;

namespace Twocan.Http;

/// <summary>The rule that keeps names with right-to-left letters readable in one way only (RFC 5893 §2).</summary>
internal static class BidiRule
{
    /// <summary>Whether a label makes its whole domain one to which the rule applies.</summary>
    public static bool IsRightToLeft(string label) =>
        label.EnumerateRunes().Any(static rune => ClassOf(rune) is BidiClass.R or BidiClass.AL or BidiClass.AN);

    public static bool Allows(string label)
    {
        var classes = label.EnumerateRunes().Select(ClassOf).ToArray();
        if (classes.Length == 0)
            return true;
        var end = Array.FindLast(classes, static last => last != BidiClass.NSM);
        return classes[0] switch
        {
            BidiClass.R or BidiClass.AL => classes.All(IsInRightToLeft) // 2
                && end is BidiClass.R or BidiClass.AL or BidiClass.EN or BidiClass.AN // 3
                && !(classes.Contains(BidiClass.EN) && classes.Contains(BidiClass.AN)), // 4
            BidiClass.L => classes.All(IsInLeftToRight) && end is BidiClass.L or BidiClass.EN, // 5, 6
            _ => false, // 1
        };
    }

    private static bool IsInRightToLeft(BidiClass one) => one is not (BidiClass.L or BidiClass.Other);

    private static bool IsInLeftToRight(BidiClass one) =>
        one is not (BidiClass.R or BidiClass.AL or BidiClass.AN or BidiClass.Other);

    private static BidiClass ClassOf(Rune rune) => UnicodeData.PropertiesOf(rune.Value).Bidi;
}
