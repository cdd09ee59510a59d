using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>Numbers with their unit, as people write them: <c>100 Mbit/s</c>, <c>5 ms</c>, <c>1 %</c>.</summary>
public static class Quantity
{
    private static readonly (string Unit, double Factor)[] Rates =
    [
        ("bit/s", 1),
        ("kbit/s", 1e3),
        ("Mbit/s", 1e6),
        ("Gbit/s", 1e9),
    ];

    private static readonly (string Unit, double Factor)[] Times =
    [
        ("ns", 1),
        ("µs", 1e3),
        ("us", 1e3),
        ("ms", 1e6),
        ("s", 1e9),
        ("min", 60e9),
    ];

    /// <summary>A signal runs at two thirds of the speed of light, in copper as in glass.</summary>
    public static readonly Duration DelayOfMetre = new(5);

    private static readonly (string Unit, double Factor)[] Lengths = [("m", 1), ("km", 1e3)];

    private static readonly (string Unit, double Factor)[] Sizes =
    [
        ("B", 1),
        ("kB", 1e3),
        ("MB", 1e6),
        ("GB", 1e9),
        ("KiB", 1024),
        ("MiB", 1024 * 1024),
        ("GiB", 1024 * 1024 * 1024),
    ];

    private static readonly (string Unit, double Factor)[] Percent = [("%", 0.01)];

    public static bool TryRate(string text, out BitRate rate, [NotNullWhen(false)] out string? error)
    {
        rate = default;
        if (!TryRead(text, Rates, "a rate", "100 Mbit/s", out var bits, out error))
            return false;
        if (bits is < 1 or > 1e15)
        {
            error = $"'{text}' is not a rate that a cable can have: from 1 bit/s to 1000000 Gbit/s";
            return false;
        }
        rate = new((long)Math.Round(bits));
        return true;
    }

    public static bool TryTime(string text, out Duration time, [NotNullWhen(false)] out string? error)
    {
        time = default;
        if (!TryRead(text, Times, "a time", "5 ms", out var nanoseconds, out error))
            return false;
        if (nanoseconds > 1e17)
        {
            error = $"'{text}' is longer than three years";
            return false;
        }
        time = new((long)Math.Round(nanoseconds));
        return true;
    }

    /// <summary>A length (<c>185 m</c>), or the time that a signal takes for it (<c>925 ns</c>).</summary>
    public static bool TryDistance(string text, out Duration time, [NotNullWhen(false)] out string? error)
    {
        if (!IsLengthUnit(Split(text.Trim()).Unit))
            return TryTime(text, out time, out error);
        time = default;
        if (!TryRead(text, Lengths, "a length", "185 m", out var metres, out error))
            return false;
        if (metres > 1e9)
        {
            error = $"'{text}' is farther than the moon";
            return false;
        }
        time = DelayOfMetre * metres;
        return true;
    }

    /// <summary>As a length.</summary>
    public static string SayDistance(Duration time) =>
        ((double)time.Nanoseconds / DelayOfMetre.Nanoseconds).ToString("0.###", CultureInfo.InvariantCulture) + " m";

    public static bool TryPercent(string text, out double share, [NotNullWhen(false)] out string? error)
    {
        if (!TryRead(text, Percent, "a share", "20 %", out share, out error))
            return false;
        if (share > 1)
        {
            error = $"'{text}' is more than everything: a share is from 0 % to 100 %";
            return false;
        }
        return true;
    }

    public static bool TrySize(string text, out long bytes, [NotNullWhen(false)] out string? error)
    {
        bytes = 0;
        if (!TryRead(text, Sizes, "a size", "64 MiB", out var size, out error))
            return false;
        if (size > 1e15)
        {
            error = $"'{text}' is more than a machine holds";
            return false;
        }
        bytes = (long)size;
        return true;
    }

    /// <summary>A number without a unit, behind its word.</summary>
    public static bool TryCount(
        string word,
        string text,
        int least,
        int most,
        string example,
        out int count,
        [NotNullWhen(false)] out string? error
    )
    {
        error = null;
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count)
            && count >= least
            && count <= most
        )
            return true;
        error = $"'{word} {text}' is not right: a number from {least} to {most}, as in '{word} {example}'";
        return false;
    }

    public static bool IsRateUnit(string unit) => Array.Exists(Rates, u => u.Unit == unit);

    public static bool IsLengthUnit(string unit) => Array.Exists(Lengths, u => u.Unit == unit);

    public static bool IsTimeUnit(string unit) => Array.Exists(Times, u => u.Unit == unit);

    /// <summary>Takes <c>5ms</c> and <c>5 ms</c> apart into number and unit; the number is empty where there is none.</summary>
    public static (string Number, string Unit) Split(string text)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            end++;
        // Both letters that look like a micro sign are written; U+00B5 is the unit's own.
        return (text[..end], text[end..].Trim().Replace('\u03BC', '\u00B5'));
    }

    private static bool TryRead(
        string text,
        (string Unit, double Factor)[] units,
        string what,
        string example,
        out double value,
        [NotNullWhen(false)] out string? error
    )
    {
        value = 0;
        var (number, unit) = Split(text.Trim());
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
        {
            error = $"'{text}' is not {what}: it begins with a number, as in '{example}'";
            return false;
        }
        foreach (var (name, factor) in units)
        {
            if (name != unit)
                continue;
            value = amount * factor;
            error = null;
            return true;
        }
        var names = string.Join(", ", units.Select(u => u.Unit).Where(u => u != "us"));
        error =
            unit.Length == 0
                ? $"'{text}' is not {what}: the unit is missing, as in '{example}' (units: {names})"
                : $"'{unit}' is not a unit for {what}: write {names}, as in '{example}'";
        return false;
    }
}
