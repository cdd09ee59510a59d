using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>The steps of a fetch, in their order.</summary>
public enum FetchStep
{
    Resolve,
    Connect,

    /// <summary>Through a proxy to an https server (CONNECT).</summary>
    Tunnel,

    /// <summary>The TLS handshake.</summary>
    Secure,
    Send,
    Receive,
}

/// <summary>A request that could not be carried to its end: at which step, and why.</summary>
public sealed class FetchFailedException(
    Url url,
    FetchStep step,
    SocketError? error,
    string why,
    EventId because,
    Exception? cause = null
) : IOException($"{url.Href}: {why}", cause)
{
    public Url Url { get; } = url;

    public FetchStep Step { get; } = step;

    /// <summary>What the socket library said; null when what arrived was not HTTP, or ended too early.</summary>
    public SocketError? Error { get; } = error;

    public string Why { get; } = why;

    /// <summary>What a gateway answers then: 504 where it has waited in vain (RFC 9110 §15.6.5), else 502 (§15.6.3).</summary>
    public int GatewayStatus => Error is SocketError.TimedOut or SocketError.TryAgain ? 504 : 502;

    /// <summary>What a proxy said that made no tunnel.</summary>
    public ResponseHead? Answer { get; private init; }

    /// <summary>The event of the failure.</summary>
    public EventId Because { get; } = because;

    internal FetchFailedException With(ResponseHead answer) =>
        new(Url, Step, Error, Why, Because, InnerException) { Answer = answer };
}
