using System.Buffers;
using System.Text;

namespace Twocan.Http;

/// <summary>Percent-encoding with the sets of the URL Standard (§1.3): which characters of a part are written as %XX.</summary>
public static class PercentEncoding
{
    private const string Query = " \"#<>'";
    private const string Path = " \"#<>?^`{}";
    private static readonly SearchValues<char> FragmentSet = SearchValues.Create(" \"<>`");
    private static readonly SearchValues<char> SpecialQuerySet = SearchValues.Create(Query);
    private static readonly SearchValues<char> PathSet = SearchValues.Create(Path);
    private static readonly SearchValues<char> UserInfoSet = SearchValues.Create(Path + "/:;=@[\\]|");

    internal static bool InFragmentSet(char c) => IsControl(c) || FragmentSet.Contains(c);

    /// <summary>The query's set for special schemes, which has the apostrophe too.</summary>
    internal static bool InSpecialQuerySet(char c) => IsControl(c) || SpecialQuerySet.Contains(c);

    internal static bool InPathSet(char c) => IsControl(c) || PathSet.Contains(c);

    internal static bool InUserInfoSet(char c) => IsControl(c) || UserInfoSet.Contains(c);

    /// <summary>Appends the character at <paramref name="index"/> (both halves of a surrogate pair), encoded when it is in the set; answers how many chars it took.</summary>
    internal static int Append(StringBuilder into, string text, int index, Func<char, bool> inSet)
    {
        var c = text[index];
        if (c < 0x80)
        {
            if (inSet(c))
                AppendOctet(into, (byte)c);
            else
                into.Append(c);
            return 1;
        }
        // A lone surrogate becomes U+FFFD, as the standard's UTF-8 encoder has it.
        Rune.DecodeFromUtf16(text.AsSpan(index), out var rune, out var taken);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var octet in utf8[..rune.EncodeToUtf8(utf8)])
            AppendOctet(into, octet);
        return taken;
    }

    /// <summary>The bytes of a text in which %XX stands for a byte and all else for its UTF-8; a % without two digits stands for itself.</summary>
    public static byte[] Decode(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
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
        return bytes[..length];
    }

    internal static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static bool IsControl(char c) => c is < ' ' or > '~';

    private static void AppendOctet(StringBuilder into, byte octet) =>
        into.Append('%').Append("0123456789ABCDEF"[octet >> 4]).Append("0123456789ABCDEF"[octet & 15]);
}
