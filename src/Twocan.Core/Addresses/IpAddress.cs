using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Twocan.Core;

public enum IpFamily
{
    V4 = 4,
    V6 = 6,
}

/// <summary>
/// An IPv4 or IPv6 address as one 128-bit value: an IPv4 address is held in its IPv4-mapped form, ::ffff:a.b.c.d,
/// so that tables, keys and comparisons know one kind of address only.
/// <para>
/// It is held as two words and not as a <see cref="UInt128"/>: the ahead-of-time compiler leaves all code that so much as
/// carries that type to the JIT, and addresses are carried by half of the house.
/// </para>
/// </summary>
public readonly record struct IpAddress(ulong High, ulong Low) : IComparable<IpAddress>
{
    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    public IpAddress(UInt128 bits)
        : this((ulong)(bits >> 64), (ulong)bits) { }

    /// <summary>0.0.0.0: 'any address of mine' to bind to, 'none yet' in a packet.</summary>
    public static readonly IpAddress Any = V4(0);

    public static readonly IpAddress Broadcast = V4(0xFFFF_FFFF);

    public static readonly IpAddress Loopback = V4(0x7F00_0001);

    /// <summary>:: of IPv6.</summary>
    public static readonly IpAddress Any6;

    public static readonly IpAddress Loopback6 = new(0, 1);

    public static IpAddress V4(uint bits) => new(0, MappedPrefix | bits);

    public UInt128 Bits => new(High, Low);

    public IpFamily Family => IsV4 ? IpFamily.V4 : IpFamily.V6;

    public bool IsV4 => High == 0 && Low >> 32 == 0xFFFF;

    /// <summary>The 32 bits of an IPv4 address.</summary>
    public uint AsV4 => (uint)Low;

    /// <summary>32 or 128.</summary>
    public int BitLength => IsV4 ? 32 : 128;

    /// <summary>4 or 16.</summary>
    public int ByteLength => IsV4 ? 4 : 16;

    public bool IsAny => IsV4 ? AsV4 == 0 : (High | Low) == 0;

    public bool IsLoopback => IsV4 ? AsV4 >> 24 == 127 : High == 0 && Low == 1;

    /// <summary>224.0.0.0/4 or ff00::/8.</summary>
    public bool IsMulticast => IsV4 ? AsV4 >> 28 == 0xE : High >> 56 == 0xFF;

    public bool IsLimitedBroadcast => this == Broadcast;

    /// <summary>10/8, 172.16/12, 192.168/16 (RFC 1918) or fc00::/7 (RFC 4193).</summary>
    public bool IsPrivate =>
        IsV4 ? AsV4 >> 24 == 10 || AsV4 >> 20 == 0xAC1 || AsV4 >> 16 == 0xC0A8 : High >> 57 == 0x7E;

    /// <summary>169.254/16 (RFC 3927) or fe80::/10.</summary>
    public bool IsLinkLocal => IsV4 ? AsV4 >> 16 == 0xA9FE : High >> 54 == 0x3FA;

    /// <summary>Reads 4 bytes as IPv4, 16 as IPv6.</summary>
    public static IpAddress Read(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 4
            ? V4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Writes <see cref="ByteLength"/> bytes.</summary>
    public void Write(Span<byte> into)
    {
        if (IsV4)
            BinaryPrimitives.WriteUInt32BigEndian(into, AsV4);
        else
            WriteWhole(into);
    }

    private void WriteWhole(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt64BigEndian(into, High);
        BinaryPrimitives.WriteUInt64BigEndian(into[8..], Low);
    }

    /// <summary>Dotted decimal with four parts (nothing looser: 10.1 and 012.0.0.1 are refused), or RFC 4291 text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpAddress address) =>
        text is null ? (address = default) != default : TryParse(text.AsSpan(), out address);

    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        if (text.Contains(':'))
        {
            address = default;
            if (text.Contains('%') || text.Contains('[') || !IPAddress.TryParse(text, out var parsed))
                return false;
            Span<byte> bytes = stackalloc byte[16];
            parsed.TryWriteBytes(bytes, out _);
            address = Read(bytes);
            return true;
        }
        return TryParseV4(text, out address);
    }

    public static IpAddress Parse(string text) =>
        TryParse(text, out var address)
            ? address
            : throw new FormatException($"'{text}' is not an IP address, such as 10.11.12.13");

    private static bool TryParseV4(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        uint bits = 0;
        for (var part = 0; part < 4; part++)
        {
            var length = part < 3 ? text.IndexOf('.') : text.Length;
            if (length is < 1 or > 3 || (length > 1 && text[0] == '0'))
                return false;
            if (!byte.TryParse(text[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var octet))
                return false;
            bits = bits << 8 | octet;
            text = part < 3 ? text[(length + 1)..] : default;
        }
        address = V4(bits);
        return true;
    }

    public int CompareTo(IpAddress other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public override string ToString()
    {
        if (IsV4)
            return $"{AsV4 >> 24}.{AsV4 >> 16 & 255}.{AsV4 >> 8 & 255}.{AsV4 & 255}";
        Span<byte> bytes = stackalloc byte[16];
        WriteWhole(bytes);
        return new IPAddress(bytes).ToString();
    }
}
