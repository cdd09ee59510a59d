using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// A URL, taken apart and written again by the URL Standard (https://url.spec.whatwg.org). It never changes: what a script
/// in a browser sets (<c>url.host = …</c>) makes another one here (<see cref="WithHost"/>).
/// </summary>
public sealed partial class Url : IEquatable<Url>
{
    private readonly UrlRecord _record;

    private Url(UrlRecord record)
    {
        _record = record;
        Path = record.WritePath();
        Href = record.Write(withUserInfo: true, withFragment: true);
    }

    /// <summary>Without its colon.</summary>
    public string Scheme => _record.Scheme;

    /// <summary>One of <c>http https ws wss ftp file</c>, which have rules of their own.</summary>
    public bool IsSpecial => _record.IsSpecial;

    /// <summary>Percent-encoded, as it stands in the URL; empty when left out.</summary>
    public string Username => _record.Username;

    /// <summary>Percent-encoded, as it stands in the URL; empty when left out.</summary>
    public string Password => _record.Password;

    public UrlHost Host => _record.Host ?? UrlHost.None;

    /// <summary>Null when it is left out, or is the scheme's own.</summary>
    public Port? WrittenPort => _record.Port;

    /// <summary>The port to connect to: what is written, else the scheme's own; 0 when it has none.</summary>
    public Port Port => WrittenPort ?? DefaultPort(Scheme) ?? default;

    /// <summary>The parts between the slashes; the last is empty when the path ends in a slash. None when the path is opaque.</summary>
    public IReadOnlyList<string> Segments => _record.Path;

    /// <summary>The path has no parts and nothing is relative to it, as in <c>mailto:tone@cyber.co.kr</c>.</summary>
    public bool HasOpaquePath => _record.OpaquePath is not null;

    public string Path { get; }

    /// <summary>Without its question mark; null when there is none.</summary>
    public string? Query => _record.Query;

    /// <summary>Without its hash; null when there is none.</summary>
    public string? Fragment => _record.Fragment;

    /// <summary>As browsers say it: with its question mark; empty when there is nothing behind it.</summary>
    public string Search => string.IsNullOrEmpty(Query) ? "" : $"?{Query}";

    /// <summary>As browsers say it: with its hash; empty when there is nothing behind it.</summary>
    public string Hash => string.IsNullOrEmpty(Fragment) ? "" : $"#{Fragment}";

    /// <summary>The query as a list of names and values.</summary>
    public UrlSearchParams SearchParams => UrlSearchParams.OfQuery(Query ?? "");

    /// <summary>The whole URL.</summary>
    public string Href { get; }

    /// <summary>Who is asked, for a Host field: the port only when it is not the scheme's own.</summary>
    public string Authority => WrittenPort is { } port ? $"{Host.Text}:{port}" : Host.Text;

    /// <summary>Scheme, host and port; <c>null</c> for a URL that has the same origin as no other.</summary>
    public string Origin =>
        Scheme switch
        {
            "http" or "https" or "ws" or "wss" or "ftp" => $"{Scheme}://{Authority}",
            "blob" when TryParse(Path, out var inner) && inner.Scheme is "http" or "https" => inner.Origin,
            _ => "null",
        };

    /// <summary>What stands in a request line: path and query (RFC 9112 §3.2.1).</summary>
    public string OriginForm => Query is null ? Path : $"{Path}?{Query}";

    /// <summary>What stands in a request line to a proxy: the URL without user, password and fragment (RFC 9112 §3.2.2).</summary>
    public string AbsoluteForm => _record.Write(withUserInfo: false, withFragment: false);

    public bool HasCredentials => _record.HasCredentials;

    /// <summary>The special scheme's own port; null for any other scheme, and for <c>file</c>.</summary>
    public static Port? DefaultPort(string scheme) => UrlScheme.DefaultPort(scheme);

    public static Url Parse(string text, Url? relativeTo = null) =>
        TryParse(text, relativeTo, out var url, out var why) ? url : throw new FormatException(why);

    public static bool CanParse([NotNullWhen(true)] string? text, Url? relativeTo = null) =>
        TryParse(text, relativeTo, out _, out _);

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Url? url) =>
        TryParse(text, null, out url, out _);

    /// <summary>
    /// Reads what somebody has typed: as in a browser, <c>http://</c> may be left out, and <c>localhost:8080</c> is a host and
    /// its port, though it could be read as a scheme.
    /// </summary>
    public static bool TryParseTyped(string text, [NotNullWhen(true)] out Url? url, out string why) =>
        TryParseTyped(text, null, out url, out why);

    /// <param name="errors">As for <see cref="TryParse(string, Url, ICollection{ValidationError}, out Url, out string)"/>.</param>
    public static bool TryParseTyped(
        string text,
        ICollection<ValidationError>? errors,
        [NotNullWhen(true)] out Url? url,
        out string why
    ) => TryParse(IsWithoutScheme(text) ? "http://" + text : text, null, errors, out url, out why);

    private static bool IsWithoutScheme(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return text.Length > 0;
        // What is before a number and is known to have numbers behind it.
        if (text[..colon].ToLowerInvariant() is "tel" or "sms")
            return false;
        var behind = text.AsSpan(colon + 1).TrimStart("0123456789");
        return behind.Length < text.Length - colon - 1 && (behind.Length == 0 || behind[0] is '/' or '?' or '#');
    }

    /// <summary>Reads a URL, or a reference such as <c>../gazou.jpg</c> relative to another; else says why it cannot be.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        Url? relativeTo,
        [NotNullWhen(true)] out Url? url,
        out string why
    ) => TryParse(text, relativeTo, null, out url, out why);

    /// <param name="errors">Gathers what is wrong with how it is written, even where it is understood.</param>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        Url? relativeTo,
        ICollection<ValidationError>? errors,
        [NotNullWhen(true)] out Url? url,
        out string why
    )
    {
        (url, why) = (null, "there is no URL");
        if (text is null)
            return false;
        var parser = new UrlParser(text, relativeTo?._record, errors);
        if (parser.Run() is { } record)
            url = new(record);
        why = parser.Why;
        return url is not null;
    }

    public bool IsSameOriginAs(Url other) => Origin != "null" && Origin == other.Origin;

    public bool Equals(Url? other) => other is not null && Href == other.Href;

    public override bool Equals(object? obj) => Equals(obj as Url);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Href);

    public override string ToString() => Href;
}
