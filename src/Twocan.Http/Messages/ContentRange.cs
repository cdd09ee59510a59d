using System.Globalization;

namespace Twocan.Http;

/// <summary>What a part of a content is a part of (RFC 9110 §14.4).</summary>
/// <param name="Part">Null in a 416, which has none.</param>
/// <param name="Length">Of the whole; null when the server does not know.</param>
public readonly record struct ContentRange(ByteRange? Part, long? Length)
{
    /// <summary>Reads <c>bytes 0-499/6419</c>, <c>bytes 0-499/*</c> and <c>bytes */6419</c>.</summary>
    public static bool TryParse(string? text, out ContentRange range)
    {
        range = default;
        if (text is null || !text.StartsWith("bytes ", StringComparison.OrdinalIgnoreCase))
            return false;
        var parts = text[6..].Trim(' ').Split('/');
        if (parts.Length != 2)
            return false;
        long? whole = null;
        if (parts[1] != "*")
        {
            if (!TryNumber(parts[1], out var length))
                return false;
            whole = length;
        }
        if (parts[0] == "*")
        {
            range = new(null, whole);
            return whole is not null;
        }
        var ends = parts[0].Split('-');
        if (ends.Length != 2 || !TryNumber(ends[0], out var first) || !TryNumber(ends[1], out var last))
            return false;
        if (last < first || last >= whole)
            return false;
        range = new(new ByteRange(first, last), whole);
        return true;
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
