using System.Globalization;
using Twocan.Core;
using Twocan.Http;

namespace Twocan.Proxy;

/// <summary>One request on its way through the proxy.</summary>
internal sealed partial class CacheExchange
{
    private readonly ProxyHandler _proxy;
    private readonly Url _url;
    private readonly Fields _fields;
    private readonly HttpVersion _version;
    private readonly ServerRequest _client;
    private readonly CacheRequest _request;
    private EventId _because;
    private bool _hasWaited;
    private CacheReason? _collapsed;

    public CacheExchange(ProxyHandler proxy, ServerRequest request, Url url, Fields fields)
    {
        (_proxy, _url, _fields, _client) = (proxy, url, fields, request);
        (_version, _because) = (request.Head.Version, request.Because);
        _request = new(request.Head.Method, url.AbsoluteForm, fields, request.Framing.Kind != FramingKind.None);
    }

    private DateTimeOffset Now => _proxy.Network.Loop.UtcNow;

    private ICacheStore Store => _proxy.Store;

    public async ValueTask<Answer> RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var verdict = CachePolicy.Decide(_request, Store.Find(_request.Url), Now);
            if (await HasWaitedForOtherAsync(verdict, stop))
                continue;
            var freshness = verdict.Freshness;
            _because = Tell(
                new CacheDecided(_request.Url, verdict.Decision, verdict.Reason, freshness.Age, freshness.Lifetime),
                _because
            );
            if (verdict.Decision == CacheDecision.Refuse)
                return _proxy.Fail(
                    _request.Url,
                    504,
                    "It is not in the cache, and nothing else was wanted.",
                    null,
                    _because
                );
            // Null: what the verdict went by turned out not to hold; what is stored now is another matter.
            var answer =
                verdict.Decision == CacheDecision.Serve ? Serve(verdict.Stored!) : await FetchAsync(verdict, stop);
            if (answer is not null)
                return answer;
        }
    }

    /// <summary>The same is on its way for another client: when that has ended, one looks again.</summary>
    private async ValueTask<bool> HasWaitedForOtherAsync(CacheVerdict verdict, CancellationToken stop)
    {
        var couldShare =
            _request.Method == Methods.Get
            && verdict.Reason
                is CacheReason.NothingStored
                    or CacheReason.OtherVariant
                    or CacheReason.Stale
                    or CacheReason.StaleAndMustRevalidate;
        if (!couldShare || _hasWaited || _proxy.Fetchings.Find(_request.Url) is not { } fetching)
            return false;
        _because = Tell(new CacheWaited(_request.Url), _because);
        _collapsed = verdict.Reason;
        // After one that broke off somebody has to be the next, and all others may wait for that.
        _hasWaited = await fetching.WaitAsync(_proxy.Options.WaitForOther, stop) != FetchOutcome.BrokeOff;
        return true;
    }

    private Answer? Serve(StoredResponse stored)
    {
        var freshness = Freshness.Of(stored, Now);
        var status = _collapsed is { } reason
            ? new CacheStatus(_proxy.Name).Forwarded(reason).Collapsed()
            : new CacheStatus(_proxy.Name).Hit();
        return Serve(stored, status.TimeToLive(freshness.TimeToLive));
    }

    /// <summary>Null when the body is gone.</summary>
    private Answer? Serve(StoredResponse stored, CacheStatus status)
    {
        var fields = stored.Fields.Clone();
        var age = Freshness.Of(stored, Now).Age;
        fields.Set("Age", age.ToString(CultureInfo.InvariantCulture));
        fields.Add("Via", $"1.1 {_proxy.Name}").Add("Cache-Status", status.ToString());
        if (Validation.IsNotModified(_fields, stored, Now))
            return new(304, fields) { Because = _because };
        if (Store.ReadBody(stored) is not { } body)
        {
            _because = Tell(new CacheDecided(_request.Url, CacheDecision.Forward, CacheReason.StoredIsGone), _because);
            return null;
        }
        if (
            _fields["Range"] is { } range
            && StoredRange.Of(range, _fields["If-Range"], stored, fields, body) is { } part
        )
            return part.ToAnswer(fields, _because);
        return new(stored.Status, fields)
        {
            Reason = stored.Reason,
            Body = _request.Method == Methods.Head ? null : new MemoryStream(body, writable: false),
            BodyLength = body.Length,
            Because = _because,
        };
    }

    private Answer? ServeStale(CacheVerdict verdict, CacheStatus status)
    {
        if (verdict.Stored is not { } stored || !CachePolicy.MayServeWhenOriginFails(_fields, stored, Now))
            return null;
        var freshness = Freshness.Of(stored, Now);
        _because = Tell(
            new CacheDecided(
                _request.Url,
                CacheDecision.Serve,
                CacheReason.StaleButOriginFails,
                freshness.Age,
                freshness.Lifetime
            ),
            _because
        );
        return Serve(stored, status.TimeToLive(freshness.TimeToLive));
    }

    private EventId Tell<T>(in T what, EventId because)
        where T : struct, IJournalEvent => _proxy.Network.Journal?.Tell(what, because) ?? because;
}
