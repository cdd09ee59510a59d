using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Twocan.Bench;

/// <summary>The peer: the same in ns-3, by a program that ./bench has compiled into the folder TWOCAN_BENCH_NS3, or could not.</summary>
internal static class Ns3
{
    private const int Runs = 3;

    /// <summary>Its best of three runs, as ours; so many bytes of data must have arrived in each.</summary>
    public static bool Measure(
        string name,
        long amount,
        long bytes,
        out double framesPerCpuSecond,
        [NotNullWhen(false)] out string? why
    )
    {
        framesPerCpuSecond = 0;
        why = Environment.GetEnvironmentVariable("TWOCAN_BENCH_NS3_ABSENT");
        if (Environment.GetEnvironmentVariable("TWOCAN_BENCH_NS3") is not { Length: > 0 } folder)
        {
            why ??= "run ./bench, which compiles it";
            return false;
        }
        for (var run = 0; run < Runs; run++)
        {
            if (!TryRun(Path.Combine(folder, $"ns3-{name}"), amount, bytes, out var result, out why))
                return false;
            framesPerCpuSecond = Math.Max(framesPerCpuSecond, result);
        }
        why = null;
        return true;
    }

    /// <summary>It prints frames, its own processor time for them in seconds (getrusage), and the bytes that arrived.</summary>
    private static bool TryRun(
        string program,
        long amount,
        long bytes,
        out double result,
        [NotNullWhen(false)] out string? why
    )
    {
        result = 0;
        var start = new ProcessStartInfo(program, amount.ToString(CultureInfo.InvariantCulture))
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var words = process.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        if (
            process.ExitCode != 0
            || words.Length != 3
            || !long.TryParse(words[0], CultureInfo.InvariantCulture, out var frames)
            || !double.TryParse(words[1], CultureInfo.InvariantCulture, out var seconds)
            || words[2] != bytes.ToString(CultureInfo.InvariantCulture)
        )
        {
            why = $"its program ended with {process.ExitCode} and said '{string.Join(' ', words)}'";
            return false;
        }
        result = frames / seconds;
        why = null;
        return true;
    }
}
