using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>The times of IEEE 802.3 §4.4.2 at one rate.</summary>
public sealed class CsmaCdTiming
{
    public const int PreambleBits = 64;
    public const int JamBits = 32;
    public const int GapBits = 96;

    /// <summary>In the last third of the gap nobody listens any more (§4.2.3.2.2): so a neighbour that is always quick does not keep others from speaking.</summary>
    public const int DeafBits = 32;

    public CsmaCdTiming(BitRate rate)
    {
        Rate = rate;
        IsGigabit = rate.CompareTo(BitRate.Gigabit) >= 0;
        Gap = Bits(GapBits);
        DeafPart = Bits(DeafBits);
        Preamble = Bits(PreambleBits);
        Jam = Bits(JamBits);
        Slot = Bits(IsGigabit ? 4096 : 512);
    }

    public BitRate Rate { get; }

    /// <summary>At 1 Gbit/s a slot is longer than the shortest frame, so frames are extended to it, and a late collision is the end of a frame (§4.2.3.4, §4.2.3.2.5).</summary>
    public bool IsGigabit { get; }

    public Duration Gap { get; }

    public Duration DeafPart { get; }

    public Duration Preamble { get; }

    public Duration Jam { get; }

    /// <summary>A little more than the signal's way to the farthest station and back: who has spoken for so long is heard by all.</summary>
    public Duration Slot { get; }

    /// <summary>How long a whole frame is on the wire.</summary>
    public Duration Of(int frameLength)
    {
        var bits = Rate.TimeFor(CableDirection.Preamble + frameLength);
        return IsGigabit ? Duration.Max(bits, Preamble + Slot) : bits;
    }

    /// <summary>How many bytes of a frame are in a signal that was heard for so long.</summary>
    public int BytesIn(Duration heard)
    {
        // In two parts, or the product would not fit. The times were rounded up, so no bit is made up here.
        var (seconds, rest) = Math.DivRem(heard.Nanoseconds, 1_000_000_000L);
        var bits = seconds * Rate.BitsPerSecond + rest * Rate.BitsPerSecond / 1_000_000_000L;
        return (int)Math.Clamp(bits / 8 - CableDirection.Preamble, 0, 1 << 20);
    }

    private Duration Bits(int count) => new((count * 1_000_000_000L + Rate.BitsPerSecond - 1) / Rate.BitsPerSecond);
}
