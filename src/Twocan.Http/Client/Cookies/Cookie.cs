namespace Twocan.Http;

/// <summary>Whether a cookie goes along when another site's page asks (RFC 6265bis §5.5).</summary>
public enum SameSite
{
    /// <summary>Nothing was said: as <see cref="Lax"/>.</summary>
    Default,

    /// <summary>Always, which only a <c>Secure</c> cookie may.</summary>
    None,

    /// <summary>Only with a page that somebody goes to, not with what a page fetches.</summary>
    Lax,

    /// <summary>Never.</summary>
    Strict,
}

/// <summary>A cookie as a jar keeps it (RFC 6265bis §5.7).</summary>
public sealed record Cookie(string Name, string Value)
{
    /// <summary>Without a dot in front, in small letters.</summary>
    public string Domain { get; init; } = "";

    /// <summary>For this host alone; else for all below the domain too.</summary>
    public bool IsHostOnly { get; init; } = true;

    public string Path { get; init; } = "/";

    /// <summary>Null: until the client ends.</summary>
    public DateTimeOffset? Expires { get; init; }

    public bool IsSecure { get; init; }

    /// <summary>Not for scripts.</summary>
    public bool IsHttpOnly { get; init; }

    public SameSite SameSite { get; init; }

    public DateTimeOffset Created { get; init; }

    public bool HasExpired(DateTimeOffset now) => Expires <= now;

    /// <summary>§5.1.3: the domain itself, or a name below it.</summary>
    public static bool DomainMatches(string host, string domain) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase)
        || (
            host.Length > domain.Length
            && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
            && host[host.Length - domain.Length - 1] == '.'
        );

    /// <summary>§5.1.4: the path itself, or one below it.</summary>
    public static bool PathMatches(string path, string cookiePath) =>
        path.StartsWith(cookiePath, StringComparison.Ordinal)
        && (path.Length == cookiePath.Length || cookiePath.EndsWith('/') || path[cookiePath.Length] == '/');

    /// <summary>§5.1.4: the path up to its last slash.</summary>
    public static string DefaultPath(string path) =>
        path.LastIndexOf('/') is > 0 and var slash && path[0] == '/' ? path[..slash] : "/";
}
