using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Twocan.Core;

/// <summary>The 48-bit address of an Ethernet adapter; the first three bytes name its maker.</summary>
public readonly record struct MacAddress(ulong Bits) : IComparable<MacAddress>
{
    public const int Length = 6;
    public const int TextLength = 17;

    public static readonly MacAddress Broadcast = new(0xFFFF_FFFF_FFFF);

    /// <summary>Nobody: what ARP writes where the address is still asked for.</summary>
    public static readonly MacAddress Zero;

    public bool IsBroadcast => Bits == 0xFFFF_FFFF_FFFF;

    /// <summary>The group bit is the lowest of the first byte; broadcast is a group too.</summary>
    public bool IsMulticast => (Bits >> 40 & 1) != 0;

    /// <summary>Made up by an administrator rather than bought by a maker.</summary>
    public bool IsLocallyAdministered => (Bits >> 40 & 2) != 0;

    public static MacAddress Read(ReadOnlySpan<byte> bytes) =>
        new(
            (ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32 | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..])
        );

    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt16BigEndian(into, (ushort)(Bits >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(into[2..], (uint)Bits);
    }

    /// <summary>Reads <c>02:00:0a:0b:0c:0d</c>, also with hyphens (but not with both).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MacAddress address) =>
        TryParse(text.AsSpan(), out address);

    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress address)
    {
        address = default;
        if (text.Length != TextLength)
            return false;
        ulong bits = 0;
        for (var i = 0; i < TextLength; i++)
        {
            if (i % 3 == 2)
            {
                if (text[i] is not (':' or '-') || text[i] != text[2])
                    return false;
                continue;
            }
            if (!char.IsAsciiHexDigit(text[i]))
                return false;
            bits = bits << 4 | (uint)(char.IsAsciiDigit(text[i]) ? text[i] - '0' : (text[i] | 32) - 'a' + 10);
        }
        address = new(bits);
        return true;
    }

    public static MacAddress Parse(string text) =>
        TryParse(text, out var address)
            ? address
            : throw new FormatException($"'{text}' is not a MAC address, such as 02:00:0a:0b:0c:0d");

    public int CompareTo(MacAddress other) => Bits.CompareTo(other.Bits);

    public bool TryFormat(Span<char> into, out int written)
    {
        written = 0;
        if (into.Length < TextLength)
            return false;
        for (var i = 0; i < Length; i++)
        {
            var octet = (byte)(Bits >> (40 - 8 * i));
            if (i > 0)
                into[written++] = ':';
            into[written++] = Digit(octet >> 4);
            into[written++] = Digit(octet & 15);
        }
        return true;
    }

    public override string ToString() =>
        string.Create(TextLength, this, static (text, address) => address.TryFormat(text, out _));

    private static char Digit(int nibble) => (char)(nibble < 10 ? '0' + nibble : 'a' + nibble - 10);
}
