using System.Net.Sockets;
using System.Security.Cryptography;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>
/// A browser, as far as the network sees it: takes a URL apart, fetches the page, finds its pictures, fetches these over
/// the same connections, two at a time, and says goodbye. It keeps no copies: a second visit asks again for everything.
/// </summary>
public sealed class Browser(INetwork network, INameResolver resolver, ProxyAddress? proxy = null)
{
    private const int MaxRedirects = 10;
    private const int ConnectionsPerOrigin = 2;

    private int _visits;

    /// <summary>Opens a page; true when it came whole, with all its pictures.</summary>
    public async Task<bool> VisitAsync(Url url, CancellationToken stop = default)
    {
        var click = Tell(new UrlEntered(url.Href, ++_visits), default);
        var because = Tell(new UrlRead(url.Scheme, url.Host.Text, url.Port, url.OriginForm), click);
        var options = new WebClientOptions { ConnectionsPerOrigin = ConnectionsPerOrigin, Proxy = proxy };
        using var client = new WebClient(network, resolver, options);
        var page = await FetchPageAsync(client, url, because, stop);
        var pictures = page is { IsGood: true, IsHtml: true } ? PictureFinder.Find(page.Body, page.Url) : [];
        var (whole, last) = await FetchAllAsync(client, pictures, page, stop);
        Tell(new PageDone(url.Href, whole, pictures.Count), last);
        return whole;
    }

    /// <summary>Follows redirects until there is a page.</summary>
    private async ValueTask<Fetched> FetchPageAsync(WebClient client, Url url, EventId because, CancellationToken stop)
    {
        for (var redirects = 0; ; redirects++)
        {
            var fetched = await FetchAsync(client, url, ResourceKind.Page, because, stop);
            if (fetched.Next is not { } next)
                return fetched;
            if (redirects == MaxRedirects)
                return Fail(
                    Tell(new FetchBegan(next.Href, ResourceKind.Page), fetched.Because),
                    next,
                    FailureKind.TooManyRedirects,
                    $"more than {MaxRedirects} redirects",
                    fetched.Because
                );
            because = Tell(new RedirectFollowed(url.Href, next.Href, fetched.Status), fetched.Because);
            url = next;
        }
    }

    private async ValueTask<(bool Whole, EventId Last)> FetchAllAsync(
        WebClient client,
        IReadOnlyList<PictureTag> pictures,
        Fetched page,
        CancellationToken stop
    )
    {
        var (whole, last) = (page.IsGood, page.Because);
        // The pool lets so many at a time have a connection; the others wait in line for one.
        var fetches = new List<Task<Fetched>>();
        foreach (var picture in pictures)
        {
            var found = Tell(new PictureFound(picture.Tag, picture.Url.Href), page.Because);
            fetches.Add(FetchAsync(client, picture.Url, ResourceKind.Picture, found, stop).AsTask());
        }
        foreach (var fetch in fetches)
        {
            var fetched = await fetch;
            whole &= fetched.IsGood;
            // The last event of all is what the reader waited for.
            if (fetched.Because.Value > last.Value)
                last = fetched.Because;
        }
        return (whole, last);
    }

    private async ValueTask<Fetched> FetchAsync(
        WebClient client,
        Url url,
        ResourceKind kind,
        EventId because,
        CancellationToken stop
    )
    {
        var began = Tell(new FetchBegan(url.Href, kind), because);
        if (url.Scheme != "http")
            return Fail(began, url, FailureKind.BadUrl, $"{url.Scheme} is not spoken here yet: http is", began);
        try
        {
            using var response = await client.GetAsync(url, began, stop);
            var body = await response.ReadAllAsync(stop: stop);
            return End(began, url, response, body);
        }
        catch (FetchFailedException failure)
        {
            return Fail(began, url, KindOf(failure), failure.Why, failure.Because);
        }
        catch (IOException tooLong)
        {
            return Fail(began, url, FailureKind.BadResponse, tooLong.Message, began);
        }
    }

    private Fetched End(EventId began, Url url, ClientResponse response, byte[] body)
    {
        var type = response.Fields["Content-Type"] ?? "";
        var cacheStatus = response.Fields["Cache-Status"];
        var ended = Tell(
            new FetchEnded(
                began,
                url.Href,
                response.Status,
                response.Head.Reason,
                body.Length,
                type,
                Convert.ToHexStringLower(SHA256.HashData(body)),
                cacheStatus is not null && CacheHit(cacheStatus),
                cacheStatus
            ),
            response.Because
        );
        return new(url, response.Status, body, type, NextOf(url, response), ended);
    }

    private static Url? NextOf(Url url, ClientResponse response) =>
        response.Status is 301 or 302 or 303 or 307 or 308
        && response.Fields["Location"] is { } location
        && Url.TryParse(location, url, out var next, out _)
            ? next
            : null;

    /// <summary>RFC 9211 §2.1: the cache nearest to us is the last in the list.</summary>
    private static bool CacheHit(string cacheStatus) =>
        FieldList.Elements(cacheStatus).LastOrDefault() is { } nearest
        && FieldList.WithParameters(nearest).Parameters.Any(static parameter => parameter.Name == "hit");

    private Fetched Fail(EventId began, Url url, FailureKind kind, string why, EventId because) =>
        new(url, 0, [], "", null, Tell(new FetchFailed(began, url.Href, kind, why), because));

    private FailureKind KindOf(FetchFailedException failure) =>
        (failure.Step, failure.Error) switch
        {
            (FetchStep.Resolve or FetchStep.Connect, _) when proxy is not null => FailureKind.NoProxy,
            (FetchStep.Resolve, SocketError.HostNotFound) => FailureKind.NoSuchName,
            (FetchStep.Resolve, SocketError.NoData) => FailureKind.NoAddress,
            (FetchStep.Resolve, _) => FailureKind.NameServersSilent,
            (_, SocketError.ConnectionRefused) => FailureKind.ConnectionRefused,
            (_, SocketError.TimedOut) => FailureKind.TimedOut,
            (_, SocketError.HostUnreachable or SocketError.NetworkUnreachable) => FailureKind.Unreachable,
            (_, null) => FailureKind.BadResponse,
            _ => FailureKind.ConnectionBroken,
        };

    private EventId Tell<T>(in T what, EventId because)
        where T : struct, IJournalEvent => network.Journal?.Tell(what, because) ?? because;

    private sealed record Fetched(Url Url, int Status, byte[] Body, string ContentType, Url? Next, EventId Because)
    {
        public bool IsGood => Status is >= 200 and < 300;

        public bool IsHtml => ContentType.StartsWith("text/html", StringComparison.OrdinalIgnoreCase);
    }
}
