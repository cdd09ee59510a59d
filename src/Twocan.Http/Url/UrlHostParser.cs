using System.Buffers;
using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>The host parser (URL Standard §3.5).</summary>
internal sealed class UrlHostParser(ICollection<ValidationError>? errors)
{
    private const string Forbidden = "\0\t\n\r #/:<>?@[\\]^|";

    private static readonly SearchValues<char> ForbiddenInHost = SearchValues.Create(Forbidden);

    private static readonly SearchValues<char> ForbiddenInDomain = SearchValues.Create(
        Forbidden
            + "%\u007f\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\v\f\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016"
            + "\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"
    );

    /// <summary>Why it is no host; empty when it is one.</summary>
    public string Why { get; private set; } = "";

    public UrlHost? Parse(string text, bool isOpaque)
    {
        if (text.StartsWith('['))
            return ParseIpv6(text);
        return isOpaque ? ParseOpaque(text) : ParseDomain(text);
    }

    private UrlHost? ParseIpv6(string text)
    {
        var error = ValidationError.Ipv6Unclosed;
        if (text.EndsWith(']') && Ipv6Text.TryParse(text.AsSpan()[1..^1], out var address, out error))
        {
            if (Ipv6Text.HasLeadingZero(text))
                errors?.Add(ValidationError.Ipv6PieceLeadingZero);
            return UrlHost.Ipv6(address);
        }
        return Fail(error, $"'{text}' is not an IPv6 address in brackets, such as [2001:db8::1]");
    }

    private UrlHost? ParseOpaque(string text)
    {
        if (text.AsSpan().ContainsAny(ForbiddenInHost))
            return Fail(ValidationError.HostInvalidCodePoint, $"'{text}' cannot be a host's name");
        if (errors is not null && !UrlUnits.AreAll(text))
            errors.Add(ValidationError.InvalidUrlUnit);
        return UrlHost.Opaque(PercentEncoding.Encode(text, PercentEncodeSet.C0Control));
    }

    private UrlHost? ParseDomain(string text)
    {
        var domain = PercentEncoding.DecodeText(text);
        if (domain != text)
            errors?.Add(ValidationError.DomainPercentEncoded);
        // For those who write URLs there are stricter rules than for those who read them (§3.3).
        if (errors is not null && !Idna.TryToAscii(domain, isStrict: true, out _))
            errors.Add(ValidationError.DomainToAscii);
        // A name in ASCII is taken as it is, broken Punycode or not: the web has such names.
        var name = domain.ToLowerInvariant();
        if (!Ascii.IsValid(domain) && !Idna.TryToAscii(domain, out name))
            return Fail(ValidationError.DomainToAscii, $"'{Visible(domain)}' cannot be an international domain name");
        if (name.Length == 0)
            return Fail(ValidationError.DomainToAscii, $"nothing is left of '{Visible(domain)}' as a host's name");
        if (name.AsSpan().ContainsAny(ForbiddenInDomain))
            return Fail(ValidationError.DomainInvalidCodePoint, $"'{Visible(domain)}' cannot be a host's name");
        if (!Ipv4Text.EndsInNumber(name))
            return UrlHost.Domain(name);
        if (!Ascii.IsValid(domain))
            errors?.Add(ValidationError.Ipv4NonAsciiInput);
        return Ipv4Text.TryParse(name, errors, out var bits, out var error)
            ? UrlHost.Ipv4(IpAddress.V4(bits))
            : Fail(error, $"'{name}' ends in a number but is not an IPv4 address");
    }

    /// <summary>What a terminal would obey, or not show, is left out of a message.</summary>
    private static string Visible(string text) => string.Concat(text.Where(static c => !char.IsControl(c)));

    private UrlHost? Fail(ValidationError error, string why)
    {
        errors?.Add(error);
        Why = why;
        return null;
    }
}
