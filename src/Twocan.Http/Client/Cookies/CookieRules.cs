namespace Twocan.Http;

/// <summary>Which cookies a server may set (RFC 6265bis §5.7).</summary>
internal static class CookieRules
{
    /// <summary>
    /// Under these, countries give names away as others do right below the country. The whole list of such suffixes
    /// (publicsuffix.org) is not carried here: a suffix that is not one of these is taken for somebody's own domain.
    /// </summary>
    private static readonly string[] s_secondLevels =
    [
        "ac",
        "co",
        "com",
        "edu",
        "go",
        "gob",
        "gov",
        "gouv",
        "mil",
        "ne",
        "net",
        "nom",
        "or",
        "org",
        "pe",
        "re",
    ];

    /// <summary>The cookie as it is to be kept; else why it is not.</summary>
    public static Cookie? Admit(SetCookie said, Url url, DateTimeOffset now, out string why)
    {
        var host = url.Host.Name;
        var isSecure = IsTrusted(url);
        var domain = said.Domain;
        why = "";
        // Step 5: who is a public suffix itself may have a cookie for itself alone.
        if (domain.Length > 0 && IsPublicSuffix(domain))
        {
            if (!domain.Equals(host, StringComparison.OrdinalIgnoreCase))
                why = $"nobody may set a cookie for all of '{domain}'";
            domain = "";
        }
        else if (domain.Length > 0 && url.Host.Address is not null)
        {
            // An address has nothing below it.
            if (domain != host)
                why = $"{host} is an address, and '{domain}' another place";
            domain = "";
        }
        else if (domain.Length > 0 && !Cookie.DomainMatches(host, domain))
        {
            why = $"{host} does not belong to '{domain}'";
        }
        if (why.Length > 0)
            return null;
        var cookie = new Cookie(said.Name, said.Value)
        {
            Domain = domain.Length > 0 ? domain : host,
            IsHostOnly = domain.Length == 0,
            Path = said.Path ?? Cookie.DefaultPath(url.Path),
            Expires = said.Expires,
            IsSecure = said.IsSecure,
            IsHttpOnly = said.IsHttpOnly,
            SameSite = said.SameSite,
            Created = now,
        };
        why = WhyNot(cookie, said, isSecure);
        return why.Length == 0 ? cookie : null;
    }

    /// <summary>A connection that nobody on the way can read, or one that does not leave this machine.</summary>
    public static bool IsTrusted(Url url) =>
        url.Scheme == "https"
        || url.Host.Address is { IsLoopback: true }
        || Cookie.DomainMatches(url.Host.Name, "localhost");

    private static string WhyNot(Cookie cookie, SetCookie said, bool isSecure)
    {
        if (cookie.IsSecure && !isSecure)
            return "a Secure cookie may come over TLS only";
        if (cookie is { SameSite: SameSite.None, IsSecure: false })
            return "SameSite=None is for Secure cookies only";
        // Steps 20 and 21; a cookie without a name must not look like one with such a name either.
        var name = cookie.Name.Length > 0 ? cookie.Name : cookie.Value;
        if (IsPrefixed(name, "__Secure-") && (!cookie.IsSecure || cookie.Name.Length == 0))
            return "a name that begins with __Secure- is for Secure cookies only";
        if (!IsPrefixed(name, "__Host-"))
            return "";
        return
            cookie is { IsSecure: true, IsHostOnly: true, Path: "/", Name.Length: > 0 }
            && said is { Path: "/", Domain.Length: 0 }
            ? ""
            : "a name that begins with __Host- is for Secure cookies of one host and the path / only";
    }

    private static bool IsPrefixed(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsPublicSuffix(string domain)
    {
        var labels = domain.TrimEnd('.').Split('.');
        return labels.Length < 2 || (labels is [var second, { Length: 2 }] && s_secondLevels.Contains(second));
    }
}
