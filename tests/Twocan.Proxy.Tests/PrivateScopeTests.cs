using Twocan.Http;

namespace Twocan.Proxy.Tests;

/// <summary>What the rules say otherwise where a cache is one user's own (RFC 9111).</summary>
public sealed class PrivateScopeTests
{
    private static readonly DateTimeOffset Now = new(2020, 10, 7, 13, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("private", true)]
    [InlineData("private, max-age=60", true)]
    [InlineData("no-store", false)]
    [InlineData("private, no-store", false)]
    public void What_is_private_may_be_kept(string control, bool stores) =>
        Assert.Equal(stores, MayStore(control, new()).Stores);

    [Fact]
    public void Ones_own_login_is_no_secret_to_oneself()
    {
        var login = new Fields().Add("Authorization", "Basic eDp5");
        Assert.True(MayStore("max-age=60", login).Stores);
        var request = new CacheRequest(Methods.Get, "http://a/", login);
        Assert.Equal(CacheDecision.Serve, Decide(request, "max-age=60", 10, CacheScope.Private).Decision);
        Assert.Equal(CacheReason.HasLogin, Decide(request, "max-age=60", 10, CacheScope.Shared).Reason);
    }

    [Theory]
    [InlineData("s-maxage=600, max-age=60", 100, CacheReason.Stale)]
    [InlineData("s-maxage=1, max-age=60", 10, CacheReason.Fresh)]
    [InlineData("max-age=60, proxy-revalidate", 100, CacheReason.Stale)]
    [InlineData("max-age=60, must-revalidate", 100, CacheReason.StaleAndMustRevalidate)]
    public void What_is_said_to_shared_caches_is_not_said_to_it(string control, int age, CacheReason reason) =>
        Assert.Equal(reason, Decide(new(Methods.Get, "http://a/", new()), control, age, CacheScope.Private).Reason);

    private static (bool Stores, CacheReason Reason) MayStore(string control, Fields request) =>
        CachePolicy.MayStore(
            new(Methods.Get, "http://a/", request),
            new ResponseHead(200, Fields(control)),
            Now,
            CacheScope.Private
        );

    private static CacheVerdict Decide(in CacheRequest request, string control, int age, CacheScope scope)
    {
        var came = Now.AddSeconds(-age);
        var stored = new StoredResponse(request.Url, 200, "OK", Fields(control), new(), came, came, 1);
        return CachePolicy.Decide(request, [stored], Now, scope);
    }

    private static Fields Fields(string control) => new Fields().Add("Cache-Control", control).Add("ETag", "\"1\"");
}
