using System.Text;

namespace Twocan.Http;

/// <summary>The request fields that change what a server does. A set bit says that there may be one, a clear bit that there is none.</summary>
[Flags]
internal enum KnownFields
{
    None = 0,
    Host = 1 << 0,
    Connection = 1 << 1,
    ContentLength = 1 << 2,
    TransferEncoding = 1 << 3,
    Expect = 1 << 4,
    Upgrade = 1 << 5,
    Range = 1 << 6,
    IfRange = 1 << 7,
    IfMatch = 1 << 8,
    IfNoneMatch = 1 << 9,
    IfModifiedSince = 1 << 10,
    IfUnmodifiedSince = 1 << 11,
    AcceptEncoding = 1 << 12,

    /// <summary>RFC 9110 §13.1: those that make a request conditional.</summary>
    Conditions = IfMatch | IfNoneMatch | IfModifiedSince | IfUnmodifiedSince,

    /// <summary>Those that say where the body ends.</summary>
    Framing = ContentLength | TransferEncoding,
}

internal static class KnownFieldNames
{
    /// <summary>By the length first: few names share one.</summary>
    public static KnownFields Of(ReadOnlySpan<byte> name) =>
        name.Length switch
        {
            4 when Is(name, "Host") => KnownFields.Host,
            5 when Is(name, "Range") => KnownFields.Range,
            6 when Is(name, "Expect") => KnownFields.Expect,
            7 when Is(name, "Upgrade") => KnownFields.Upgrade,
            8 when Is(name, "If-Match") => KnownFields.IfMatch,
            8 when Is(name, "If-Range") => KnownFields.IfRange,
            10 when Is(name, "Connection") => KnownFields.Connection,
            13 when Is(name, "If-None-Match") => KnownFields.IfNoneMatch,
            14 when Is(name, "Content-Length") => KnownFields.ContentLength,
            15 when Is(name, "Accept-Encoding") => KnownFields.AcceptEncoding,
            17 when Is(name, "Transfer-Encoding") => KnownFields.TransferEncoding,
            17 when Is(name, "If-Modified-Since") => KnownFields.IfModifiedSince,
            19 when Is(name, "If-Unmodified-Since") => KnownFields.IfUnmodifiedSince,
            _ => KnownFields.None,
        };

    private static bool Is(ReadOnlySpan<byte> name, string known) => Ascii.EqualsIgnoreCase(name, known);
}
