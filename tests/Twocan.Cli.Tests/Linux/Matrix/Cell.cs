using Twocan.Stack;

namespace Twocan.Cli.Tests;

/// <summary>
/// One thing that connections do between us and the kernel: each end its steps, which peer.py explains. What may go wrong
/// is the network; an end other than a clean one must have a reason.
/// </summary>
internal sealed record Cell(string Name, string Kernel, string Ours)
{
    /// <summary>Connections, and how many of them at a time.</summary>
    public int Count { get; init; } = 1;

    public int AtOnce { get; init; } = 1;

    public bool KernelConnects { get; init; } = true;

    /// <summary>Of both ends.</summary>
    public string Congestion { get; init; } = Cubic.NameOf;

    /// <summary>One end resets: what the other had under way need not arrive.</summary>
    public bool IsReset { get; init; }

    /// <summary>A window has to be seen closed while it runs.</summary>
    public bool ClosesWindow { get; init; }

    public override string ToString() =>
        $"{Name}, {(KernelConnects ? "the kernel connects" : "we connect")}, {Congestion}";
}

/// <summary>What one end of a cell came to, all its connections together.</summary>
internal sealed class CellEnd
{
    public long Sent { get; set; }

    public long Received { get; set; }

    /// <summary>By the error's name, '' for none.</summary>
    public SortedDictionary<string, int> Ends { get; } = new(StringComparer.Ordinal);

    /// <summary>What came that was never sent.</summary>
    public string? Wrong { get; set; }

    public int Over => Ends.Values.Sum();

    public bool IsClean => Ends.Keys.All(name => name.Length == 0);

    public override string ToString() =>
        $"sent {Sent}, received {Received}, {string.Join(", ", Ends.Select(end => $"{end.Value} × {(end.Key.Length == 0 ? "well" : end.Key)}"))}{(Wrong is null ? "" : $", {Wrong}")}";
}
