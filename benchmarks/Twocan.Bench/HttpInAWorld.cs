using System.Text;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Bench;

/// <summary>
/// Our web server on our own TCP: a host of a world asks another over kept connections. One process is both programs, their TCP
/// and IP, and the cable between them, in virtual time, and each request crosses it as real frames.
/// </summary>
internal static class HttpInAWorld
{
    private const int Connections = 64;
    private const int Length = 1024;

    public static BenchResult Measure(bool quick)
    {
        var requests = quick ? 20_000 : 200_000;
        var (best, allocated, ended) = (0.0, 0.0, new HashSet<Instant>());
        for (var run = 0; run < 3; run++)
        {
            var (cost, end) = Run(requests);
            if (requests / cost.CpuSeconds > best)
                (best, allocated) = (requests / cost.CpuSeconds, (double)cost.Allocated / requests);
            ended.Add(end);
        }
        if (ended.Count != 1)
            throw new InvalidOperationException("The same world took another time.");
        return new(
            "http",
            "1 KiB in a world, kept connections, client and TCP at both ends included",
            "requests/cpu-s",
            "higher",
            best,
            new Dictionary<string, double>(),
            allocated,
            [
                $"{Connections} connections, a cable of 10 Gbit/s; it took {ended.Single()} of the world's time, each time",
            ]
        )
        {
            Op = "a request",
        };
    }

    private static (Cost Cost, Instant End) Run(int requests)
    {
        using var world = new World(seed: 7);
        var (pc, www) = (world.Host("pc"), world.Host("www"));
        world.Link(pc, www, "10 Gbit/s, 10 µs", addressA: "10.0.0.2/24", addressB: "10.0.0.1/24");
        var root = new MemoryRoot(World.DefaultEpoch).Add("/1k", new byte[Length]);
        www.Run(new WebServer(root, new() { MaxRequests = int.MaxValue }));
        var cost = default(Cost);
        world
            .RunAsync(async () =>
            {
                var streams = new List<TcpStream>();
                for (var i = 0; i < Connections; i++)
                    streams.Add(await pc.Network.ConnectAsync(new(IpAddress.Parse("10.0.0.1"), Port.Http)));
                // First for the compiler, the pools and the windows.
                await AllAsync(streams, requests / 4);
                var meter = new CpuMeter();
                await AllAsync(streams, requests);
                cost = meter.Stop();
                foreach (var stream in streams)
                    stream.Dispose();
            })
            .GetAwaiter()
            .GetResult();
        return (cost, world.Loop.Now);
    }

    private static Task AllAsync(List<TcpStream> streams, int requests) =>
        Task.WhenAll(streams.Select(stream => AskAsync(stream, requests / streams.Count)));

    private static async Task AskAsync(TcpStream stream, int times)
    {
        var request = Encoding.ASCII.GetBytes("GET /1k HTTP/1.1\r\nHost: www\r\n\r\n");
        var buffer = new byte[16 * 1024];
        for (var i = 0; i < times; i++)
        {
            await stream.WriteAsync(request);
            var (have, wanted) = (0, int.MaxValue);
            while (have < wanted)
            {
                have += await stream.ReadAsync(buffer.AsMemory(have));
                if (wanted == int.MaxValue && buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
                    wanted = end + 4 + Length;
            }
            if (have != wanted)
                throw new InvalidOperationException($"{have} bytes came in place of {wanted}");
        }
    }
}
