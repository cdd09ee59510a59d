using System.Globalization;
using System.Text;

namespace Twocan.Http;

/// <summary>
/// Cookies as lines of text: the form of Netscape's <c>cookies.txt</c>, which curl, wget and browsers' extensions read and write.
/// Seven words with tabs between them: domain, whether for all below it, path, whether Secure, when it ends (0: with the client), name, value.
/// </summary>
public static class CookieFile
{
    private const string HttpOnly = "#HttpOnly_";

    /// <summary>Puts the cookies of a file into a jar; the number of the first line that is no cookie, 0 when there is none.</summary>
    public static int Read(IEnumerable<string> lines, CookieJar jar, DateTimeOffset now)
    {
        var (number, wrong) = (0, 0);
        foreach (var line in lines)
        {
            number++;
            var isHttpOnly = line.StartsWith(HttpOnly, StringComparison.Ordinal);
            if (string.IsNullOrWhiteSpace(line) || (line[0] == '#' && !isHttpOnly))
                continue;
            if (TryParse(isHttpOnly ? line[HttpOnly.Length..] : line, now, out var cookie))
                jar.Add(cookie! with { IsHttpOnly = isHttpOnly }, now);
            else if (wrong == 0)
                wrong = number;
        }
        return wrong;
    }

    public static string Write(CookieJar jar)
    {
        var text = new StringBuilder("# Netscape HTTP Cookie File\n");
        foreach (var cookie in jar.All)
        {
            var ends = cookie.Expires?.ToUnixTimeSeconds() ?? 0;
            text.Append(cookie.IsHttpOnly ? HttpOnly : "")
                .Append(cookie.IsHostOnly ? "" : ".")
                .AppendJoin(
                    '\t',
                    cookie.Domain,
                    Word(!cookie.IsHostOnly),
                    cookie.Path,
                    Word(cookie.IsSecure),
                    ends.ToString(CultureInfo.InvariantCulture),
                    cookie.Name,
                    cookie.Value
                )
                .Append('\n');
        }
        return text.ToString();
    }

    private static bool TryParse(string line, DateTimeOffset now, out Cookie? cookie)
    {
        cookie = null;
        // An empty value at the end may have lost its tab.
        if (line.Split('\t') is not [var domain, var below, var path, var secure, var ends, var name, .. var rest])
            return false;
        if (rest.Length > 1 || !path.StartsWith('/') || domain.Trim('.').Length == 0)
            return false;
        if (!long.TryParse(ends, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return false;
        cookie = new(name, rest.Length > 0 ? rest[0] : "")
        {
            Domain = domain.TrimStart('.').ToLowerInvariant(),
            IsHostOnly = below != "TRUE",
            Path = path,
            IsSecure = secure == "TRUE",
            Expires = seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, 253_402_300_799)),
            Created = now,
        };
        return true;
    }

    private static string Word(bool yes) => yes ? "TRUE" : "FALSE";
}
