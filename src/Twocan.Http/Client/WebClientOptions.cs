using Twocan.Core;

namespace Twocan.Http;

/// <summary>A proxy: every request goes to it, in absolute form.</summary>
public sealed record ProxyAddress(string Host, Port Port)
{
    public override string ToString() => $"{Host}:{Port}";
}

public sealed record WebClientOptions
{
    /// <summary>Connections to one origin (or to the proxy) at one time.</summary>
    public int ConnectionsPerOrigin { get; init; } = 6;

    /// <summary>How long a connection is kept without use.</summary>
    public Duration IdleTimeout { get; init; } = Duration.FromSeconds(90);

    /// <summary>Redirects that are followed; 0 hands them out as they are.</summary>
    public int FollowRedirects { get; init; }

    public ProxyAddress? Proxy { get; init; }

    public HttpVersion Version { get; init; } = HttpVersion.Http11;

    /// <summary>What the User-Agent field says; null leaves it out.</summary>
    public string? UserAgent { get; init; } = "Twocan/0.1";

    /// <summary>What the Accept field says; null leaves it out.</summary>
    public string? Accept { get; init; } = "*/*";

    public MessageLimits Limits { get; init; } = MessageLimits.Default;
}
