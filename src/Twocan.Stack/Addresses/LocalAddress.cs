using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What an adapter may do with an address of its own (RFC 4862 §2).</summary>
public enum AddressState
{
    /// <summary>Not mine yet: the link is being asked whether somebody else has it.</summary>
    Tentative,

    Preferred,

    /// <summary>Still mine for what has begun with it, but nothing new begins with it.</summary>
    Deprecated,

    /// <summary>Somebody else has it: never to be used here.</summary>
    Duplicate,
}

/// <summary>Where an address comes from.</summary>
public enum AddressOrigin
{
    /// <summary>Somebody wrote it down.</summary>
    Static,

    /// <summary>fe80::/10, made up by the host itself.</summary>
    LinkLocal,

    /// <summary>Made up from a prefix that a router advertises (SLAAC).</summary>
    Advertised,
}

/// <summary>An address of an adapter, with its state and its lifetimes.</summary>
public sealed class LocalAddress
{
    internal LocalAddress(InterfaceAddress address, AddressOrigin origin) => (Address, Origin) = (address, origin);

    public InterfaceAddress Address { get; }

    public AddressOrigin Origin { get; }

    public AddressState State { get; internal set; }

    public Instant PreferredUntil { get; internal set; } = Instant.Never;

    public Instant ValidUntil { get; internal set; } = Instant.Never;

    /// <summary>It is mine, and what is for it is for me.</summary>
    public bool IsUsable => State is AddressState.Preferred or AddressState.Deprecated;

    /// <summary>Why it was configured.</summary>
    internal EventId Because { get; set; }

    /// <summary>How it is found out whether it is free.</summary>
    internal DetectionSettings Detection { get; set; } = DetectionSettings.Ipv6;

    internal int Questions { get; set; }

    internal int AnnouncementsLeft { get; set; }

    /// <summary>The next question, its end, or the next announcement.</summary>
    internal Instant NextAt { get; set; } = Instant.Never;

    internal Instant DefendedAt { get; set; } = Instant.Never;

    /// <summary>RFC 7217: how many addresses of this kind were taken already.</summary>
    internal int DadCounter { get; init; }
}
