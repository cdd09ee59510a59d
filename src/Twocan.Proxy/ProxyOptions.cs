using Twocan.Core;
using Twocan.Http;

namespace Twocan.Proxy;

/// <summary>How a proxy listens, what it keeps, and how long it waits.</summary>
public sealed record ProxyOptions
{
    public Endpoint Listen { get; init; } = new(IpAddress.Any6, Port.HttpProxy);

    /// <summary>What the proxy calls itself in Via and Cache-Status; null for the host's name.</summary>
    public string? Name { get; init; }

    /// <summary>Opens the store when the proxy starts; one that is disposable is disposed when it ends.</summary>
    public Func<ICacheStore> OpenStore { get; init; } = static () => new MemoryStore();

    /// <summary>How long an origin may take until its response begins: 504.</summary>
    public Duration OriginTimeout { get; init; } = Duration.FromSeconds(30);

    /// <summary>How long a request waits while another one fetches the same, before it asks the origin itself.</summary>
    public Duration WaitForOther { get; init; } = Duration.FromSeconds(5);

    /// <summary>Of what a client may send. A body is passed on as it comes, so there need be none of it.</summary>
    public MessageLimits Limits { get; init; } = MessageLimits.Default;

    /// <summary>The ports that tunnels (CONNECT) may lead to. Any other would make the proxy a way to whatever listens inside.</summary>
    public IReadOnlyList<Port> TunnelPorts { get; init; } = [new(443)];

    /// <summary>How long a tunnel may be silent in both directions before it is closed.</summary>
    public Duration TunnelPatience { get; init; } = Duration.FromSeconds(600);
}
