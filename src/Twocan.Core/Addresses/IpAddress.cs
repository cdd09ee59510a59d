using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

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
public readonly record struct IpAddress(ulong High, ulong Low)
    : IComparable<IpAddress>,
        ISpanFormattable,
        IUtf8SpanFormattable,
        ISpanParsable<IpAddress>
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
            var isRead = AddressText.TryReadV6(text, out var high, out var low);
            address = new(high, low);
            return isRead;
        }
        var isV4 = AddressText.TryReadV4(text, out var bits);
        address = isV4 ? V4(bits) : default;
        return isV4;
    }

    public static IpAddress Parse(string text) =>
        TryParse(text, out var address)
            ? address
            : throw new FormatException($"'{text}' is not an IP address, such as 10.11.12.13");

    public int CompareTo(IpAddress other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public override string ToString()
    {
        Span<char> text = stackalloc char[AddressText.MaxLength];
        TryFormat(text, out var length);
        return new(text[..length]);
    }

    /// <summary>False when there is no room; <see cref="MaxTextLength"/> always is enough.</summary>
    public bool TryFormat(Span<char> into, out int written)
    {
        Span<byte> ascii = stackalloc byte[AddressText.MaxLength];
        return AddressText.TryCopy(ascii[..AddressText.Write(this, ascii)], into, out written);
    }

    public bool TryFormat(Span<byte> utf8, out int written)
    {
        Span<byte> ascii = stackalloc byte[AddressText.MaxLength];
        return AddressText.TryCopy(ascii[..AddressText.Write(this, ascii)], utf8, out written);
    }

    public const int MaxTextLength = AddressText.MaxLength;

    string IFormattable.ToString(string? format, IFormatProvider? provider) => ToString();

    bool ISpanFormattable.TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format,
        IFormatProvider? provider
    ) => TryFormat(destination, out charsWritten);

    bool IUtf8SpanFormattable.TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format,
        IFormatProvider? provider
    ) => TryFormat(utf8Destination, out bytesWritten);

    static IpAddress IParsable<IpAddress>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<IpAddress>.TryParse(string? s, IFormatProvider? provider, out IpAddress result) =>
        TryParse(s, out result);

    static IpAddress ISpanParsable<IpAddress>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, out var address) ? address : Parse(s.ToString());

    static bool ISpanParsable<IpAddress>.TryParse(
        ReadOnlySpan<char> s,
        IFormatProvider? provider,
        out IpAddress result
    ) => TryParse(s, out result);
}
