using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Bench;

/// <summary>
/// A bulk transfer over TCP between our stack and the Linux kernel's, by way of a TAP device with an MTU of 1,500: without
/// segmentation offload, where each segment is a frame and each frame a system call, and with it. What is counted is our process's processor
/// time, which the kernel's own work in those calls is part of. The far end is a program on the kernel's sockets in a network namespace.
/// </summary>
internal sealed class TapBench : IBench
{
    private const string Adapter = "twocan0";
    private const int PortNumber = 5001;
    private const int ChunkBytes = 64 * 1024;

    private static readonly InterfaceAddress s_ours = InterfaceAddress.Parse("10.9.0.1/24");
    private static readonly InterfaceAddress s_kernels = InterfaceAddress.Parse("10.9.0.2/24");

    public string Name => "tap";

    public string About => "TCP against the Linux kernel over a TAP device, each way (needs root and ip)";

    public IEnumerable<BenchResult> Run(bool quick)
    {
        var bytes = quick ? 64L << 20 : 1L << 30;
        var segments = new[] { Segments.Small, Segments.PutTogether, Segments.Large };
        foreach (var (sends, kind) in segments.SelectMany(kind => new[] { (true, kind), (false, kind) }))
        {
            var (best, why) = Measure(sends, kind, bytes);
            if (best is null)
            {
                Console.Error.WriteLine($"tap: skipped, {why}");
                yield break;
            }
            var note = string.Create(
                CultureInfo.InvariantCulture,
                $"{best.Bits / best.WallSeconds / 1e9:0.00} Gbit/s on the wall, {best.Bits / best.Cost.CpuSeconds / 1e9:0.00} Gbit in a second of our processor time; {best.Frames} frames"
            );
            yield return new(
                Name,
                $"{bytes >> 20} MiB {(sends ? "to" : "from")} the kernel, MTU 1,500{Tell(kind)}",
                "Mbit/cpu-s",
                "higher",
                best.Bits / best.Cost.CpuSeconds / 1e6,
                new Dictionary<string, double>(),
                best.AllocatedPerFrame,
                [note]
            )
            {
                Op = "a frame",
            };
        }
    }

    private static string Tell(Segments kind) =>
        kind switch
        {
            Segments.Small => "",
            Segments.PutTogether => ", put together by the receiver",
            _ => ", large segments",
        };

    private static (TapRun? Best, string Why) Measure(bool sends, Segments kind, long bytes) =>
        OperatingSystem.IsLinux() ? MeasureHere(sends, kind, bytes) : (null, "this is not Linux");

    [SupportedOSPlatform("linux")]
    private static (TapRun? Best, string Why) MeasureHere(bool sends, Segments kind, long bytes)
    {
        try
        {
            // First for the compiler: what is measured is the code that it has arrived at.
            Transfer(sends, kind, 128L << 20);
            Transfer(sends, kind, 128L << 20);
            var runs = new List<TapRun>();
            for (var i = 0; i < 3; i++)
                runs.Add(Transfer(sends, kind, bytes));
            return (runs.MinBy(run => run.Cost.CpuSeconds), "");
        }
        catch (Win32Exception missing)
        {
            return (null, missing.Message);
        }
    }

    [SupportedOSPlatform("linux")]
    private static TapRun Transfer(bool sends, Segments kind, long bytes)
    {
        using var driver = new LinuxDriver();
        var loop = new EventLoop(driver, 1);
        using var lease = NamespaceLease.Take($"twocan-bench-{Environment.ProcessId}", []);
        using var link = OpenLink(loop, lease.Name, kind);
        var stack = new ProtocolStack("bench", loop, loop.Random.Fork("bench"));
        var adapter = stack.AddAdapter("eth0", new(0x0200_0000_0001), link);
        adapter.Offload = kind == Segments.Large || (kind == Segments.PutTogether && !sends);
        adapter.AddAddress(s_ours);
        link.Receiver = adapter;
        var (clock, cost) = (new Stopwatch(), default(Cost));
        var (framesAtHalf, allocatedAtHalf) = (0L, 0L);
        using var peer = loop.Run(async () =>
        {
            using var listener = ((INetwork)stack).Listen(new Port(PortNumber));
            var process = KernelPeer.Start(lease.Name, s_ours.Address.ToString(), PortNumber, sends, bytes);
            await using var stream = await listener.AcceptAsync();
            clock.Start();
            var meter = new CpuMeter();
            var moved = sends ? await SendAsync(stream, bytes, OnHalf) : await ReceiveAsync(stream, bytes, OnHalf);
            clock.Stop();
            cost = meter.Stop();
            allocatedAtHalf = GC.GetTotalAllocatedBytes(precise: true) - allocatedAtHalf;
            framesAtHalf = Frames(link) - framesAtHalf;
            if (moved != bytes)
                throw new InvalidOperationException($"Of {bytes} bytes {moved} were moved.");
            // The last acknowledgements are ours to send: the peer cannot end without them.
            stream.Dispose();
            while (!process.HasExited)
                await loop.DelayAsync(Duration.FromMilliseconds(5));
            return process;
        });
        return new(8.0 * bytes, Frames(link), clock.Elapsed.TotalSeconds, cost, (double)allocatedAtHalf / framesAtHalf);

        // By then the buffers have their size.
        void OnHalf() => (framesAtHalf, allocatedAtHalf) = (Frames(link), GC.GetTotalAllocatedBytes(precise: true));
    }

    [SupportedOSPlatform("linux")]
    private static long Frames(TapLink link) => link.FramesFromKernel + link.FramesToKernel;

    [SupportedOSPlatform("linux")]
    private static TapLink OpenLink(EventLoop loop, string netns, Segments kind)
    {
        using var there = NetworkNamespace.Enter(netns);
        var device = TapDevice.Open(Adapter, kind == Segments.Large);
        var kernels = HostAdapter.Find(Adapter)!;
        kernels.Add(s_kernels);
        kernels.SwitchOn(1500);
        return new(loop, device) { Coalesces = kind != Segments.Small };
    }

    private static async Task<long> SendAsync(TcpStream stream, long bytes, Action onHalf)
    {
        var chunk = new byte[ChunkBytes];
        for (var left = bytes; left > 0; left -= ChunkBytes)
        {
            await stream.WriteAsync(chunk.AsMemory(0, (int)Math.Min(left, ChunkBytes)));
            if (left > bytes / 2 && left - ChunkBytes <= bytes / 2)
                onHalf();
        }
        stream.ShutdownWrite();
        // Until the kernel's program has it all and says goodbye too.
        return await stream.ReadAsync(chunk) == 0 ? bytes : -1;
    }

    private static async Task<long> ReceiveAsync(TcpStream stream, long bytes, Action onHalf)
    {
        var buffer = new byte[ChunkBytes];
        var received = 0L;
        while (await stream.ReadAsync(buffer) is > 0 and var count)
        {
            if (received < bytes / 2 && received + count >= bytes / 2)
                onHalf();
            received += count;
        }
        return received;
    }

    private enum Segments
    {
        /// <summary>Each is a frame for both sides.</summary>
        Small,

        /// <summary>Each is a frame on its way; who receives them makes large ones of them (GRO).</summary>
        PutTogether,

        /// <summary>They are large on their way, too.</summary>
        Large,
    }

    /// <param name="AllocatedPerFrame">In the second half.</param>
    private sealed record TapRun(double Bits, long Frames, double WallSeconds, Cost Cost, double AllocatedPerFrame);
}
