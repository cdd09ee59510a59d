#pragma warning disable RS0030 // Here the machine's own clocks become the loop's time; nobody else may look at them.
using System.Diagnostics;

namespace Twocan.Core;

/// <summary>Real time: the date once, at the beginning; from there on the clock that never jumps.</summary>
internal sealed class RealClock
{
    private readonly long _began = Stopwatch.GetTimestamp();

    public DateTimeOffset Epoch { get; } = DateTimeOffset.UtcNow;

    public Instant Now
    {
        get
        {
            var ticks = Stopwatch.GetTimestamp() - _began;
            return new(
                Stopwatch.Frequency == 1_000_000_000
                    ? ticks
                    : (long)((Int128)ticks * 1_000_000_000 / Stopwatch.Frequency)
            );
        }
    }
}
