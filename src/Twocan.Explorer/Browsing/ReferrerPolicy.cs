using Twocan.Http;

namespace Twocan.Explorer;

/// <summary>What a page lets its visitors tell others of it (W3C Referrer Policy §3).</summary>
public enum ReferrerPolicy
{
    NoReferrer,
    NoReferrerWhenDowngrade,
    SameOrigin,
    Origin,
    StrictOrigin,
    OriginWhenCrossOrigin,

    /// <summary>The whole URL to the page's own server, to others no more than the server's name, and nothing from a secure page to an open one.</summary>
    StrictOriginWhenCrossOrigin,
    UnsafeUrl,
}

internal static class ReferrerPolicies
{
    public const ReferrerPolicy Default = ReferrerPolicy.StrictOriginWhenCrossOrigin;

    /// <summary>Of a list the last that is known counts, so that new words can stand behind old ones (§4.1).</summary>
    public static ReferrerPolicy? Read(string? text)
    {
        ReferrerPolicy? found = null;
        foreach (var word in (text ?? "").Split(','))
        {
            found = word.Trim().ToLowerInvariant() switch
            {
                "no-referrer" or "never" => ReferrerPolicy.NoReferrer,
                "no-referrer-when-downgrade" => ReferrerPolicy.NoReferrerWhenDowngrade,
                "same-origin" => ReferrerPolicy.SameOrigin,
                "origin" => ReferrerPolicy.Origin,
                "strict-origin" => ReferrerPolicy.StrictOrigin,
                "origin-when-cross-origin" or "origin-when-crossorigin" => ReferrerPolicy.OriginWhenCrossOrigin,
                "strict-origin-when-cross-origin" or "default" => ReferrerPolicy.StrictOriginWhenCrossOrigin,
                "unsafe-url" or "always" => ReferrerPolicy.UnsafeUrl,
                _ => found,
            };
        }
        return found;
    }

    /// <summary>What the Referer field says; null leaves it out (§8.3).</summary>
    public static string? Field(Url from, Url to, ReferrerPolicy policy)
    {
        if (from.Scheme is not ("http" or "https"))
            return null;
        var (whole, origin) = (from.AbsoluteForm, from.Origin + "/");
        var isSame = from.IsSameOriginAs(to);
        var isDowngrade = from.Scheme == "https" && to.Scheme != "https";
        return policy switch
        {
            ReferrerPolicy.UnsafeUrl => whole,
            ReferrerPolicy.Origin => origin,
            ReferrerPolicy.OriginWhenCrossOrigin => isSame ? whole : origin,
            ReferrerPolicy.SameOrigin => isSame ? whole : null,
            ReferrerPolicy.NoReferrer => null,
            _ when isDowngrade => null,
            ReferrerPolicy.NoReferrerWhenDowngrade => whole,
            ReferrerPolicy.StrictOrigin => origin,
            _ => isSame ? whole : origin,
        };
    }
}
