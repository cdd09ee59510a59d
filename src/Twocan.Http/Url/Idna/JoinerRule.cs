using System.Text;

namespace Twocan.Http;

/// <summary>Where the two invisible joiners may stand: where they change what is seen (RFC 5892 appendix A.1 and A.2).</summary>
internal static class JoinerRule
{
    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;

    public static bool Allows(string label)
    {
        if (!label.AsSpan().ContainsAnyInRange((char)NonJoiner, (char)Joiner))
            return true;
        var characters = label.EnumerateRunes().Select(static rune => rune.Value).ToArray();
        for (var i = 0; i < characters.Length; i++)
        {
            if (characters[i] is not (NonJoiner or Joiner) || (i > 0 && IsVirama(characters[i - 1])))
                continue;
            if (characters[i] == Joiner || !IsBetweenJoining(characters, i))
                return false;
        }
        return true;
    }

    /// <summary>A non-joiner between two letters that would join, whatever transparent marks there are.</summary>
    private static bool IsBetweenJoining(int[] characters, int at)
    {
        var before = at - 1;
        while (before >= 0 && JoiningOf(characters[before]) == JoiningType.Transparent)
            before--;
        var after = at + 1;
        while (after < characters.Length && JoiningOf(characters[after]) == JoiningType.Transparent)
            after++;
        return before >= 0
            && after < characters.Length
            && JoiningOf(characters[before]) is JoiningType.Left or JoiningType.Dual
            && JoiningOf(characters[after]) is JoiningType.Right or JoiningType.Dual;
    }

    private static bool IsVirama(int character) =>
        UnicodeData.PropertiesOf(character).CombiningClass == CharacterProperties.Virama;

    private static JoiningType JoiningOf(int character) => UnicodeData.PropertiesOf(character).Joining;
}
