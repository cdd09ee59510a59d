using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Bench;

/// <param name="AllocatedPerFrame">In the second half of a transfer, when the buffers have their size.</param>
internal sealed record TcpRun(long Frames, Cost Cost, double AllocatedPerFrame)
{
    public double FramesPerCpuSecond => Frames / Cost.CpuSeconds;
}

/// <summary>Hosts that talk over TCP, two by two, and what is between them.</summary>
internal sealed class TcpPaths
{
    private static readonly Port s_port = new(5001);

    private readonly IReadOnlyList<(ProtocolStack Client, ProtocolStack Server)> _pairs;
    private readonly EventLoop _loop;
    private readonly World? _world;
    private readonly Func<long> _frames;

    private TcpPaths(
        EventLoop loop,
        IReadOnlyList<(ProtocolStack Client, ProtocolStack Server)> pairs,
        int buffers,
        Func<long> frames,
        World? world = null
    )
    {
        (_loop, _pairs, _frames, _world) = (loop, pairs, frames, world);
        // What the peers give their sockets; ours would grow further by themselves.
        var settings = TcpSettings.Default with
        {
            SendBufferSize = buffers,
            MaxSendBufferSize = buffers,
            ReceiveBufferSize = Math.Min(buffers, ushort.MaxValue),
            MaxReceiveBufferSize = buffers,
        };
        foreach (var (client, server) in pairs)
            client.Tcp.Settings = server.Tcp.Settings = settings;
    }

    public static TcpPaths Pair(bool offload = false)
    {
        var wire = new MemoryWire(1500, offload);
        return new(wire.Loop, [(wire.Client, wire.Server)], 64 << 10, () => wire.Frames);
    }

    /// <summary>One flow: two hosts and a cable. More: as many hosts on each side of two routers.</summary>
    public static TcpPaths Dumbbell(int flows)
    {
        var world = new World(seed: 1);
        var pairs = new List<(ProtocolStack, ProtocolStack)>();
        if (flows == 1)
        {
            var (client, server) = (world.Host("client", "10.0.0.1/24"), world.Host("server", "10.0.0.2/24"));
            world.Link(client, server, "100 Mbit/s, 5 ms");
            pairs.Add((client.Stack, server.Stack));
        }
        else
        {
            var (left, right) = (world.Router("left"), world.Router("right"));
            world.Link(left, right, "1 Gbit/s, 5 ms", "10.0.0.1/30", "10.0.0.2/30");
            for (var i = 0; i < flows; i++)
            {
                var (client, server) = (world.Host($"client{i}"), world.Host($"server{i}"));
                world.Link(client, left, "1 Gbit/s, 100 µs", $"10.1.{i}.2/30", $"10.1.{i}.1/30");
                world.Link(server, right, "1 Gbit/s, 100 µs", $"10.2.{i}.2/30", $"10.2.{i}.1/30");
                pairs.Add((client.Stack, server.Stack));
            }
        }
        return new(
            world.Loop,
            pairs,
            128 << 10,
            () => world.Cables.Sum(cable => cable.AToB.FramesSent + cable.BToA.FramesSent),
            world
        );
    }

    /// <summary>So many bytes from each client to its server, all at once.</summary>
    public TcpRun Transfer(long bytes)
    {
        var untilHalf = bytes * _pairs.Count / 2;
        var (framesAtHalf, allocatedAtHalf) = (0L, 0L);
        var run = Run(async () =>
        {
            var transfers = _pairs.Select(pair => TransferAsync(pair.Client, pair.Server, bytes, OnArrival));
            foreach (var transfer in transfers.ToList())
            {
                if (await transfer is var received && received != bytes)
                    throw new InvalidOperationException($"Of {bytes} bytes {received} arrived.");
            }
        });
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedAtHalf;
        return run with { AllocatedPerFrame = (double)allocated / (run.Frames - framesAtHalf) };

        void OnArrival(int count)
        {
            if (untilHalf > 0 && (untilHalf -= count) <= 0)
                (framesAtHalf, allocatedAtHalf) = (_frames(), GC.GetTotalAllocatedBytes(precise: true));
        }
    }

    /// <summary>A byte there and a byte back, so often; each time over a new connection, where <paramref name="isFresh"/>.</summary>
    public TcpRun Exchange(int count, bool isFresh) =>
        Run(() => ExchangeAsync(_pairs[0].Client, _pairs[0].Server, count, isFresh));

    private TcpRun Run(Func<Task> main)
    {
        var meter = new CpuMeter();
        if (_world is null)
            _loop.Run(main);
        else
            _world.RunAsync(main).GetAwaiter().GetResult();
        var cost = meter.Stop();
        _world?.Dispose();
        return new(_frames(), cost, (double)cost.Allocated / _frames());
    }

    private static Endpoint Of(ProtocolStack server) => new(server.Adapters[0].Addresses[0].Address, s_port);

    private static async Task<long> TransferAsync(
        INetwork client,
        ProtocolStack server,
        long bytes,
        Action<int> arrived
    )
    {
        using var listener = ((INetwork)server).Listen(s_port);
        var sending = ByteStream.SendAsync(client, Of(server), bytes);
        await using var stream = await listener.AcceptAsync();
        var received = await ByteStream.ReceiveAsync(stream, arrived);
        await sending;
        return received;
    }

    private static async Task ExchangeAsync(INetwork client, ProtocolStack server, int count, bool isFresh)
    {
        using var listener = ((INetwork)server).Listen(s_port);
        var answering = AnswerAsync(listener, isFresh ? count : 1);
        var to = Of(server);
        var stream = await client.ConnectAsync(to);
        var buffer = new byte[1];
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && isFresh)
            {
                await stream.DisposeAsync();
                stream = await client.ConnectAsync(to);
            }
            buffer[0] = (byte)i;
            await stream.WriteAsync(buffer);
            if (await stream.ReadAsync(buffer) != 1 || buffer[0] != (byte)(i + 1))
                throw new InvalidOperationException($"Exchange {i} brought something else.");
        }
        await stream.DisposeAsync();
        await answering;
    }

    private static async Task AnswerAsync(Listener listener, int connections)
    {
        var buffer = new byte[1];
        for (var i = 0; i < connections; i++)
        {
            await using var stream = await listener.AcceptAsync();
            while (await stream.ReadAsync(buffer) > 0)
            {
                buffer[0]++;
                await stream.WriteAsync(buffer);
            }
        }
    }
}
