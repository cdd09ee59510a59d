using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Twocan.Core;

/// <summary>What an address is within its subnet.</summary>
public enum AddressRole
{
    Host,

    /// <summary>Host number all zeros: the name of the subnet itself.</summary>
    Network,

    /// <summary>Host number all ones: everybody in the subnet.</summary>
    Broadcast,
}

/// <summary>
/// Everything that an address and its mask say together: where the network number ends and the host number begins, who
/// the first, the last and 'everybody' are, and what kind of address it is.
/// </summary>
public sealed record AddressExplanation(IpAddress Address, int PrefixLength, bool MaskGiven)
{
    public Subnet Subnet { get; } = new(Address, PrefixLength);

    public AddressBlock Block { get; } = AddressBlock.Of(Address);

    public int HostBits => Address.BitLength - PrefixLength;

    /// <summary>The bits behind the cut, as a number.</summary>
    public UInt128 HostNumber => Address.Bits - Subnet.Network.Bits;

    /// <summary>Zero for the whole of IPv6: 2^128 does not fit into 128 bits.</summary>
    public UInt128 AddressCount => HostBits == 128 ? 0 : UInt128.One << HostBits;

    /// <summary>The network and the broadcast address belong to no host, save in a /31 (RFC 3021) and a /32.</summary>
    public UInt128 HostCount => Subnet.HasBroadcast ? AddressCount - 2 : AddressCount;

    public IpAddress FirstHost => Subnet.HasBroadcast ? new(Subnet.Network.Bits + 1) : Subnet.Network;

    public IpAddress LastHost => Subnet.HasBroadcast ? new(Subnet.Last.Bits - 1) : Subnet.Last;

    public IpAddress? Broadcast => Subnet.HasBroadcast ? Subnet.Last : null;

    public AddressRole Role =>
        !Subnet.HasBroadcast ? AddressRole.Host
        : Address == Subnet.Network ? AddressRole.Network
        : Address == Subnet.Last ? AddressRole.Broadcast
        : AddressRole.Host;

    public char? Class => ClassOf(Address);

    /// <summary>A to E, by the first bits (RFC 791): how networks were cut before masks; null for IPv6.</summary>
    public static char? ClassOf(IpAddress address) =>
        address.IsV4 ? "ABCDE"[Math.Min(BitOperations.LeadingZeroCount(~address.AsV4), 4)] : null;

    /// <summary>The mask that the class implied; D and E were no networks of hosts.</summary>
    public static int ClassPrefixLength(char letter) =>
        letter switch
        {
            'A' => 8,
            'B' => 16,
            'C' => 24,
            _ => 32,
        };

    /// <summary>
    /// Reads <c>10.11.12.13/24</c>, <c>10.11.12.13/255.255.255.0</c> or an address alone; that one gets the mask of its
    /// class, or an IPv6 subnet's customary 64 bits. <paramref name="mistake"/> says what is wrong, and what would be right.
    /// </summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out AddressExplanation? explanation,
        [NotNullWhen(false)] out string? mistake
    )
    {
        (explanation, mistake) = (null, null);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var addressText = slash < 0 ? text : text[..slash];
        if (!IpAddress.TryParse(addressText, out var address))
        {
            mistake =
                $"'{addressText}' is not an IP address: four numbers from 0 to 255 such as 10.11.12.13, or 2001:db8::1";
            return false;
        }
        if (slash < 0)
        {
            explanation = new(address, ClassOf(address) is { } letter ? ClassPrefixLength(letter) : 64, false);
            return true;
        }
        if (!Subnet.TryParsePrefix(text.AsSpan(slash + 1), address.BitLength, out var length))
        {
            mistake = address.IsV4
                ? $"'{text[(slash + 1)..]}' is not a mask: ones and then zeros, such as 255.255.255.0, or their count from 0 to 32"
                : $"'{text[(slash + 1)..]}' is not a prefix length: a number from 0 to 128, such as 64";
            return false;
        }
        explanation = new(address, length, true);
        return true;
    }
}
