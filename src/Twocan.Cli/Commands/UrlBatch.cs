using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Twocan.Http;

namespace Twocan.Cli;

/// <summary>
/// <c>url --batch</c>: a JSON line in, a JSON line out, for as long as there are any. What has come is answered before
/// more is waited for, so a program can ask and listen in turn; a line that is no question is answered as a failure.
/// </summary>
internal static class UrlBatch
{
    private static readonly JsonWriterOptions Style = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Run(Stream input, Action<ReadOnlySpan<byte>> output)
    {
        var (buffer, length) = (new byte[64 * 1024], 0);
        var answers = new ArrayBufferWriter<byte>(64 * 1024);
        while (input.Read(buffer.AsSpan(length)) is > 0 and var read)
        {
            length += read;
            var taken = 0;
            while (buffer.AsSpan(taken..length).IndexOf((byte)'\n') is >= 0 and var line)
            {
                Answer(buffer.AsSpan(taken, line), answers);
                taken += line + 1;
            }
            Flush(answers, output);
            buffer.AsSpan(taken..length).CopyTo(buffer);
            length -= taken;
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }
        // The last line may have no end.
        Answer(buffer.AsSpan(..length), answers);
        Flush(answers, output);
    }

    private static void Flush(ArrayBufferWriter<byte> answers, Action<ReadOnlySpan<byte>> output)
    {
        if (answers.WrittenCount > 0)
            output(answers.WrittenSpan);
        answers.ResetWrittenCount();
    }

    private static void Answer(ReadOnlySpan<byte> line, ArrayBufferWriter<byte> answers)
    {
        if (line.Trim(" \t\r"u8).Length == 0)
            return;
        using var json = new Utf8JsonWriter(answers, Style);
        json.WriteStartObject();
        if (!TryReadQuestion(line, out var input, out var page))
        {
            json.WriteBoolean("failure"u8, true);
            json.WriteString("error"u8, "this is no JSON object with an \"input\" that is a string");
        }
        else if (TryParse(input, page) is { } url)
        {
            Write(json, url);
        }
        else
        {
            json.WriteBoolean("failure"u8, true);
        }
        json.WriteEndObject();
        json.Flush();
        answers.Write("\n"u8);
    }

    private static Url? TryParse(string input, string? page)
    {
        Url? relativeTo = null;
        if (page is not null && !Url.TryParse(page, out relativeTo))
            return null;
        return Url.TryParse(input, relativeTo, out var url, out _) ? url : null;
    }

    private static void Write(Utf8JsonWriter json, Url url)
    {
        json.WriteString("href"u8, url.Href);
        json.WriteString("protocol"u8, $"{url.Scheme}:");
        json.WriteString("username"u8, url.Username);
        json.WriteString("password"u8, url.Password);
        json.WriteString("host"u8, url.Authority);
        json.WriteString("hostname"u8, url.Host.Text);
        json.WriteString("port"u8, $"{url.WrittenPort}");
        json.WriteString("pathname"u8, url.Path);
        json.WriteString("search"u8, url.Search);
        json.WriteString("hash"u8, url.Hash);
        json.WriteString("origin"u8, url.Origin);
    }

    private static bool TryReadQuestion(ReadOnlySpan<byte> line, out string input, out string? page)
    {
        (input, page) = ("", null);
        var hasInput = false;
        var reader = new Utf8JsonReader(line);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isInput, isBase) = (reader.ValueTextEquals("input"u8), reader.ValueTextEquals("base"u8));
                reader.Read();
                if (isInput || (isBase && reader.TokenType != JsonTokenType.Null))
                {
                    if (reader.TokenType != JsonTokenType.String)
                        return false;
                    var text = Text(reader);
                    (input, page, hasInput) = isInput ? (text, page, true) : (input, text, hasInput);
                }
                reader.Skip();
            }
            return hasInput && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>
    /// The string, whatever it holds: the reader's own refuses half a surrogate pair (<c>"\ud800"</c>), which a URL may have:
    /// it becomes U+FFFD where it is encoded.
    /// </summary>
    private static string Text(in Utf8JsonReader reader)
    {
        var raw = Encoding.UTF8.GetString(reader.ValueSpan);
        if (!reader.ValueIsEscaped)
            return raw;
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            var escaped = raw[++i];
            if (escaped == 'u')
            {
                text.Append((char)Convert.ToUInt16(raw.Substring(i + 1, 4), 16));
                i += 4;
                continue;
            }
            text.Append(
                escaped switch
                {
                    'b' => '\b',
                    'f' => '\f',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    var itself => itself,
                }
            );
        }
        return text.ToString();
    }
}
