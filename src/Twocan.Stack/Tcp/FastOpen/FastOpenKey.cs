using System.Buffers.Binary;
using System.Globalization;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// What a server's cookies are made with (RFC 7413 §4.1.2): a keyed hash of both addresses, so that who shows one can be reached
/// where it says it is. Nothing is kept for a cookie. With the same key they are octet for octet those of Linux: servers that
/// share an address can share the key (§6.3.3).
/// </summary>
public sealed record FastOpenKey(ulong Low, ulong High)
{
    public const int Length = 16;

    public FastOpenKey(ReadOnlySpan<byte> bytes)
        : this(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..])) { }

    public FastOpenCookie Bake(IpAddress client, IpAddress server, bool isExperimental)
    {
        var hash = new SipHash(Low, High);
        if (client.IsV4)
        {
            hash.Add(InNetworkOrder((ulong)client.AsV4 << 32 | server.AsV4));
        }
        else
        {
            hash.Add(InNetworkOrder(client.High));
            hash.Add(InNetworkOrder(client.Low));
            hash.Add(InNetworkOrder(server.High));
            hash.Add(InNetworkOrder(server.Low));
        }
        Span<byte> cookie = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(cookie, hash.Finish());
        return FastOpenCookie.Of(cookie, isExperimental)!;
    }

    /// <summary>Four words in hexadecimal digits, as Linux's setting shows it: <c>a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4</c>.</summary>
    public static bool TryParse(string text, out FastOpenKey? key)
    {
        key = null;
        var words = text.Split('-');
        if (words.Length != 4)
            return false;
        Span<byte> bytes = stackalloc byte[Length];
        for (var i = 0; i < words.Length; i++)
        {
            if (!uint.TryParse(words[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var word))
                return false;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(4 * i)..], word);
        }
        key = new(bytes);
        return true;
    }

    private static ulong InNetworkOrder(ulong word) => BinaryPrimitives.ReverseEndianness(word);
}
