using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>A form as <c>multipart/form-data</c> (RFC 7578): texts and files.</summary>
public sealed class MultipartForm(RandomSource random)
{
    private readonly List<byte> _bytes = [];
    private readonly string _boundary = $"----twocan{random.NextUInt64():x16}";

    public string ContentType => $"multipart/form-data; boundary={_boundary}";

    public MultipartForm Add(string name, string value) => Add(name, Encoding.UTF8.GetBytes(value), null, null);

    public MultipartForm Add(string name, ReadOnlySpan<byte> content, string? file, string? type)
    {
        var head = new StringBuilder($"--{_boundary}\r\nContent-Disposition: form-data; name=\"{Escaped(name)}\"");
        if (file is not null)
            head.Append($"; filename=\"{Escaped(file)}\"\r\nContent-Type: {type ?? MimeTypes.Of(file)}");
        _bytes.AddRange(Encoding.UTF8.GetBytes(head.Append("\r\n\r\n").ToString()));
        _bytes.AddRange(content);
        _bytes.AddRange("\r\n"u8);
        return this;
    }

    public RequestBody ToBody()
    {
        byte[] whole = [.. _bytes, .. Encoding.UTF8.GetBytes($"--{_boundary}--\r\n")];
        return RequestBody.Of(whole);
    }

    /// <summary>As browsers do it: these three would end the name (HTML §4.10.22.8).</summary>
    private static string Escaped(string text) =>
        text.Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal)
            .Replace("\"", "%22", StringComparison.Ordinal);
}
