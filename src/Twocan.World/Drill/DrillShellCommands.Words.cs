namespace Twocan.Worlds;

/// <summary>The little of the shell's own language that scripts use.</summary>
internal sealed partial class DrillShellCommands
{
    /// <summary>Quotes keep blanks together, <c>$((…))</c> is worked out, and what goes to /dev/null is nobody's concern.</summary>
    private List<string> Words(string command)
    {
        var words = new List<string>();
        var word = "";
        var isQuoted = false;
        foreach (var letter in command)
        {
            if (letter is '"' or '\'')
                isQuoted = !isQuoted;
            else if (!isQuoted && char.IsWhiteSpace(letter))
                Close();
            else
                word += letter;
        }
        Close();
        return words;

        void Close()
        {
            if (
                word.Length > 0
                && !word.Contains('>', StringComparison.Ordinal)
                && word is not ("/dev/null" or "1" or "||")
            )
                words.Add(Worked(word));
            word = "";
        }
    }

    /// <summary>Products are all that scripts work out: <c>$((15*1024*1024))</c>.</summary>
    private string Worked(string word)
    {
        var from = word.IndexOf("$((", StringComparison.Ordinal);
        if (from < 0)
            return word;
        var to = word.IndexOf("))", from, StringComparison.Ordinal);
        if (to < 0)
            throw Refused($"'{word}'");
        var product = 1L;
        foreach (var factor in word[(from + 3)..to].Split('*'))
            product = Math.Min(product * Number("a product", factor.Trim(), int.MaxValue), int.MaxValue);
        return Worked($"{word[..from]}{product}{word[(to + 2)..]}");
    }
}
