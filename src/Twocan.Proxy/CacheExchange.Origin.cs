using System.Globalization;
using Twocan.Core;
using Twocan.Http;

namespace Twocan.Proxy;

/// <summary>What is asked of the origin, and what becomes of its answer: passed on, stored, or taken as news of what is stored.</summary>
internal sealed partial class CacheExchange
{
    /// <summary>Asks the origin. Null when what was stored turned out to be of no use, and is no longer there.</summary>
    private async ValueTask<Answer?> FetchAsync(CacheVerdict verdict, CancellationToken stop)
    {
        var fetching = _request is { Method: Methods.Get, HasBody: false }
            ? _proxy.Fetchings.Begin(_request.Url)
            : null;
        var response = default(ClientResponse);
        try
        {
            var failure = default(OriginFailure);
            try
            {
                response = await SendAsync(verdict, stop);
            }
            catch (FetchFailedException failed)
            {
                failure = OriginFailure.Of(failed);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                failure = OriginFailure.OfTimeOut(_proxy.Options.OriginTimeout, _because);
            }
            var status = new CacheStatus(_proxy.Name).Forwarded(verdict.Reason);
            if (response is null)
                return OnFailure(verdict, failure, status);
            if (response.Status >= 500 && OnServerError(verdict, response, status) is { } stale)
                return stale;
            _because = response.Because;
            if (verdict.Decision == CacheDecision.Revalidate && response.Status == 304)
                return OnNotModified(verdict.Stored!, response, status);
            var answer = Pass(response, status.Answered(response.Status), ref fetching);
            response = null;
            return answer;
        }
        finally
        {
            response?.Dispose();
            fetching?.End(FetchOutcome.Done);
        }
    }

    private async ValueTask<ClientResponse> SendAsync(CacheVerdict verdict, CancellationToken stop)
    {
        var fields = _fields.Clone();
        // The request of the proxy's own waits for '100 Continue' where the client does, and then tells it so.
        fields.Remove("Expect");
        fields.Remove("Content-Length");
        fields.Add("Via", $"{_version.Major}.{_version.Minor} {_proxy.Name}");
        if (verdict.Decision == CacheDecision.Revalidate)
            Validation.MakeConditional(fields, verdict.Stored!);
        var loop = _proxy.Network.Loop;
        using var patience = new CancellationTokenSource(_proxy.Options.OriginTimeout.ToTimeSpan(), loop.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        var request = new ClientRequest(_url)
        {
            Method = _request.Method,
            Fields = fields,
            Body = _client.BodyToPassOn(),
            ExpectsContinue = _client.Head.ExpectsContinue,
        };
        // A body takes as long as it takes, while something of it moves: what is limited is the origin's silence.
        var interims = new Interims(_client, loop)
        {
            Passing = () => patience.CancelAfter(_proxy.Options.OriginTimeout.ToTimeSpan()),
        };
        var response = await _proxy.Client.SendAsync(request with { Watcher = interims }, _because, either.Token);
        await interims.PassedAsync();
        return response;
    }

    private Answer? OnFailure(CacheVerdict verdict, OriginFailure failure, CacheStatus status)
    {
        _because = failure.Because.IsNone ? _because : failure.Because;
        if (ServeStale(verdict, status) is { } stale)
            return stale;
        // RFC 9111 §5.2.2.2: what must be checked and cannot be is 504.
        var code = verdict.Reason == CacheReason.StaleAndMustRevalidate ? 504 : failure.Status;
        var why = $"The proxy could not get {_url.Href}: {failure.Why}.";
        return _proxy.Fail(_request.Url, code, why, failure.Error, _because);
    }

    private Answer? OnServerError(CacheVerdict verdict, ClientResponse response, CacheStatus status)
    {
        var cause = _because;
        _because = response.Because;
        var stale = ServeStale(verdict, status.Answered(response.Status));
        _because = stale is null ? cause : _because;
        return stale;
    }

    private Answer? OnNotModified(StoredResponse stored, ClientResponse response, CacheStatus status)
    {
        if (!Validation.Confirms(response.Head, stored))
        {
            // It is about something else: the next round asks for the whole.
            Store.Remove(stored);
            return null;
        }
        var fresh = Freshen(stored, response);
        if (fresh is null)
            return null;
        return Serve(fresh, status.Answered(304).TimeToLive(Freshness.Of(fresh, Now).TimeToLive));
    }

    private StoredResponse? Freshen(StoredResponse stored, ClientResponse response)
    {
        var (asked, came) = TimesOf(response);
        var fresh = Validation.Freshen(stored, response.Head, asked, came);
        // It may vary on more than before; this request is one that it answers.
        fresh = fresh with
        {
            Selecting = StoredResponse.Select(fresh.Fields, _fields),
        };
        if (!Store.Replace(stored, fresh))
            return null;
        _because = Tell(
            new CacheStored(_request.Url, true, CacheReason.Unchanged, Freshness.Of(fresh, Now).Lifetime),
            _because
        );
        return fresh;
    }

    /// <summary>Passes a response on, with a copy for the store where the rules allow it.</summary>
    private Answer Pass(ClientResponse response, CacheStatus status, ref Fetching? fetching)
    {
        Invalidate(response);
        var (asked, came) = TimesOf(response);
        var fields = HopByHop.Without(response.Fields);
        Validation.EnsureDate(fields, came);
        var (stores, reason) = CachePolicy.MayStore(_request, response.Head, came);
        if (stores && response.BodyLength > Store.MostBodyBytes)
            (stores, reason) = (false, CacheReason.TooLarge);
        Stream body = response.Body;
        if (stores)
        {
            var ending = fetching;
            fetching = null;
            var selecting = StoredResponse.Select(response.Fields, _fields);
            var head = response.Head;
            var stored = new StoredResponse(
                _request.Url,
                head.Status,
                head.Reason,
                fields.Clone(),
                selecting,
                asked,
                came,
                0
            );
            body = new StoringStream(
                response,
                Store.MostBodyBytes,
                (whole, why) => Keep(response, stored, whole, why, ending)
            );
        }
        else if (_request.Method is Methods.Get)
        {
            Tell(new CacheStored(_request.Url, false, reason), response.Because);
        }
        fields.Add("Via", $"{response.Head.Version.Major}.{response.Head.Version.Minor} {_proxy.Name}");
        fields.Add("Cache-Status", (stores ? status.Stored() : status).ToString());
        return new(response.Status, fields)
        {
            Reason = response.Head.Reason,
            Body = body,
            BodyLength = LengthOf(response),
            Because = response.Because,
        };
    }

    private void Keep(
        ClientResponse response,
        StoredResponse stored,
        byte[]? whole,
        CacheReason why,
        Fetching? fetching
    )
    {
        var keeps = whole is not null && Store.Put(stored with { BodyLength = whole.Length }, whole);
        var (lifetime, basis) = Freshness.LifetimeOf(stored.Status, stored.Fields, stored.ReceivedAt);
        var reason =
            keeps ? basis
            : whole is null ? why
            : CacheReason.StoreFailed;
        Tell(new CacheStored(_request.Url, keeps, reason, lifetime), response.Because);
        fetching?.End(why == CacheReason.Incomplete ? FetchOutcome.BrokeOff : FetchOutcome.Done);
    }

    private void Invalidate(ClientResponse response)
    {
        foreach (var url in Validation.Invalidates(_request.Method, _url, response.Head))
        {
            if (Store.RemoveAll(url))
                Tell(new CacheInvalidated(url, _request.Method), response.Because);
        }
        if (_request.Method != Methods.Head || response.Status != 200)
            return;
        // RFC 9111 §4.3.5: HEAD tells whether what GET once brought is still the same.
        foreach (var stored in Store.Find(_request.Url).Where(stored => stored.Answers(_fields)).ToArray())
        {
            if (!Validation.ConfirmsByHead(response.Head, stored))
                Store.Remove(stored);
            else if (!CacheControl.Of(response.Fields).NoStore)
                Freshen(stored, response);
        }
    }

    /// <summary>For HEAD what GET would have; else null where only the end will tell.</summary>
    private long? LengthOf(ClientResponse response) =>
        _request.Method == Methods.Head ? Decimal(response.Fields["Content-Length"]) : response.BodyLength;

    private static long? Decimal(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;

    private (DateTimeOffset Asked, DateTimeOffset Came) TimesOf(ClientResponse response)
    {
        var loop = _proxy.Network.Loop;
        return (loop.ToDate(response.Timing.Sent), loop.ToDate(response.Timing.HeadArrived));
    }
}
