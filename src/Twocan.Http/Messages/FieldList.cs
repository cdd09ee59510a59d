namespace Twocan.Http;

/// <summary>Fields whose value is a list (RFC 9110 §5.6.1), and their elements' parameters (§5.6.6).</summary>
public static class FieldList
{
    /// <summary>The elements between the commas; a comma within quotes divides nothing. Empty elements are skipped.</summary>
    public static IEnumerable<string> Elements(string value) => Split(value, ',').Where(element => element.Length > 0);

    /// <summary>Whether a token is among the elements, whatever its case; nothing is allocated for it.</summary>
    public static bool HasToken(ReadOnlySpan<byte> value, string token)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i <= value.Length; i++)
        {
            if (i < value.Length && (quoted || value[i] != ','))
            {
                if (quoted && value[i] == '\\')
                    i++;
                else if (value[i] == '"')
                    quoted = !quoted;
                continue;
            }
            if (System.Text.Ascii.EqualsIgnoreCase(Grammar.TrimBlanks(value[start..i]), token))
                return true;
            start = i + 1;
        }
        return false;
    }

    /// <summary>Takes <c>name=value</c> or <c>name="value"</c> or <c>name</c> apart: the form of directives and parameters. The value is null when there is none.</summary>
    public static (string Name, string? Value) Directive(string element)
    {
        var equals = element.IndexOf('=');
        return equals < 0
            ? (element.Trim(), null)
            : (element[..equals].Trim(), Unquoted(element[(equals + 1)..].Trim()));
    }

    /// <summary>The part before the first semicolon, and the parameters after it.</summary>
    public static (string Value, IReadOnlyList<(string Name, string? Value)> Parameters) WithParameters(string element)
    {
        var parts = Split(element, ';').ToList();
        return (parts[0], parts.Skip(1).Where(part => part.Length > 0).Select(Directive).ToList());
    }

    /// <summary>The text within a quoted-string (§5.6.4); anything else stays as it is.</summary>
    public static string Unquoted(string text)
    {
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"')
            return text;
        var inner = text[1..^1];
        if (!inner.Contains('\\'))
            return inner;
        var plain = new System.Text.StringBuilder();
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '\\' && i + 1 < inner.Length)
                i++;
            plain.Append(inner[i]);
        }
        return plain.ToString();
    }

    private static IEnumerable<string> Split(string value, char separator)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i < value.Length; i++)
        {
            if (quoted && value[i] == '\\')
                i++;
            else if (value[i] == '"')
                quoted = !quoted;
            else if (value[i] == separator && !quoted)
            {
                yield return value[start..i].Trim(' ', '\t');
                start = i + 1;
            }
        }
        yield return value[start..].Trim(' ', '\t');
    }
}
