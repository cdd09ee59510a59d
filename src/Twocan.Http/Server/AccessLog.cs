using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>A request that has been answered.</summary>
/// <param name="Head">Null when what came was no request.</param>
/// <param name="BodyBytes">Bytes of the body that were sent.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AccessRecord(
    Endpoint Remote,
    RequestHead? Head,
    int Status,
    long BodyBytes,
    DateTimeOffset At,
    Duration Took
);

public interface IAccessLog
{
    void Tell(in AccessRecord record);
}

public enum AccessLogFormat
{
    /// <summary>The combined format that Apache and nginx write and every reader of logs knows.</summary>
    Combined,

    /// <summary>A JSON object for each line.</summary>
    Json,
}

/// <summary>
/// Writes a line for each request. What came from the client is written so that it stays within its place: a quote, a line
/// break or a terminal's escape in a field must not forge a line or paint the screen of who reads it.
/// </summary>
public sealed class AccessLog(AccessLogFormat format, Action<string> line) : IAccessLog
{
    public void Tell(in AccessRecord record) => line(format == AccessLogFormat.Json ? Json(record) : Combined(record));

    private static string Combined(in AccessRecord record)
    {
        var head = record.Head;
        var text = new StringBuilder()
            .Append(record.Remote.Address)
            .Append(" - - [")
            .Append(record.At.ToString("dd/MMM/yyyy:HH:mm:ss +0000", CultureInfo.InvariantCulture))
            .Append("] ");
        AppendQuoted(text, head is null ? null : $"{head.Method} {head.Target} {head.Version}");
        text.Append(CultureInfo.InvariantCulture, $" {record.Status} ");
        text.Append(record.BodyBytes == 0 ? "-" : record.BodyBytes.ToString(CultureInfo.InvariantCulture)).Append(' ');
        AppendQuoted(text, head?.Fields["Referer"]);
        AppendQuoted(text.Append(' '), head?.Fields["User-Agent"]);
        return text.ToString();
    }

    private static string Json(in AccessRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new System.Text.Json.Utf8JsonWriter(buffer))
        {
            var head = record.Head;
            json.WriteStartObject();
            json.WriteString("time", record.At.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("remote", record.Remote.Address.ToString());
            json.WriteNumber("remote_port", record.Remote.Port.Number);
            json.WriteString("host", head?.Fields["Host"]);
            json.WriteString("method", head?.Method);
            json.WriteString("target", head?.Target);
            json.WriteString("version", head?.Version.ToString());
            json.WriteNumber("status", record.Status);
            json.WriteNumber("body_bytes", record.BodyBytes);
            json.WriteNumber("milliseconds", Math.Round(record.Took.TotalMilliseconds, 3));
            json.WriteString("referer", head?.Fields["Referer"]);
            json.WriteString("user_agent", head?.Fields["User-Agent"]);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void AppendQuoted(StringBuilder text, string? value)
    {
        text.Append('"');
        foreach (var c in value ?? "-")
        {
            if (c is '"' or '\\' or < ' ' or >= '\x7F')
                text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}");
            else
                text.Append(c);
        }
        text.Append('"');
    }
}
