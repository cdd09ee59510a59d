namespace Twocan.Core;

/// <summary>
/// Particles follow the sound that a word ends in (책이, 의자가). Names and numbers come from the network, so the sound is
/// found from the last letter: Hangul tells it exactly, digits by how they are read, Latin letters by a rule of thumb.
/// </summary>
public static class Korean
{
    private enum Ending
    {
        Vowel,
        Rieul,
        Consonant,
    }

    /// <summary>은/는.</summary>
    public static string Topic(string word) => Of(word) == Ending.Vowel ? "는" : "은";

    /// <summary>이/가.</summary>
    public static string Subject(string word) => Of(word) == Ending.Vowel ? "가" : "이";

    /// <summary>을/를.</summary>
    public static string Object(string word) => Of(word) == Ending.Vowel ? "를" : "을";

    /// <summary>과/와.</summary>
    public static string And(string word) => Of(word) == Ending.Vowel ? "와" : "과";

    /// <summary>으로/로: ㄹ takes 로 as a vowel does.</summary>
    public static string Toward(string word) => Of(word) == Ending.Consonant ? "으로" : "로";

    private static Ending Of(string word)
    {
        var last = word.Length;
        while (last > 0 && !char.IsLetterOrDigit(word[last - 1]))
            last--;
        if (last == 0)
            return Ending.Vowel;
        var letter = word[last - 1];
        if (letter is >= '가' and <= '힣')
            return ((letter - '가') % 28) switch
            {
                0 => Ending.Vowel,
                8 => Ending.Rieul,
                _ => Ending.Consonant,
            };
        if (char.IsAsciiDigit(letter))
            return letter switch
            {
                '1' or '7' or '8' => Ending.Rieul,
                '0' or '3' or '6' => Ending.Consonant,
                _ => Ending.Vowel,
            };
        return char.ToLowerInvariant(letter) switch
        {
            'l' => Ending.Rieul,
            'r' when !word.AsSpan(0, last).EndsWith("er") && !word.AsSpan(0, last).EndsWith("or") => Ending.Rieul,
            'm' or 'n' => Ending.Consonant,
            'g' when last > 1 && word[last - 2] == 'n' => Ending.Consonant,
            _ => Ending.Vowel,
        };
    }
}
