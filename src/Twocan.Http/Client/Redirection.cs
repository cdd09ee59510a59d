namespace Twocan.Http;

/// <summary>What a redirect asks for next (RFC 9110 §15.4).</summary>
internal static class Redirection
{
    /// <summary>The next request; null when the response is no redirect, or names no place that can be gone to.</summary>
    public static ClientRequest? Of(ClientRequest request, ClientResponse response)
    {
        if (!StatusCodes.IsRedirect(response.Status) || !response.Fields.TryGet("Location", out var location))
            return null;
        if (!Url.TryParse(location, request.Url, out var url, out _) || url.Scheme != "http")
            return null;
        // §10.2.2: a place without a fragment keeps the one that was asked for.
        if (url.Fragment is null && request.Url.Fragment is { } fragment)
            url = Url.Parse("#" + fragment, url);

        // §15.4: 303 always, 301 and 302 after POST become GET; 307 and 308 repeat what was asked.
        var becomesGet = response.Status == 303 && request.Method != Methods.Head;
        becomesGet |= response.Status is 301 or 302 && request.Method == Methods.Post;
        var fields = request.Fields.Clone();
        fields.Remove("Host");
        if (url.Origin != request.Url.Origin)
        {
            // What was meant for one server is not shown to another.
            fields.Remove("Authorization");
            fields.Remove("Cookie");
        }
        if (!becomesGet)
            return request with { Url = url, Fields = fields };
        fields.Remove("Content-Type");
        fields.Remove("Content-Length");
        return new ClientRequest(url) { Fields = fields };
    }
}
