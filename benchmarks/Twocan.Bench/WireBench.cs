using System.Buffers.Binary;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Bench;

/// <summary>
/// UDP packets of 1,000 bytes from a host over two routers to another: how many frames a second of processor time puts on
/// the three links between them. Every frame has its true headers, checksums and FCS, all of them checked where they are
/// on a real host and router; both programs use the socket calls.
/// </summary>
internal sealed class WireBench : IBench
{
    private const string Cable = "1 Gbit/s, 100 µs";
    private const int DataBytes = 1000;
    private const int Links = 3;
    private static readonly Duration s_interval = Duration.FromMicroseconds(10);
    private static readonly Port s_port = new(5001);

    public string Name => "wire";

    public string About => "UDP packets of 1,000 bytes over a path with two routers, beside ns-3";

    public IEnumerable<BenchResult> Run(bool quick)
    {
        var packets = quick ? 100_000 : 1_000_000;
        using var path = new Path();
        // First for the compiler and the pools: what is measured is the steady state.
        path.Carry(200_000);
        path.Carry(200_000);
        var runs = Enumerable.Range(0, 3).Select(_ => path.Carry(packets)).ToList();
        var (peers, notes) = (new Dictionary<string, double>(), new List<string>());
        PeerProgram.Ns3.Measure("wire", $"{packets}", (long)packets * DataBytes, peers, notes);
        var framesPerSecond = Links * packets / runs.Min(run => run.CpuSeconds);
        notes.Insert(
            0,
            FormattableString.Invariant(
                $"a frame is counted on each of the {Links} links: {framesPerSecond / Links:N0} packets a CPU-second from end to end"
            )
        );
        yield return new(
            Name,
            $"{packets} UDP packets of {DataBytes} bytes over 2 routers, {Cable}",
            "frames/cpu-s",
            "higher",
            framesPerSecond,
            peers,
            (double)runs.Min(run => run.Allocated) / (Links * packets),
            notes
        )
        {
            Op = "a frame",
        };
    }

    private sealed class Path : IDisposable
    {
        private readonly World _world = new(seed: 1);
        private readonly Cable[] _cables;
        private readonly DatagramSocket _sender;
        private readonly DatagramSocket _receiver;
        private readonly byte[] _outgoing = new byte[DataBytes];
        private readonly byte[] _incoming = new byte[DataBytes];

        public Path()
        {
            var (from, to) = (_world.Host("from", "10.0.1.1/24"), _world.Host("to", "10.0.3.2/24"));
            var (first, second) = (_world.Router("r1"), _world.Router("r2"));
            _cables =
            [
                _world.Link(from, first, Cable, addressB: "10.0.1.2/24"),
                _world.Link(first, second, Cable, "10.0.2.1/24", "10.0.2.2/24"),
                _world.Link(second, to, Cable, addressA: "10.0.3.1/24"),
            ];
            _sender = from.Network.OpenDatagram();
            _receiver = to.Network.OpenDatagram(new Endpoint(IpAddress.Any, s_port));
            new RandomSource(1).Fill(_outgoing);
        }

        public Cost Carry(int packets)
        {
            var before = FramesArrived;
            var meter = new CpuMeter();
            _world.RunAsync(() => CarryAsync(packets)).GetAwaiter().GetResult();
            var cost = meter.Stop();
            // The first run has ARP's frames too.
            if (FramesArrived - before is var frames && frames < (long)packets * Links)
                throw new InvalidOperationException($"Of {(long)packets * Links} frames {frames} arrived.");
            return cost;
        }

        private long FramesArrived => _cables.Sum(cable => cable.AToB.FramesArrived);

        private async Task CarryAsync(int packets)
        {
            var sending = SendAsync(packets);
            for (var number = 0; number < packets; number++)
            {
                var received = await _receiver.ReceiveFromAsync(_incoming);
                if (
                    received.Length != DataBytes
                    || BinaryPrimitives.ReadInt32LittleEndian(_incoming) != number
                    || !_incoming.AsSpan(4).SequenceEqual(_outgoing.AsSpan(4))
                )
                    throw new InvalidOperationException($"Packet {number} is not what was sent.");
            }
            await sending;
        }

        private async Task SendAsync(int packets)
        {
            var to = new Endpoint(IpAddress.Parse("10.0.3.2"), s_port);
            for (var number = 0; number < packets; number++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(_outgoing, number);
                await _sender.SendToAsync(_outgoing, to);
                await _world.Loop.DelayAsync(s_interval);
            }
        }

        public void Dispose() => _world.Dispose();
    }
}
