using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Groups that every host knows, and how a group's address becomes an Ethernet address.</summary>
public static class MulticastGroups
{
    /// <summary>ff02::1, every host on the link.</summary>
    public static readonly IpAddress AllNodes = new(0xFF02UL << 48, 1);

    /// <summary>ff02::2.</summary>
    public static readonly IpAddress AllRouters = new(0xFF02UL << 48, 2);

    /// <summary>ff02::16, whoever wants to know who listens (RFC 3810 §5.2.14).</summary>
    public static readonly IpAddress AllMldv2Routers = new(0xFF02UL << 48, 0x16);

    /// <summary>
    /// ff02::1:ff00:0 and the last three bytes of an address (RFC 4291 §2.7.1): so few hosts listen there that a question for one
    /// address hardly disturbs the others.
    /// </summary>
    public static IpAddress SolicitedNode(IpAddress address) =>
        new(0xFF02UL << 48, 0x1_FF00_0000 | address.Low & 0xFF_FFFF);

    public static bool IsSolicitedNode(IpAddress address) =>
        address.High == 0xFF02UL << 48 && address.Low >> 24 == 0x1_FF;

    /// <summary>33:33 and the last four bytes (RFC 2464 §7); of IPv4 01:00:5e and the last 23 bits (RFC 1112 §6.4).</summary>
    public static MacAddress MacOf(IpAddress group) =>
        group.IsV4 ? new(0x0100_5E00_0000UL | group.AsV4 & 0x7F_FFFF) : new(0x3333_0000_0000 | group.Low & 0xFFFF_FFFF);

    /// <summary>How far packets to an IPv6 group go (RFC 4291 §2.7): 1 stays in the host, 2 on the link.</summary>
    public static int ScopeOf(IpAddress group) => (int)(group.High >> 48) & 15;
}
