using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>A place in the text of a script, and the small words that stand there.</summary>
internal sealed class DrillCursor(string text, IReadOnlyDictionary<string, string> defines)
{
    private int _at;

    public int Line { get; private set; } = 1;

    public char Current => _at < text.Length ? text[_at] : '\0';

    public bool IsAtEnd => _at >= text.Length;

    /// <summary>Over blanks, line ends and comments.</summary>
    public void SkipBlanks()
    {
        while (!IsAtEnd)
        {
            if (char.IsWhiteSpace(Current))
                Step();
            else if (Current == '#' || IsAt("//"))
                SkipLine();
            else if (IsAt("/*"))
                SkipUntil("*/", "a comment that begins here never ends");
            else
                return;
        }
    }

    public bool IsAt(string word) => string.CompareOrdinal(text, _at, word, 0, word.Length) == 0;

    /// <summary>Takes <paramref name="word"/> if it stands here, behind blanks.</summary>
    public bool Take(string word)
    {
        SkipBlanks();
        if (!IsAt(word))
            return false;
        Skip(word.Length);
        return true;
    }

    /// <summary>Takes a word that is not the beginning of a longer one.</summary>
    public bool TakeWord(string word)
    {
        SkipBlanks();
        if (!IsAt(word) || (_at + word.Length < text.Length && IsWordPart(text[_at + word.Length])))
            return false;
        Skip(word.Length);
        return true;
    }

    public void Expect(string word)
    {
        if (!Take(word))
            throw Wrong($"expected '{word}' before {What()}");
    }

    /// <summary>All up to <paramref name="end"/>, which is taken too.</summary>
    public string SkipUntil(string end, string complaint)
    {
        var from = _at;
        var stop = text.IndexOf(end, _at, StringComparison.Ordinal);
        if (stop < 0)
            throw Wrong(complaint);
        Skip(stop + end.Length - _at);
        return text[from..stop];
    }

    public string RestOfLine()
    {
        var from = _at;
        while (!IsAtEnd && Current != '\n')
            Step();
        return text[from.._at];
    }

    /// <summary>Letters, digits and '_'.</summary>
    public bool TryWord([NotNullWhen(true)] out string? word)
    {
        SkipBlanks();
        var from = _at;
        while (!IsAtEnd && IsWordPart(Current))
            Step();
        word = _at > from ? text[from.._at] : null;
        return word is not null;
    }

    /// <summary>All up to the next blank.</summary>
    public string Unbroken()
    {
        SkipBlanks();
        var from = _at;
        while (!IsAtEnd && !char.IsWhiteSpace(Current))
            Step();
        return text[from.._at];
    }

    /// <summary>What a name stands for, where it was given a meaning from outside; else the name itself.</summary>
    public string Meaning(string name) => defines.GetValueOrDefault(name, name);

    public string Word() => TryWord(out var word) ? word : throw Wrong($"expected a name before {What()}");

    /// <summary>An octet in a text: <c>\xa1</c>.</summary>
    public bool TryHexOctet(out byte octet)
    {
        octet = 0;
        if (!IsAt("\\x") || _at + 4 > text.Length)
            return false;
        if (
            !byte.TryParse(
                text.AsSpan(_at + 2, 2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out octet
            )
        )
            return false;
        Skip(4);
        return true;
    }

    public uint Unsigned(string what)
    {
        var word = TryWord(out var digits) ? digits : "";
        var isHex = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var isRead = isHex
            ? uint.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            : uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return isRead ? value : throw Wrong($"expected {what}, not {(word.Length > 0 ? $"'{word}'" : What())}");
    }

    public int Unsigned(string what, int most) =>
        Unsigned(what) is var value && value <= most
            ? (int)value
            : throw Wrong($"{what} is at most {most}, not {value}");

    /// <summary>Seconds: <c>0</c>, <c>.1</c>, <c>0.100</c>. Three dots behind it are not its own.</summary>
    public Duration Seconds()
    {
        var from = _at;
        while (char.IsAsciiDigit(Current) || (Current == '.' && !IsAt("...")))
            Step();
        var digits = text.AsSpan(from, _at - from);
        // Not for ever: a year is more than any script needs, and far from where 64 bits end.
        if (
            !double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            || seconds > 366 * 86_400
        )
            throw Wrong($"expected a time before {What()}");
        return new((long)Math.Round(seconds * 1e6) * 1_000);
    }

    public DrillScriptException Wrong(string message) => new(Line, message);

    /// <summary>What stands here, for a complaint.</summary>
    public string What()
    {
        SkipBlanks();
        if (IsAtEnd)
            return "the end of the script";
        var end = _at;
        while (end < text.Length && end - _at < 20 && !char.IsWhiteSpace(text[end]))
            end++;
        return $"'{text[_at..end]}'";
    }

    public void Step()
    {
        if (Current == '\n')
            Line++;
        _at++;
    }

    public void Skip(int count)
    {
        for (; count > 0; count--)
            Step();
    }

    private void SkipLine() => RestOfLine();

    private static bool IsWordPart(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '_';
}
