namespace Twocan.Core;

/// <summary>
/// The unit in which an interface of a capture counts time, as the format writes it (if_tsresol): 10^-n s, or 2^-n s where the
/// highest bit is set; and the second from which it counts (if_tsoffset).
/// </summary>
public readonly record struct TimestampResolution(byte Exponent, long OffsetSeconds = 0)
{
    /// <summary>What is meant where nothing is said.</summary>
    public static readonly TimestampResolution Microseconds = new(6);

    public static readonly TimestampResolution Nanoseconds = new(9);

    private const ulong NanosecondsPerSecond = 1_000_000_000;

    private bool IsBinary => (Exponent & 0x80) != 0;

    private int Digits => Exponent & 0x7F;

    /// <summary>Rounded down. Null when that does not fit: some 292 years before and after 1970.</summary>
    public long? ToUnixNanoseconds(ulong ticks)
    {
        var sinceOffset = IsBinary ? (UInt128)ticks * NanosecondsPerSecond >> Digits : Decimal(ticks);
        // 2^64 whole seconds in nanoseconds stay below 2^94, and so does the offset: nothing overflows here.
        var all = (Int128)sinceOffset + (Int128)OffsetSeconds * (long)NanosecondsPerSecond;
        return all >= long.MinValue && all <= long.MaxValue ? (long)all : null;
    }

    private UInt128 Decimal(ulong ticks)
    {
        if (Digits <= 9)
            return (UInt128)ticks * PowerOfTen(9 - Digits);
        // More than 10^19 of them do not fit into 64 bits: it is less than a nanosecond.
        return Digits - 9 <= 19 ? ticks / PowerOfTen(Digits - 9) : 0;
    }

    private static ulong PowerOfTen(int exponent)
    {
        var power = 1UL;
        for (; exponent > 0; exponent--)
            power *= 10;
        return power;
    }
}
