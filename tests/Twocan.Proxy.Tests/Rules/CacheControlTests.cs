using Twocan.Core;
using Twocan.Http;

namespace Twocan.Proxy.Tests;

public class CacheControlTests
{
    [Fact]
    public void Directives_are_read_from_all_lines_in_any_case()
    {
        var control = CacheControl.Of(
            new Fields()
                .Add("Cache-Control", "No-Store, MAX-AGE=60")
                .Add("cache-control", "must-revalidate,, foo=\"a,b\", s-maxage=5")
        );
        Assert.True(control is { NoStore: true, MustRevalidate: true, NoCache: false, MaxAge: 60, SharedMaxAge: 5 });
    }

    [Theory]
    [InlineData("max-age=60", 60L)]
    [InlineData("max-age=\"60\"", 60L)]
    [InlineData("max-age=0060", 60L)]
    [InlineData("max-age=60, max-age=5", 60L)]
    [InlineData("max-age=2147483648", 2147483648L)]
    [InlineData("max-age=99999999999999999999999", 2147483648L)]
    [InlineData("max-age", 0L)]
    [InlineData("max-age=", 0L)]
    [InlineData("max-age=-1", 0L)]
    [InlineData("max-age=1.5", 0L)]
    [InlineData("max-age=60s", 0L)]
    [InlineData("max-age=٣", 0L)]
    [InlineData("", null)]
    [InlineData("x-max-age=60", null)]
    public void A_lifetime_that_makes_no_sense_is_none(string value, long? seconds) =>
        // Bytes beyond ASCII cannot come in otherwise than as Latin-1.
        Assert.Equal(seconds, CacheControl.Of(new Fields().Add("Cache-Control", value.Replace('٣', '³'))).MaxAge);

    [Theory]
    [InlineData("max-stale", CacheControl.MostSeconds)]
    [InlineData("max-stale=10", 10L)]
    [InlineData("max-stale=ten", null)]
    public void Staleness_is_accepted_without_limit_only_when_none_is_named(string value, long? seconds) =>
        Assert.Equal(seconds, CacheControl.Of(new Fields().Add("Cache-Control", value)).MaxStale);

    [Fact]
    public void A_directive_that_names_fields_counts_for_the_whole_response()
    {
        var control = CacheControl.Of(
            new Fields().Add("Cache-Control", "no-cache=\"Set-Cookie\", private=\"X-User, X-Name\"")
        );
        Assert.True(control is { NoCache: true, Private: true });
    }

    [Fact]
    public void Random_values_never_throw()
    {
        const string letters = "max-age=no-store\",;=\\ \t0123456789privatepublic";
        var random = new RandomSource(1);
        for (var round = 0; round < 5000; round++)
        {
            var value = new string(
                Enumerable.Range(0, random.Next(60)).Select(_ => letters[random.Next(letters.Length)]).ToArray()
            );
            CacheControl.Of(new Fields().Add("Cache-Control", value.Trim()));
        }
    }
}
