using System.Globalization;

namespace Twocan.Http;

/// <summary>What a <c>Set-Cookie</c> field says, before anybody has looked whether its server may say so (RFC 6265bis §5.6).</summary>
internal sealed class SetCookie
{
    private const int MaxNameAndValue = 4096;
    private const int MaxAttribute = 1024;

    /// <summary>§5.5: what is promised for longer is kept for so long.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(400);

    public required string Name { get; init; }

    public required string Value { get; init; }

    /// <summary>Empty when nothing was said.</summary>
    public string Domain { get; private set; } = "";

    /// <summary>Null when nothing was said that begins with a slash.</summary>
    public string? Path { get; private set; }

    public DateTimeOffset? Expires { get; private set; }

    public bool IsSecure { get; private set; }

    public bool IsHttpOnly { get; private set; }

    public SameSite SameSite { get; private set; }

    public static bool TryParse(string text, DateTimeOffset now, out SetCookie? cookie, out string why)
    {
        cookie = null;
        why = "it has a control character in it";
        // Step 1: a cut at a control character could make another cookie of it.
        if (text.Any(static c => c is < ' ' and not '\t' or '\x7f'))
            return false;
        var parts = text.Split(';');
        var equals = parts[0].IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? "" : Trim(parts[0][..equals]);
        var value = Trim(parts[0][(equals + 1)..]);
        why = "it is empty";
        if (name.Length + value.Length == 0)
            return false;
        why = $"it is longer than {MaxNameAndValue} bytes";
        if (name.Length + value.Length > MaxNameAndValue)
            return false;
        cookie = new() { Name = name, Value = value };
        DateTimeOffset? maxAge = null;
        foreach (var part in parts.AsSpan(1))
            cookie.Add(part, now, ref maxAge);
        // §5.7 step 3: of the two, Max-Age is heard.
        cookie.Expires = maxAge ?? cookie.Expires;
        return true;
    }

    /// <summary>The last of a kind is heard; one that says nothing sensible is as if it were not there.</summary>
    private void Add(string attribute, DateTimeOffset now, ref DateTimeOffset? maxAge)
    {
        var equals = attribute.IndexOf('=', StringComparison.Ordinal);
        var name = Trim(equals < 0 ? attribute : attribute[..equals]);
        var value = equals < 0 ? "" : Trim(attribute[(equals + 1)..]);
        if (value.Length > MaxAttribute)
            return;
        switch (name.ToLowerInvariant())
        {
            case "expires":
                if (CookieDate.TryParse(value, out var date))
                    Expires = date > now + MaxAge ? now + MaxAge : date;
                break;
            case "max-age":
                if (TrySeconds(value, out var seconds))
                    maxAge = seconds <= 0 ? DateTimeOffset.MinValue : now + TimeSpan.FromSeconds(seconds);
                break;
            case "domain":
                Domain = (value.StartsWith('.') ? value[1..] : value).ToLowerInvariant();
                break;
            case "path":
                Path = value.StartsWith('/') ? value : null;
                break;
            case "secure":
                IsSecure = true;
                break;
            case "httponly":
                IsHttpOnly = true;
                break;
            case "samesite":
                SameSite = value.ToLowerInvariant() switch
                {
                    "none" => SameSite.None,
                    "lax" => SameSite.Lax,
                    "strict" => SameSite.Strict,
                    _ => SameSite.Default,
                };
                break;
        }
    }

    private static bool TrySeconds(string text, out double seconds)
    {
        seconds = 0;
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        seconds = Math.Min(double.Parse(digits, CultureInfo.InvariantCulture), MaxAge.TotalSeconds);
        seconds = text[0] == '-' ? -seconds : seconds;
        return true;
    }

    private static string Trim(string text) => text.Trim(' ', '\t');
}
