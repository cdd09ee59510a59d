namespace Twocan.Http;

/// <summary>IPv4 addresses in all the forms that the URL Standard reads (§3.5): one to four parts, decimal, octal or hexadecimal.</summary>
internal static class Ipv4Text
{
    /// <summary>More than any part can be; whatever follows, it is too large.</summary>
    private const ulong TooLarge = 1UL << 40;

    /// <summary>'Ends in a number checker': then it must be an IPv4 address, or nothing.</summary>
    public static bool EndsInNumber(ReadOnlySpan<char> domain)
    {
        if (domain.EndsWith('.'))
            domain = domain[..^1];
        var last = domain[(domain.LastIndexOf('.') + 1)..];
        return last.Length > 0 && (!last.ContainsAnyExceptInRange('0', '9') || TryParsePart(last, out _, out _));
    }

    /// <summary>'IPv4 parser': the last part fills what is left.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> text,
        ICollection<ValidationError>? errors,
        out uint bits,
        out ValidationError error
    )
    {
        bits = 0;
        if (text.EndsWith('.'))
        {
            errors?.Add(ValidationError.Ipv4EmptyPart);
            text = text[..^1];
        }
        var count = text.Count('.') + 1;
        error = ValidationError.Ipv4TooManyParts;
        if (count > 4)
            return false;
        if (count < 4)
            errors?.Add(ValidationError.Ipv4TooFewParts);
        for (var i = 0; i < count; i++)
        {
            var isLast = i == count - 1;
            var end = isLast ? text.Length : text.IndexOf('.');
            error = ValidationError.Ipv4NonNumericPart;
            if (!TryParsePart(text[..end], out var number, out var isDecimal))
                return false;
            if (!isDecimal)
                errors?.Add(ValidationError.Ipv4NonDecimalPart);
            error = ValidationError.Ipv4OutOfRangePart;
            if (number >= (isLast ? 1UL << 8 * (5 - count) : 256))
                return false;
            if (number > 255)
                errors?.Add(ValidationError.Ipv4OutOfRangePart);
            bits |= (uint)number << (isLast ? 0 : 8 * (3 - i));
            text = text[(isLast ? end : end + 1)..];
        }
        return true;
    }

    private static bool TryParsePart(ReadOnlySpan<char> part, out ulong number, out bool isDecimal)
    {
        number = 0;
        var radix = 10u;
        isDecimal = true;
        if (part.Length == 0)
            return false;
        if (part.Length > 1 && part[0] == '0')
        {
            isDecimal = false;
            radix = part[1] is 'x' or 'X' ? 16u : 8u;
            part = part[(radix == 16 ? 2 : 1)..];
        }
        foreach (var c in part)
        {
            var value = char.IsAsciiHexDigit(c) ? (uint)PercentEncoding.HexValue((byte)c) : radix;
            if (value >= radix)
                return false;
            number = Math.Min(number * radix + value, TooLarge);
        }
        return true;
    }
}
