using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Twocan.Bench;

/// <summary>The peer: the same in somebody else's code, by a program that ./bench has compiled into a folder of its own, or could not.</summary>
internal sealed class PeerProgram
{
    private readonly string _family;
    private readonly string? _folder;
    private readonly string _absent;

    private PeerProgram(string family, string name)
    {
        (_family, Name) = (family, name);
        _folder = Environment.GetEnvironmentVariable($"TWOCAN_BENCH_{family.ToUpperInvariant()}");
        _absent =
            Environment.GetEnvironmentVariable($"TWOCAN_BENCH_{family.ToUpperInvariant()}_ABSENT")
            ?? "run ./bench, which compiles it";
    }

    public static PeerProgram Ns3 { get; } = new("ns3", "ns-3");

    public static PeerProgram Lwip { get; } = new("lwip", "lwIP");

    /// <summary>Not a server, but what one cannot do without.</summary>
    public static PeerProgram Least { get; } = new("http", "recv and send, in C");

    /// <summary>As people call it.</summary>
    public string Name { get; }

    /// <summary>Its best of as many runs as ours had, beside ours; or a note that says why it is not there.</summary>
    /// <param name="expected">What the program must say at the end: how many bytes or exchanges there were.</param>
    /// <param name="name">Where there is more than one of its kind.</param>
    public void Measure(
        string program,
        string arguments,
        long expected,
        Dictionary<string, double> peers,
        List<string> notes,
        double unit = 1,
        int runs = 3,
        string? name = null
    )
    {
        var best = 0.0;
        for (var run = 0; run < runs; run++)
        {
            if (!TryRun(program, arguments, expected, out var result, out var why))
            {
                notes.Add($"{Name}: skipped, {why}");
                return;
            }
            best = Math.Max(best, result);
        }
        peers.Add(name ?? Name, best / unit);
    }

    /// <summary>Where it is, for who runs it in his own way; false with the reason when it is not there.</summary>
    public bool TryFind(string program, [NotNullWhen(true)] out string? path, [NotNullWhen(false)] out string? why)
    {
        (path, why) = _folder is { Length: > 0 } folder
            ? (Path.Combine(folder, $"{_family}-{program}"), (string?)null)
            : (null, _absent);
        return path is not null;
    }

    /// <summary>It prints how much it did, its own processor time for it in seconds (getrusage), and what came of it.</summary>
    private bool TryRun(
        string program,
        string arguments,
        long expected,
        out double result,
        [NotNullWhen(false)] out string? why
    )
    {
        result = 0;
        why = _absent;
        if (_folder is not { Length: > 0 })
            return false;
        var start = new ProcessStartInfo(Path.Combine(_folder, $"{_family}-{program}"), arguments)
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var words = process.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        if (
            process.ExitCode != 0
            || words.Length != 3
            || !long.TryParse(words[0], CultureInfo.InvariantCulture, out var amount)
            || !double.TryParse(words[1], CultureInfo.InvariantCulture, out var seconds)
            || words[2] != expected.ToString(CultureInfo.InvariantCulture)
        )
        {
            why = $"its program ended with {process.ExitCode} and said '{string.Join(' ', words)}'";
            return false;
        }
        result = amount / seconds;
        why = null;
        return true;
    }
}
