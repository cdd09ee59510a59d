using System.Buffers;

namespace Twocan.Http;

/// <summary>The words that RFC 9110 and 9112 build their messages from.</summary>
public static class Grammar
{
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    // A comma is allowed by RFC 3986 in a name, but two Host fields that somebody on the way has joined look just like that.
    private static readonly SearchValues<byte> HostBytes = SearchValues.Create(
        "!$%&'()*+-._~;=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    private static readonly SearchValues<byte> NoText = SearchValues.Create([
        .. Enumerable.Range(0, 32).Where(octet => octet != '\t').Select(octet => (byte)octet),
        0x7F,
    ]);
    private static readonly SearchValues<byte> NoTarget = SearchValues.Create("\"#<>"u8);

    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>RFC 9110 §5.6.2.</summary>
    public static bool IsToken(ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && !bytes.ContainsAnyExcept(TokenBytes);

    /// <summary>RFC 9110 §5.5: visible characters, blanks between them, and bytes beyond ASCII; no control at all.</summary>
    public static bool IsFieldValue(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty && (IsBlank(bytes[0]) || IsBlank(bytes[^1])))
            return false;
        return IsText(bytes);
    }

    /// <summary>Visible characters, blanks, tabs, and bytes beyond ASCII.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes) => !bytes.ContainsAny(NoText);

    /// <summary>Only visible ASCII characters.</summary>
    public static bool IsVisible(ReadOnlySpan<byte> bytes) =>
        !bytes.IsEmpty && !bytes.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    /// <summary>
    /// What a request line may ask for: visible characters, without those that neither RFC 3986 allows nor any browser sends
    /// as they are. A fragment is the client's own business and never sent (RFC 9112 §3.2).
    /// </summary>
    public static bool IsTarget(ReadOnlySpan<byte> bytes) => IsVisible(bytes) && !bytes.ContainsAny(NoTarget);

    /// <summary>What a Host field may say: <c>uri-host [ ":" port ]</c> (RFC 9110 §7.2), not empty.</summary>
    public static bool IsHost(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.LastIndexOf((byte)':');
        var isLiteral = bytes.StartsWith("["u8);
        if (isLiteral)
        {
            end = bytes.IndexOf((byte)']') + 1;
            if (end < 4 || (end < bytes.Length && bytes[end] != ':'))
                return false;
            if (bytes[1..(end - 1)].ContainsAnyExcept(AddressBytes))
                return false;
        }
        var host = bytes[..(end < 0 ? bytes.Length : end)];
        if (host.IsEmpty || (!isLiteral && host.ContainsAnyExcept(HostBytes)))
            return false;
        var port = host.Length < bytes.Length ? bytes[(host.Length + 1)..] : default;
        return port.Length <= 5
            && !port.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (!TryParseDecimal(port, out var number) || number <= 65535);
    }

    public static bool IsBlank(byte octet) => octet is (byte)' ' or (byte)'\t';

    /// <summary>Digits and nothing else; false also when the number is larger than a long.</summary>
    public static bool TryParseDecimal(ReadOnlySpan<byte> bytes, out long number)
    {
        number = 0;
        if (bytes.IsEmpty || bytes.Length > 19)
            return false;
        var total = 0UL;
        foreach (var octet in bytes)
        {
            if (octet is < (byte)'0' or > (byte)'9')
                return false;
            total = total * 10 + octet - '0';
        }
        number = (long)total;
        return total <= long.MaxValue;
    }

    public static ReadOnlySpan<byte> TrimBlanks(ReadOnlySpan<byte> bytes) => bytes.Trim(" \t"u8);
}
