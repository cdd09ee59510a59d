using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http.Tests;

public sealed class SteadyStateTests
{
    private const int Requests = 2000;

    /// <summary>The date changes once a second. (A look at the file allocates too; how many of these there are is a matter of time.)</summary>
    private const int MostBytes = 8 * Requests;

    [Fact]
    public void A_request_for_a_small_file_allocates_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere .NET's own sockets are below");
        var loop = HostNetwork.OpenLoop();
        using var driver = (IDisposable)loop.Driver;
        var network = new HostNetwork(loop);
        var allocated = long.MaxValue;
        loop.Run(async () =>
        {
            using var stop = new CancellationTokenSource();
            var at = default(Endpoint);
            var options = new ServerOptions { Listen = new(IpAddress.Loopback, Port.Any), MaxRequests = int.MaxValue };
            var site = new SiteOptions { LookHolds = Duration.FromSeconds(3600) };
            var server = new HttpServer(new StaticFiles(Site.Documents, site), options)
            {
                Ready = listen => at = listen,
            };
            loop.Start("server", () => server.RunAsync(network, stop.Token));
            await loop.YieldAsync();
            using var stream = await network.ConnectAsync(at);
            var request = Encoding.ASCII.GetBytes("GET /gazou.jpg HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n");
            var buffer = new byte[16 * 1024];
            // As long as the compiler has not seen it all often enough, its code puts values into boxes; it is no matter of time, but
            // of how often.
            for (var round = 0; round < 40 && allocated > MostBytes; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                await AskAsync(stream, request, buffer, Requests);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }
            stop.Cancel();
        });
        Assert.InRange(allocated, 0, MostBytes);
    }

    [Fact]
    public void To_see_that_a_file_is_the_same_still_allocates_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere .NET's own calls are below");
        var place = Directory.CreateTempSubdirectory("twocan-test-");
        try
        {
            File.WriteAllText(Path.Combine(place.FullName, "a.html"), new('a', 1024));
            var files = new StaticFiles(new DirectoryRoot(place.FullName));
            var head = new RequestHead(Methods.Get, "/a.html", HttpVersion.Http11);
            var (now, allocated) = (default(Instant), long.MaxValue);
            for (var round = 0; round < 40 && allocated > 0; round++)
            {
                // Every two seconds it is found anew. Between that no look is to cost anything.
                Assert.NotNull(files.FindReady(head, now += Duration.FromSeconds(2)));
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var look = 0; look < 100; look++)
                    Assert.NotNull(files.FindReady(head, now += Duration.FromMilliseconds(10)));
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }
            Assert.Equal(0, allocated);
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    [Fact]
    public void An_answer_that_is_made_anew_keeps_the_bytes_of_a_document_that_is_the_same()
    {
        var files = new StaticFiles(Site.Documents);
        var head = new RequestHead(Methods.Get, "/gazou.jpg", HttpVersion.Http11);
        var first = files.FindReady(head, default);
        var second = files.FindReady(head, default(Instant) + Duration.FromSeconds(5));
        Assert.NotNull(first);
        Assert.Same(first, second);
    }

    private static async Task AskAsync(TcpStream stream, byte[] request, byte[] buffer, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await stream.WriteAsync(request);
            for (var left = 6419; left > 0; )
                left -= await stream.ReadAsync(buffer);
        }
    }
}
