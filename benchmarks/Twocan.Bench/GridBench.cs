using System.Globalization;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Bench;

/// <summary>
/// How fast TCP is on bad paths, in virtual time: loss × round trip × congestion control, beside what the algorithm's own
/// model allows; and how fairly flows share a bottleneck. The figures depend on nothing but the code.
/// </summary>
internal sealed class GridBench : IBench
{
    private const double MegabitsPerSecond = 50;
    private const int Mss = 1448;
    private static readonly double[] Losses = [0, 0.1, 1, 3, 10];
    private static readonly double[] RoundTrips = [1, 10, 100, 300];
    private static readonly string[] Controls = [Reno.NameOf, Cubic.NameOf, Bbr.NameOf];

    public string Name => "grid";

    public string About => "TCP on bad paths in virtual time: loss, round trip, congestion control, fairness";

    public IEnumerable<BenchResult> Run(bool quick)
    {
        var seconds = quick ? 10 : 60;
        foreach (var control in Controls)
        {
            foreach (var loss in Losses)
            {
                foreach (var rtt in RoundTrips)
                {
                    var rates = Transfer(control, loss, rtt, flows: 1, seconds);
                    var limits = new Dictionary<string, double>();
                    if (Model(control, loss / 100, rtt / 1000) is { } model)
                        limits.Add("model", Math.Min(model, MegabitsPerSecond * 1e6) / 1e3);
                    yield return Result($"{control}, loss {loss} %, {rtt} ms", "kbit/s", rates[0] / 1e3, limits);
                }
            }
            foreach (var flows in (int[])[2, 8, 32])
            {
                var rates = Transfer(control, loss: 0, rtt: 20, flows, seconds);
                yield return Result(
                    $"{control}, {flows} flows over 20 ms",
                    "Jain 1/1000",
                    Jain(rates) * 1000,
                    new Dictionary<string, double>()
                );
            }
        }
    }

    private static BenchResult Result(
        string what,
        string unit,
        double ours,
        IReadOnlyDictionary<string, double> peers
    ) => new("grid", what, unit, "higher", ours, peers, AllocatedBytesPerOp: null, []);

    /// <summary>Octets that lossy paths allow, in bits a second: Mathis and others (1997), for every second segment acknowledged; RFC 9438 §5.1.</summary>
    private static double? Model(string control, double loss, double rtt)
    {
        if (loss == 0 || control == Bbr.NameOf)
            return null;
        var mathis = Mss * 8 / rtt * Math.Sqrt(0.75 / loss);
        var cubic = Mss * 8 / rtt * 1.054 * Math.Pow(rtt, 0.75) / Math.Pow(loss, 0.75);
        return control == Cubic.NameOf ? Math.Max(mathis, cubic) : mathis;
    }

    private static double[] Transfer(string control, double loss, double rtt, int flows, int seconds)
    {
        using var world = new World(seed: 1);
        var (client, server) = (world.Host("client", "10.0.0.1/24"), world.Host("server", "10.0.0.2/24"));
        client.Stack.Tcp.Settings = TcpSettings.Default with { CongestionControl = control };
        var delay = (rtt / 2).ToString(CultureInfo.InvariantCulture);
        var share = loss.ToString(CultureInfo.InvariantCulture);
        var queue = Math.Max((int)(MegabitsPerSecond * 1e6 / 8 * rtt / 1000 / 1500), 32);
        world.Link(client, server, $"{MegabitsPerSecond} Mbit/s, {delay} ms, loss {share} %, queue {queue}");
        var received = new long[flows];
        world
            .RunAsync(async () =>
            {
                using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), world.Loop.TimeProvider);
                for (var flow = 0; flow < flows; flow++)
                {
                    var number = flow;
                    world.Loop.Start("reader", () => ReadAsync(server.Network, number, received, stop.Token));
                    world.Loop.Start("writer", () => WriteAsync(client.Network, number, stop.Token));
                }
                await world.Loop.DelayAsync(Duration.FromSeconds(seconds + 1));
            })
            .GetAwaiter()
            .GetResult();
        return [.. received.Select(octets => octets * 8.0 / seconds)];
    }

    private static async Task ReadAsync(INetwork network, int number, long[] received, CancellationToken stop)
    {
        try
        {
            using var listener = network.Listen(new Port((ushort)(5000 + number)));
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
            var to = Endpoint.TryParse($"10.0.0.2:{5000 + number}", out var endpoint) ? endpoint : default;
            await using var stream = await network.ConnectAsync(to, stop: stop);
            var chunk = new byte[64 * 1024];
            while (true)
                await stream.WriteAsync(chunk, stop);
        }
        catch (Exception over)
            when (over is OperationCanceledException or System.Net.Sockets.SocketException or IOException)
        {
            // The time is over, or the path is so bad that there was never a connection.
        }
    }

    private static double Jain(double[] rates) =>
        rates.Sum() is var sum && sum > 0 ? sum * sum / (rates.Length * rates.Sum(rate => rate * rate)) : 0;
}
