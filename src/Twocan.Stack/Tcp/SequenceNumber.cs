namespace Twocan.Stack;

/// <summary>
/// A place in a connection's stream of octets, modulo 2³² (RFC 9293 §3.4): <c>a &lt; b</c> means that b lies less than
/// half the circle ahead of a, also where the count has wrapped.
/// </summary>
public readonly record struct SequenceNumber(uint Value)
{
    public static SequenceNumber operator +(SequenceNumber a, int count) => new(a.Value + (uint)count);

    public static SequenceNumber operator -(SequenceNumber a, int count) => new(a.Value - (uint)count);

    /// <summary>How far a lies ahead of b; negative when it lies behind.</summary>
    public static int operator -(SequenceNumber a, SequenceNumber b) => (int)(a.Value - b.Value);

    public static bool operator <(SequenceNumber a, SequenceNumber b) => a - b < 0;

    public static bool operator >(SequenceNumber a, SequenceNumber b) => a - b > 0;

    public static bool operator <=(SequenceNumber a, SequenceNumber b) => a - b <= 0;

    public static bool operator >=(SequenceNumber a, SequenceNumber b) => a - b >= 0;

    public static SequenceNumber Max(SequenceNumber a, SequenceNumber b) => a > b ? a : b;

    public static SequenceNumber Min(SequenceNumber a, SequenceNumber b) => a < b ? a : b;

    public override string ToString() => $"{Value}";
}
