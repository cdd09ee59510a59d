using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Bench;

/// <summary>
/// A bulk transfer over TCP between two hosts of a world: how many frames of it a second of processor time carries. Every
/// frame is whole (headers, checksums, FCS, data that is copied and compared at the end), nobody reads a journal.
/// </summary>
internal sealed class BulkBench : IBench
{
    private const string Cable = "100 Mbit/s, 5 ms";
    private const int ChunkBytes = 64 * 1024;

    /// <summary>What ns-3 gives its sockets; ours would grow further by themselves.</summary>
    private static readonly TcpSettings BuffersOfThePeer = TcpSettings.Default with
    {
        SendBufferSize = 128 * 1024,
        MaxSendBufferSize = 128 * 1024,
        ReceiveBufferSize = 128 * 1024,
        MaxReceiveBufferSize = 128 * 1024,
    };

    public string Name => "bulk";

    public string About => "one TCP transfer between two hosts, beside ns-3";

    public IEnumerable<BenchResult> Run(bool quick)
    {
        var bytes = quick ? 32L << 20 : 256L << 20;
        // First for the compiler: what is measured is the code that it has arrived at.
        Transfer(128L << 20);
        Transfer(128L << 20);
        var runs = Enumerable.Range(0, 3).Select(_ => Transfer(bytes)).ToList();
        var best = runs.MaxBy(run => run.FramesPerCpuSecond)!;
        var (peers, notes) = (new Dictionary<string, double>(), new List<string>());
        if (Ns3.Measure("bulk", bytes, bytes, out var peer, out var why))
            peers.Add("ns-3", peer);
        else
            notes.Add($"ns-3: skipped, {why}");
        yield return new(
            Name,
            $"{bytes >> 20} MiB over TCP, {Cable}",
            "frames/cpu-s",
            "higher",
            best.FramesPerCpuSecond,
            peers,
            runs.Min(run => run.AllocatedPerFrame),
            notes
        )
        {
            Op = "a frame",
        };
    }

    private static BulkRun Transfer(long bytes)
    {
        using var world = new World(seed: 1);
        var (client, server) = (world.Host("client", "10.0.0.1/24"), world.Host("server", "10.0.0.2/24"));
        foreach (var host in new[] { client, server })
            host.Stack.Tcp.Settings = BuffersOfThePeer;
        var cable = world.Link(client, server, Cable);
        var meter = new CpuMeter();
        var received = world
            .RunAsync(() => TransferAsync(client.Network, server.Network, bytes))
            .GetAwaiter()
            .GetResult();
        var cost = meter.Stop();
        if (received != bytes)
            throw new InvalidOperationException($"Of {bytes} bytes {received} arrived.");
        return new(cable.AToB.FramesSent + cable.BToA.FramesSent, cost);
    }

    private static async Task<long> TransferAsync(INetwork client, INetwork server, long bytes)
    {
        using var listener = server.Listen(new Port(5001));
        var sending = SendAsync(client, bytes);
        await using var stream = await listener.AcceptAsync();
        var buffer = new byte[ChunkBytes];
        var received = 0L;
        while (await stream.ReadAsync(buffer) is > 0 and var count)
        {
            // The pattern's phase is the stream's offset: a byte out of place shows.
            if (buffer[0] != (byte)received || buffer[count - 1] != (byte)(received + count - 1))
                throw new InvalidOperationException($"Wrong bytes after {received}.");
            received += count;
        }
        await sending;
        return received;
    }

    private static async Task SendAsync(INetwork client, long bytes)
    {
        await using var stream = await client.ConnectAsync(
            Endpoint.TryParse("10.0.0.2:5001", out var to) ? to : default
        );
        var chunk = new byte[ChunkBytes];
        for (var i = 0; i < chunk.Length; i++)
            chunk[i] = (byte)i;
        for (var left = bytes; left > 0; left -= ChunkBytes)
            await stream.WriteAsync(chunk.AsMemory(0, (int)Math.Min(left, ChunkBytes)));
    }

    private sealed record BulkRun(long Frames, Cost Cost)
    {
        public double FramesPerCpuSecond => Frames / Cost.CpuSeconds;

        public double AllocatedPerFrame => (double)Cost.Allocated / Frames;
    }
}
