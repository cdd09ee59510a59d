using System.Diagnostics;
using System.Runtime;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Bench;

/// <summary>
/// TCP between hosts of a world: how much of it a second of processor time carries. Every frame is whole (headers,
/// checksums, FCS, data that is copied and compared octet by octet at the end), nobody reads a journal.
/// </summary>
internal sealed class TcpBench : IBench
{
    /// <summary>The shortest take a tenth of a second: on a busy machine some of them are disturbed.</summary>
    private const int Runs = 5;

    private const int MostWarmUps = 12;

    /// <summary>Its threads take turns for each byte.</summary>
    private const int MostBySockets = 20_000;

    /// <summary>The compiler waits for a tenth of a second in which nothing new is called before it looks at what is called often.</summary>
    private static readonly TimeSpan s_compilerTurn = TimeSpan.FromMilliseconds(300);

    public string Name => "tcp";

    public string About => "TCP between two hosts and across dumbbells, beside lwIP and ns-3";

    public IEnumerable<BenchResult> Run(bool quick)
    {
        yield return Pair(quick ? 512L << 20 : 4L << 30);
        yield return LargeSegments(quick ? 1L << 30 : 8L << 30);
        yield return Exchanges(quick ? 100_000 : 1_000_000, "rr", "exchanges of one byte each way, one connection");
        yield return Exchanges(2_000, "crr", "the same, a new connection for each");
        yield return Dumbbell(1, quick ? 32L << 20 : 256L << 20, "100 Mbit/s, 5 ms");
        yield return Dumbbell(100, quick ? 512L << 10 : 4L << 20, "dumbbell of 1 Gbit/s, 5 ms");
    }

    /// <summary>Two hosts and a wire that takes no time.</summary>
    private BenchResult Pair(long bytes)
    {
        var runs = Measure(() => TcpPaths.Pair().Transfer(bytes), warmUp: () => TcpPaths.Pair().Transfer(512L << 20));
        var best = runs.MinBy(run => run.Cost.CpuSeconds)!;
        var (peers, notes) = (new Dictionary<string, double>(), new List<string>());
        PeerProgram.Lwip.Measure("pair", $"bulk {bytes}", bytes, peers, notes, unit: 1e6, runs: Runs);
        return new(
            Name,
            $"{bytes >> 20} MiB between two hosts, MTU 1,500, 64 KiB at a time",
            "Mbit/cpu-s",
            "higher",
            8 * bytes / best.Cost.CpuSeconds / 1e6,
            peers,
            runs.Min(run => run.AllocatedPerFrame),
            [.. notes, FormattableString.Invariant($"{best.Frames / best.Cost.CpuSeconds:N0} frames/cpu-s")]
        )
        {
            Op = "a frame",
        };
    }

    /// <summary>The same, with what adapters may take off TCP's hands.</summary>
    private BenchResult LargeSegments(long bytes)
    {
        var runs = Measure(
            () => TcpPaths.Pair(offload: true).Transfer(bytes),
            warmUp: () => TcpPaths.Pair(offload: true).Transfer(1L << 30)
        );
        var best = runs.MinBy(run => run.Cost.CpuSeconds)!;
        return new(
            Name,
            $"{bytes >> 20} MiB between two hosts, MTU 1,500, large segments",
            "Mbit/cpu-s",
            "higher",
            8 * bytes / best.Cost.CpuSeconds / 1e6,
            new Dictionary<string, double>(),
            runs.Min(run => run.AllocatedPerFrame),
            [
                FormattableString.Invariant(
                    $"{(double)bytes / best.Frames:N0} bytes a frame, acknowledgements among them"
                ),
            ]
        )
        {
            Op = "a frame",
        };
    }

    private BenchResult Exchanges(int count, string kind, string about)
    {
        var isFresh = kind == "crr";
        var runs = Measure(
            () => TcpPaths.Pair().Exchange(count, isFresh),
            warmUp: () => TcpPaths.Pair().Exchange(isFresh ? 10_000 : 200_000, isFresh)
        );
        var (peers, notes) = (new Dictionary<string, double>(), new List<string>());
        PeerProgram.Lwip.Measure("pair", $"{kind} {count}", count, peers, notes, runs: Runs);
        var fewer = Math.Min(count, MostBySockets);
        PeerProgram.Lwip.Measure("sockets", $"{kind} {fewer}", fewer, peers, notes, runs: Runs, name: "lwIP's sockets");
        return new(
            Name,
            $"{count} {about}",
            "exchanges/cpu-s",
            "higher",
            count / runs.Min(run => run.Cost.CpuSeconds),
            peers,
            runs.Min(run => (double)run.Cost.Allocated / count),
            notes
        )
        {
            Op = "an exchange",
        };
    }

    /// <param name="bytes">Of each flow.</param>
    private BenchResult Dumbbell(int flows, long bytes, string about)
    {
        var runs = Measure(
            () => TcpPaths.Dumbbell(flows).Transfer(bytes),
            warmUp: () => TcpPaths.Dumbbell(flows).Transfer((128L << 20) / flows)
        );
        var (peers, notes) = (new Dictionary<string, double>(), new List<string>());
        PeerProgram.Ns3.Measure("dumbbell", $"{bytes} {flows}", bytes * flows, peers, notes, runs: Runs);
        return new(
            Name,
            $"{flows} {(flows == 1 ? "flow" : "flows")} of {bytes >> 10} KiB, {about}",
            "frames/cpu-s",
            "higher",
            runs.Max(run => run.FramesPerCpuSecond),
            peers,
            runs.Min(run => run.AllocatedPerFrame),
            notes
        )
        {
            Op = "a frame",
        };
    }

    /// <summary>First for the compiler, until it has nothing more to do: what is measured is the code that it has arrived at.</summary>
    private static List<TcpRun> Measure(Func<TcpRun> run, Func<TcpRun> warmUp)
    {
        var compiled = -1L;
        for (var i = 0; i < MostWarmUps && JitInfo.GetCompiledMethodCount() != compiled; i++)
        {
            compiled = JitInfo.GetCompiledMethodCount();
            for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < s_compilerTurn; )
                warmUp();
        }
        return [.. Enumerable.Range(0, Runs).Select(_ => run())];
    }
}
