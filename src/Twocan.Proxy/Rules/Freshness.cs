using System.Runtime.InteropServices;
using Twocan.Http;

namespace Twocan.Proxy;

/// <summary>
/// How old a stored response is and for how long it is good (RFC 9111 §4.2), in whole seconds.
/// <see cref="Basis"/> says where the lifetime was taken from.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Freshness(long Age, long Lifetime, CacheReason Basis)
{
    /// <summary>Nobody said how long it is good, so a tenth of how long it has not changed, but a day at most (§4.2.2).</summary>
    private const int HeuristicShare = 10;
    private const long MostHeuristic = 24 * 60 * 60;

    public bool IsFresh => Lifetime > Age;

    /// <summary>Seconds left, negative once it is stale: the 'ttl' of RFC 9211.</summary>
    public long TimeToLive => Lifetime - Age;

    public static Freshness Of(StoredResponse stored, DateTimeOffset now, CacheScope scope = CacheScope.Shared)
    {
        var (lifetime, basis) = LifetimeOf(stored.Status, stored.Fields, stored.ReceivedAt, scope);
        return new(AgeOf(stored, now), lifetime, basis);
    }

    /// <summary>§4.2.1.</summary>
    internal static (long Seconds, CacheReason Basis) LifetimeOf(
        int status,
        Fields fields,
        DateTimeOffset receivedAt,
        CacheScope scope = CacheScope.Shared
    )
    {
        var control = CacheControl.Of(fields, scope);
        if (control.SharedMaxAge is { } shared)
            return (shared, CacheReason.LifetimeShared);
        if (control.MaxAge is { } maxAge)
            return (maxAge, CacheReason.LifetimeMaxAge);
        var date = DateOf(fields, receivedAt);
        if (fields["Expires"] is { } text)
        {
            // What is no date, such as '0', lies in the past (§5.3).
            var seconds = HttpDate.TryParse(text, receivedAt, out var expires) ? Seconds(expires) - Seconds(date) : 0;
            return (Math.Max(0, seconds), CacheReason.LifetimeExpires);
        }
        var mayGuess = control.Public || CachePolicy.IsHeuristicallyCacheable(status);
        if (mayGuess && HttpDate.TryParse(fields["Last-Modified"], receivedAt, out var modified) && modified < date)
        {
            var guess = (Seconds(date) - Seconds(modified)) / HeuristicShare;
            return (Math.Min(guess, MostHeuristic), CacheReason.LifetimeHeuristic);
        }
        return (0, CacheReason.LifetimeNone);
    }

    /// <summary>§4.2.3, in its words.</summary>
    private static long AgeOf(StoredResponse stored, DateTimeOffset now)
    {
        var responseTime = Seconds(stored.ReceivedAt);
        var apparentAge = Math.Max(0, responseTime - Seconds(DateOf(stored.Fields, stored.ReceivedAt)));
        var responseDelay = responseTime - Seconds(stored.RequestedAt);
        var ageValue = CacheControl.Seconds(stored.Fields["Age"]) ?? 0;
        var correctedInitialAge = Math.Max(apparentAge, ageValue + responseDelay);
        // A clock that was set back makes nothing younger than it was when it came.
        var residentTime = Math.Max(0, Seconds(now) - responseTime);
        return correctedInitialAge + residentTime;
    }

    private static DateTimeOffset DateOf(Fields fields, DateTimeOffset receivedAt) =>
        HttpDate.TryParse(fields["Date"], receivedAt, out var date) ? date : receivedAt;

    private static long Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds();
}
