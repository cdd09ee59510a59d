using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// The way of a request: straight to its server or to a proxy. Requests that have the same way can share connections, and wait
/// for each other.
/// </summary>
/// <param name="Host">Whom one connects to; through a tunnel, whom the proxy does.</param>
/// <param name="Tunnel">The proxy that a tunnel leads through (CONNECT); null without one.</param>
internal readonly record struct FetchRoute(bool IsSecure, string Host, Port Port, ProxyAddress? Tunnel)
{
    public static FetchRoute To(Url url, ProxyAddress? proxy)
    {
        var isSecure = url.Scheme == "https";
        // A proxy that is asked for http URLs is a server like any other.
        return proxy is null || isSecure
            ? new(isSecure, url.Host.Name, url.Port, proxy)
            : new(false, proxy.Host, proxy.Port, null);
    }

    public string Authority => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    public override string ToString() => Tunnel is null ? Authority : $"{Authority} through {Tunnel}";
}
