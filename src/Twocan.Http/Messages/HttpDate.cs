using System.Globalization;

namespace Twocan.Http;

/// <summary>Dates as HTTP writes them (RFC 9110 §5.6.7): one form to write, three to read.</summary>
public static class HttpDate
{
    private static readonly string[] Fixed = ["ddd, dd MMM yyyy HH:mm:ss 'GMT'"];
    private static readonly string[] Asctime = ["ddd MMM d HH:mm:ss yyyy", "ddd MMM  d HH:mm:ss yyyy"];

    /// <summary><c>Sun, 06 Nov 1994 08:49:37 GMT</c>.</summary>
    public static string Format(DateTimeOffset at) =>
        at.ToUniversalTime().ToString(Fixed[0], CultureInfo.InvariantCulture);

    /// <summary>Reads that form, and the two old ones: <c>Sunday, 06-Nov-94 08:49:37 GMT</c> and <c>Sun Nov  6 08:49:37 1994</c>.</summary>
    public static bool TryParse(string? text, DateTimeOffset now, out DateTimeOffset at)
    {
        at = default;
        if (text is null || text.Length > 40)
            return false;
        return Exact(text, Fixed, out at) || TryParseRfc850(text, now, out at) || Exact(text, Asctime, out at);
    }

    private static bool TryParseRfc850(string text, DateTimeOffset now, out DateTimeOffset at)
    {
        at = default;
        var parts = text.Split(", ");
        if (parts.Length != 2 || parts[1].Length != 22 || !DayNames.Contains(parts[0]))
            return false;
        if (!int.TryParse(parts[1].AsSpan(7, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var twoDigits))
            return false;
        // §5.6.7: a year that seems more than 50 years ahead is the last one that ended in the same two digits.
        var year = now.Year / 100 * 100 + twoDigits;
        if (year > now.Year + 50)
            year -= 100;
        else if (year <= now.Year - 50)
            year += 100;
        return Exact($"{parts[1][..7]}{year}{parts[1][9..]}", ["dd-MMM-yyyy HH:mm:ss 'GMT'"], out at);
    }

    private static IEnumerable<string> DayNames => CultureInfo.InvariantCulture.DateTimeFormat.DayNames;

    private static bool Exact(string text, string[] formats, out DateTimeOffset at) =>
        DateTimeOffset.TryParseExact(
            text,
            formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out at
        );
}
