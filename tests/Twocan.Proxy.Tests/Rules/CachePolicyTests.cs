using Twocan.Core;
using Twocan.Http;
using static Twocan.Proxy.Tests.Exchange;

namespace Twocan.Proxy.Tests;

public class CachePolicyTests
{
    private const string Minute = "Date: @0 | ETag: \"a\" | Cache-Control: max-age=60";

    [Theory]
    // RFC 9111 §4: fresh is served, stale is checked, by what the client and the origin say of it.
    [InlineData("", Minute, 30, CacheDecision.Serve, CacheReason.Fresh)]
    [InlineData("", Minute, 60, CacheDecision.Revalidate, CacheReason.Stale)]
    [InlineData("", "Date: @0 | Cache-Control: max-age=60", 60, CacheDecision.Forward, CacheReason.Stale)]
    [InlineData(
        "",
        "Date: @0 | Last-Modified: @-9 | Cache-Control: max-age=60",
        60,
        CacheDecision.Revalidate,
        CacheReason.Stale
    )]
    // §5.2.1.1
    [InlineData("Cache-Control: max-age=20", Minute, 20, CacheDecision.Serve, CacheReason.Fresh)]
    [InlineData("Cache-Control: max-age=20", Minute, 21, CacheDecision.Revalidate, CacheReason.TooOldForClient)]
    [InlineData("Cache-Control: max-age=0", Minute, 0, CacheDecision.Revalidate, CacheReason.TooOldForClient)]
    [InlineData("Cache-Control: max-age=nonsense", Minute, 1, CacheDecision.Revalidate, CacheReason.TooOldForClient)]
    // §5.2.1.2
    [InlineData("Cache-Control: max-stale=10", Minute, 70, CacheDecision.Serve, CacheReason.StaleButAccepted)]
    [InlineData("Cache-Control: max-stale=10", Minute, 71, CacheDecision.Revalidate, CacheReason.Stale)]
    [InlineData("Cache-Control: max-stale", Minute, 99_999, CacheDecision.Serve, CacheReason.StaleButAccepted)]
    // §5.2.1.3
    [InlineData("Cache-Control: min-fresh=30", Minute, 30, CacheDecision.Serve, CacheReason.Fresh)]
    [InlineData(
        "Cache-Control: min-fresh=30",
        Minute,
        31,
        CacheDecision.Revalidate,
        CacheReason.NotFreshEnoughForClient
    )]
    // §5.2.1.4, §5.4
    [InlineData("Cache-Control: no-cache", Minute, 1, CacheDecision.Revalidate, CacheReason.ClientWantsCheck)]
    [InlineData("Pragma: no-cache", Minute, 1, CacheDecision.Revalidate, CacheReason.ClientWantsCheck)]
    [InlineData("Pragma: no-cache | Cache-Control: max-age=50", Minute, 1, CacheDecision.Serve, CacheReason.Fresh)]
    // §5.2.1.7
    [InlineData("Cache-Control: only-if-cached", Minute, 30, CacheDecision.Serve, CacheReason.Fresh)]
    [InlineData("Cache-Control: only-if-cached", Minute, 60, CacheDecision.Refuse, CacheReason.OnlyIfCached)]
    // §5.2.2.2, §5.2.2.8, §5.2.2.10: no staleness that the client would accept.
    [InlineData(
        "Cache-Control: max-stale",
        Minute + ", must-revalidate",
        60,
        CacheDecision.Revalidate,
        CacheReason.StaleAndMustRevalidate
    )]
    [InlineData(
        "Cache-Control: max-stale",
        Minute + ", proxy-revalidate",
        60,
        CacheDecision.Revalidate,
        CacheReason.StaleAndMustRevalidate
    )]
    [InlineData(
        "Cache-Control: max-stale",
        Minute + ", s-maxage=50",
        50,
        CacheDecision.Revalidate,
        CacheReason.StaleAndMustRevalidate
    )]
    [InlineData("", Minute + ", must-revalidate", 59, CacheDecision.Serve, CacheReason.Fresh)]
    // §5.2.2.4
    [InlineData("", Minute + ", no-cache", 1, CacheDecision.Revalidate, CacheReason.OriginWantsCheck)]
    [InlineData("", Minute + ", no-cache=\"Set-Cookie\"", 1, CacheDecision.Revalidate, CacheReason.OriginWantsCheck)]
    // §3.5
    [InlineData("Authorization: Basic eA==", Minute, 1, CacheDecision.Forward, CacheReason.HasLogin)]
    [InlineData("Authorization: Basic eA==", Minute + ", public", 1, CacheDecision.Serve, CacheReason.Fresh)]
    [InlineData("Authorization: Basic eA==", Minute + ", s-maxage=60", 1, CacheDecision.Serve, CacheReason.Fresh)]
    [InlineData("Authorization: Basic eA==", Minute + ", must-revalidate", 1, CacheDecision.Serve, CacheReason.Fresh)]
    // What a whole stored response cannot answer.
    [InlineData("Range: bytes=0-9", Minute, 1, CacheDecision.Serve, CacheReason.Fresh)]
    [InlineData("Range: bytes=0-9", Minute, 61, CacheDecision.Forward, CacheReason.WantsRange)]
    [InlineData("If-Match: \"a\"", Minute, 1, CacheDecision.Forward, CacheReason.HasCondition)]
    [InlineData("If-Unmodified-Since: @0", Minute, 1, CacheDecision.Forward, CacheReason.HasCondition)]
    [InlineData("If-None-Match: \"a\"", Minute, 1, CacheDecision.Serve, CacheReason.Fresh)]
    // A request's no-store forbids to keep, not to serve (§5.2.1.5).
    [InlineData("Cache-Control: no-store", Minute, 1, CacheDecision.Serve, CacheReason.Fresh)]
    public void A_request_for_what_is_stored_is_decided_by_the_rules(
        string request,
        string stored,
        double now,
        CacheDecision decision,
        CacheReason reason
    )
    {
        var verdict = CachePolicy.Decide(Get(request), [Stored(stored)], At(now));
        Assert.Equal((decision, reason), (verdict.Decision, verdict.Reason));
    }

    [Theory]
    [InlineData("POST", CacheDecision.Forward, CacheReason.NotGetOrHead)]
    [InlineData("PURGE", CacheDecision.Forward, CacheReason.NotGetOrHead)]
    [InlineData("HEAD", CacheDecision.Serve, CacheReason.Fresh)]
    public void Only_GET_and_HEAD_are_answered_from_the_store(string method, CacheDecision decision, CacheReason reason)
    {
        var verdict = CachePolicy.Decide(Get() with { Method = method }, [Stored(Minute)], At(1));
        Assert.Equal((decision, reason), (verdict.Decision, verdict.Reason));
    }

    [Fact]
    public void A_request_with_a_body_is_not_answered_from_the_store() =>
        Assert.Equal(
            CacheReason.HasBody,
            CachePolicy.Decide(Get() with { HasBody = true }, [Stored(Minute)], At(1)).Reason
        );

    [Fact]
    public void Where_nothing_is_stored_the_origin_is_asked_unless_the_client_forbids_it()
    {
        Assert.Equal(CacheReason.NothingStored, CachePolicy.Decide(Get(), [], At(0)).Reason);
        Assert.Equal(
            CacheDecision.Refuse,
            CachePolicy.Decide(Get("Cache-Control: only-if-cached"), [], At(0)).Decision
        );
    }

    [Theory]
    [InlineData("Accept-Language: ko", "Accept-Language: ko", true)]
    [InlineData("Accept-Language: ko", "accept-language: ko", true)]
    [InlineData("Accept-Language: ko", "Accept-Language: en", false)]
    [InlineData("Accept-Language: ko", "", false)]
    [InlineData("", "", true)]
    [InlineData("", "Accept-Language: ko", false)]
    [InlineData("Accept-Language: ko, en", "Accept-Language: ko,en", true)]
    [InlineData("Accept-Language: ko, en", "Accept-Language: ko | Accept-Language: en", true)]
    [InlineData("Accept-Language: ko, en", "Accept-Language: en, ko", false)]
    public void A_response_answers_only_requests_that_agree_in_what_it_varies_on(
        string first,
        string second,
        bool serves
    )
    {
        var stored = Stored(Minute + " | Vary: Accept-Language", request: first);
        var verdict = CachePolicy.Decide(Get(second), [stored], At(1));
        Assert.Equal(serves ? CacheReason.Fresh : CacheReason.OtherVariant, verdict.Reason);
    }

    [Fact]
    public void What_varies_on_everything_answers_nothing() =>
        Assert.Equal(
            CacheReason.OtherVariant,
            CachePolicy.Decide(Get(), [Stored(Minute + " | Vary: *")], At(1)).Reason
        );

    [Fact]
    public void Of_several_that_match_the_newest_is_taken()
    {
        var (old, @new) = (Stored(Minute), Stored(Minute + " | Vary: Accept", receivedAt: 5));
        Assert.Same(@new, CachePolicy.Decide(Get(), [old, @new], At(6)).Stored);
        Assert.Same(@new, CachePolicy.Decide(Get(), [@new, old], At(6)).Stored);
    }

    [Theory]
    // §3: lifetime or validator, and nothing that forbids it.
    [InlineData("", 200, "Date: @0 | Cache-Control: max-age=60", true, CacheReason.LifetimeMaxAge)]
    [InlineData("", 200, "Date: @0 | Cache-Control: s-maxage=60", true, CacheReason.LifetimeShared)]
    [InlineData("", 200, "Date: @0 | Expires: @60", true, CacheReason.LifetimeExpires)]
    [InlineData("", 200, "Date: @0 | Last-Modified: @-1000", true, CacheReason.LifetimeHeuristic)]
    [InlineData("", 200, "Date: @0 | ETag: \"a\"", true, CacheReason.LifetimeNone)]
    [InlineData("", 200, "Date: @0", false, CacheReason.NothingToGoBy)]
    [InlineData("", 200, "Date: @0 | Cache-Control: max-age=0", false, CacheReason.NothingToGoBy)]
    [InlineData("", 200, Minute + ", no-cache", true, CacheReason.LifetimeMaxAge)]
    [InlineData("", 200, Minute + ", no-store", false, CacheReason.OriginForbidsStore)]
    [InlineData("", 200, Minute + ", private", false, CacheReason.Private)]
    [InlineData("", 200, Minute + ", private=\"X-User\"", false, CacheReason.Private)]
    [InlineData("Cache-Control: no-store", 200, Minute, false, CacheReason.ClientForbidsStore)]
    [InlineData("", 200, Minute + " | Vary: *", false, CacheReason.VariesOnEverything)]
    [InlineData("", 200, Minute + " | Vary: Accept, *", false, CacheReason.VariesOnEverything)]
    [InlineData("", 200, Minute + " | Vary: Accept", true, CacheReason.LifetimeMaxAge)]
    // §3.5
    [InlineData("Authorization: Basic eA==", 200, Minute, false, CacheReason.LoginWithoutPermission)]
    [InlineData("Authorization: Basic eA==", 200, Minute + ", public", true, CacheReason.LifetimeMaxAge)]
    [InlineData("Authorization: Basic eA==", 200, Minute + ", must-revalidate", true, CacheReason.LifetimeMaxAge)]
    [InlineData("Authorization: Basic eA==", 200, Minute + ", s-maxage=60", true, CacheReason.LifetimeShared)]
    // Statuses
    [InlineData("", 302, Minute, true, CacheReason.LifetimeMaxAge)]
    [InlineData("", 302, "Date: @0 | ETag: \"a\"", false, CacheReason.StatusNotCacheable)]
    [InlineData("", 500, "Date: @0 | ETag: \"a\"", false, CacheReason.StatusNotCacheable)]
    [InlineData("", 404, "Date: @0 | Last-Modified: @-1000", true, CacheReason.LifetimeHeuristic)]
    [InlineData("", 599, Minute, true, CacheReason.LifetimeMaxAge)]
    [InlineData("", 103, Minute, false, CacheReason.NotFinal)]
    [InlineData("", 206, Minute, false, CacheReason.IsPart)]
    [InlineData("", 304, Minute, false, CacheReason.HasCondition)]
    // §5.2.2.3
    [InlineData("", 599, Minute + ", must-understand, no-store", false, CacheReason.StatusNotUnderstood)]
    [InlineData("", 200, Minute + ", must-understand, no-store", true, CacheReason.LifetimeMaxAge)]
    public void A_response_is_stored_by_the_rules(
        string request,
        int status,
        string response,
        bool stores,
        CacheReason reason
    ) => Assert.Equal((stores, reason), CachePolicy.MayStore(Get(request), Response(status, response), At(0)));

    [Theory]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PUT")]
    public void Only_answers_to_GET_are_stored(string method) =>
        Assert.Equal(
            (false, CacheReason.NotGet),
            CachePolicy.MayStore(Get() with { Method = method }, Response(200, Minute), At(0))
        );

    [Theory]
    [InlineData("", Minute, 70, false)]
    [InlineData("", Minute + ", stale-if-error=20", 80, true)]
    [InlineData("", Minute + ", stale-if-error=20", 81, false)]
    [InlineData("Cache-Control: stale-if-error=20", Minute, 80, true)]
    [InlineData("", Minute + ", stale-if-error=20, must-revalidate", 70, false)]
    [InlineData("Cache-Control: no-cache", Minute + ", stale-if-error=20", 70, false)]
    public void A_stale_response_stands_in_for_a_failing_origin_only_with_leave(
        string request,
        string stored,
        double now,
        bool may
    ) => Assert.Equal(may, CachePolicy.MayServeWhenOriginFails(Fields(request), Stored(stored), At(now)));

    [Fact]
    public void Every_reason_can_be_said_in_both_languages()
    {
        foreach (var reason in Enum.GetValues<CacheReason>())
        {
            Assert.NotEmpty(reason.Say(Language.English));
            Assert.EndsWith("다", reason.Say(Language.Korean).Split(" (")[0], StringComparison.Ordinal);
        }
    }
}
