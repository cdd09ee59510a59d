using Twocan.Core;

namespace Twocan.Stack;

/// <summary>How a host finds out whether an address is free before it takes it, in the constants of either family's RFC.</summary>
public sealed record DetectionSettings
{
    /// <summary>RFC 5227 §1.1.</summary>
    public static readonly DetectionSettings Ipv4 = new()
    {
        Probes = 3,
        LeastInterval = Duration.FromSeconds(1),
        MostInterval = Duration.FromSeconds(2),
        Patience = Duration.FromSeconds(2),
        Announcements = 2,
    };

    /// <summary>RFC 4862 §5.1 and §5.4: one question, and a second for the answer.</summary>
    public static readonly DetectionSettings Ipv6 = new();

    /// <summary>
    /// For an address that was this host's before it fell silent: two questions within a second. Who comes back is not kept
    /// waiting for the seven seconds of RFC 5227, and whoever has taken the address meanwhile answers in microseconds.
    /// </summary>
    public static readonly DetectionSettings Return = new()
    {
        MostDelay = Duration.Zero,
        Probes = 2,
        LeastInterval = Duration.FromMilliseconds(500),
        MostInterval = Duration.FromMilliseconds(500),
        Patience = Duration.FromMilliseconds(500),
        Announcements = 1,
    };

    /// <summary>Hosts that are switched on together do not ask all at once: the first question waits so long at most.</summary>
    public Duration MostDelay { get; init; } = Duration.FromSeconds(1);

    public int Probes { get; init; } = 1;

    /// <summary>Between questions, a random time from this …</summary>
    public Duration LeastInterval { get; init; } = Duration.FromSeconds(1);

    /// <summary>… to this.</summary>
    public Duration MostInterval { get; init; } = Duration.FromSeconds(1);

    /// <summary>So long after the last question the address is free.</summary>
    public Duration Patience { get; init; } = Duration.FromSeconds(1);

    /// <summary>How often everybody is told afterwards.</summary>
    public int Announcements { get; init; }

    public Duration AnnounceInterval { get; init; } = Duration.FromSeconds(2);

    public static DetectionSettings For(IpAddress address) => address.IsV4 ? Ipv4 : Ipv6;
}
