using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Twocan.Core;

/// <summary>
/// A block of addresses that share their first <paramref name="PrefixLength"/> bits: the network number. The rest of
/// an address is the host number. <see cref="Network"/> always has a host number of zero.
/// </summary>
public readonly record struct Subnet
{
    public Subnet(IpAddress address, int prefixLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, address.BitLength);
        PrefixLength = prefixLength;
        Network = address.IsV4
            ? IpAddress.V4(address.AsV4 & MaskV4(prefixLength))
            : new(address.High & MaskHigh(prefixLength), address.Low & MaskLow(prefixLength));
    }

    public static readonly Subnet AllV4 = new(IpAddress.Any, 0);

    /// <summary>The first address, which names the subnet itself.</summary>
    public IpAddress Network { get; }

    public int PrefixLength { get; }

    /// <summary>The last address; IPv4 reserves it for 'everybody here'.</summary>
    public IpAddress Last =>
        Network.IsV4
            ? IpAddress.V4(Network.AsV4 | ~MaskV4(PrefixLength))
            : new(Network.High | ~MaskHigh(PrefixLength), Network.Low | ~MaskLow(PrefixLength));

    /// <summary>A /31 (RFC 3021) and a /32 have no broadcast address; nor has IPv6.</summary>
    public bool HasBroadcast => Network.IsV4 && PrefixLength <= 30;

    public IpAddress Mask =>
        Network.IsV4 ? IpAddress.V4(MaskV4(PrefixLength)) : new(MaskHigh(PrefixLength), MaskLow(PrefixLength));

    public bool Contains(IpAddress address) =>
        Network.IsV4
            ? address.IsV4 && (address.AsV4 & MaskV4(PrefixLength)) == Network.AsV4
            : !address.IsV4
                && (address.High & MaskHigh(PrefixLength)) == Network.High
                && (address.Low & MaskLow(PrefixLength)) == Network.Low;

    public bool IsBroadcast(IpAddress address) => HasBroadcast && address == Last;

    /// <summary>Reads <c>10.11.12.0/24</c> or <c>10.11.12.0/255.255.255.0</c>; a host number is dropped.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Subnet subnet) =>
        TryParse(text.AsSpan(), out subnet);

    public static bool TryParse(ReadOnlySpan<char> text, out Subnet subnet)
    {
        subnet = default;
        if (!InterfaceAddress.TryParse(text, out var address))
            return false;
        subnet = address.Subnet;
        return true;
    }

    public static Subnet Parse(string text) =>
        TryParse(text, out var subnet)
            ? subnet
            : throw new FormatException($"'{text}' is not a subnet, such as 10.11.12.0/24");

    /// <summary>Reads what stands behind the slash: a count of bits, or for IPv4 a mask of ones and then zeros.</summary>
    internal static bool TryParsePrefix(ReadOnlySpan<char> text, int bitLength, out int prefixLength)
    {
        if (
            bitLength == 32
            && text.Contains('.')
            && IpAddress.TryParse(text, out var mask)
            && BitOperations.LeadingZeroCount(~mask.AsV4) is var ones
            && mask.AsV4 == MaskV4(ones)
        )
        {
            prefixLength = ones;
            return true;
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out prefixLength)
            && prefixLength <= bitLength;
    }

    private static uint MaskV4(int length) => length == 0 ? 0 : uint.MaxValue << (32 - length);

    private static ulong MaskHigh(int length) => MaskWord(Math.Min(length, 64));

    private static ulong MaskLow(int length) => MaskWord(Math.Max(length - 64, 0));

    private static ulong MaskWord(int length) => length == 0 ? 0 : ulong.MaxValue << (64 - length);

    public bool TryFormat(Span<char> into, out int written) =>
        AddressText.TryWrite(Network, "/", PrefixLength, into, out written);

    public override string ToString() => $"{Network}/{PrefixLength}";
}

/// <summary>An adapter's address together with the subnet that it stands in: <c>10.11.12.13/24</c>.</summary>
public readonly record struct InterfaceAddress(IpAddress Address, int PrefixLength)
{
    public Subnet Subnet => new(Address, PrefixLength);

    public static bool TryParse([NotNullWhen(true)] string? text, out InterfaceAddress result) =>
        TryParse(text.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<char> text, out InterfaceAddress result)
    {
        result = default;
        var slash = text.IndexOf('/');
        if (
            slash < 0
            || !IpAddress.TryParse(text[..slash], out var address)
            || !Subnet.TryParsePrefix(text[(slash + 1)..], address.BitLength, out var length)
        )
            return false;
        result = new(address, length);
        return true;
    }

    public static InterfaceAddress Parse(string text) =>
        TryParse(text, out var result)
            ? result
            : throw new FormatException($"'{text}' is not an address with its subnet, such as 10.11.12.13/24");

    public bool TryFormat(Span<char> into, out int written) =>
        AddressText.TryWrite(Address, "/", PrefixLength, into, out written);

    public override string ToString() => $"{Address}/{PrefixLength}";
}
