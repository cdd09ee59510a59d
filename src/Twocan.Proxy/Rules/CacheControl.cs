using System.Globalization;
using System.Runtime.InteropServices;
using Twocan.Http;

namespace Twocan.Proxy;

/// <summary>Whose a cache is: many clients', as a proxy's, or one user's alone, as a browser's (RFC 9111 §1).</summary>
public enum CacheScope
{
    Shared,
    Private,
}

/// <summary>The directives of a message's Cache-Control fields (RFC 9111 §5.2). Names are compared without regard to case; unknown ones are ignored.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CacheControl
{
    /// <summary>What a number of seconds too large to hold means (§1.2.2).</summary>
    public const long MostSeconds = 1L << 31;

    public bool NoStore { get; private init; }

    /// <summary>Also when it names fields (<c>no-cache="Set-Cookie"</c>): to check the whole response with the origin is always allowed (§5.2.2.4).</summary>
    public bool NoCache { get; private init; }

    /// <summary>Also when it names fields: not to store the whole response is always allowed (§5.2.2.7).</summary>
    public bool Private { get; private init; }

    public bool Public { get; private init; }

    public bool MustRevalidate { get; private init; }

    public bool ProxyRevalidate { get; private init; }

    public bool MustUnderstand { get; private init; }

    public bool OnlyIfCached { get; private init; }

    /// <summary>Null when it is not there; 0 when it is there and makes no sense, since such a response counts as stale (§4.2.1).</summary>
    public long? MaxAge { get; private init; }

    /// <summary>As <see cref="MaxAge"/>, for caches that many share.</summary>
    public long? SharedMaxAge { get; private init; }

    public long? MinFresh { get; private init; }

    /// <summary>How stale a response the client accepts; <see cref="MostSeconds"/> when it names no limit.</summary>
    public long? MaxStale { get; private init; }

    /// <summary>RFC 5861 §4.</summary>
    public long? StaleIfError { get; private init; }

    /// <summary>As a cache of this scope has to read it: some directives are for those caches only that many share (§5.2.2).</summary>
    public static CacheControl Of(Fields fields, CacheScope scope) =>
        scope == CacheScope.Shared
            ? Of(fields)
            : Of(fields) with
            {
                Private = false,
                ProxyRevalidate = false,
                SharedMaxAge = null,
            };

    public static CacheControl Of(Fields fields)
    {
        var control = default(CacheControl);
        foreach (var element in fields.ListOf("Cache-Control"))
        {
            var (name, value) = FieldList.Directive(element);
            // Of a directive that is there twice the first counts (§4.2.1).
            control = name.ToLowerInvariant() switch
            {
                "no-store" => control with { NoStore = true },
                "no-cache" => control with { NoCache = true },
                "private" => control with { Private = true },
                "public" => control with { Public = true },
                "must-revalidate" => control with { MustRevalidate = true },
                "proxy-revalidate" => control with { ProxyRevalidate = true },
                "must-understand" => control with { MustUnderstand = true },
                "only-if-cached" => control with { OnlyIfCached = true },
                "max-age" => control with { MaxAge = control.MaxAge ?? Seconds(value) ?? 0 },
                "s-maxage" => control with { SharedMaxAge = control.SharedMaxAge ?? Seconds(value) ?? 0 },
                "min-fresh" => control with { MinFresh = control.MinFresh ?? Seconds(value) },
                "max-stale" => control with
                {
                    MaxStale = control.MaxStale ?? (value is null ? MostSeconds : Seconds(value)),
                },
                "stale-if-error" => control with { StaleIfError = control.StaleIfError ?? Seconds(value) },
                _ => control,
            };
        }
        return control;
    }

    /// <summary>RFC 9111 §1.2.2: digits only; null for anything else.</summary>
    internal static long? Seconds(string? text)
    {
        if (string.IsNullOrEmpty(text) || !text.All(char.IsAsciiDigit))
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? Math.Min(seconds, MostSeconds)
            : MostSeconds;
    }
}
