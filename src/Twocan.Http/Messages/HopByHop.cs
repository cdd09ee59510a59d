namespace Twocan.Http;

/// <summary>Fields that are for the next hop alone and are not passed on (RFC 9110 §7.6.1), nor stored (RFC 9111 §3.1).</summary>
public static class HopByHop
{
    private static readonly string[] s_names =
    [
        "Connection",
        "Proxy-Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Proxy-Authenticate",
        "Proxy-Authentication-Info",
        "Proxy-Authorization",
    ];

    /// <summary>What cannot be switched off by naming it in Connection: a sender that does so hides it from everybody behind.</summary>
    private static readonly string[] s_endToEnd = ["Host", "Cache-Control", "Date", "Content-Length", "Via"];

    public static Fields Without(Fields fields)
    {
        var named = fields.ListOf("Connection").ToList();
        var passed = fields.Clone();
        foreach (var name in s_names)
            passed.Remove(name);
        foreach (var name in named)
        {
            if (!s_endToEnd.Contains(name, StringComparer.OrdinalIgnoreCase))
                passed.Remove(name);
        }
        return passed;
    }
}
