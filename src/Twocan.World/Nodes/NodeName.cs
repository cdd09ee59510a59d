namespace Twocan.Worlds;

/// <summary>What a node may be called: two hyphens would be taken for a cable.</summary>
internal static class NodeName
{
    public static string? WhatIsWrong(string name)
    {
        const string example = "letters, digits, dots and single hyphens, as in 'home-hub' or 'www.lab.cyber.co.kr'";
        if (name.Length is 0 or > 253)
            return $"'{name}' is not a name: it has from 1 to 253 characters";
        if (name.Contains("--", StringComparison.Ordinal))
            return $"'{name}' is not a name for a node: '--' stands between the two ends of a cable";
        if (!char.IsAsciiLetterOrDigit(name[0]) || !char.IsAsciiLetterOrDigit(name[^1]))
            return $"'{name}' is not a name: it begins and ends with a letter or a digit";
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_'))
                return $"'{name}' is not a name: it is made of {example}";
        }
        return null;
    }
}
