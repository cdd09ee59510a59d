using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The last 64 bits of an IPv6 address: which host of the link. Pure functions of what they are made from.</summary>
public static class InterfaceIdentifier
{
    public const int Bits = 64;

    /// <summary>fe80::/64, on every link.</summary>
    public static readonly Subnet LinkLocal = new(new(0xFE80UL << 48, 0), 64);

    /// <summary>From a MAC address: ff:fe in its middle, and the 'universal' bit turned round (RFC 4291, appendix A).</summary>
    public static ulong Eui64(MacAddress mac) =>
        ((mac.Bits & 0xFFFF_FF00_0000) << 16 | 0xFF_FE00_0000 | mac.Bits & 0xFF_FFFF) ^ 0x0200_0000_0000_0000;

    /// <summary>
    /// RFC 7217 §5: always the same for a host in one network, another in the next, and telling nobody the MAC address.
    /// </summary>
    /// <param name="mac">Net_Iface: which of the host's adapters.</param>
    /// <param name="dadCounter">One more after each conflict.</param>
    /// <param name="secret">What only this host knows.</param>
    public static ulong Stable(Subnet prefix, MacAddress mac, int dadCounter, (ulong, ulong) secret)
    {
        while (true)
        {
            var hash = new SipHash(secret.Item1, secret.Item2);
            hash.Add(prefix.Network.High);
            hash.Add(mac.Bits);
            hash.Add((ulong)dadCounter);
            var identifier = hash.Finish();
            if (!IsReserved(identifier))
                return identifier;
            dadCounter++;
        }
    }

    public static IpAddress AddressIn(Subnet prefix, ulong identifier) => new(prefix.Network.High, identifier);

    /// <summary>RFC 5453: the router's anycast address, those of old Ethernet mappings, and the last 128.</summary>
    public static bool IsReserved(ulong identifier) =>
        identifier == 0
        || identifier is >= 0x0200_5EFF_FE00_0000 and <= 0x0200_5EFF_FEFF_FFFF
        || identifier is >= 0xFDFF_FFFF_FFFF_FF80 and <= 0xFDFF_FFFF_FFFF_FFFF;
}
