using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Twocan.Core;
using Twocan.Http;

namespace Twocan.Explorer;

/// <summary>Visits as HAR 1.2, which browsers' own tools and many others open.</summary>
public static class HarWriter
{
    private const int None = -1;

    /// <param name="loop">Knows which date its instants are.</param>
    public static byte[] Write(IReadOnlyList<PageLoad> visits, EventLoop loop)
    {
        var us = new HarProgram("Twocan", typeof(HarWriter).Assembly.GetName().Version?.ToString(3) ?? "0");
        var pages = new List<HarPage>();
        var entries = new List<HarEntry>();
        foreach (var visit in visits)
        {
            var id = $"page_{pages.Count + 1}";
            pages.Add(
                new(
                    Date(loop.ToDate(visit.Began)),
                    id,
                    visit.Title is { Length: > 0 } title ? title : visit.Url.Href,
                    new((visit.PageRead - visit.Began).TotalMilliseconds, visit.Took.TotalMilliseconds)
                )
            );
            entries.AddRange(visit.Resources.Select(resource => Entry(id, resource, loop)));
        }
        var har = new Har(new("1.2", us, us, pages, entries));
        using var bytes = new MemoryStream();
        var style = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(bytes, style))
            JsonSerializer.Serialize(writer, har, HarJson.Default.Har);
        bytes.Write("\n"u8);
        return bytes.ToArray();
    }

    private static HarEntry Entry(string page, LoadedResource it, EventLoop loop)
    {
        var phases = it.Phases;
        return new(
            page,
            Date(loop.ToDate(it.Began)),
            phases.Total.TotalMilliseconds,
            Request(it),
            Response(it),
            new(
                it.CachedAt is { } cachedAt
                    ? new(Date(cachedAt), it.ResponseFields["ETag"] ?? "", it.Cache == CacheUse.None ? 0 : 1)
                    : null
            ),
            Timings(phases),
            it.Connection?.Remote.Address.ToString(),
            it.Connection?.Local.Port.ToString(),
            it.Why,
            TypeOf(it.Kind),
            new(it.Initiator is null ? "other" : "parser", it.Initiator?.Url.Href),
            it.Cache == CacheUse.Served ? "memory" : null
        );
    }

    private static HarTimings Timings(in Phases phases)
    {
        var connect = phases.Connect is { } tcp ? tcp + (phases.Tls ?? Duration.Zero) : phases.Tls;
        return new(
            phases.Queue.TotalMilliseconds,
            phases.Name?.TotalMilliseconds ?? None,
            connect?.TotalMilliseconds ?? None,
            phases.Send.TotalMilliseconds,
            phases.FirstByte.TotalMilliseconds,
            phases.Body.TotalMilliseconds,
            phases.Tls?.TotalMilliseconds ?? None
        );
    }

    private static HarRequest Request(LoadedResource it)
    {
        var fields = new Fields().Add("Host", it.Url.Authority).AddAll(it.RequestFields);
        var target =
            it.Connection?.Proxy is not null && it.Url.Scheme == "http" ? it.Url.AbsoluteForm : it.Url.OriginForm;
        return new(
            Methods.Get,
            WithoutFragment(it.Url),
            "HTTP/1.1",
            [.. Cookies(it.RequestFields["Cookie"])],
            Pairs(fields),
            [.. it.Url.SearchParams.Select(static pair => new HarPair(pair.Key, pair.Value))],
            $"GET {target} HTTP/1.1\r\n".Length + SizeOf(fields),
            0
        );
    }

    private static HarResponse Response(LoadedResource it)
    {
        var hasAnswer = it.Status > 0;
        return new(
            it.Status,
            it.Reason,
            hasAnswer ? it.Version.ToString() : "",
            [.. SetCookies(it.ResponseFields)],
            Pairs(it.ResponseFields),
            new(
                it.Bytes,
                it.BytesReceived > 0 && it.Bytes != it.BytesReceived ? it.Bytes - it.BytesReceived : null,
                it.ContentType
            ),
            it.RedirectsTo?.Href ?? "",
            hasAnswer && it.Cache == CacheUse.None
                ? $"{it.Version} {it.Status} {it.Reason}\r\n".Length + SizeOf(it.ResponseFields)
                : None,
            it.Cache == CacheUse.None ? it.BytesReceived : 0
        );
    }

    private static List<HarPair> Pairs(Fields fields)
    {
        var pairs = new List<HarPair>();
        foreach (var field in fields)
            pairs.Add(new(field.Name, field.Value));
        return pairs;
    }

    /// <summary>With the blank line.</summary>
    private static int SizeOf(Fields fields)
    {
        var size = 2;
        foreach (var field in fields)
            size += field.NameBytes.Length + field.ValueBytes.Length + 4;
        return size;
    }

    private static IEnumerable<HarCookie> Cookies(string? field) =>
        (field ?? "")
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(static one => Split(one))
            .Select(static one => new HarCookie(one.Name, one.Value));

    private static IEnumerable<HarCookie> SetCookies(Fields fields)
    {
        var cookies = new List<HarCookie>();
        foreach (var field in fields)
        {
            if (!field.Is("Set-Cookie"))
                continue;
            var parts = field.Value.Split(';', StringSplitOptions.TrimEntries);
            var (name, value) = Split(parts[0]);
            var attributes = parts[1..].Select(static part => Split(part)).ToList();
            string? Of(string attribute) =>
                attributes.Find(one => one.Name.Equals(attribute, StringComparison.OrdinalIgnoreCase)).Value;
            cookies.Add(
                new(name, value, Of("Path"), Of("Domain"), Of("HttpOnly") is not null, Of("Secure") is not null)
            );
        }
        return cookies;
    }

    private static (string Name, string Value) Split(string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (pair, "") : (pair[..equals].Trim(), pair[(equals + 1)..].Trim());
    }

    private static string WithoutFragment(Url url) => url.WithHash("").Href;

    /// <summary>As browsers' own tools name the kinds.</summary>
    private static string TypeOf(ResourceKind kind) =>
        kind switch
        {
            ResourceKind.Page or ResourceKind.Frame => "document",
            ResourceKind.Picture or ResourceKind.Icon => "image",
            ResourceKind.Stylesheet => "stylesheet",
            ResourceKind.Script => "script",
            ResourceKind.Font => "font",
            _ => "other",
        };

    private static string Date(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
