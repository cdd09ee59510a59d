using System.Text;

namespace Twocan.Http;

/// <summary>Percent-encoding (URL Standard §1.3): a byte written as a percent sign and two hexadecimal digits.</summary>
public static class PercentEncoding
{
    /// <summary>The text in UTF-8, the set's characters encoded. Half a surrogate pair becomes U+FFFD.</summary>
    public static string Encode(ReadOnlySpan<char> text, PercentEncodeSet set)
    {
        if (!set.ContainsAnyOf(text))
            return text.ToString();
        var encoded = new StringBuilder(text.Length + 16);
        Span<byte> utf8 = stackalloc byte[4];
        while (text.Length > 0)
        {
            var taken = 1;
            if (!set.Contains(text[0]))
                encoded.Append(text[0]);
            else if (text[0] == ' ' && set == PercentEncodeSet.FormUrlEncoded)
                encoded.Append('+');
            else
            {
                Rune.DecodeFromUtf16(text, out var rune, out taken);
                foreach (var octet in utf8[..rune.EncodeToUtf8(utf8)])
                    encoded.Append('%').Append("0123456789ABCDEF"[octet >> 4]).Append("0123456789ABCDEF"[octet & 15]);
            }
            text = text[taken..];
        }
        return encoded.ToString();
    }

    /// <summary>The bytes of a text in which %XX stands for a byte and all else for its UTF-8; a % without two digits stands for itself.</summary>
    public static byte[] Decode(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.AsSpan().Contains((byte)'%') ? bytes[..DecodeInPlace(bytes)] : bytes;
    }

    /// <summary><see cref="Decode"/> read as UTF-8; what is none becomes U+FFFD.</summary>
    public static string DecodeText(string text) => text.Contains('%') ? Encoding.UTF8.GetString(Decode(text)) : text;

    /// <summary>Whether a percent sign and two digits stand there.</summary>
    internal static bool IsEncodedByte(ReadOnlySpan<char> text) =>
        text.Length >= 3 && text[0] == '%' && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2]);

    internal static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static int DecodeInPlace(Span<byte> bytes)
    {
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var octet = bytes[i];
            if (
                octet == '%'
                && i + 2 < bytes.Length
                && char.IsAsciiHexDigit((char)bytes[i + 1])
                && char.IsAsciiHexDigit((char)bytes[i + 2])
            )
            {
                octet = (byte)(HexValue(bytes[i + 1]) << 4 | HexValue(bytes[i + 2]));
                i += 2;
            }
            bytes[length++] = octet;
        }
        return length;
    }
}
