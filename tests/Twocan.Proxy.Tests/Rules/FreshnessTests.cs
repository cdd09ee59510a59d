using static Twocan.Proxy.Tests.Exchange;

namespace Twocan.Proxy.Tests;

public class FreshnessTests
{
    [Theory]
    [InlineData("Cache-Control: s-maxage=10, max-age=20 | Expires: @30 | Date: @0", 10, CacheReason.LifetimeShared)]
    [InlineData("Cache-Control: max-age=20 | Expires: @30 | Date: @0", 20, CacheReason.LifetimeMaxAge)]
    [InlineData("Expires: @30 | Date: @0", 30, CacheReason.LifetimeExpires)]
    [InlineData("Expires: @30 | Date: @-30", 60, CacheReason.LifetimeExpires)]
    [InlineData("Expires: @30", 30, CacheReason.LifetimeExpires)]
    [InlineData("Expires: @-30 | Date: @0", 0, CacheReason.LifetimeExpires)]
    [InlineData("Expires: 0 | Date: @0 | Last-Modified: @-1000", 0, CacheReason.LifetimeExpires)]
    [InlineData("Date: @0 | Last-Modified: @-1000", 100, CacheReason.LifetimeHeuristic)]
    [InlineData("Last-Modified: @-1000", 100, CacheReason.LifetimeHeuristic)]
    [InlineData("Date: @0 | Last-Modified: @-99999999", 86_400, CacheReason.LifetimeHeuristic)]
    [InlineData("Date: @0 | Last-Modified: @60", 0, CacheReason.LifetimeNone)]
    [InlineData("Date: @0 | Last-Modified: yesterday", 0, CacheReason.LifetimeNone)]
    [InlineData("Cache-Control: max-age=nonsense | Date: @0 | Last-Modified: @-1000", 0, CacheReason.LifetimeMaxAge)]
    [InlineData("Date: @0", 0, CacheReason.LifetimeNone)]
    public void The_lifetime_is_what_is_said_most_clearly(string fields, long lifetime, CacheReason basis)
    {
        var freshness = Freshness.Of(Stored(fields), At(0));
        Assert.Equal((lifetime, basis), (freshness.Lifetime, freshness.Basis));
    }

    [Theory]
    [InlineData(302, "", 0)]
    [InlineData(302, "Cache-Control: public | ", 100)]
    [InlineData(404, "", 100)]
    public void A_lifetime_is_guessed_only_where_the_status_or_the_origin_allows_it(
        int status,
        string more,
        long lifetime
    ) =>
        Assert.Equal(lifetime, Freshness.Of(Stored(more + "Date: @0 | Last-Modified: @-1000", status), At(0)).Lifetime);

    [Theory]
    // What has lain here: resident_time.
    [InlineData("Date: @0", 0, 0, 30, 30)]
    // The way here took time, as the date shows: apparent_age.
    [InlineData("Date: @0", 5, 5, 5, 5)]
    // It was in other caches before: age_value, and the delay of our own request on top.
    [InlineData("Date: @0 | Age: 100", 0, 0, 7, 107)]
    [InlineData("Date: @0 | Age: 100", 0, 3, 10, 110)]
    // The larger of the two counts.
    [InlineData("Date: @-200 | Age: 100", 0, 3, 10, 210)]
    // A clock that goes ahead of ours makes nothing younger than new.
    [InlineData("Date: @500", 0, 0, 10, 10)]
    // An age that is none does not count; nor does a clock of ours that was set back.
    [InlineData("Date: @0 | Age: -5", 0, 0, 10, 10)]
    [InlineData("Date: @0 | Age: old", 0, 0, 10, 10)]
    [InlineData("Date: @0", 0, 0, -3600, 0)]
    [InlineData("", 0, 0, 12, 12)]
    public void The_age_is_counted_as_RFC_9111_4_2_3_says(
        string fields,
        double requested,
        double received,
        double now,
        long age
    ) => Assert.Equal(age, Freshness.Of(Stored(fields, requestedAt: requested, receivedAt: received), At(now)).Age);

    [Theory]
    [InlineData(59.999, true)]
    [InlineData(60, false)]
    public void It_is_fresh_until_its_age_is_its_lifetime(double now, bool isFresh) =>
        Assert.Equal(isFresh, Freshness.Of(Stored("Date: @0 | Cache-Control: max-age=60"), At(now)).IsFresh);
}
