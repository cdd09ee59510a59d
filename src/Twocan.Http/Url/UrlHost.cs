using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>A URL's host: a name, or an address in any of the forms that the URL Standard (§3.5) knows.</summary>
public sealed record UrlHost
{
    private static readonly SearchValues<char> ForbiddenInDomain = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016"
            + "\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f #%/:<>?@[\\]^|\u007f"
    );

    private UrlHost(string text, IpAddress? address) => (Text, Address) = (text, address);

    /// <summary>As it stands in a URL and in a Host field: an IPv6 address in its brackets.</summary>
    public string Text { get; }

    /// <summary>The address, when the host is one.</summary>
    public IpAddress? Address { get; }

    /// <summary>What a resolver is asked for: the name, or the address without brackets.</summary>
    public string Name => Text.StartsWith('[') ? Text.Substring(1, Text.Length - 2) : Text;

    public override string ToString() => Text;

    internal static bool TryParse(string text, [NotNullWhen(true)] out UrlHost? host, out string why)
    {
        host = null;
        if (text.StartsWith('['))
        {
            why = $"'{text}' is not an IPv6 address in brackets, such as [2001:db8::1]";
            if (!text.EndsWith(']') || !Ipv6Text.TryParse(text.AsSpan()[1..^1], out var address))
                return false;
            host = new($"[{Ipv6Text.Format(address)}]", new IpAddress(address));
            return true;
        }

        var domain = Encoding.UTF8.GetString(PercentEncoding.Decode(text));
        if (!Ascii.IsValid(domain))
        {
            why = $"the host '{domain}' has characters beyond ASCII: international names are not served yet";
            return false;
        }
        why = $"'{domain}' cannot be a host's name";
        if (domain.Length == 0 || domain.AsSpan().ContainsAny(ForbiddenInDomain))
            return false;
        if (!EndsInNumber(domain))
        {
            host = new(domain.ToLowerInvariant(), null);
            return true;
        }
        why = $"'{domain}' ends in a number but is not an IPv4 address";
        if (!TryParseV4(domain, out var bits))
            return false;
        var v4 = IpAddress.V4(bits);
        host = new(v4.ToString(), v4);
        return true;
    }

    /// <summary>§3.5 'ends in a number checker': then it must be an IPv4 address, or nothing.</summary>
    private static bool EndsInNumber(string domain)
    {
        var parts = domain.Split('.');
        var last = parts[^1];
        if (last.Length == 0 && parts.Length > 1)
            last = parts[^2];
        return last.Length > 0 && (last.All(char.IsAsciiDigit) || TryParsePart(last, out _));
    }

    /// <summary>§3.5 'IPv4 parser': one to four parts, each decimal, octal or hexadecimal; the last fills what is left.</summary>
    private static bool TryParseV4(string text, out uint bits)
    {
        bits = 0;
        var parts = text.Split('.');
        if (parts[^1].Length == 0 && parts.Length > 1)
            parts = parts[..^1];
        if (parts.Length > 4)
            return false;
        for (var i = 0; i < parts.Length; i++)
        {
            if (!TryParsePart(parts[i], out var number))
                return false;
            var isLast = i == parts.Length - 1;
            if (number >= (isLast ? 1UL << 8 * (5 - parts.Length) : 256))
                return false;
            bits |= isLast ? (uint)number : (uint)number << 8 * (3 - i);
        }
        return true;
    }

    private static bool TryParsePart(string part, out ulong number)
    {
        number = 0;
        if (part.Length == 0)
            return false;
        var (digits, radix) = part switch
        {
            _ when part.StartsWith("0x", StringComparison.OrdinalIgnoreCase) => (part[2..], 16u),
            _ when part.Length > 1 && part[0] == '0' => (part[1..], 8u),
            _ => (part, 10u),
        };
        foreach (var c in digits)
        {
            var value = char.IsAsciiHexDigit(c) ? (uint)PercentEncoding.HexValue((byte)c) : radix;
            if (value >= radix)
                return false;
            // More than 32 bits is too large whatever follows: stop growing, keep checking digits.
            number = Math.Min(number * radix + value, 1UL << 40);
        }
        return true;
    }
}

/// <summary>IPv6 addresses as the URL Standard reads and writes them (§3.5): hexadecimal pieces only on the way out.</summary>
internal static class Ipv6Text
{
    public static bool TryParse(ReadOnlySpan<char> text, out UInt128 address)
    {
        address = 0;
        Span<ushort> pieces = stackalloc ushort[8];
        pieces.Clear();
        var count = 0;
        var compress = -1;
        var at = 0;
        if (text.StartsWith("::"))
            (at, compress) = (2, 0);
        else if (text.StartsWith(":"))
            return false;
        while (at < text.Length)
        {
            if (count == 8)
                return false;
            if (text[at] == ':')
            {
                if (compress >= 0)
                    return false;
                at++;
                compress = count;
                continue;
            }
            var start = at;
            while (at < text.Length && at - start < 4 && char.IsAsciiHexDigit(text[at]))
                at++;
            if (at < text.Length && text[at] == '.')
            {
                // The last 32 bits may be written as an IPv4 address.
                if (count > 6 || !TryParseDotted(text[start..], out var v4))
                    return false;
                pieces[count++] = (ushort)(v4 >> 16);
                pieces[count++] = (ushort)v4;
                break;
            }
            if (at == start)
                return false;
            pieces[count++] = ushort.Parse(
                text[start..at],
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture
            );
            if (at == text.Length)
                break;
            if (text[at] != ':' || ++at == text.Length)
                return false;
        }
        if (compress < 0 ? count != 8 : count == 8)
            return false;
        if (compress >= 0)
        {
            var tail = count - compress;
            pieces.Slice(compress, tail).CopyTo(pieces[(8 - tail)..]);
            pieces[compress..(8 - tail)].Clear();
        }
        foreach (var piece in pieces)
            address = address << 16 | piece;
        return true;
    }

    public static string Format(UInt128 address)
    {
        Span<ushort> pieces = stackalloc ushort[8];
        for (var i = 0; i < 8; i++)
            pieces[i] = (ushort)(address >> 16 * (7 - i));
        var (start, length) = LongestZeros(pieces);
        var text = new StringBuilder();
        for (var i = 0; i < 8; i++)
        {
            if (i == start)
            {
                text.Append(i == 0 ? "::" : ":");
                i += length - 1;
                continue;
            }
            text.Append(pieces[i].ToString("x", CultureInfo.InvariantCulture));
            if (i < 7)
                text.Append(':');
        }
        return text.ToString();
    }

    /// <summary>The first longest run of two zero pieces or more.</summary>
    private static (int Start, int Length) LongestZeros(ReadOnlySpan<ushort> pieces)
    {
        var (start, length) = (-1, 1);
        for (var i = 0; i < 8; i++)
        {
            var end = i;
            while (end < 8 && pieces[end] == 0)
                end++;
            if (end - i > length)
                (start, length) = (i, end - i);
            if (end > i)
                i = end;
        }
        return (start, length);
    }

    private static bool TryParseDotted(ReadOnlySpan<char> text, out uint bits)
    {
        var ok = IpAddress.TryParse(text, out var address) && address.IsV4 && !text.Contains(':');
        bits = address.AsV4;
        return ok;
    }
}
