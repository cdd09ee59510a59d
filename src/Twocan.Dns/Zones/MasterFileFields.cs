using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Twocan.Core;

namespace Twocan.Dns;

/// <summary>The words of one entry, read from left to right. Each reader that fails has said where and why.</summary>
internal sealed class MasterFileFields(
    IReadOnlyList<MasterToken> tokens,
    MasterFileErrors errors,
    int endLine,
    int endColumn
)
{
    private int _next;

    public bool IsEmpty => _next >= tokens.Count;

    public MasterToken Peek => tokens[_next];

    public MasterToken Take() => tokens[_next++];

    public bool Fail(MasterToken at, string message)
    {
        errors.Add(at.Line, at.Column, message);
        return false;
    }

    public bool TryTake(string what, out MasterToken token)
    {
        token = IsEmpty ? default : tokens[_next++];
        if (token.Text is not null)
            return true;
        var last = tokens.Count > 0 ? tokens[^1] : new("", false, endLine, endColumn);
        errors.Add(last.Line, last.Column + last.Text.Length, $"{what} is missing here");
        return false;
    }

    public bool TryName(string what, DomainName origin, out DomainName name)
    {
        name = default;
        if (!TryTake(what, out var token))
            return false;
        if (token is { Quoted: false, Text: "@" })
        {
            name = origin;
            return true;
        }
        return DomainName.TryParse(token.Text, origin, out name, out var error)
            || Fail(token, $"'{token.Text}' is not a domain name: {error}");
    }

    public bool TryNumber(string what, out uint number)
    {
        number = 0;
        if (!TryTake(what, out var token))
            return false;
        return uint.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            || Fail(token, $"'{token.Text}' is not {what}: it is a number from 0 to {uint.MaxValue}");
    }

    public bool TryUInt16(string what, out ushort number)
    {
        number = 0;
        if (!TryTake(what, out var token))
            return false;
        return ushort.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            || Fail(token, $"'{token.Text}' is not {what}: it is a number from 0 to {ushort.MaxValue}");
    }

    public bool TryTtl(string what, out uint seconds)
    {
        seconds = 0;
        if (!TryTake(what, out var token))
            return false;
        return TimeText.TryParse(token.Text, out seconds)
            || Fail(token, $"'{token.Text}' is not {what}: it is a number of seconds, or written like 1h30m");
    }

    public bool TryAddress(IpFamily family, out IpAddress address)
    {
        address = default;
        var example =
            family == IpFamily.V4 ? "an IPv4 address, such as 192.0.2.226" : "an IPv6 address, such as 2001:db8::226";
        if (!TryTake(example, out var token))
            return false;
        return (IpAddress.TryParse(token.Text, out address) && IsOfFamily(token.Text, family))
            || Fail(token, $"'{token.Text}' is not {example}");
    }

    // ::ffff:192.0.2.1 is an IPv6 address as text, whatever family its value counts as.
    private static bool IsOfFamily(string text, IpFamily family) => text.Contains(':') == (family == IpFamily.V6);

    public bool TryEnd() => IsEmpty || Fail(Peek, $"'{Peek.Text}' is one word too many; a comment begins with ';'");

    public bool TryData(RecordType type, DomainName origin, [NotNullWhen(true)] out RecordData? data)
    {
        data = null;
        return MasterFileData.TryRead(this, type, origin, out data) && TryEnd();
    }
}

/// <summary>Times as master files write them: seconds, or numbers with units, <c>1h30m</c>.</summary>
internal static class TimeText
{
    /// <summary>The highest bit of a TTL is not to be used (RFC 2181 §8).</summary>
    private const long Max = int.MaxValue;

    public static bool TryParse(ReadOnlySpan<char> text, out uint seconds)
    {
        seconds = 0;
        if (text.IsEmpty)
            return false;
        var (total, number, digits, units) = (0L, 0L, 0, 0);
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                number = number * 10 + (c - '0');
                digits++;
                if (number > Max)
                    return false;
                continue;
            }
            var unit = char.ToLowerInvariant(c) switch
            {
                's' => 1,
                'm' => 60,
                'h' => 3600,
                'd' => 86400,
                'w' => 604800,
                _ => 0,
            };
            if (unit == 0 || digits == 0)
                return false;
            total += number * unit;
            units++;
            (number, digits) = (0, 0);
            if (total > Max)
                return false;
        }
        // A number without a unit stands alone: 90, never 1h30.
        if (digits > 0 && units > 0)
            return false;
        total += number;
        seconds = (uint)total;
        return total <= Max;
    }
}
