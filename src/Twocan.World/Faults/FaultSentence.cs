using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Twocan.Core;

namespace Twocan.Worlds;

public enum FaultKind
{
    /// <summary>A share of the frames never arrives, each by its own luck.</summary>
    Loss,

    /// <summary>A share of the frames never arrives, and those that do not stand together (Gilbert and Elliott's channel).</summary>
    BurstyLoss,

    /// <summary>Every frame takes longer by so much.</summary>
    Delay,

    /// <summary>Every frame takes longer by up to so much; none overtakes another.</summary>
    Jitter,

    /// <summary>A share of the frames takes longer, and those behind them overtake.</summary>
    Reorder,

    /// <summary>A share of the frames arrives twice.</summary>
    Duplicate,

    /// <summary>In a share of the frames one bit flips on the way.</summary>
    Corrupt,

    /// <summary>The cable is slower than it was made.</summary>
    Rate,

    /// <summary>Nothing gets through.</summary>
    Cut,

    /// <summary>A machine loses its power, and with it all that it knew and did.</summary>
    Crash,
}

/// <summary>
/// What goes wrong, where, and when, in a sentence: <c>loss 20% pc--home-hub</c>, <c>delay 50ms pc->home-hub</c> (one way),
/// <c>reorder 10% by 5ms isp--backbone</c>, <c>cut isp--backbone at 40ms for 2s</c>, <c>crash ns.isp for 10s</c>. <c>at</c>
/// counts from the moment in which the sentence is said; without <c>for</c> it lasts until it is taken back. Several cables
/// (or hosts) may be named.
/// </summary>
public sealed record FaultSentence(FaultKind Kind)
{
    /// <summary>Of all frames, 0 to 1: how many are lost, late, doubled or damaged.</summary>
    public double Share { get; init; }

    /// <summary>How many frames a burst of losses takes on average.</summary>
    public double BurstLength { get; init; } = 1;

    /// <summary>How much later frames arrive.</summary>
    public Duration Time { get; init; }

    public BitRate Rate { get; init; }

    /// <summary>The cables by name, as they were written: <c>a--b</c>, or <c>a->b</c> for the one direction; or a bus.</summary>
    public IReadOnlyList<string> Cables { get; init; } = [];

    /// <summary>Who crashes: hosts and routers, hubs and switches.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>How long from now it begins.</summary>
    public Duration At { get; init; }

    /// <summary>How long it lasts; null is 'until it is taken back'.</summary>
    public Duration? For { get; init; }

    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out FaultSentence? sentence,
        [NotNullWhen(false)] out string? error
    ) => new FaultParser(text).TryParse(out sentence, out error);

    /// <summary>The fault alone: <c>loss 20 %</c>.</summary>
    internal string What =>
        Kind switch
        {
            FaultKind.Loss => $"loss {Percent}",
            FaultKind.BurstyLoss =>
                $"bursty loss {Percent} in bursts of {BurstLength.ToString("0.###", CultureInfo.InvariantCulture)}",
            FaultKind.Delay => $"delay {Time}",
            FaultKind.Jitter => $"jitter {Time}",
            FaultKind.Reorder => $"reorder {Percent} by {Time}",
            FaultKind.Duplicate => $"duplicate {Percent}",
            FaultKind.Corrupt => $"corrupt {Percent}",
            FaultKind.Rate => $"rate {Rate}",
            FaultKind.Crash => "crash",
            _ => "cut",
        };

    private string Percent => (Share * 100).ToString("0.###", CultureInfo.InvariantCulture) + " %";

    public override string ToString()
    {
        var text = $"{What} {string.Join(", ", Kind == FaultKind.Crash ? Hosts : Cables)}";
        if (At > Duration.Zero)
            text += $" at {At}";
        if (For is { } span)
            text += $" for {span}";
        return text;
    }
}

/// <summary>A fault's sentence that cannot be understood, or that speaks of a cable or a host that is not there.</summary>
public sealed class FaultSentenceException(string message) : FormatException(message);
