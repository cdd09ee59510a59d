using System.Text.Json.Serialization;

namespace Twocan.Explorer;

/// <summary>HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), as far as a browser without a screen can fill it. Times are in milliseconds.</summary>
internal sealed record Har(HarLog Log);

internal sealed record HarLog(
    string Version,
    HarProgram Creator,
    HarProgram Browser,
    IReadOnlyList<HarPage> Pages,
    IReadOnlyList<HarEntry> Entries
);

internal sealed record HarProgram(string Name, string Version);

internal sealed record HarPage(string StartedDateTime, string Id, string Title, HarPageTimings PageTimings);

internal sealed record HarPageTimings(double OnContentLoad, double OnLoad);

/// <param name="Connection">The client's port: those with the same one shared a connection.</param>
internal sealed record HarEntry(
    string Pageref,
    string StartedDateTime,
    double Time,
    HarRequest Request,
    HarResponse Response,
    HarCache Cache,
    HarTimings Timings,
    [property: JsonPropertyName("serverIPAddress")] string? ServerIpAddress,
    string? Connection,
    string? Comment,
    [property: JsonPropertyName("_resourceType")] string ResourceType,
    [property: JsonPropertyName("_initiator")] HarInitiator Initiator,
    [property: JsonPropertyName("_fromCache")] string? FromCache
);

internal sealed record HarInitiator(string Type, string? Url);

internal sealed record HarRequest(
    string Method,
    string Url,
    string HttpVersion,
    IReadOnlyList<HarCookie> Cookies,
    IReadOnlyList<HarPair> Headers,
    IReadOnlyList<HarPair> QueryString,
    int HeadersSize,
    long BodySize
);

internal sealed record HarResponse(
    int Status,
    string StatusText,
    string HttpVersion,
    IReadOnlyList<HarCookie> Cookies,
    IReadOnlyList<HarPair> Headers,
    HarContent Content,
    [property: JsonPropertyName("redirectURL")] string RedirectUrl,
    int HeadersSize,
    long BodySize
);

internal sealed record HarPair(string Name, string Value);

internal sealed record HarCookie(
    string Name,
    string Value,
    string? Path = null,
    string? Domain = null,
    bool? HttpOnly = null,
    bool? Secure = null
);

internal sealed record HarContent(long Size, long? Compression, string MimeType);

internal sealed record HarCache(HarCacheState? BeforeRequest);

internal sealed record HarCacheState(string LastAccess, string ETag, int HitCount);

/// <summary>-1 is 'there was no such step'; connect has ssl within it.</summary>
internal sealed record HarTimings(
    double Blocked,
    double Dns,
    double Connect,
    double Send,
    double Wait,
    double Receive,
    double Ssl
);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true
)]
[JsonSerializable(typeof(Har))]
internal sealed partial class HarJson : JsonSerializerContext;
