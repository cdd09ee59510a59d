using Twocan.Core;
using Twocan.Dns;
using Twocan.Http;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

/// <summary>The proxy of the world that ships.</summary>
public sealed class CyberProxyTests
{
    [Fact]
    public async Task The_second_journey_of_a_page_ends_at_the_proxy()
    {
        await using var world = WorldLibrary.Load(options: new() { Journal = true });
        await world.RunAsync(async () =>
        {
            var first = await Get(world, "pc", "http://www.lab.cyber.co.kr/sample1.htm");
            Assert.Equal((200, 632), (first.Status, first.Body.Length));
            Assert.Equal("proxy.home; fwd=uri-miss; fwd-status=200; stored", first.CacheStatus);

            var asked = world.Journal!.Entries.Count;
            var second = await Get(world, "pc2", "http://www.lab.cyber.co.kr/sample1.htm");
            Assert.Equal(first.Body, second.Body);
            // It has not changed for six days and four hours, so it is good for a tenth of that.
            Assert.Equal("proxy.home; hit; ttl=53280", second.CacheStatus);
            Assert.DoesNotContain(
                world.Journal.Entries.Skip(asked),
                entry => entry is { Host: "www.lab.cyber.co.kr", What: RequestReceived }
            );
        });
    }

    [Fact]
    public async Task After_fifteen_hours_the_proxy_asks_whether_the_page_still_holds()
    {
        await using var world = WorldLibrary.Load();
        await world.RunAsync(async () =>
        {
            await Get(world, "pc", "http://www.lab.cyber.co.kr/gazou.jpg");
            await world.Loop.DelayAsync(Duration.FromSeconds(15 * 3600));
            var later = await Get(world, "pc", "http://www.lab.cyber.co.kr/gazou.jpg");
            Assert.Equal((200, 6419), (later.Status, later.Body.Length));
            Assert.StartsWith(
                "proxy.home; fwd=stale; fwd-status=304; ttl=",
                later.CacheStatus,
                StringComparison.Ordinal
            );
        });
    }

    private static async Task<(int Status, byte[] Body, string? CacheStatus)> Get(World world, string host, string url)
    {
        var network = world.Host(host).Network;
        var options = new WebClientOptions { Proxy = new("10.11.12.2", Port.HttpProxy) };
        using var client = new WebClient(network, new StubResolver(network), options);
        using var response = await client.GetAsync(Url.Parse(url));
        return (response.Status, await response.ReadAllAsync(), response.Fields["Cache-Status"]);
    }
}
