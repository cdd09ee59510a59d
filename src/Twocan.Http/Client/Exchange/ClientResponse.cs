using Twocan.Core;

namespace Twocan.Http;

/// <summary>When the steps of an exchange happened.</summary>
public sealed class ResponseTiming
{
    public Instant Began { get; internal set; }

    /// <summary>There was room for a new connection. Null when the connection was there already.</summary>
    public Instant? Free { get; internal set; }

    /// <summary>Null when the connection was there already.</summary>
    public Instant? Resolved { get; internal set; }

    /// <summary>Null when the connection was there already.</summary>
    public Instant? Connected { get; internal set; }

    /// <summary>The TLS handshake was over. Null without one.</summary>
    public Instant? Secured { get; internal set; }

    /// <summary>The request's head has been handed to the socket library.</summary>
    public Instant Sent { get; internal set; }

    /// <summary>The response's head is whole.</summary>
    public Instant HeadArrived { get; internal set; }

    /// <summary>Null until the body has been read to its end.</summary>
    public Instant? Ended { get; internal set; }

    /// <summary>The addresses that were tried, in order; none when the connection was there already.</summary>
    public IList<ConnectAttempt> Attempts => field ??= [];
}

/// <summary>The connection that carried an exchange.</summary>
public readonly record struct ConnectionUsed(int Descriptor, Endpoint Local, Endpoint Remote, bool WasReused)
{
    /// <summary><c>TLS 1.3</c>; null without.</summary>
    public string? Tls { get; init; }

    public string? CipherSuite { get; init; }

    /// <summary>Null: straight to the server.</summary>
    public ProxyAddress? Proxy { get; init; }
}

/// <summary>
/// A response whose head has arrived. Its body is read as it comes; reading it to the end gives the connection back to
/// the pool, disposing the response before that closes it.
/// </summary>
public sealed class ClientResponse : IDisposable
{
    private readonly ResponseBody _body;
    private Stream? _decoded;

    internal ClientResponse(
        Url url,
        ResponseHead head,
        ResponseBody body,
        ConnectionUsed connection,
        ResponseTiming timing
    )
    {
        (Url, Head, _body, Connection, Timing) = (url, head, body, connection, timing);
    }

    /// <summary>Where it came from: after redirects, the last URL.</summary>
    public Url Url { get; }

    public ResponseHead Head { get; }

    public int Status => Head.Status;

    public Fields Fields => Head.Fields;

    /// <summary>As the server means it: where a coding was taken off, without it.</summary>
    public Stream Body => _decoded ?? _body;

    /// <summary>The codings that were taken off the body, as the server named them; null for none.</summary>
    public string? Decoded { get; private set; }

    /// <summary>The body has been read to its end.</summary>
    public bool HasEnded => _body.HasEnded;

    /// <summary>Bytes of the body as they came, before any coding was taken off.</summary>
    public long BytesRead => _body.BytesRead;

    /// <summary>The fields after a chunked body, once it has been read.</summary>
    public Fields Trailers => _body.Trailers ?? new();

    /// <summary>The body's length as it comes, where the head tells it; null when only its end will.</summary>
    public long? BodyLength =>
        _body.Framing.Kind is FramingKind.None or FramingKind.Length ? _body.Framing.Length : null;

    public ConnectionUsed Connection { get; }

    public ResponseTiming Timing { get; }

    /// <summary>The redirects on the way here, first to last.</summary>
    public IReadOnlyList<Url> Redirects { get; internal set; } = [];

    /// <summary>The last event of this exchange: the head's arrival, then the body's end. The cause of what is done with it.</summary>
    public EventId Because => _body.Because;

    /// <summary>The whole body. Longer than <paramref name="limit"/> it is refused with an <see cref="IOException"/>.</summary>
    public async ValueTask<byte[]> ReadAllAsync(int limit = 64 << 20, CancellationToken stop = default)
    {
        using var all = new MemoryStream((int)Math.Min(BodyLength ?? 0, 1 << 20));
        var piece = new byte[16 * 1024];
        while (await Body.ReadAsync(piece, stop) is > 0 and var length)
        {
            if (all.Length + length > limit)
                throw new IOException($"The body of {Url.Href} is longer than {limit} bytes.");
            all.Write(piece, 0, length);
        }
        return all.ToArray();
    }

    public void Dispose()
    {
        _decoded?.Dispose();
        _body.Dispose();
    }

    /// <summary>Reads a small rest, so that the connection can be used again; a long one is cheaper to close.</summary>
    internal async ValueTask DrainAsync(int most)
    {
        using (this)
        {
            if (_body.HasEnded)
                return;
            var waste = new byte[4096];
            while (most > 0 && !_body.HasEnded)
                most -= await _body.ReadAsync(waste);
        }
    }

    /// <summary>It is what the caller gets.</summary>
    internal void HandOver(List<Url>? redirects, long? mostDecoded)
    {
        Redirects = redirects ?? Redirects;
        if (mostDecoded is { } most && !_body.HasEnded && Fields.Contains("Content-Encoding") && Status != 206)
        {
            _decoded = ContentCoding.Decode(this, _body, most, out var codings);
            Decoded = codings;
        }
        _body.HandOver();
    }
}
