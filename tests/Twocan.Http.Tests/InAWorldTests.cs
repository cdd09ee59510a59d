using System.Security.Cryptography;
using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Http.Tests;

/// <summary>Client and server over our own TCP, IP and cables.</summary>
public sealed class InAWorldTests
{
    private static readonly byte[] Large = [.. Enumerable.Range(0, 1_000_000).Select(i => (byte)(i * 31 >> 3))];

    private static readonly KnownNames Names = new(("www.lab.cyber.co.kr", "10.0.1.2"));

    private static World MakeWorld(ulong seed, bool journal = false)
    {
        var world = new World(seed, journal: journal);
        var (pc, router, www) = (world.Host("pc"), world.Router("router"), world.Host("www"));
        world.Link(pc, router, "100 Mbit/s, 5 ms", "10.0.0.2/24", "10.0.0.1/24");
        world.Link(router, www, "100 Mbit/s, 5 ms", "10.0.1.1/24", "10.0.1.2/24");
        www.Run(new WebServer(Site.Documents.Add("/large.bin", Large)));
        return world;
    }

    [Fact]
    public async Task A_page_and_its_picture_cross_two_cables_on_one_connection()
    {
        await using var world = MakeWorld(7);
        await world.RunAsync(async () =>
        {
            using var client = new WebClient(world.Host("pc").Network, Names);
            using var page = await client.GetAsync(Site.Url("/sample1.htm"));
            Assert.Equal(19, (await page.ReadAllAsync()).Length);
            using var picture = await client.GetAsync(Site.Url("/gazou.jpg"));
            Assert.Equal(
                SHA256.HashData(Site.Documents.Find(["gazou.jpg"])!.Open()),
                SHA256.HashData(await picture.ReadAllAsync())
            );
            Assert.True(picture.Connection.WasReused);
            Assert.Equal("Wed, 07 Oct 2020 13:00:00 GMT", page.Fields["Date"]);
            // ARP on either cable, the handshake, the request and its answer: twice 10 ms and twice 20.
            Assert.InRange((page.Timing.HeadArrived - page.Timing.Began).TotalMilliseconds, 60, 61);
        });
        Assert.True(world.Settle(), "sockets and timers are gone when the client has closed");
    }

    [Fact]
    public async Task A_large_file_arrives_whole_although_a_tenth_of_the_packets_is_lost()
    {
        await using var world = MakeWorld(3);
        await world.RunAsync(async () =>
        {
            using var loss = world.Fault("loss 10% pc--router");
            using var client = new WebClient(world.Host("pc").Network, Names);
            using var response = await client.GetAsync(Site.Url("/large.bin"));
            Assert.Equal(SHA256.HashData(Large), SHA256.HashData(await response.ReadAllAsync()));
        });
    }

    [Fact]
    public async Task From_the_end_of_the_response_the_causes_lead_to_the_request_and_on_to_the_click()
    {
        await using var world = MakeWorld(5, journal: true);
        await world.RunAsync(async () =>
        {
            var pc = world.Host("pc").Network;
            var click = pc.Journal!.Tell(new RequestFailed(-1, "", FetchStep.Resolve, "stands for the click"));
            using var client = new WebClient(pc, Names);
            using var response = await client.GetAsync(Site.Url("/sample1.htm"), click);
            await response.ReadAllAsync();
            var causes = world.Journal!.Causes(response.Because).ToList();
            Assert.IsType<ResponseEnded>(causes[0].What);
            Assert.Equal(click, causes[^1].Id);
            Type[] expected =
            [
                typeof(ResponseEnded),
                typeof(ResponseSent),
                typeof(RequestReceived),
                typeof(RequestSent),
            ];
            var told = causes.Select(cause => cause.What.GetType()).ToList();
            Assert.Equal(expected, told.Where(expected.Contains));
        });
    }

    [Fact]
    public async Task A_refused_port_and_a_silent_host_say_so()
    {
        await using var world = MakeWorld(9);
        await world.RunAsync(async () =>
        {
            using var client = new WebClient(world.Host("pc").Network, Names);
            var refused = await Assert.ThrowsAsync<FetchFailedException>(() =>
                client.GetAsync(Url.Parse("http://www.lab.cyber.co.kr:81/")).AsTask()
            );
            Assert.Equal(System.Net.Sockets.SocketError.ConnectionRefused, refused.Error);
            using var cut = world.Fault("cut router--www");
            var silent = await Assert.ThrowsAsync<FetchFailedException>(() => client.GetAsync(Site.Url()).AsTask());
            Assert.Equal(FetchStep.Connect, silent.Step);
        });
    }
}
