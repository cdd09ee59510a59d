using System.Text;

namespace Twocan.Dns;

/// <summary>Octets as master files write them (RFC 1035 §5.1): as themselves, as <c>\X</c>, or as <c>\ddd</c>.</summary>
internal static class CharacterText
{
    /// <summary>Reads one octet and moves on; false for a broken escape and for what is not ASCII.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, ref int index, out byte octet)
    {
        octet = 0;
        var c = text[index++];
        if (c != '\\')
        {
            octet = (byte)c;
            return c < 128;
        }
        if (index >= text.Length)
            return false;
        c = text[index++];
        if (!char.IsAsciiDigit(c))
        {
            octet = (byte)c;
            return c < 128;
        }
        if (index + 2 > text.Length || !char.IsAsciiDigit(text[index]) || !char.IsAsciiDigit(text[index + 1]))
            return false;
        var value = (c - '0') * 100 + (text[index] - '0') * 10 + (text[index + 1] - '0');
        index += 2;
        octet = (byte)value;
        return value <= 255;
    }

    public static void AppendToName(StringBuilder text, byte octet)
    {
        if ((char)octet is '.' or '\\' or '"' or '(' or ')' or ';' or '@' or '$')
            text.Append('\\').Append((char)octet);
        else
            AppendPrintable(text, octet, isSpacePrintable: false);
    }

    public static void AppendQuoted(StringBuilder text, ReadOnlySpan<byte> octets)
    {
        text.Append('"');
        foreach (var octet in octets)
        {
            if ((char)octet is '\\' or '"')
                text.Append('\\').Append((char)octet);
            else
                AppendPrintable(text, octet, isSpacePrintable: true);
        }
        text.Append('"');
    }

    private static void AppendPrintable(StringBuilder text, byte octet, bool isSpacePrintable)
    {
        if (octet is > 0x20 and < 0x7F || (octet == 0x20 && isSpacePrintable))
            text.Append((char)octet);
        else
            text.Append('\\').Append(octet.ToString("000"));
    }
}
