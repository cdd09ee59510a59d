using System.Globalization;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>How many bits a cable takes in a second.</summary>
public readonly record struct BitRate(long BitsPerSecond) : IComparable<BitRate>
{
    public static readonly BitRate Gigabit = new(1_000_000_000);

    /// <summary>How long so many bytes take, rounded up to the nanosecond: a cable is never faster than it says.</summary>
    public Duration TimeFor(int bytes) => new((bytes * 8L * 1_000_000_000L + BitsPerSecond - 1) / BitsPerSecond);

    public int CompareTo(BitRate other) => BitsPerSecond.CompareTo(other.BitsPerSecond);

    public override string ToString() =>
        BitsPerSecond switch
        {
            >= 1_000_000_000 => Show(1e9, "Gbit/s"),
            >= 1_000_000 => Show(1e6, "Mbit/s"),
            >= 1_000 => Show(1e3, "kbit/s"),
            _ => Show(1, "bit/s"),
        };

    private string Show(double unit, string name) =>
        (BitsPerSecond / unit).ToString("0.###", CultureInfo.InvariantCulture) + " " + name;
}
