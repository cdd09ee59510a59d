using Twocan.Core;
using Twocan.Dns;
using Twocan.Http;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

/// <summary>The pages of the world that ships, fetched from its web servers over all its routers.</summary>
public sealed class CyberPagesTests
{
    [Theory]
    [InlineData("http://www.lab.cyber.co.kr/", "www.lab.cyber.co.kr/index.html")]
    [InlineData("http://www.lab.cyber.co.kr/dir/", "www.lab.cyber.co.kr/dir/default.html")]
    [InlineData("http://www.lab.cyber.co.kr/dir/file1.html", "www.lab.cyber.co.kr/dir/file1.html")]
    [InlineData("http://www.lab.cyber.co.kr/sample1.htm", "www.lab.cyber.co.kr/sample1.htm")]
    [InlineData("http://www.lab.cyber.co.kr/gazou.jpg", "www.lab.cyber.co.kr/gazou.jpg")]
    [InlineData("http://www.cyber.co.kr/", "www.cyber.co.kr/index.html")]
    [InlineData("http://www.lab.glasscom.com/glass/blue.png", "www.lab.glasscom.com/glass/blue.png")]
    public async Task A_page_is_its_document_to_the_byte(string url, string document)
    {
        await using var world = WorldLibrary.Load();
        var (status, body, modified) = await Get(world, url);
        Assert.Equal(200, status);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(WorldLibrary.PathOf("cyber"))!, "cyber", document)),
            body
        );
        Assert.Equal("Thu, 01 Oct 2020 09:00:00 GMT", modified);
    }

    [Theory]
    [InlineData(3UL)]
    [InlineData(4UL)]
    [InlineData(5UL)]
    public async Task The_picture_arrives_whole_although_every_fifth_frame_is_lost(ulong seed)
    {
        await using var world = WorldLibrary.Load(options: new() { Seed = seed });
        using var fault = world.Fault("loss 20% pc--home-hub");
        var (status, body, _) = await Get(world, "http://www.lab.cyber.co.kr/gazou.jpg");
        Assert.Equal((200, 6419), (status, body.Length));
        Assert.True(world.Cables[0].AToB.FramesLost + world.Cables[0].BToA.FramesLost > 0);
    }

    [Fact]
    public async Task A_page_survives_a_cut_of_two_seconds()
    {
        await using var world = WorldLibrary.Load();
        using var cut = world.Fault("cut isp--backbone at 40ms for 2s");
        var (status, body, _) = await Get(world, "http://www.lab.cyber.co.kr/sample1.htm");
        Assert.Equal((200, 632), (status, body.Length));
        Assert.InRange(world.Loop.Now.Nanoseconds, 2_040_000_000, 20_000_000_000);
    }

    [Fact]
    public async Task A_page_leaves_nothing_behind_once_its_connections_are_closed()
    {
        await using var world = WorldLibrary.Load();
        await Get(world, "http://www.lab.glasscom.com/");
        Assert.True(world.Settle());
        Assert.Equal(0, world.Loop.Packets.Outstanding);
        Assert.Equal(0, world.Loop.TimerCount);
    }

    private static Task<(int Status, byte[] Body, string? Modified)> Get(World world, string url) =>
        world.RunAsync(async () =>
        {
            var pc = world.Host("pc").Network;
            using var client = new WebClient(pc, new StubResolver(pc));
            using var response = await client.GetAsync(Url.Parse(url));
            return (response.Status, await response.ReadAllAsync(), response.Fields["Last-Modified"]);
        });
}
