namespace Twocan.Http;

/// <summary>
/// The dates of cookies (RFC 6265bis §5.1.1): whatever servers have ever written, read by looking for four things in any order,
/// a time, a day of the month, a month and a year.
/// </summary>
public static class CookieDate
{
    private const int MaxLength = 256;
    private const string Months = "janfebmaraprmayjunjulaugsepoctnovdec";

    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset date)
    {
        date = default;
        if (text.Length > MaxLength)
            return false;
        var (hour, minute, second, day, month, year) = (-1, 0, 0, -1, -1, -1);
        while (!text.IsEmpty)
        {
            var length = 0;
            while (length < text.Length && !IsDelimiter(text[length]))
                length++;
            var token = text[..length];
            text = text[Math.Min(length + 1, text.Length)..];
            if (token.IsEmpty)
                continue;
            if (hour < 0 && TryTime(token, out var time))
                (hour, minute, second) = time;
            else if (day < 0 && TryNumber(token, 1, 2, out var number, out _))
                day = number;
            else if (month < 0 && TryMonth(token, out number))
                month = number;
            else if (year < 0 && TryNumber(token, 2, 4, out number, out var digits))
                // Step 3 and 4: two digits stand for 1970 to 2069.
                year =
                    digits > 2 ? number
                    : number >= 70 ? number + 1900
                    : number + 2000;
        }
        if (hour is < 0 or > 23 || minute > 59 || second > 59 || year < 1601 || month < 1 || day < 1)
            return false;
        if (day > DateTime.DaysInMonth(year, month))
            return false;
        date = new(year, month, day, hour, minute, second, TimeSpan.Zero);
        return true;
    }

    private static bool IsDelimiter(char c) =>
        c is '\t' or (>= ' ' and <= '/') or (>= ';' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~');

    /// <summary><c>1*2DIGIT ":" 1*2DIGIT ":" 1*2DIGIT [ non-digit *OCTET ]</c></summary>
    private static bool TryTime(ReadOnlySpan<char> token, out (int Hour, int Minute, int Second) time)
    {
        time = default;
        if (!TryDigits(ref token, out time.Hour) || !TryColon(ref token))
            return false;
        if (!TryDigits(ref token, out time.Minute) || !TryColon(ref token))
            return false;
        return TryDigits(ref token, out time.Second) && (token.IsEmpty || !char.IsAsciiDigit(token[0]));
    }

    private static bool TryColon(ref ReadOnlySpan<char> token)
    {
        if (token.IsEmpty || token[0] != ':')
            return false;
        token = token[1..];
        return true;
    }

    private static bool TryDigits(ref ReadOnlySpan<char> token, out int number)
    {
        var digits = 0;
        number = 0;
        while (digits < 2 && digits < token.Length && char.IsAsciiDigit(token[digits]))
            number = number * 10 + token[digits++] - '0';
        token = token[digits..];
        return digits > 0;
    }

    /// <summary>So many digits, and then no other one at once.</summary>
    private static bool TryNumber(ReadOnlySpan<char> token, int least, int most, out int number, out int digits)
    {
        (number, digits) = (0, 0);
        while (digits < token.Length && char.IsAsciiDigit(token[digits]))
        {
            if (digits == most)
                return false;
            number = number * 10 + token[digits++] - '0';
        }
        return digits >= least;
    }

    private static bool TryMonth(ReadOnlySpan<char> token, out int month)
    {
        month = 0;
        for (var i = 0; token.Length >= 3 && i < 12; i++)
        {
            if (token[..3].Equals(Months.AsSpan(i * 3, 3), StringComparison.OrdinalIgnoreCase))
                month = i + 1;
        }
        return month > 0;
    }
}
