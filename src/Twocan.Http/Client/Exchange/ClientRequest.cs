namespace Twocan.Http;

/// <summary>What a client asks for. Fields that it leaves out (Host, User-Agent, Accept, Authorization, Content-Length) are put in as they are needed.</summary>
public sealed record ClientRequest(Url Url)
{
    public string Method { get; init; } = Methods.Get;

    public Fields Fields { get; init; } = new();

    public RequestBody? Body { get; init; }

    /// <summary>Who asks, where the server wants to know; null is who the URL says.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>On whose behalf, for the cookies' <c>SameSite</c>.</summary>
    public CookieContext Context { get; init; } = new(null);

    /// <summary>The page that leads here, for <c>Referer</c>.</summary>
    public Url? Referrer { get; init; }

    /// <summary>The body is held back until the server says that it wants it, or a second has passed (RFC 9110 §10.1.1).</summary>
    public bool ExpectsContinue { get; init; }

    /// <summary>Is told of what happens, as it happens.</summary>
    public FetchWatcher? Watcher { get; init; }
}
