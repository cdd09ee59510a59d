using Twocan.Core;

namespace Twocan.Http;

public sealed record WebClientOptions
{
    /// <summary>Connections to one origin (or to the proxy) at one time.</summary>
    public int ConnectionsPerOrigin { get; init; } = 6;

    /// <summary>Connections at one time, to all together.</summary>
    public int Connections { get; init; } = 256;

    /// <summary>How long a connection is kept without use; less when its server says so.</summary>
    public Duration IdleTimeout { get; init; } = Duration.FromSeconds(90);

    public FetchTimeouts Timeouts { get; init; } = new();

    /// <summary>Redirects that are followed; 0 hands them out as they are.</summary>
    public int FollowRedirects { get; init; }

    /// <summary>For every request.</summary>
    public ProxyAddress? Proxy { get; init; }

    /// <summary>Where there is no <see cref="Proxy"/>, for which request which one.</summary>
    public ProxyRules? ProxyRules { get; init; }

    public TlsSettings Tls { get; init; } = new();

    /// <summary>Where cookies are kept; null takes none and gives none.</summary>
    public CookieJar? Cookies { get; init; }

    public AuthenticationScheme Authentication { get; init; }

    /// <summary>Asks for packed bodies, and unpacks them.</summary>
    public bool Decodes { get; init; }

    /// <summary>The most that a packed body may unpack to, in bytes.</summary>
    public long MostDecoded { get; init; } = 1L << 30;

    public HttpVersion Version { get; init; } = HttpVersion.Http11;

    /// <summary>What the User-Agent field says; null leaves it out.</summary>
    public string? UserAgent { get; init; } = "Twocan/0.1";

    /// <summary>What the Accept field says; null leaves it out.</summary>
    public string? Accept { get; init; } = "*/*";

    public MessageLimits Limits { get; init; } = MessageLimits.Default;
}
