namespace Twocan.Core;

/// <summary>
/// Addresses as people write them, read and written without allocating: dotted decimal, and the text of RFC 4291 §2.2 for
/// IPv6, written in the one form of RFC 5952. It is written as ASCII; who wants characters gets each byte as one.
/// </summary>
internal static class AddressText
{
    /// <summary>The longest there is: eight groups of four digits and seven colons.</summary>
    public const int MaxLength = 39;

    private const int Groups = 8;

    /// <summary>Four numbers from 0 to 255; nothing looser (10.1 and 012.0.0.1 mean other things to other programs).</summary>
    public static bool TryReadV4(ReadOnlySpan<char> text, out uint bits)
    {
        bits = 0;
        var at = 0;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && (at == text.Length || text[at++] != '.'))
                return false;
            var (start, number) = (at, 0u);
            while (at < text.Length && at - start < 3 && char.IsAsciiDigit(text[at]))
                number = number * 10 + text[at++] - '0';
            if (at == start || number > 255 || (at - start > 1 && text[start] == '0'))
                return false;
            bits = bits << 8 | number;
        }
        return at == text.Length;
    }

    /// <summary>Eight groups of one to four hex digits; '::' once for one or more groups of zeros; dotted decimal as the last two.</summary>
    public static bool TryReadV6(ReadOnlySpan<char> text, out ulong high, out ulong low)
    {
        (high, low) = (0, 0);
        Span<ushort> groups = stackalloc ushort[Groups];
        var (at, count, gap) = (0, 0, -1);
        if (text.StartsWith("::"))
            (at, gap) = (2, 0);
        while (at < text.Length)
        {
            if (count == Groups)
                return false;
            var digits = CountHex(text[at..], out groups[count]);
            if (count <= Groups - 2 && at + digits < text.Length && text[at + digits] == '.')
            {
                if (!TryReadV4(text[at..], out var v4))
                    return false;
                groups[count++] = (ushort)(v4 >> 16);
                groups[count++] = (ushort)v4;
                break;
            }
            if (digits == 0)
                return false;
            count++;
            at += digits;
            if (at == text.Length)
                break;
            // Behind a group stands a colon and one more group, or two colons.
            if (text[at++] != ':' || at == text.Length)
                return false;
            if (text[at] == ':')
            {
                if (gap >= 0)
                    return false;
                (gap, at) = (count, at + 1);
            }
        }
        if (gap < 0 ? count != Groups : count == Groups)
            return false;
        if (gap >= 0)
        {
            // What stands behind the gap belongs to the end.
            groups[gap..count].CopyTo(groups[(Groups - count + gap)..]);
            groups.Slice(gap, Groups - count).Clear();
        }
        for (var group = 0; group < Groups / 2; group++)
        {
            high = high << 16 | groups[group];
            low = low << 16 | groups[Groups / 2 + group];
        }
        return true;
    }

    private static int CountHex(ReadOnlySpan<char> text, out ushort value)
    {
        var (count, read) = (0, 0);
        for (; count < text.Length && count < 4; count++)
        {
            int letter = text[count];
            var digit = letter - '0';
            if ((uint)digit > 9)
            {
                digit = (letter | 32) - 'a' + 10;
                if ((uint)(digit - 10) > 5)
                    break;
            }
            read = read << 4 | digit;
        }
        value = (ushort)read;
        return count;
    }

    /// <summary>Writes an address into room for <see cref="MaxLength"/> bytes, and answers how many it took.</summary>
    public static int Write(IpAddress address, Span<byte> into)
    {
        if (address.IsV4)
            return WriteV4(address.AsV4, into);
        var (gap, gapLength) = LongestZeros(address);
        var at = 0;
        for (var group = 0; group < Groups; group++)
        {
            if (group == gap)
            {
                into[at++] = (byte)':';
                into[at++] = (byte)':';
                group += gapLength - 1;
                continue;
            }
            if (group > 0 && into[at - 1] != ':')
                into[at++] = (byte)':';
            at += WriteHex(Group(address, group), into[at..]);
        }
        return at;
    }

    /// <summary>Hands ASCII over as characters; false when there is no room.</summary>
    public static bool TryCopy(ReadOnlySpan<byte> ascii, Span<char> into, out int written)
    {
        written = 0;
        return ascii.Length <= into.Length
            && System.Text.Ascii.ToUtf16(ascii, into, out written) == System.Buffers.OperationStatus.Done;
    }

    public static bool TryCopy(ReadOnlySpan<byte> ascii, Span<byte> into, out int written)
    {
        written = ascii.TryCopyTo(into) ? ascii.Length : 0;
        return written == ascii.Length;
    }

    /// <summary>An address and a number: <c>10.0.0.0/8</c>, <c>[::1]:80</c>. Nothing is written where not all of it fits.</summary>
    public static bool TryWrite(
        IpAddress address,
        ReadOnlySpan<char> between,
        int number,
        Span<char> into,
        out int written
    )
    {
        Span<byte> ascii = stackalloc byte[MaxLength + 2 + 10];
        var at = 0;
        if (between.StartsWith(']'))
            ascii[at++] = (byte)'[';
        at += Write(address, ascii[at..]);
        foreach (var letter in between)
            ascii[at++] = (byte)letter;
        number.TryFormat(ascii[at..], out var digits);
        return TryCopy(ascii[..(at + digits)], into, out written);
    }

    private static int WriteV4(uint bits, Span<byte> into)
    {
        var at = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            var octet = (byte)(bits >> shift);
            if (octet >= 100)
                into[at++] = (byte)('0' + octet / 100);
            if (octet >= 10)
                into[at++] = (byte)('0' + octet / 10 % 10);
            into[at++] = (byte)('0' + octet % 10);
            if (shift > 0)
                into[at++] = (byte)'.';
        }
        return at;
    }

    /// <summary>RFC 5952 §4.2: the longest run of zero groups, the first of equals; one alone is written out.</summary>
    private static (int Start, int Length) LongestZeros(IpAddress address)
    {
        var (start, length, run) = (-1, 1, 0);
        for (var group = 0; group < Groups; group++)
        {
            run = Group(address, group) == 0 ? run + 1 : 0;
            if (run > length)
                (start, length) = (group - run + 1, run);
        }
        return (start, length);
    }

    private static uint Group(IpAddress address, int index) =>
        (ushort)((index < 4 ? address.High : address.Low) >> (48 - 16 * (index & 3)));

    private static int WriteHex(uint group, Span<byte> into)
    {
        var digits =
            group >= 0x1000 ? 4
            : group >= 0x100 ? 3
            : group >= 0x10 ? 2
            : 1;
        for (var i = digits - 1; i >= 0; i--, group >>= 4)
            into[i] = "0123456789abcdef"u8[(int)(group & 15)];
        return digits;
    }
}
