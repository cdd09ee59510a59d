namespace Twocan.Http;

/// <summary>
/// Which characters of a part of a URL are written as %XX (URL Standard §1.3): one bit for each of ASCII's, and all beyond.
/// Each set has its predecessor's and a few more.
/// </summary>
public sealed class PercentEncodeSet
{
    private readonly bool[] _encoded = new bool[128];

    private PercentEncodeSet(PercentEncodeSet? others, string more)
    {
        for (var c = '\0'; c < _encoded.Length; c++)
            _encoded[c] = others?._encoded[c] ?? c is < ' ' or > '~';
        foreach (var c in more)
            _encoded[c] = true;
    }

    public static PercentEncodeSet C0Control { get; } = new(null, "");

    public static PercentEncodeSet Fragment { get; } = new(C0Control, " \"<>`");

    public static PercentEncodeSet Query { get; } = new(C0Control, " \"#<>");

    /// <summary>The query's of a special scheme.</summary>
    public static PercentEncodeSet SpecialQuery { get; } = new(Query, "'");

    public static PercentEncodeSet Path { get; } = new(Query, "?^`{}");

    public static PercentEncodeSet UserInfo { get; } = new(Path, "/:;=@[\\]|");

    /// <summary>That of JavaScript's <c>encodeURIComponent</c>.</summary>
    public static PercentEncodeSet Component { get; } = new(UserInfo, "$%&+,");

    /// <summary>That of <c>application/x-www-form-urlencoded</c>, where moreover a space is written as a plus.</summary>
    public static PercentEncodeSet FormUrlEncoded { get; } = new(Component, "!'()~");

    public bool Contains(char c) => c >= _encoded.Length || _encoded[c];

    internal bool ContainsAnyOf(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (Contains(c))
                return true;
        }
        return false;
    }
}
