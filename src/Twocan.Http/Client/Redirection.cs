namespace Twocan.Http;

/// <summary>What a redirect asks for next (RFC 9110 §15.4).</summary>
internal static class Redirection
{
    /// <summary>Fields that speak of a body, and go with it (§15.4).</summary>
    private static readonly string[] s_ofBody =
    [
        "Content-Type",
        "Content-Length",
        "Content-Encoding",
        "Content-Language",
        "Content-Location",
        "Digest",
        "Last-Modified",
        "Transfer-Encoding",
        "Expect",
    ];

    /// <summary>What was meant for one server is not shown to another.</summary>
    private static readonly string[] s_ofServer = ["Authorization", "Cookie", "Proxy-Authorization"];

    /// <summary>The next request; null when the response is no redirect, or names no place that can be gone to.</summary>
    public static ClientRequest? Of(ClientRequest request, ClientResponse response)
    {
        if (!StatusCodes.IsRedirect(response.Status) || !response.Fields.TryGet("Location", out var location))
            return null;
        if (!Url.TryParse(location, request.Url, out var url, out _) || url.Scheme is not ("http" or "https"))
            return null;
        // §10.2.2: a place without a fragment keeps the one that was asked for.
        if (url.Fragment is null && request.Url.Fragment is { } fragment)
            url = Url.Parse("#" + fragment, url);

        // §15.4: 303 always, 301 and 302 after POST become GET; 307 and 308 repeat what was asked.
        var becomesGet = response.Status == 303 && request.Method != Methods.Head;
        becomesGet |= response.Status is 301 or 302 && request.Method == Methods.Post;
        var next = request with { Url = url, Fields = request.Fields.Clone() };
        next.Fields.Remove("Host");
        if (url.Origin == request.Url.Origin)
        {
            next = next with { Credentials = request.Credentials ?? Credentials.Of(request.Url) };
        }
        else
        {
            next = next with { Credentials = null };
            Remove(next.Fields, s_ofServer);
        }
        if (!becomesGet)
            return next;
        Remove(next.Fields, s_ofBody);
        return next with { Method = Methods.Get, Body = null, ExpectsContinue = false };
    }

    private static void Remove(Fields fields, string[] names)
    {
        foreach (var name in names)
            fields.Remove(name);
    }
}
