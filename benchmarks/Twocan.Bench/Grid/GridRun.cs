using System.Globalization;
using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Bench;

/// <summary>Flows over one cable in virtual time: the figures depend on nothing but the code.</summary>
internal static class GridRun
{
    private const int FirstPort = 5000;

    /// <summary>Flows do not begin in step.</summary>
    private static readonly Duration Stagger = Duration.FromMilliseconds(37);

    /// <summary>So many losses at least, or one more would make a difference.</summary>
    private const int Losses = 100;

    private const int LongestRun = 1200;

    /// <summary>Longer where losses are few.</summary>
    public static int SecondsFor(GridCell cell, int least) =>
        cell.Loss == 0
            ? least
            : (int)
                Math.Clamp(
                    Losses / (cell.Loss / 100) / (GridModel.Of(cell) / 8 / GridCell.SegmentOctets),
                    least,
                    LongestRun
                );

    /// <summary>Measured are the last three quarters of the time: the beginning is slow start's.</summary>
    public static GridResult Of(GridCell cell, int seconds)
    {
        using var world = new World(seed: 1);
        var (client, server) = (world.Host("client", "10.0.0.1/24"), world.Host("server", "10.0.0.2/24"));
        client.Stack.Tcp.Settings = TcpSettings.Default with { CongestionControl = cell.Control };
        world.Link(
            client,
            server,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{GridCell.BitsPerSecond / 1e6} Mbit/s, {cell.RoundTrip / 2} ms, loss {cell.Loss} %, queue {cell.Queue}"
            )
        );
        var received = new long[cell.Flows];
        var before = new long[cell.Flows];
        world
            .RunAsync(async () =>
            {
                using var stop = new CancellationTokenSource();
                for (var flow = 0; flow < cell.Flows; flow++)
                {
                    var number = flow;
                    world.Loop.Start("reader", () => ReadAsync(server.Network, number, received, stop.Token));
                    world.Loop.Start("writer", () => WriteAsync(client.Network, number, stop.Token));
                }
                await world.Loop.DelayAsync(Duration.FromSeconds(seconds) * 0.25);
                received.CopyTo(before, 0);
                await world.Loop.DelayAsync(Duration.FromSeconds(seconds) * 0.75);
                for (var flow = 0; flow < cell.Flows; flow++)
                    received[flow] -= before[flow];
                stop.Cancel();
            })
            .GetAwaiter()
            .GetResult();
        return new(cell, received.Sum() * 8 / (seconds * 0.75), Jain(received));
    }

    private static async Task ReadAsync(INetwork network, int number, long[] received, CancellationToken stop)
    {
        try
        {
            using var listener = network.Listen(new Port((ushort)(FirstPort + number)));
            await using var stream = await listener.AcceptAsync(stop);
            var buffer = new byte[64 * 1024];
            while (await stream.ReadAsync(buffer, stop) is > 0 and var count)
                received[number] += count;
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    private static async Task WriteAsync(INetwork network, int number, CancellationToken stop)
    {
        try
        {
            await network.Loop.DelayAsync(Stagger * number, stop);
            var to = new Endpoint(IpAddress.Parse("10.0.0.2"), new Port((ushort)(FirstPort + number)));
            await using var stream = await network.ConnectAsync(to, stop: stop);
            var chunk = new byte[64 * 1024];
            while (true)
                await stream.WriteAsync(chunk, stop);
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException)
        {
            // The time is over, or the path is so bad that there was never a connection.
        }
    }

    private static double Jain(long[] octets)
    {
        var sum = (double)octets.Sum();
        return sum > 0 ? sum * sum / (octets.Length * octets.Sum(flow => (double)flow * flow)) : 0;
    }
}
