using Twocan.Http;
using Twocan.Proxy;

namespace Twocan.Explorer;

/// <summary>How a browser loads pages, and how far it goes.</summary>
public sealed record BrowserOptions
{
    /// <summary>
    /// One that tells its server as little as may be and remembers nothing, with two connections: the requests are short and stand
    /// in a story one after the other.
    /// </summary>
    public static BrowserOptions Plain { get; } =
        new()
        {
            ConnectionsPerOrigin = 2,
            TellsReferrer = false,
            Decodes = false,
            HasPreferences = false,
        };

    public ProxyAddress? Proxy { get; init; }

    /// <summary>Six, as browsers have agreed.</summary>
    public int ConnectionsPerOrigin { get; init; } = 6;

    public TlsSettings Tls { get; init; } = new();

    public string UserAgent { get; init; } = "Twocan/0.1";

    /// <summary>Says which kinds of files it would like best (Accept), for each kind of thing that it fetches.</summary>
    public bool HasPreferences { get; init; } = true;

    /// <summary>Languages that its user reads; null says nothing of it.</summary>
    public string? AcceptLanguage { get; init; }

    /// <summary>Says which page something is for (Referer), as far as that page allows.</summary>
    public bool TellsReferrer { get; init; } = true;

    /// <summary>Asks for packed bodies, and unpacks them.</summary>
    public bool Decodes { get; init; } = true;

    /// <summary>Where it keeps what it has got, for later visits too; null keeps nothing.</summary>
    public ICacheStore? Cache { get; init; }

    /// <summary>Null takes no cookies.</summary>
    public CookieJar? Cookies { get; init; }

    /// <summary>How wide its window is, in CSS pixels: which of several pictures (srcset) it takes goes by that.</summary>
    public int ViewportWidth { get; init; } = 1280;

    /// <summary>The largest body that it takes.</summary>
    public int MostBodyBytes { get; init; } = 64 << 20;

    /// <summary>All bodies of a page together: beyond that nothing more is fetched.</summary>
    public long MostPageBytes { get; init; } = 256 << 20;

    /// <summary>Things that one page may want.</summary>
    public int MostResources { get; init; } = 1000;

    /// <summary>How deep frames may stand in frames, and style sheets import others.</summary>
    public int MostDepth { get; init; } = 4;

    internal WebClientOptions ForClient() =>
        new()
        {
            ConnectionsPerOrigin = ConnectionsPerOrigin,
            Proxy = Proxy,
            Tls = Tls,
            Cookies = Cookies,
            Decodes = Decodes,
            MostDecoded = MostBodyBytes,
            UserAgent = UserAgent,
        };
}
