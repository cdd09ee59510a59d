using System.Globalization;
using System.Text;

namespace Twocan.Cli;

/// <summary>Texts on the command line with what cannot be typed there: <c>\r \n \t \0 \\ \x7f</c>.</summary>
internal static class Escapes
{
    public static byte[] Read(string text)
    {
        var bytes = new MemoryStream();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.Write(Encoding.UTF8.GetBytes(text.Substring(i, length)));
                i += length - 1;
                continue;
            }
            i++;
            if (text[i] == 'x' && i + 2 < text.Length && IsHex(text.AsSpan(i + 1, 2), out var value))
            {
                bytes.WriteByte(value);
                i += 2;
                continue;
            }
            bytes.WriteByte(
                text[i] switch
                {
                    'r' => (byte)'\r',
                    'n' => (byte)'\n',
                    't' => (byte)'\t',
                    '0' => 0,
                    '\\' => (byte)'\\',
                    _ => throw new WrongUsageException(
                        $@"'\{text[i]}' means nothing: there are \r \n \t \0 \\ and \x7f"
                    ),
                }
            );
        }
        return bytes.ToArray();
    }

    private static bool IsHex(ReadOnlySpan<char> text, out byte value) =>
        byte.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
