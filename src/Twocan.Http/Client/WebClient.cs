using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>
/// An HTTP client: takes a URL's host to the resolver, the address to the socket library, and a request message to the
/// server. Connections are kept and used again.
/// <para>
/// Theory of operation. A fetch (here) is one or more exchanges: a redirect, a server that wants to know who asks, make one more.
/// An <see cref="Exchange"/> rents a connection of the <see cref="ConnectionPool"/>, writes the request and reads the answer's head;
/// the body is read by whoever asked, and its end gives the connection back. A new connection is made by a
/// <see cref="ConnectionMaker"/>: name and address (<see cref="Dialer"/>), tunnel, TLS. One <see cref="FetchPatience"/> goes along with a
/// fetch from its beginning to the body's end, and ends whatever takes too long.
/// </para>
/// </summary>
public sealed class WebClient : IDisposable
{
    private const int MostDrained = 64 * 1024;

    private readonly Stack<FetchPatience> _patiences = new();
    private readonly INameResolver _resolver;
    private readonly Authenticator _servers;
    private readonly Authenticator _proxies;

    public WebClient(INetwork network, INameResolver resolver, WebClientOptions? options = null)
    {
        (Network, _resolver) = (network, resolver);
        Options = options ?? new();
        Pool = new(network, resolver, Options);
        _servers = new(AuthenticationFields.OfServer, Options.Authentication, network.Random);
        _proxies = new(AuthenticationFields.OfProxy, AuthenticationScheme.Any, network.Random);
    }

    public WebClientOptions Options { get; }

    /// <summary>Connections that are kept for the next request.</summary>
    public int IdleConnections => Pool.IdleCount;

    internal INetwork Network { get; }

    internal ConnectionPool Pool { get; }

    public ValueTask<ClientResponse> GetAsync(Url url, EventId because = default, CancellationToken stop = default) =>
        SendAsync(new ClientRequest(url), because, stop);

    /// <summary>Sends a request and answers when the response's head has arrived. Throws <see cref="FetchFailedException"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ClientResponse> SendAsync(
        ClientRequest request,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        stop.ThrowIfCancellationRequested();
        if (request.Url.Scheme is not ("http" or "https"))
        {
            var why = $"{request.Url.Scheme} is not fetched here: http and https are";
            throw Failures.Tell(Network, request.Url, FetchStep.Connect, null, why, -1, because);
        }
        var patience = _patiences.TryPop(out var used) ? used : new(Network.Loop, Options.Timeouts, _patiences);
        patience.Begin(stop);
        var fetch = new Fetch(request, because);
        var isDone = false;
        try
        {
            while (await StepAsync(fetch, patience) is var response)
            {
                if (response is null)
                    continue;
                response.HandOver(fetch.Redirects, Options.Decodes ? Options.MostDecoded : null);
                isDone = true;
                return response;
            }
        }
        catch (OperationCanceledException)
        {
            throw Given(patience, fetch.Request.Url, null, fetch.Because, stop);
        }
        finally
        {
            if (!isDone)
                patience.Dispose();
        }
        throw new InvalidOperationException("A fetch ends with a response.");
    }

    /// <summary>A connection of the caller's own to a URL's host and port, found and tried as for a request: what a tunnel goes through.</summary>
    public async ValueTask<TcpStream> ConnectAsync(Url url, EventId because = default, CancellationToken stop = default)
    {
        var patience = new FetchPatience(Network.Loop, Options.Timeouts, _patiences);
        patience.Begin(stop);
        try
        {
            return await new Dialer(Network, _resolver).ConnectAsync(
                url,
                url.Host.Name,
                url.Port,
                new(),
                patience,
                because
            );
        }
        catch (OperationCanceledException)
        {
            throw Given(patience, url, null, because, stop);
        }
        finally
        {
            patience.Dispose();
        }
    }

    /// <summary>Closes the connections that are kept; those in use go on.</summary>
    public void CloseIdle() => Pool.CloseIdle();

    public void Dispose() => Pool.Dispose();

    /// <summary>What a wait that was ended is for who waited: time was up, or nobody wanted it any more.</summary>
    internal Exception Given(
        FetchPatience patience,
        Url url,
        Exception? broken,
        EventId because,
        CancellationToken stop
    )
    {
        if (broken is not null)
            return new IOException($"{url.Href}: {broken.Message}", broken);
        if (patience.RanOut is not { } why)
            return new OperationCanceledException(patience.Outer.IsCancellationRequested ? patience.Outer : stop);
        var step = patience.Phase switch
        {
            FetchPhase.Name => FetchStep.Resolve,
            FetchPhase.Connect => FetchStep.Connect,
            FetchPhase.Tls => FetchStep.Secure,
            FetchPhase.Send => FetchStep.Send,
            _ => FetchStep.Receive,
        };
        return Failures.Tell(Network, url, step, SocketError.TimedOut, why, -1, because);
    }

    /// <summary>One exchange. Null when it leads to another one.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ClientResponse?> StepAsync(Fetch fetch, FetchPatience patience)
    {
        var request = fetch.Request;
        var proxy = Options.Proxy ?? Options.ProxyRules?.For(request.Url);
        var additions = AdditionsTo(request, proxy, fetch);
        ClientResponse response;
        try
        {
            response = await new Exchange(this, request, additions, patience, fetch.Because).RunAsync();
        }
        catch (FetchFailedException failure) when (failure.Answer is { Status: 407 } answer)
        {
            // The proxy of a tunnel wants to know who asks.
            if (!MayAskAgain(_proxies, proxy!.ToString(), answer.Fields, fetch))
                throw;
            return null;
        }
        KeepCookies(response);
        if (await AnswersRefusalAsync(response, proxy, fetch) || await FollowsAsync(response, fetch))
            return null;
        return response;
    }

    private Additions AdditionsTo(ClientRequest request, ProxyAddress? proxy, Fetch fetch)
    {
        var url = request.Url;
        var authorization = (request.Credentials ?? Credentials.Of(url)) is { } told
            ? _servers.FieldFor(url.Origin, told, request.Method, url.OriginForm, request.Body)
            : null;
        string? proxyAuthorization = null;
        if (proxy?.Credentials is { } credentials)
        {
            var (method, target) =
                url.Scheme == "https"
                    ? (Methods.Connect, FetchRoute.To(url, proxy).Authority)
                    : (request.Method, url.AbsoluteForm);
            proxyAuthorization = _proxies.FieldFor(proxy.ToString(), credentials, method, target, request.Body);
        }
        return new(
            proxy,
            Options.Cookies?.FieldFor(url, Network.Loop.UtcNow, request.Context, request.Method),
            authorization,
            proxyAuthorization,
            request.ExpectsContinue && !fetch.NeedNotExpect && Options.Version.IsAtLeast11
        );
    }

    private void KeepCookies(ClientResponse response)
    {
        if (Options.Cookies is not { } jar)
            return;
        foreach (var field in response.Fields)
        {
            if (!field.Is("Set-Cookie"))
                continue;
            if (jar.TrySet(response.Url, field.Value, Network.Loop.UtcNow, out var cookie, out var why))
                Network.Journal?.Tell(new CookieKept(cookie!.Name, cookie.Domain, cookie.Path), response.Because);
            else
                Network.Journal?.Tell(new CookieRefused(response.Url.Host.Text, why), response.Because);
        }
    }

    private async ValueTask<bool> AnswersRefusalAsync(ClientResponse response, ProxyAddress? proxy, Fetch fetch)
    {
        var request = fetch.Request;
        if (_servers.HasSessions)
            _servers.OnAnswer(request.Url.Origin, response.Fields);
        var asksAgain = response.Status switch
        {
            401 when request.Credentials is not null || request.Url.HasCredentials => MayAskAgain(
                _servers,
                request.Url.Origin,
                response.Fields,
                fetch
            ),
            407 when proxy?.Credentials is not null => MayAskAgain(_proxies, proxy.ToString(), response.Fields, fetch),
            // RFC 9110 §10.1.1: it knows no expectations; then it gets the body unasked.
            417 when request.ExpectsContinue && !fetch.NeedNotExpect => fetch.NeedNotExpect = true,
            _ => false,
        };
        if (!asksAgain)
            return false;
        fetch.Because = response.Because;
        await response.DrainAsync(MostDrained);
        return true;
    }

    private static bool MayAskAgain(Authenticator authenticator, string whom, Fields answer, Fetch fetch)
    {
        if (fetch.Request.Body is { CanReplay: false })
            return false;
        var hasTried = authenticator.Fields.Status == 401 ? fetch.HasToldServer : fetch.HasToldProxy;
        if (fetch.Refusals++ > 3 || !authenticator.OnRefusal(whom, answer, fetch.Request.Body, hasTried))
            return false;
        (fetch.HasToldServer, fetch.HasToldProxy) =
            authenticator.Fields.Status == 401 ? (true, fetch.HasToldProxy) : (fetch.HasToldServer, true);
        return true;
    }

    private async ValueTask<bool> FollowsAsync(ClientResponse response, Fetch fetch)
    {
        if (Options.FollowRedirects == 0 || Redirection.Of(fetch.Request, response) is not { } next)
            return false;
        var (url, redirects) = (fetch.Request.Url, fetch.Redirects ??= []);
        var why =
            redirects.Count < Options.FollowRedirects ? null
            : redirects.Contains(next.Url) ? $"more than {Options.FollowRedirects} redirects, in a circle"
            : $"more than {Options.FollowRedirects} redirects";
        if (next.Body is { CanReplay: false })
            why ??= $"it redirects to {next.Url.Href}, and the body cannot be sent twice";
        if (why is not null)
        {
            response.Dispose();
            throw Failures.Tell(Network, url, FetchStep.Receive, null, why, -1, response.Because);
        }
        await response.DrainAsync(MostDrained);
        redirects.Add(url);
        (fetch.Request, fetch.Because) = (next, response.Because);
        (fetch.HasToldServer, fetch.Refusals) = (false, 0);
        return true;
    }

    /// <summary>How far a fetch has come.</summary>
    private sealed class Fetch(ClientRequest request, EventId because)
    {
        public ClientRequest Request { get; set; } = request;

        public EventId Because { get; set; } = because;

        public List<Url>? Redirects { get; set; }

        public int Refusals { get; set; }

        public bool HasToldServer { get; set; }

        public bool HasToldProxy { get; set; }

        public bool NeedNotExpect { get; set; }
    }
}
