using System.Globalization;

namespace Twocan.Core;

/// <summary>A span of time in nanoseconds: a frame on a fast cable takes less than the 100 ns that TimeSpan can say.</summary>
public readonly record struct Duration(long Nanoseconds) : IComparable<Duration>
{
    public static readonly Duration Zero;

    public static Duration FromSeconds(double seconds) => new((long)Math.Round(seconds * 1e9));

    public static Duration FromMilliseconds(double milliseconds) => new((long)Math.Round(milliseconds * 1e6));

    public static Duration FromMicroseconds(double microseconds) => new((long)Math.Round(microseconds * 1e3));

    public double TotalSeconds => Nanoseconds / 1e9;

    public double TotalMilliseconds => Nanoseconds / 1e6;

    public double TotalMicroseconds => Nanoseconds / 1e3;

    public TimeSpan ToTimeSpan() => new(Nanoseconds / 100);

    public static implicit operator Duration(TimeSpan span) => new(checked(span.Ticks * 100));

    public static Duration operator +(Duration a, Duration b) => new(a.Nanoseconds + b.Nanoseconds);

    public static Duration operator -(Duration a, Duration b) => new(a.Nanoseconds - b.Nanoseconds);

    public static Duration operator -(Duration a) => new(-a.Nanoseconds);

    public static Duration operator *(Duration a, long factor) => new(a.Nanoseconds * factor);

    public static Duration operator *(Duration a, double factor) => new((long)Math.Round(a.Nanoseconds * factor));

    public static Duration operator /(Duration a, long divisor) => new(a.Nanoseconds / divisor);

    public static bool operator <(Duration a, Duration b) => a.Nanoseconds < b.Nanoseconds;

    public static bool operator >(Duration a, Duration b) => a.Nanoseconds > b.Nanoseconds;

    public static bool operator <=(Duration a, Duration b) => a.Nanoseconds <= b.Nanoseconds;

    public static bool operator >=(Duration a, Duration b) => a.Nanoseconds >= b.Nanoseconds;

    /// <summary>The same length, never less than none.</summary>
    public Duration Abs() => new(Math.Abs(Nanoseconds));

    public static Duration Min(Duration a, Duration b) => a < b ? a : b;

    public static Duration Max(Duration a, Duration b) => a > b ? a : b;

    public int CompareTo(Duration other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>As people write it: <c>51 ns</c>, <c>2 µs</c>, <c>20.005 ms</c>, <c>1.5 s</c>.</summary>
    public override string ToString() =>
        Math.Abs((double)Nanoseconds) switch
        {
            < 1_000 => $"{Nanoseconds} ns",
            < 1_000_000 => Show(TotalMicroseconds, "µs"),
            < 1_000_000_000 => Show(TotalMilliseconds, "ms"),
            _ => Show(TotalSeconds, "s"),
        };

    private static string Show(double value, string unit) =>
        value.ToString("0.###", CultureInfo.InvariantCulture) + " " + unit;
}
