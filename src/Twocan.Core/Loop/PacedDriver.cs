// The wall's clock is read here and nowhere else in a world: a driver is what a loop's time is.
#pragma warning disable RS0030
using System.Diagnostics;

namespace Twocan.Core;

/// <summary>
/// A world's time at a pace: it follows the clock on the wall while the loop runs, so many times as fast, and stands still
/// while it does not. Without a pace it jumps, as <see cref="VirtualDriver"/> does. What happens, in which order and at
/// which virtual time, is the same at every pace: only when one gets to see it differs.
/// </summary>
public sealed class PacedDriver(DateTimeOffset epoch) : LoopDriver
{
    private const double LongestWait = 3600;

    private readonly object _wake = new();
    private bool _woken;
    private Instant _now;
    private Instant _from;
    private long _began = WallClock();

    /// <summary>Seconds of the world in a second on the wall; null is as fast as it goes.</summary>
    public double? Pace
    {
        get;
        set
        {
            field = value;
            Resume();
        }
    }

    public override DateTimeOffset Epoch { get; } = epoch;

    public override Instant Now => _now;

    /// <summary>From here on the two clocks go together: the loop is about to run again.</summary>
    public void Resume() => (_from, _began) = (_now, WallClock());

    /// <summary>May end before its time, as any wait in real time may; the loop then waits on.</summary>
    public override bool Wait(Instant due)
    {
        if (due == Instant.Never)
            return false;
        if (Pace is { } pace && Reached(pace) is var reached && reached < due)
        {
            var left = Math.Min((due - reached).TotalSeconds / pace, LongestWait);
            lock (_wake)
            {
                if (!_woken)
                    Monitor.Wait(_wake, TimeSpan.FromSeconds(left));
                _woken = false;
            }
            due = Instant.Min(due, Reached(pace));
        }
        _now = Instant.Max(_now, due);
        return true;
    }

    public override void Wake()
    {
        lock (_wake)
        {
            _woken = true;
            Monitor.Pulse(_wake);
        }
    }

    private Instant Reached(double pace) => _from + (Duration)Stopwatch.GetElapsedTime(_began) * pace;

    private static long WallClock() => Stopwatch.GetTimestamp();
}
