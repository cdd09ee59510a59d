using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// What a cable is like, the same in both directions. As text, any of its parts in any order:
/// <c>100 Mbit/s, 5 ms, jitter 1 ms, loss 1 %, queue 64, mtu 1500, half duplex</c>.
/// </summary>
public sealed record CableSettings
{
    public static readonly CableSettings Default = new();

    /// <summary>Ethernet's header and frame check sequence: what a frame is longer than its packet.</summary>
    private const int FrameOverhead = 18;

    /// <summary>How fast bits leave.</summary>
    public BitRate Rate { get; init; } = BitRate.Gigabit;

    /// <summary>How long a bit travels. The default is some 200 m of copper.</summary>
    public Duration Delay { get; init; } = Duration.FromMicroseconds(1);

    /// <summary>How much longer it may travel, each frame by its own luck; none overtakes another.</summary>
    public Duration Jitter { get; init; }

    /// <summary>The share of frames that never arrive, 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>How frames wait at the near end.</summary>
    public QueueSettings Queue { get; init; } = QueueSettings.Default;

    /// <summary>The longest packet, without the Ethernet header.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>With its header and its frame check sequence.</summary>
    internal int LongestFrame => Mtu + FrameOverhead;

    /// <summary>Both ends share one wire: who speaks while another speaks is heard by nobody.</summary>
    public bool HalfDuplex { get; init; }

    /// <summary>Of a station's link to a bus: how far from the bus's beginning it is, as the time that a signal takes.</summary>
    public Duration? At { get; init; }

    /// <summary>What cannot be together; null when nothing is wrong.</summary>
    internal string? WhatIsWrong =>
        HalfDuplex && Rate.CompareTo(BitRate.Gigabit) > 0
            ? $"half duplex ends at 1 Gbit/s, and this is {Rate}: no faster Ethernet has it"
            : null;

    public static CableSettings Parse(string text) =>
        TryParse(text, Default, out var settings, out var error) ? settings : throw new FormatException(error);

    /// <summary>What <paramref name="text"/> does not say stays as it is in <paramref name="start"/>.</summary>
    public static bool TryParse(
        string text,
        CableSettings start,
        out CableSettings settings,
        [NotNullWhen(false)] out string? error
    )
    {
        settings = start;
        error = null;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Length == 0)
                continue;
            if (!TryPart(part, ref settings, out error))
                return false;
        }
        error = settings.WhatIsWrong;
        return error is null;
    }

    private static bool TryPart(string part, ref CableSettings settings, [NotNullWhen(false)] out string? error)
    {
        var space = part.IndexOf(' ', StringComparison.Ordinal);
        var (word, rest) = space < 0 ? (part, "") : (part[..space], part[space..].Trim());
        switch (word)
        {
            case "loss":
                if (!Quantity.TryPercent(rest, out var loss, out error))
                    return false;
                settings = settings with { Loss = loss };
                return true;
            case "jitter":
                if (!Quantity.TryTime(rest, out var jitter, out error))
                    return false;
                settings = settings with { Jitter = jitter };
                return true;
            case "queue":
                if (!QueueSettings.TryParse(rest, out var queue, out error))
                    return false;
                settings = settings with { Queue = queue };
                return true;
            case "mtu":
                // RFC 791: every link carries 68 bytes; 65,535 is the longest packet there is.
                if (!Quantity.TryCount(word, rest, 68, 65_535, "1500", out var mtu, out error))
                    return false;
                settings = settings with { Mtu = mtu };
                return true;
            case "half" or "full" when rest == "duplex":
            case "half-duplex" or "full-duplex" when rest.Length == 0:
                settings = settings with { HalfDuplex = word.StartsWith('h') };
                error = null;
                return true;
            case "at":
                if (!Quantity.TryDistance(rest, out var at, out error))
                    return false;
                settings = settings with { At = at };
                return true;
            case "rate":
            case "delay":
                return TryRateOrDelay(rest, ref settings, out error);
            default:
                return TryRateOrDelay(part, ref settings, out error);
        }
    }

    private static bool TryRateOrDelay(string part, ref CableSettings settings, [NotNullWhen(false)] out string? error)
    {
        var (number, unit) = Quantity.Split(part);
        if (number.Length == 0)
        {
            error =
                $"'{part}' says nothing of a cable: write a rate, a delay, 'loss 1 %', 'queue 64', 'mtu 1500' or 'half duplex', as in '100 Mbit/s, 5 ms'";
            return false;
        }
        if (Quantity.IsTimeUnit(unit) || Quantity.IsLengthUnit(unit))
        {
            if (!Quantity.TryDistance(part, out var delay, out error))
                return false;
            settings = settings with { Delay = delay };
            return true;
        }
        if (!Quantity.IsRateUnit(unit))
        {
            error =
                unit.Length == 0
                    ? $"'{part}' has no unit: a rate is written as '100 Mbit/s', a delay as '5 ms'"
                    : $"'{unit}' is not a unit of a cable: a rate is in bit/s, kbit/s, Mbit/s or Gbit/s, a delay in ns, µs, ms or s, a length in m or km";
            return false;
        }
        if (!Quantity.TryRate(part, out var rate, out error))
            return false;
        settings = settings with { Rate = rate };
        return true;
    }

    public override string ToString()
    {
        if (At is { } at)
            return SayStub(at);
        var text = $"{Rate}, {Delay}";
        text += SayOwn();
        if (Mtu != Default.Mtu)
            text += $", mtu {Mtu}";
        if (HalfDuplex)
            text += ", half duplex";
        return text;
    }

    /// <summary>Of a link to a bus: what the bus says already is not said again.</summary>
    private string SayStub(Duration at) =>
        $"at {Quantity.SayDistance(at)}" + (Delay > Duration.Zero ? $", {Delay}" : "") + SayOwn();

    private string SayOwn()
    {
        var text = "";
        if (Jitter > Duration.Zero)
            text += $", jitter {Jitter}";
        if (Loss > 0)
            text += $", loss {(Loss * 100).ToString("0.###", CultureInfo.InvariantCulture)} %";
        if (Queue != QueueSettings.Default)
            text += $", queue {Queue}";
        return text;
    }
}
