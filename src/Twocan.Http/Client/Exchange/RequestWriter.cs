using System.Buffers;
using System.Globalization;
using System.Text;

namespace Twocan.Http;

/// <summary>What a client says in a request beyond what it was told to: where it goes by, who asks, what it remembers.</summary>
internal readonly record struct Additions(
    ProxyAddress? Proxy = null,
    string? Cookie = null,
    string? Authorization = null,
    string? ProxyAuthorization = null,
    bool ExpectsContinue = false
);

/// <summary>Writes a request's head: Host first (RFC 9110 §7.2), then the caller's fields, then what is missing.</summary>
internal static class RequestWriter
{
    /// <summary>The body goes out in chunks: its length is not known, or the caller wants it so.</summary>
    public static bool IsChunked(ClientRequest request) =>
        request.Body is { } body && (body.Length is null || request.Fields.HasToken("Transfer-Encoding", "chunked"));

    public static void Write(
        ArrayBufferWriter<byte> writer,
        ClientRequest request,
        WebClientOptions options,
        in Additions additions
    )
    {
        var (url, own) = (request.Url, request.Fields);
        var isForProxy = additions.Proxy is not null && url.Scheme != "https";
        var target = isForProxy ? url.AbsoluteForm : url.OriginForm;
        if (request.Method == Methods.Connect)
            throw new ArgumentException("CONNECT is for proxies: a tunnel is made where a request needs one.");
        ThrowUnlessToken(request.Method);
        Put(writer, request.Method);
        writer.Write(" "u8);
        Put(writer, target);
        writer.Write(options.Version.IsAtLeast11 ? " HTTP/1.1\r\n"u8 : " HTTP/1.0\r\n"u8);
        if (!own.Contains("Host"))
            PutHost(writer, url);
        foreach (var field in own)
        {
            if (field.Is("Content-Length") || field.Is("Transfer-Encoding"))
                continue;
            writer.Write(field.NameBytes);
            writer.Write(": "u8);
            writer.Write(field.ValueBytes);
            writer.Write("\r\n"u8);
        }
        PutMissing(writer, own, "User-Agent", options.UserAgent);
        PutMissing(writer, own, "Accept", options.Accept);
        if (options.Decodes && !own.Contains("Range"))
            PutMissing(writer, own, "Accept-Encoding", "gzip, deflate, br");
        PutMissing(writer, own, "Referer", Referer(request));
        PutMissing(writer, own, "Cookie", additions.Cookie);
        PutMissing(writer, own, "Authorization", additions.Authorization);
        if (isForProxy)
            PutMissing(writer, own, "Proxy-Authorization", additions.ProxyAuthorization);
        PutFraming(writer, request, options);
        if (additions.ExpectsContinue)
            PutMissing(writer, own, "Expect", "100-continue");
        writer.Write("\r\n"u8);
    }

    /// <summary>RFC 9110 §10.1.3: neither who was asked for nor the fragment; and nothing from a secure page to an open one.</summary>
    private static string? Referer(ClientRequest request) =>
        request.Referrer is { } from && (from.Scheme != "https" || request.Url.Scheme == "https")
            ? from.AbsoluteForm
            : null;

    private static void PutFraming(ArrayBufferWriter<byte> writer, ClientRequest request, WebClientOptions options)
    {
        if (IsChunked(request))
        {
            if (!options.Version.IsAtLeast11)
                throw new ArgumentException("HTTP/1.0 cannot carry a body whose length is not known before.");
            writer.Write("Transfer-Encoding: chunked\r\n"u8);
        }
        else if (request.Body?.Length is > 0 || request.Method is Methods.Post or Methods.Put or Methods.Patch)
        {
            writer.Write("Content-Length: "u8);
            (request.Body?.Length ?? 0).TryFormat(
                writer.GetSpan(20),
                out var length,
                provider: CultureInfo.InvariantCulture
            );
            writer.Advance(length);
            writer.Write("\r\n"u8);
        }
    }

    private static void PutHost(ArrayBufferWriter<byte> writer, Url url)
    {
        writer.Write("Host: "u8);
        Put(writer, url.Host.Text);
        if (url.WrittenPort is { } port)
        {
            writer.Write(":"u8);
            port.Number.TryFormat(writer.GetSpan(5), out var length, provider: CultureInfo.InvariantCulture);
            writer.Advance(length);
        }
        writer.Write("\r\n"u8);
    }

    private static void PutMissing(ArrayBufferWriter<byte> writer, Fields own, string name, string? value)
    {
        if (value is null || own.Contains(name))
            return;
        Put(writer, name);
        writer.Write(": "u8);
        Put(writer, value);
        writer.Write("\r\n"u8);
    }

    private static void Put(ArrayBufferWriter<byte> writer, string text)
    {
        var span = writer.GetSpan(text.Length);
        Encoding.Latin1.GetBytes(text, span);
        if (span[..text.Length].IndexOfAny((byte)'\r', (byte)'\n', (byte)0) >= 0)
            throw new ArgumentException($"'{text}' has a line break in it.");
        writer.Advance(text.Length);
    }

    private static void ThrowUnlessToken(string method)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (method.Length > bytes.Length || !Grammar.IsToken(bytes[..Encoding.Latin1.GetBytes(method, bytes)]))
            throw new ArgumentException($"'{method}' is not a method.");
    }
}
