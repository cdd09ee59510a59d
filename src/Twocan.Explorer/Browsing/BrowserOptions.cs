using Twocan.Core;
using Twocan.Http;
using Twocan.Proxy;

namespace Twocan.Explorer;

/// <summary>How a browser loads pages, and how far it goes.</summary>
public sealed record BrowserOptions
{
    /// <summary>
    /// What the people in our worlds read. It does not go by the language that a story is told in: whoever reads it in another one
    /// is to see the same bytes.
    /// </summary>
    private const string LanguagesInWorlds = "ko,en;q=0.8";

    public ProxyAddress? Proxy { get; init; }

    /// <summary>Six, as browsers have agreed.</summary>
    public int ConnectionsPerOrigin { get; init; } = 6;

    public TlsSettings Tls { get; init; } = new();

    public string UserAgent { get; init; } = "Twocan/0.1";

    /// <summary>Languages that its user reads, the best first.</summary>
    public string AcceptLanguage { get; init; } = LanguagesInWorlds;

    /// <summary>Where it keeps what it has got, for later visits too; null keeps nothing.</summary>
    public ICacheStore? Cache { get; init; }

    /// <summary>Null takes no cookies.</summary>
    public CookieJar? Cookies { get; init; } = new();

    /// <summary>How wide its window is, in CSS pixels: which of several pictures (srcset) it takes goes by that.</summary>
    public int ViewportWidth { get; init; } = 1280;

    /// <summary>Keeps what it has got with the visit, for who wants to look at the page afterwards.</summary>
    public bool KeepsBodies { get; init; }

    /// <summary>The largest body that it takes.</summary>
    public int MostBodyBytes { get; init; } = 64 << 20;

    /// <summary>All bodies of a page together: beyond that nothing more is fetched.</summary>
    public long MostPageBytes { get; init; } = 256 << 20;

    /// <summary>Things that one page may want.</summary>
    public int MostResources { get; init; } = 1000;

    /// <summary>How deep frames may stand in frames, and style sheets import others.</summary>
    public int MostDepth { get; init; } = 4;

    /// <summary>What somebody reads whom we speak to in that language.</summary>
    public static string LanguagesOf(Language language) => language == Language.Korean ? LanguagesInWorlds : "en";

    internal WebClientOptions ForClient() =>
        new()
        {
            ConnectionsPerOrigin = ConnectionsPerOrigin,
            Proxy = Proxy,
            Tls = Tls,
            Cookies = Cookies,
            Decodes = true,
            MostDecoded = MostBodyBytes,
            UserAgent = UserAgent,
        };
}
