using System.Diagnostics.CodeAnalysis;
using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// A URL, taken apart and written again by the rules of the URL Standard (https://url.spec.whatwg.org). So far the schemes
/// <c>http</c> and <c>https</c>; any other is refused with a reason.
/// </summary>
public sealed class Url : IEquatable<Url>
{
    internal Url(
        string scheme,
        string username,
        string password,
        UrlHost host,
        Port? port,
        IReadOnlyList<string> segments,
        string? query,
        string? fragment
    )
    {
        Scheme = scheme;
        Username = username;
        Password = password;
        Host = host;
        WrittenPort = port;
        Segments = segments;
        Path = "/" + string.Join('/', segments);
        Query = query;
        Fragment = fragment;
        Href = Write(withUserInfo: true, withFragment: true);
    }

    /// <summary>Without its colon.</summary>
    public string Scheme { get; }

    /// <summary>Percent-encoded, as it stands in the URL; empty when left out.</summary>
    public string Username { get; }

    /// <summary>Percent-encoded, as it stands in the URL; empty when left out.</summary>
    public string Password { get; }

    public UrlHost Host { get; }

    /// <summary>Null when it is left out, or is the scheme's own.</summary>
    public Port? WrittenPort { get; }

    /// <summary>The port to connect to: what is written, else the scheme's own.</summary>
    public Port Port => WrittenPort ?? DefaultPort(Scheme)!.Value;

    /// <summary>The parts between the slashes; the last is empty when the path ends in a slash.</summary>
    public IReadOnlyList<string> Segments { get; }

    public string Path { get; }

    /// <summary>Without its question mark; null when there is none.</summary>
    public string? Query { get; }

    /// <summary>Without its hash; null when there is none.</summary>
    public string? Fragment { get; }

    /// <summary>The whole URL.</summary>
    public string Href { get; }

    /// <summary>Who is asked, for a Host field: the port only when it is not the scheme's own.</summary>
    public string Authority => WrittenPort is { } port ? $"{Host.Text}:{port}" : Host.Text;

    public string Origin => $"{Scheme}://{Authority}";

    /// <summary>What stands in a request line: path and query (RFC 9112 §3.2.1).</summary>
    public string OriginForm => Query is null ? Path : $"{Path}?{Query}";

    /// <summary>What stands in a request line to a proxy: the URL without user, password and fragment (RFC 9112 §3.2.2).</summary>
    public string AbsoluteForm => Write(withUserInfo: false, withFragment: false);

    public bool HasCredentials => Username.Length > 0 || Password.Length > 0;

    /// <summary>The scheme's own port; null for a scheme that is not served yet.</summary>
    public static Port? DefaultPort(string scheme) =>
        scheme switch
        {
            "http" => Port.Http,
            "https" => new Port(443),
            _ => null,
        };

    public static Url Parse(string text, Url? relativeTo = null) =>
        TryParse(text, relativeTo, out var url, out var why) ? url : throw new FormatException(why);

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Url? url) =>
        TryParse(text, null, out url, out _);

    /// <summary>Reads a URL, or a reference such as <c>../gazou.jpg</c> relative to another; else says why it cannot be.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        Url? relativeTo,
        [NotNullWhen(true)] out Url? url,
        out string why
    )
    {
        if (text is null)
        {
            (url, why) = (null, "there is no URL");
            return false;
        }
        var parser = new UrlParser(text, relativeTo);
        url = parser.Run();
        why = parser.Why;
        return url is not null;
    }

    public bool Equals(Url? other) => other is not null && Href == other.Href;

    public override bool Equals(object? obj) => Equals(obj as Url);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Href);

    public override string ToString() => Href;

    private string Write(bool withUserInfo, bool withFragment)
    {
        var text = new StringBuilder(Scheme).Append("://");
        if (withUserInfo && HasCredentials)
        {
            text.Append(Username);
            if (Password.Length > 0)
                text.Append(':').Append(Password);
            text.Append('@');
        }
        text.Append(Authority).Append(Path);
        if (Query is not null)
            text.Append('?').Append(Query);
        if (withFragment && Fragment is not null)
            text.Append('#').Append(Fragment);
        return text.ToString();
    }
}
