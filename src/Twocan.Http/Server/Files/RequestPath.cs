using System.Text;

namespace Twocan.Http;

/// <summary>The path of a request, taken apart and decoded: the names that a document root is asked for.</summary>
public sealed record RequestPath(IReadOnlyList<string> Parts, bool EndsInSlash, string Written, string? Query)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// False for a path that leads out of the root, or hides something: broken percent-encoding, a slash, backslash or
    /// control within a name. Dots are followed after decoding, so <c>%2e%2e</c> is no other than <c>..</c>; nothing is decoded twice.
    /// </summary>
    public static bool TryParse(string target, out RequestPath path)
    {
        path = new([], true, "/", null);
        if (!target.StartsWith('/'))
        {
            // RFC 9112 §3.2.2: a server has to accept the absolute form too.
            if (!Url.TryParse(target, out var url) || url.Scheme is not ("http" or "https"))
                return false;
            target = url.OriginForm;
        }
        var question = target.IndexOf('?');
        var written = question < 0 ? target : target[..question];
        var query = question < 0 ? null : target[(question + 1)..];
        var parts = new List<string>();
        var endsInSlash = true;
        foreach (var raw in written[1..].Split('/'))
        {
            if (!TryDecode(raw, out var part))
                return false;
            endsInSlash = part is "" or "." or "..";
            if (part == "..")
            {
                if (parts.Count == 0)
                    return false;
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }
        // The empty name after the last slash is no name.
        if (parts.Count > 0 && parts[^1].Length == 0)
            parts.RemoveAt(parts.Count - 1);
        path = new(parts, endsInSlash, written, query);
        return true;
    }

    private static bool TryDecode(string raw, out string part)
    {
        part = raw;
        for (var i = raw.IndexOf('%'); i >= 0; i = raw.IndexOf('%', i + 3))
        {
            if (i + 2 >= raw.Length || !char.IsAsciiHexDigit(raw[i + 1]) || !char.IsAsciiHexDigit(raw[i + 2]))
                return false;
        }
        try
        {
            part = Strict.GetString(PercentEncoding.Decode(raw));
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
        return !part.Any(c => c is '/' or '\\' || char.IsControl(c));
    }
}
