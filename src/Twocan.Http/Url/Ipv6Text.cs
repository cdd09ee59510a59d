using System.Globalization;
using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>IPv6 addresses as the URL Standard reads and writes them (§3.5): hexadecimal pieces only on the way out.</summary>
internal static class Ipv6Text
{
    private const int PieceCount = 8;

    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address, out ValidationError error)
    {
        address = default;
        Span<ushort> pieces = stackalloc ushort[PieceCount];
        pieces.Clear();
        var (at, count, compress) = (0, 0, -1);
        error = ValidationError.Ipv6InvalidCompression;
        // A compression counts as a piece.
        if (text.StartsWith("::"))
            (at, count, compress) = (2, 1, 1);
        else if (text.StartsWith(':'))
            return false;
        while (at < text.Length)
        {
            error = ValidationError.Ipv6TooManyPieces;
            if (count == PieceCount)
                return false;
            if (text[at] == ':')
            {
                error = ValidationError.Ipv6MultipleCompression;
                if (compress >= 0)
                    return false;
                at++;
                compress = ++count;
                continue;
            }
            var start = at;
            while (at < text.Length && at - start < 4 && char.IsAsciiHexDigit(text[at]))
                at++;
            if (at < text.Length && text[at] == '.')
            {
                if (!TryParseDotted(text[start..], at - start, pieces, ref count, out error))
                    return false;
                break;
            }
            error = ValidationError.Ipv6InvalidCodePoint;
            if (at < text.Length && (text[at] != ':' || at + 1 == text.Length))
                return false;
            pieces[count++] = Hex(text[start..at]);
            at++;
        }
        error = ValidationError.Ipv6TooFewPieces;
        if (compress < 0 && count != PieceCount)
            return false;
        if (compress >= 0)
            Spread(pieces, compress, count);
        var (high, low) = (0UL, 0UL);
        for (var i = 0; i < 4; i++)
            (high, low) = (high << 16 | pieces[i], low << 16 | pieces[i + 4]);
        address = new(high, low);
        return true;
    }

    /// <summary>A piece that is not written as short as it could be.</summary>
    public static bool HasLeadingZero(ReadOnlySpan<char> text)
    {
        for (var i = 0; i + 1 < text.Length; i++)
        {
            var begins = i == 0 || !char.IsAsciiHexDigit(text[i - 1]);
            if (begins && text[i] == '0' && char.IsAsciiHexDigit(text[i + 1]))
                return true;
        }
        return false;
    }

    public static string Format(IpAddress address)
    {
        Span<ushort> pieces = stackalloc ushort[PieceCount];
        for (var i = 0; i < PieceCount; i++)
            pieces[i] = (ushort)((i < 4 ? address.High : address.Low) >> 16 * (3 - i % 4));
        var (start, length) = LongestZeros(pieces);
        var text = new StringBuilder();
        for (var i = 0; i < PieceCount; i++)
        {
            if (i == start)
            {
                text.Append(i == 0 ? "::" : ":");
                i += length - 1;
                continue;
            }
            text.Append(pieces[i].ToString("x", CultureInfo.InvariantCulture));
            if (i < PieceCount - 1)
                text.Append(':');
        }
        return text.ToString();
    }

    /// <summary>What follows the compression moves to the end; zeros are in between.</summary>
    private static void Spread(Span<ushort> pieces, int compress, int count)
    {
        var tail = count - compress;
        pieces.Slice(compress, tail).CopyTo(pieces[(PieceCount - tail)..]);
        pieces[compress..(PieceCount - tail)].Clear();
    }

    /// <summary>The last 32 bits, written as an IPv4 address: exactly four decimal parts, without leading zeros.</summary>
    private static bool TryParseDotted(
        ReadOnlySpan<char> text,
        int firstLength,
        Span<ushort> pieces,
        ref int count,
        out ValidationError error
    )
    {
        error = ValidationError.Ipv4InIpv6InvalidCodePoint;
        if (firstLength == 0)
            return false;
        error = ValidationError.Ipv4InIpv6TooManyPieces;
        if (count > PieceCount - 2)
            return false;
        var (at, seen) = (0, 0);
        while (at < text.Length)
        {
            error = ValidationError.Ipv4InIpv6InvalidCodePoint;
            if (seen > 0 && (text[at++] != '.' || seen == 4))
                return false;
            var value = -1;
            for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
            {
                if (value == 0)
                    return false;
                value = Math.Max(value, 0) * 10 + (text[at] - '0');
                if (value > 255)
                {
                    error = ValidationError.Ipv4InIpv6OutOfRangePart;
                    return false;
                }
            }
            if (value < 0)
                return false;
            pieces[count] = (ushort)(pieces[count] << 8 | value);
            if (++seen is 2 or 4)
                count++;
        }
        error = ValidationError.Ipv4InIpv6TooFewParts;
        return seen == 4;
    }

    private static ushort Hex(ReadOnlySpan<char> digits)
    {
        var value = 0;
        foreach (var digit in digits)
            value = value << 4 | PercentEncoding.HexValue((byte)digit);
        return (ushort)value;
    }

    /// <summary>The first longest run of two zero pieces or more.</summary>
    private static (int Start, int Length) LongestZeros(ReadOnlySpan<ushort> pieces)
    {
        var (start, length) = (-1, 1);
        for (var i = 0; i < PieceCount; i++)
        {
            var end = i;
            while (end < PieceCount && pieces[end] == 0)
                end++;
            if (end - i > length)
                (start, length) = (i, end - i);
            if (end > i)
                i = end;
        }
        return (start, length);
    }
}
