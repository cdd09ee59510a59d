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
