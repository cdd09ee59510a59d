using System.Buffers;
using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>
/// An HTTP client: takes a URL's host to the resolver, the address to the socket library, and a request message to the
/// server. Connections are kept and used again.
/// </summary>
public sealed class WebClient : IDisposable
{
    private const int MostDrained = 64 * 1024;

    private readonly INetwork _network;
    private readonly ConnectionPool _pool;

    public WebClient(INetwork network, INameResolver resolver, WebClientOptions? options = null)
    {
        _network = network;
        Options = options ?? new();
        _pool = new(network, resolver, Options);
    }

    public WebClientOptions Options { get; }

    /// <summary>Connections that are kept for the next request.</summary>
    public int IdleConnections => _pool.IdleCount;

    public ValueTask<ClientResponse> GetAsync(Url url, EventId because = default, CancellationToken stop = default) =>
        SendAsync(new ClientRequest(url), because, stop);

    /// <summary>Sends a request and answers when the response's head has arrived. Throws <see cref="FetchFailedException"/>.</summary>
    public async ValueTask<ClientResponse> SendAsync(
        ClientRequest request,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        var redirects = new List<Url>();
        while (true)
        {
            var response = await ExchangeAsync(request, redirects, because, stop);
            if (Options.FollowRedirects == 0 || Redirection.Of(request, response) is not { } next)
                return response;
            if (redirects.Count == Options.FollowRedirects)
            {
                response.Dispose();
                var why = $"more than {Options.FollowRedirects} redirects";
                throw Failures.Tell(_network, request.Url, FetchStep.Receive, null, why, -1, response.Because);
            }
            await DrainAsync(response, stop);
            redirects.Add(request.Url);
            (request, because) = (next, response.Because);
        }
    }

    /// <summary>Closes the connections that are kept; those in use go on.</summary>
    public void CloseIdle() => _pool.CloseIdle();

    public void Dispose() => _pool.Dispose();

    private async ValueTask<ClientResponse> ExchangeAsync(
        ClientRequest request,
        List<Url> redirects,
        EventId because,
        CancellationToken stop
    )
    {
        if (request.Url.Scheme != "http")
        {
            var why = $"{request.Url.Scheme} is not spoken yet: http is";
            throw Failures.Tell(_network, request.Url, FetchStep.Connect, null, why, -1, because);
        }
        var timing = new ResponseTiming { Began = _network.Loop.Now };
        for (var fresh = false; ; fresh = true)
        {
            var connection = await _pool.RentAsync(request.Url, fresh, timing, because, stop);
            ClientResponse? response = null;
            try
            {
                response = await TryExchangeAsync(request, connection, redirects, timing, because, stop);
            }
            finally
            {
                if (response is null)
                    _pool.Return(connection, reusable: false);
            }
            if (response is not null)
                return response;
        }
    }

    /// <summary>
    /// Null when a kept connection turned out to be dead before anything of a response came: a request that may be sent
    /// twice is then sent once more, on a new one (RFC 9112 §9.3.1).
    /// </summary>
    private async ValueTask<ClientResponse?> TryExchangeAsync(
        ClientRequest request,
        ClientConnection connection,
        List<Url> redirects,
        ResponseTiming timing,
        EventId because,
        CancellationToken stop
    )
    {
        var stream = connection.Stream;
        var mayRetry = connection.IsReused && Methods.IsIdempotent(request.Method);
        var step = FetchStep.Send;
        var sent = because;
        MessageEvent happened;
        try
        {
            sent = await SendOnAsync(request, connection, because, stop);
            timing.Sent = _network.Loop.Now;
            step = FetchStep.Receive;
            do happened = await connection.Messages.NextAsync(stop);
            while (happened == MessageEvent.Interim);
        }
        catch (SocketException) when (mayRetry && connection.Reader.HasReadNothing)
        {
            return null;
        }
        catch (SocketException failure)
        {
            throw Failures.Tell(_network, request.Url, step, failure, stream.Descriptor, sent);
        }
        if (happened != MessageEvent.Head)
        {
            if (mayRetry && connection.Reader.HasReadNothing)
                return null;
            var why = connection.Reader.HasReadNothing
                ? "the server closed the connection instead of answering"
                : $"the response is broken: {connection.Reader.Error.Why}";
            throw Failures.Tell(_network, request.Url, step, null, why, stream.Descriptor, sent);
        }
        return Begin(request, connection, redirects, timing, sent);
    }

    private async ValueTask<EventId> SendOnAsync(
        ClientRequest request,
        ClientConnection connection,
        EventId because,
        CancellationToken stop
    )
    {
        var head = request.Head(Options);
        var stream = connection.Stream;
        var writer = new ArrayBufferWriter<byte>(512);
        head.WriteTo(writer);
        // A small body goes out together with its head.
        var together = request.Body.Length <= 16 * 1024;
        if (together)
            writer.Write(request.Body.Span);
        var sent =
            _network.Journal?.Tell(
                new RequestSent(stream.Descriptor, head.Method, head.Target, request.Url.Authority, head.ToString()),
                because
            )
            ?? because;
        stream.Because = sent;
        connection.Reader.Expect(head.Method);
        await stream.WriteAsync(writer.WrittenMemory, stop);
        if (!together)
            await stream.WriteAsync(request.Body, stop);
        return sent;
    }

    private ClientResponse Begin(
        ClientRequest request,
        ClientConnection connection,
        List<Url> redirects,
        ResponseTiming timing,
        EventId sent
    )
    {
        var stream = connection.Stream;
        var head = connection.Reader.Head!;
        timing.HeadArrived = _network.Loop.Now;
        var arrival = stream.LastArrival.IsNone ? sent : stream.LastArrival;
        var began =
            _network.Journal?.Tell(
                new ResponseBegan(stream.Descriptor, head.Status, head.Reason, head.ToString()),
                arrival
            )
            ?? arrival;
        stream.Because = began;
        var used = new ConnectionUsed(
            stream.Descriptor,
            stream.LocalEndpoint,
            stream.RemoteEndpoint,
            connection.IsReused
        );
        var body = new ResponseBody(_network, _pool, connection, request.Url, timing, began);
        body.EndIfEmpty();
        return new(request.Url, head, body, used, timing) { Redirects = [.. redirects] };
    }

    /// <summary>Reads a small rest, so that the connection can be used again; a long one is cheaper to close.</summary>
    private static async ValueTask DrainAsync(ClientResponse response, CancellationToken stop)
    {
        using (response)
        {
            var waste = new byte[4096];
            for (var left = MostDrained; left > 0 && !response.HasEnded; )
                left -= await response.Body.ReadAsync(waste, stop);
        }
    }
}
