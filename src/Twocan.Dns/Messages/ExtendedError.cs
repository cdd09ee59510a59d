using System.Buffers.Binary;
using System.Text;

namespace Twocan.Dns;

/// <summary>Why it went wrong, as an EDNS option (RFC 8914): a code, and a sentence for people.</summary>
public readonly record struct ExtendedError(ushort Code, string Text)
{
    public const ushort NoReachableAuthority = 22;

    private const ushort OptionCode = 15;
    private const int MaxTextLength = 200;

    internal static byte[] Write(ushort code, string text)
    {
        var sentence = Encoding.UTF8.GetBytes(text.Length > MaxTextLength ? text[..MaxTextLength] : text);
        var option = new byte[6 + sentence.Length];
        BinaryPrimitives.WriteUInt16BigEndian(option, OptionCode);
        BinaryPrimitives.WriteUInt16BigEndian(option.AsSpan(2), (ushort)(2 + sentence.Length));
        BinaryPrimitives.WriteUInt16BigEndian(option.AsSpan(4), code);
        sentence.CopyTo(option, 6);
        return option;
    }

    /// <summary>The first such option; false when there is none, or the options are broken.</summary>
    public static bool TryRead(Edns? edns, out ExtendedError error)
    {
        error = default;
        var options = edns is null ? default : edns.Options.Span;
        while (options.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
            if (4 + length > options.Length)
                return false;
            if (BinaryPrimitives.ReadUInt16BigEndian(options) == OptionCode && length >= 2)
            {
                var data = options.Slice(4, length);
                error = new(BinaryPrimitives.ReadUInt16BigEndian(data), Encoding.UTF8.GetString(data[2..]));
                return true;
            }
            options = options[(4 + length)..];
        }
        return false;
    }
}
