namespace Twocan.Core;

/// <summary>A point in a loop's time: nanoseconds since the loop began. What the calendar says of it, the loop knows.</summary>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    public static readonly Instant Zero = new(0);

    /// <summary>'Not due': later than any other instant.</summary>
    public static readonly Instant Never = new(long.MaxValue);

    /// <summary>'Never' stays never, and what would lie behind it is never too.</summary>
    public static Instant operator +(Instant at, Duration span)
    {
        if (at == Never || (span.Nanoseconds > 0 && at.Nanoseconds > long.MaxValue - span.Nanoseconds))
            return Never;
        return new(at.Nanoseconds + span.Nanoseconds);
    }

    public static Instant operator -(Instant at, Duration span) => at + -span;

    public static Duration operator -(Instant later, Instant earlier) => new(later.Nanoseconds - earlier.Nanoseconds);

    public static bool operator <(Instant a, Instant b) => a.Nanoseconds < b.Nanoseconds;

    public static bool operator >(Instant a, Instant b) => a.Nanoseconds > b.Nanoseconds;

    public static bool operator <=(Instant a, Instant b) => a.Nanoseconds <= b.Nanoseconds;

    public static bool operator >=(Instant a, Instant b) => a.Nanoseconds >= b.Nanoseconds;

    public static Instant Min(Instant a, Instant b) => a < b ? a : b;

    public static Instant Max(Instant a, Instant b) => a > b ? a : b;

    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public override string ToString() => this == Never ? "never" : new Duration(Nanoseconds).ToString();
}
