using System.Runtime.InteropServices;
using Twocan.Http;

namespace Twocan.Proxy;

/// <summary>What the rules ask of a request: its method, its URL in absolute form, its fields.</summary>
public readonly record struct CacheRequest(string Method, string Url, Fields Fields, bool HasBody = false);

/// <summary>What is to be done with a request, and why; with the stored response that it is about, if there is one.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CacheVerdict(
    CacheDecision Decision,
    CacheReason Reason,
    StoredResponse? Stored = null,
    Freshness Freshness = default
);

/// <summary>
/// The rules of RFC 9111, for a cache that many share or one user's own. It is told a request, what is stored, and the time, and
/// says what is to be done; it is told a response and says whether to store it. It knows neither store nor network.
/// </summary>
public static class CachePolicy
{
    /// <summary>§4: when a stored response may answer.</summary>
    public static CacheVerdict Decide(
        in CacheRequest request,
        IReadOnlyList<StoredResponse> stored,
        DateTimeOffset now,
        CacheScope scope = CacheScope.Shared
    )
    {
        var control = RequestControl(request.Fields);
        var verdict = Decide(request, control, stored, now, scope);
        // §3.3: a part can be cut out of a whole that may be served as it is; all else about parts is the origin's.
        if (request.Fields.Contains("Range") && verdict is not { Decision: CacheDecision.Serve, Stored.Status: 200 })
            verdict = new(CacheDecision.Forward, CacheReason.WantsRange);
        return control.OnlyIfCached && verdict.Decision != CacheDecision.Serve
            ? verdict with
            {
                Decision = CacheDecision.Refuse,
                Reason = CacheReason.OnlyIfCached,
            }
            : verdict;
    }

    private static CacheVerdict Decide(
        in CacheRequest request,
        CacheControl control,
        IReadOnlyList<StoredResponse> stored,
        DateTimeOffset now,
        CacheScope scope
    )
    {
        if (request.Method is not (Methods.Get or Methods.Head))
            return new(CacheDecision.Forward, CacheReason.NotGetOrHead);
        if (request.HasBody)
            return new(CacheDecision.Forward, CacheReason.HasBody);
        if (request.Fields.Contains("If-Match") || request.Fields.Contains("If-Unmodified-Since"))
            return new(CacheDecision.Forward, CacheReason.HasCondition);
        if (stored.Count == 0)
            return new(CacheDecision.Forward, CacheReason.NothingStored);
        var fields = request.Fields;
        var selected = stored.Where(response => response.Answers(fields)).MaxBy(response => response.ReceivedAt);
        if (selected is null)
            return new(CacheDecision.Forward, CacheReason.OtherVariant);
        // §3.5; what may be shared although it answered a login may also answer one.
        var origin = CacheControl.Of(selected.Fields, scope);
        if (IsOthersLogin(request, origin, scope))
            return new(CacheDecision.Forward, CacheReason.HasLogin);

        var freshness = Freshness.Of(selected, now, scope);
        var reason = WhyNotAsItIs(control, origin, freshness);
        if (reason is CacheReason.Fresh or CacheReason.StaleButAccepted)
            return new(CacheDecision.Serve, reason, selected, freshness);
        // Without a validator there is nothing to ask by: the whole is fetched again.
        return new(
            selected.HasValidator ? CacheDecision.Revalidate : CacheDecision.Forward,
            reason,
            selected,
            freshness
        );
    }

    private static CacheReason WhyNotAsItIs(CacheControl client, CacheControl origin, Freshness freshness)
    {
        if (client.NoCache)
            return CacheReason.ClientWantsCheck;
        if (origin.NoCache)
            return CacheReason.OriginWantsCheck;
        // 'max-age=0' is how a browser's 'reload' says that it wants a check.
        if (client.MaxAge is { } maxAge && (freshness.Age > maxAge || maxAge == 0))
            return CacheReason.TooOldForClient;
        if (freshness.IsFresh)
            return freshness.TimeToLive < client.MinFresh ? CacheReason.NotFreshEnoughForClient : CacheReason.Fresh;
        if (ForbidsStale(origin))
            return CacheReason.StaleAndMustRevalidate;
        return freshness.Age - freshness.Lifetime <= client.MaxStale ? CacheReason.StaleButAccepted : CacheReason.Stale;
    }

    /// <summary>§3: whether a response that was received whole may be stored, and why (not).</summary>
    public static (bool Stores, CacheReason Reason) MayStore(
        in CacheRequest request,
        ResponseHead response,
        DateTimeOffset receivedAt,
        CacheScope scope = CacheScope.Shared
    )
    {
        var origin = CacheControl.Of(response.Fields, scope);
        if (WhyNotStored(request, response.Status, response.Fields, origin, scope) is { } reason)
            return (false, reason);
        var (lifetime, basis) = Freshness.LifetimeOf(response.Status, response.Fields, receivedAt, scope);
        var hasValidator = response.Fields.Contains("ETag") || response.Fields.Contains("Last-Modified");
        return lifetime <= 0 && !hasValidator ? (false, CacheReason.NothingToGoBy) : (true, basis);
    }

    private static CacheReason? WhyNotStored(
        in CacheRequest request,
        int status,
        Fields fields,
        CacheControl origin,
        CacheScope scope
    )
    {
        if (request.Method != Methods.Get)
            return CacheReason.NotGet;
        if (request.HasBody)
            return CacheReason.HasBody;
        if (status < 200)
            return CacheReason.NotFinal;
        if (status == 206)
            return CacheReason.IsPart;
        if (status == 304)
            return CacheReason.HasCondition;
        if (origin.MustUnderstand && !IsUnderstood(status))
            return CacheReason.StatusNotUnderstood;
        // §5.2.2.3: who understands the status and finds must-understand does not mind the no-store beside it.
        if (origin.NoStore && !origin.MustUnderstand)
            return CacheReason.OriginForbidsStore;
        if (CacheControl.Of(request.Fields).NoStore)
            return CacheReason.ClientForbidsStore;
        if (origin.Private)
            return CacheReason.Private;
        if (IsOthersLogin(request, origin, scope))
            return CacheReason.LoginWithoutPermission;
        // §3: a private cache may keep what is marked as private, whatever its status.
        var isAllowed = scope == CacheScope.Private && CacheControl.Of(fields).Private;
        isAllowed |= origin.Public || origin.MaxAge is not null || origin.SharedMaxAge is not null;
        if (!isAllowed && !fields.Contains("Expires") && !IsHeuristicallyCacheable(status))
            return CacheReason.StatusNotCacheable;
        return StoredResponse.VariesOnEverything(fields) ? CacheReason.VariesOnEverything : null;
    }

    /// <summary>§4.2.4 with RFC 5861 §4: a stale response may be served since the origin fails.</summary>
    public static bool MayServeWhenOriginFails(Fields request, StoredResponse stored, DateTimeOffset now)
    {
        var (client, origin) = (RequestControl(request), CacheControl.Of(stored.Fields));
        if (client.NoCache || origin.NoCache || ForbidsStale(origin))
            return false;
        var freshness = Freshness.Of(stored, now);
        return (client.StaleIfError ?? origin.StaleIfError) is { } most && freshness.Age - freshness.Lifetime <= most;
    }

    /// <summary>Statuses that may be kept although nobody says so (RFC 9110 §15.1).</summary>
    internal static bool IsHeuristicallyCacheable(int status) =>
        status is 200 or 203 or 204 or 300 or 301 or 308 or 404 or 405 or 410 or 414 or 501;

    /// <summary>The statuses whose caching rules are known here: all final ones that a cache need do nothing special about.</summary>
    private static bool IsUnderstood(int status) => IsHeuristicallyCacheable(status) || status is 302 or 303 or 307;

    /// <summary>§3.5: what answers somebody's login is for him alone.</summary>
    private static bool IsOthersLogin(in CacheRequest request, CacheControl origin, CacheScope scope) =>
        scope == CacheScope.Shared && request.Fields.Contains("Authorization") && !AllowsSharing(origin);

    /// <summary>§3.5: the origin allows a shared cache to keep what answered a login.</summary>
    private static bool AllowsSharing(CacheControl origin) =>
        origin.Public || origin.MustRevalidate || origin.SharedMaxAge is not null;

    /// <summary>§5.2.2.2, §5.2.2.8, §5.2.2.10: s-maxage implies proxy-revalidate.</summary>
    private static bool ForbidsStale(CacheControl origin) =>
        origin.MustRevalidate || origin.ProxyRevalidate || origin.SharedMaxAge is not null;

    /// <summary>§5.4: an old client's 'Pragma: no-cache' counts where there is no Cache-Control.</summary>
    private static CacheControl RequestControl(Fields fields) =>
        !fields.Contains("Cache-Control") && fields.HasToken("Pragma", "no-cache")
            ? CacheControl.Of(new Fields().Add("Cache-Control", "no-cache"))
            : CacheControl.Of(fields);
}
