using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// What a socket is bound to, for UDP and TCP alike: one address, all of IPv4 (0.0.0.0), or everything (::), unless it wants
/// IPv6 only (RFC 3493 §5.3).
/// </summary>
internal static class LocalEnd
{
    public static bool Takes(IpAddress bound, bool v6Only, IpAddress address) =>
        bound.IsAny ? TakesFamily(bound, v6Only, address.IsV4) : bound == address;

    public static bool TakesFamily(IpAddress bound, bool v6Only, bool isV4) =>
        bound.IsV4 ? isV4 : !isV4 || (bound.IsAny && !v6Only);

    /// <summary>Could one packet be for both?</summary>
    public static bool Overlap(IpAddress a, bool aIsV6Only, IpAddress b, bool bIsV6Only) =>
        !a.IsAny && !b.IsAny
            ? a == b
            : (TakesFamily(a, aIsV6Only, isV4: true) && TakesFamily(b, bIsV6Only, isV4: true))
                || (TakesFamily(a, aIsV6Only, isV4: false) && TakesFamily(b, bIsV6Only, isV4: false));

    /// <summary>'Any host' is this host, as Linux has it.</summary>
    public static IpAddress OrLoopback(IpAddress address) =>
        !address.IsAny ? address
        : address.IsV4 ? IpAddress.Loopback
        : IpAddress.Loopback6;

    /// <summary>'Any address of mine' for somebody who speaks to <paramref name="peer"/>.</summary>
    public static IpAddress AnyFor(IpAddress peer) => peer.IsV4 ? IpAddress.Any : IpAddress.Any6;
}
