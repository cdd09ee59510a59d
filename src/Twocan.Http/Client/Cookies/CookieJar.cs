using System.Text;

namespace Twocan.Http;

/// <summary>Who asks: what <c>SameSite</c> goes by.</summary>
/// <param name="From">The page that makes the request; null when a person does.</param>
/// <param name="IsNavigation">A page is gone to, and nothing fetched into one.</param>
public readonly record struct CookieContext(Url? From, bool IsNavigation = true);

/// <summary>
/// The cookies of a client: takes those that servers may set, and tells which go along with a request (RFC 6265bis §5.7, §5.8).
/// Not there: the list of public suffixes (a few rules stand in for it: see <c>CookieRules</c>), and <c>Partitioned</c>.
/// </summary>
public sealed class CookieJar
{
    /// <summary>§6.1: at least 50 of a domain and 3000 together.</summary>
    private const int MaxOfDomain = 180;
    private const int MaxAll = 3000;

    private readonly List<Kept> _cookies = [];
    private long _uses;

    public int Count => _cookies.Count;

    /// <summary>All cookies, by domain, path and name.</summary>
    public IEnumerable<Cookie> All =>
        _cookies
            .Select(static kept => kept.Cookie)
            .OrderBy(cookie => cookie.Domain, StringComparer.Ordinal)
            .ThenBy(cookie => cookie.Path, StringComparer.Ordinal)
            .ThenBy(cookie => cookie.Name, StringComparer.Ordinal);

    /// <summary>Takes what a <c>Set-Cookie</c> field says; false, and why, when its server may not say so, or says nothing.</summary>
    public bool TrySet(Url url, string field, DateTimeOffset now, out Cookie? cookie, out string why)
    {
        cookie = null;
        if (!SetCookie.TryParse(field, now, out var said, out why))
            return false;
        if (CookieRules.Admit(said!, url, now, out why) is not { } admitted)
            return false;
        if (!CookieRules.IsTrusted(url) && _cookies.Exists(old => old.Cookie.IsSecure && Shadows(admitted, old.Cookie)))
        {
            why = "there is a Secure cookie of that name, and this did not come over TLS";
            return false;
        }
        cookie = admitted;
        Add(admitted, now);
        return true;
    }

    /// <summary>Puts a cookie in as it is: out of a file.</summary>
    public void Add(Cookie cookie, DateTimeOffset now)
    {
        var old = _cookies.FindIndex(other => IsSame(other.Cookie, cookie));
        if (old >= 0)
        {
            cookie = cookie with { Created = _cookies[old].Cookie.Created };
            _cookies.RemoveAt(old);
        }
        if (!cookie.HasExpired(now))
            _cookies.Add(new(cookie) { Used = ++_uses });
        Evict(cookie.Domain, now);
    }

    /// <summary>The value of the <c>Cookie</c> field for a request; null when there is nothing to say.</summary>
    public string? FieldFor(Url url, DateTimeOffset now, CookieContext context = default, string method = Methods.Get)
    {
        var path = url.Path;
        var isTrusted = CookieRules.IsTrusted(url);
        var isSameSite = context.From is not { } from || IsSameSite(from, url);
        List<Cookie>? chosen = null;
        foreach (var kept in _cookies)
        {
            var cookie = kept.Cookie;
            if (!IsFor(cookie, url.Host.Name, path) || (cookie.IsSecure && !isTrusted) || cookie.HasExpired(now))
                continue;
            if (!isSameSite && !MayCross(cookie.SameSite, context, method))
                continue;
            kept.Used = ++_uses;
            (chosen ??= []).Add(cookie);
        }
        if (chosen is null)
            return null;
        // §5.8.3: longer paths first; of equal ones, the older.
        var sorted = chosen.OrderByDescending(cookie => cookie.Path.Length).ThenBy(cookie => cookie.Created);
        var field = new StringBuilder();
        foreach (var cookie in sorted)
        {
            field.Append(field.Length > 0 ? "; " : "");
            if (cookie.Name.Length > 0)
                field.Append(cookie.Name).Append('=');
            field.Append(cookie.Value);
        }
        return field.ToString();
    }

    /// <summary>A client that ends keeps only what was given a date.</summary>
    public void ForgetSession() => _cookies.RemoveAll(static kept => kept.Cookie.Expires is null);

    private static bool IsFor(Cookie cookie, string host, string path) =>
        (
            cookie.IsHostOnly
                ? cookie.Domain.Equals(host, StringComparison.OrdinalIgnoreCase)
                : Cookie.DomainMatches(host, cookie.Domain)
        ) && Cookie.PathMatches(path, cookie.Path);

    private static bool MayCross(SameSite sameSite, CookieContext context, string method) =>
        sameSite switch
        {
            SameSite.None => true,
            SameSite.Strict => false,
            _ => context.IsNavigation && Methods.IsSafe(method),
        };

    /// <summary>
    /// One of the two hosts is the other, or above it, by the same scheme. Without the list of public suffixes sisters
    /// (<c>a.cyber.co.kr</c>, <c>b.cyber.co.kr</c>) count as strangers, which keeps cookies back rather than giving them away.
    /// </summary>
    private static bool IsSameSite(Url one, Url other) =>
        one.Scheme == other.Scheme
        && (
            Cookie.DomainMatches(one.Host.Name, other.Host.Name) || Cookie.DomainMatches(other.Host.Name, one.Host.Name)
        );

    private static bool IsSame(Cookie one, Cookie other) =>
        one.Name == other.Name
        && one.Domain == other.Domain
        && one.IsHostOnly == other.IsHostOnly
        && one.Path == other.Path;

    /// <summary>§5.7 step 16: would a server be given the new one where it now gets the Secure one?</summary>
    private static bool Shadows(Cookie cookie, Cookie secure) =>
        cookie.Name == secure.Name
        && (Cookie.DomainMatches(cookie.Domain, secure.Domain) || Cookie.DomainMatches(secure.Domain, cookie.Domain))
        && Cookie.PathMatches(cookie.Path, secure.Path);

    /// <summary>§5.7, last: what has expired goes first, then what a domain has too many of, then what was not used for longest.</summary>
    private void Evict(string domain, DateTimeOffset now)
    {
        if (_cookies.Count <= MaxAll && CountOf(domain) <= MaxOfDomain)
            return;
        _cookies.RemoveAll(kept => kept.Cookie.HasExpired(now));
        while (CountOf(domain) > MaxOfDomain)
        {
            var of = _cookies.Where(kept => kept.Cookie.Domain == domain).ToList();
            var open = of.Where(static kept => !kept.Cookie.IsSecure).MinBy(static kept => kept.Used);
            _cookies.Remove(open ?? of.MinBy(static kept => kept.Used)!);
        }
        while (_cookies.Count > MaxAll)
            _cookies.Remove(_cookies.MinBy(static kept => kept.Used)!);
    }

    private int CountOf(string domain) => _cookies.Count(kept => kept.Cookie.Domain == domain);

    private sealed class Kept(Cookie cookie)
    {
        public Cookie Cookie => cookie;

        /// <summary>The larger, the later it was sent or set.</summary>
        public long Used { get; set; }
    }
}
