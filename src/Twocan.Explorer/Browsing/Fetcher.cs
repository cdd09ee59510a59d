using System.Net.Sockets;
using System.Security.Cryptography;
using Twocan.Core;
using Twocan.Http;
using Twocan.Proxy;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>Fetches one thing of a page: from the browser's cache or over the network, and writes down how it went.</summary>
internal sealed class Fetcher(INetwork network, WebClient client, BrowserOptions options)
{
    private readonly List<LoadedResource> _resources = [];
    private readonly PrivateCache? _cache = options.Cache is { } store ? new(store, network.Loop) : null;

    /// <summary>All that was begun, in that order.</summary>
    public IReadOnlyList<LoadedResource> Resources => _resources;

    public async ValueTask<LoadedResource> FetchAsync(
        ResourceKind kind,
        Url url,
        LoadedResource? initiator,
        Referrer referrer,
        EventId because,
        CancellationToken stop
    )
    {
        var fields = RequestFields(kind, url, referrer);
        var request = new CacheRequest(Methods.Get, url.AbsoluteForm, fields);
        var verdict = _cache?.Decide(request);
        if (verdict is { Decision: CacheDecision.Revalidate, Stored: { } old })
            Validation.MakeConditional(fields, old);
        var resource = Begin(kind, url, initiator, fields);
        resource.CacheReason = verdict?.Reason;
        var began = Tell(new FetchBegan(url.Href, kind), because);
        if (
            verdict is { Decision: CacheDecision.Serve, Stored: { } stored, Reason: var reason }
            && _cache!.TryServe(resource, stored, reason)
        )
        {
            End(resource, began, began);
            return resource;
        }
        try
        {
            await FetchAsync(resource, request, verdict?.Stored, kind, referrer, began, stop);
        }
        catch (FetchFailedException failure)
        {
            resource.FailedAt = failure.Step;
            Fail(resource, began, KindOf(failure), failure.Why, failure.Because);
        }
        catch (IOException broken)
        {
            Fail(resource, began, FailureKind.BadResponse, broken.Message, began);
        }
        return resource;
    }

    /// <summary>What is not even asked for.</summary>
    public LoadedResource Refuse(ResourceKind kind, Url url, LoadedResource after, string why)
    {
        var resource = Begin(kind, url, after, new());
        var began = Tell(new FetchBegan(url.Href, kind), after.Because);
        Fail(resource, began, FailureKind.TooManyRedirects, why, after.Because);
        return resource;
    }

    public EventId Tell<T>(in T what, EventId because)
        where T : struct, IJournalEvent => network.Journal?.Tell(what, because) ?? because;

    private LoadedResource Begin(ResourceKind kind, Url url, LoadedResource? initiator, Fields fields)
    {
        var resource = new LoadedResource(_resources.Count + 1, kind, url, network.Loop.LookAtTheClock(), initiator)
        {
            RequestFields = fields,
        };
        _resources.Add(resource);
        return resource;
    }

    private async ValueTask FetchAsync(
        LoadedResource resource,
        CacheRequest request,
        StoredResponse? stored,
        ResourceKind kind,
        Referrer referrer,
        EventId began,
        CancellationToken stop
    )
    {
        var asked = new ClientRequest(resource.Url)
        {
            Fields = request.Fields.Clone(),
            Context = ContextOf(kind, referrer),
        };
        using var response = await client.SendAsync(asked, began, stop);
        (resource.Timing, resource.Connection) = (response.Timing, response.Connection);
        (resource.Status, resource.Reason) = (response.Status, response.Head.Reason);
        (resource.ResponseFields, resource.Version) = (response.Fields.Clone(), response.Head.Version);
        var body = await response.ReadAllAsync(options.MostBodyBytes, stop);
        resource.BytesReceived = response.BytesRead;
        if (response.Status == 304 && stored is not null && _cache!.TryConfirm(resource, stored, response))
        {
            End(resource, began, response.Because);
            return;
        }
        (resource.Body, resource.Bytes) = (body, body.Length);
        _cache?.Keep(request, response, body);
        End(resource, began, response.Because);
    }

    private void End(LoadedResource resource, EventId began, EventId because)
    {
        resource.Ended = network.Loop.LookAtTheClock();
        resource.ContentType = resource.ResponseFields["Content-Type"] ?? "";
        resource.RedirectsTo = NextOf(resource);
        var cacheStatus = resource.ResponseFields["Cache-Status"];
        resource.Because = Tell(
            new FetchEnded(
                began,
                resource.Url.Href,
                resource.Status,
                resource.Reason,
                resource.Bytes,
                resource.ContentType,
                Convert.ToHexStringLower(SHA256.HashData(resource.Body)),
                resource.Cache == CacheUse.Served || (cacheStatus is not null && CacheHit(cacheStatus)),
                cacheStatus
            ),
            because
        );
    }

    private void Fail(LoadedResource resource, EventId began, FailureKind kind, string why, EventId because)
    {
        (resource.Ended, resource.Failure, resource.Why) = (network.Loop.LookAtTheClock(), kind, why);
        // An answer that breaks off is none.
        (resource.Status, resource.Body) = (0, []);
        resource.Because = Tell(new FetchFailed(began, resource.Url.Href, kind, why), because);
    }

    /// <summary>All that the request says but for Host, which stands first: what is told in the record of a visit is what was sent.</summary>
    private Fields RequestFields(ResourceKind kind, Url url, Referrer referrer)
    {
        var fields = new Fields().Add("Accept", "*/*");
        if (referrer is { Resource.Url: var from, Policy: var policy })
            if (ReferrerPolicies.Field(from, url, policy) is { } referer)
                fields.Add("Referer", referer);
        fields
            .Add("Accept-Language", options.AcceptLanguage)
            .Add("Accept-Encoding", "gzip, deflate, br")
            .Add("User-Agent", options.UserAgent);
        if (options.Cookies?.FieldFor(url, network.Loop.UtcNow, ContextOf(kind, referrer)) is { } cookie)
            fields.Add("Cookie", cookie);
        return fields;
    }

    private static CookieContext ContextOf(ResourceKind kind, Referrer referrer) =>
        new(referrer.Resource?.Url, IsNavigation: kind == ResourceKind.Page);

    private static Url? NextOf(LoadedResource resource) =>
        resource.Status is 301 or 302 or 303 or 307 or 308
        && resource.ResponseFields["Location"] is { } location
        && Url.TryParse(location, resource.Url, out var next, out _)
        && next.Scheme is "http" or "https"
            ? next
            : null;

    /// <summary>RFC 9211 §2.1: the cache nearest to us is the last in the list.</summary>
    private static bool CacheHit(string cacheStatus) =>
        FieldList.Elements(cacheStatus).LastOrDefault() is { } nearest
        && FieldList.WithParameters(nearest).Parameters.Any(static parameter => parameter.Name == "hit");

    private FailureKind KindOf(FetchFailedException failure) =>
        (failure.Step, failure.Error) switch
        {
            _ when failure.Url.Scheme is not ("http" or "https") => FailureKind.BadUrl,
            (FetchStep.Resolve or FetchStep.Connect, _) when options.Proxy is not null => FailureKind.NoProxy,
            (FetchStep.Resolve, SocketError.HostNotFound) => FailureKind.NoSuchName,
            (FetchStep.Resolve, SocketError.NoData) => FailureKind.NoAddress,
            (FetchStep.Resolve, _) => FailureKind.NameServersSilent,
            (FetchStep.Secure, null) => FailureKind.NotTrusted,
            (_, SocketError.ConnectionRefused) => FailureKind.ConnectionRefused,
            (_, SocketError.TimedOut) => FailureKind.TimedOut,
            (_, SocketError.HostUnreachable or SocketError.NetworkUnreachable) => FailureKind.Unreachable,
            (_, null) => FailureKind.BadResponse,
            _ => FailureKind.ConnectionBroken,
        };
}
