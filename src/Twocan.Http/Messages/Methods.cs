namespace Twocan.Http;

/// <summary>The methods that RFC 9110 §9 (and 5789) define, and what may be relied on with each.</summary>
public static class Methods
{
    public const string Get = "GET";
    public const string Head = "HEAD";
    public const string Post = "POST";
    public const string Put = "PUT";
    public const string Delete = "DELETE";
    public const string Connect = "CONNECT";
    public const string Options = "OPTIONS";
    public const string Trace = "TRACE";
    public const string Patch = "PATCH";

    private static readonly string[] Known = [Get, Head, Post, Put, Delete, Connect, Options, Trace, Patch];

    public static bool IsKnown(string method) => Known.Contains(method);

    /// <summary>§9.2.1: asks for nothing to be changed.</summary>
    public static bool IsSafe(string method) => method is Get or Head or Options or Trace;

    /// <summary>§9.2.2: asked twice it does no more than asked once, so it may be sent again.</summary>
    public static bool IsIdempotent(string method) => IsSafe(method) || method is Put or Delete;

    /// <summary>The one string for a method's bytes, so that the usual ones allocate nothing.</summary>
    internal static string Of(ReadOnlySpan<byte> bytes)
    {
        foreach (var method in Known)
        {
            if (System.Text.Ascii.Equals(bytes, method))
                return method;
        }
        return System.Text.Encoding.ASCII.GetString(bytes);
    }
}
