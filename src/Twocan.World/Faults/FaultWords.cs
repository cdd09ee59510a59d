namespace Twocan.Worlds;

/// <summary>A sentence's words; a comma only sets them apart.</summary>
internal sealed class FaultWords(string text)
{
    private readonly string[] _words = text.Split(
        [' ', ',', '\t'],
        StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
    );
    private int _next;

    public string? Peek => _next < _words.Length ? _words[_next] : null;

    public static bool IsCable(string word) =>
        word.Contains("--", StringComparison.Ordinal) || word.Contains("->", StringComparison.Ordinal);

    public string? Next() => _next < _words.Length ? _words[_next++] : null;

    public void Skip(string word)
    {
        if (Peek == word)
            _next++;
    }

    /// <summary>A number and its unit, whether or not a space stands between them.</summary>
    public string NextQuantity()
    {
        // A cable or a word that belongs to the sentence is no number: leave it, and let the error say what is missing.
        if (Peek is not { } first || !char.IsAsciiDigit(first[0]) || IsCable(first))
            return Peek ?? "";
        _next++;
        var (_, unit) = Quantity.Split(first);
        if (unit.Length > 0 || Peek is not { } second)
            return first;
        // Whatever stands where a unit should be is taken for one, so that the error can name it.
        if (second is "at" or "for" or "on" or "and" or "by" or "in" || IsCable(second))
            return first;
        _next++;
        return $"{first} {second}";
    }
}
