using System.Text;

namespace Twocan.Http;

/// <summary>
/// Unicode's normalisation form C (UAX #15): letters and their accents are taken apart, put in order and composed again, so
/// that one text is written in one way. .NET's own needs ICU.
/// </summary>
internal static class Nfc
{
    // Hangul syllables are computed, not listed (The Unicode Standard, §3.12).
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    public static string Normalize(string text)
    {
        // Below U+0300 there is nothing to compose with.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF'))
            return text;
        var characters = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, characters);
        Order(characters);
        Compose(characters);
        var composed = new StringBuilder(characters.Count);
        foreach (var character in characters)
            composed.Append(new Rune(character));
        return composed.ToString();
    }

    public static bool IsNormalized(string text) => Normalize(text) == text;

    private static void Decompose(int character, List<int> into)
    {
        var syllable = character - SyllableBase;
        if (syllable is >= 0 and < SyllableCount)
        {
            into.Add(LeadBase + syllable / (VowelCount * TrailCount));
            into.Add(VowelBase + syllable % (VowelCount * TrailCount) / TrailCount);
            if (syllable % TrailCount != 0)
                into.Add(TrailBase + syllable % TrailCount);
        }
        else if (UnicodeData.TryDecompose(character, out var first, out var second))
        {
            Decompose(first, into);
            if (second != 0)
                Decompose(second, into);
        }
        else
        {
            into.Add(character);
        }
    }

    /// <summary>Sorts each run of marks by their class; marks of one class keep their order.</summary>
    private static void Order(List<int> characters)
    {
        for (var start = 0; start < characters.Count; start++)
        {
            var end = start;
            while (end < characters.Count && ClassOf(characters[end]) != 0)
                end++;
            if (end - start > 1)
            {
                var sorted = characters.GetRange(start, end - start).OrderBy(ClassOf).ToList();
                for (var i = 0; i < sorted.Count; i++)
                    characters[start + i] = sorted[i];
            }
            start = end;
        }
    }

    /// <summary>Joins each character with the last starter before it, unless one between them stands in the way.</summary>
    private static void Compose(List<int> characters)
    {
        var (starter, kept, before) = (-1, 0, 0);
        for (var at = 0; at < characters.Count; at++)
        {
            var character = characters[at];
            var @class = ClassOf(character);
            var isBlocked = kept - starter > 1 && before >= @class;
            if (starter >= 0 && !isBlocked && TryCompose(characters[starter], character, out var composed))
            {
                characters[starter] = composed;
                continue;
            }
            if (@class == 0)
                starter = kept;
            before = @class;
            characters[kept++] = character;
        }
        characters.RemoveRange(kept, characters.Count - kept);
    }

    private static bool TryCompose(int first, int second, out int composed)
    {
        var (lead, vowel) = (first - LeadBase, second - VowelBase);
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            composed = SyllableBase + (lead * VowelCount + vowel) * TrailCount;
            return true;
        }
        var (syllable, trail) = (first - SyllableBase, second - TrailBase);
        if (syllable is >= 0 and < SyllableCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount)
        {
            composed = first + trail;
            return true;
        }
        return UnicodeData.TryCompose(first, second, out composed);
    }

    private static int ClassOf(int character) => UnicodeData.PropertiesOf(character).CombiningClass;
}
