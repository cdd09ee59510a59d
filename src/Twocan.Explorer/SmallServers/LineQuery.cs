using System.Text;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>The whole of what a client says to a finger or whois server: one line.</summary>
internal static class LineQuery
{
    /// <summary>Longer questions are none.</summary>
    private const int MaxLength = 1024;

    /// <summary>The line without its end; null when the client went, or does not come to an end.</summary>
    public static async Task<string?> ReadAsync(TcpStream stream, CancellationToken stop)
    {
        var (buffer, length) = (new byte[MaxLength], 0);
        while (length < MaxLength)
        {
            var count = await stream.ReadAsync(buffer.AsMemory(length), stop);
            if (count == 0)
                return null;
            length += count;
            // RFC 1288 §2.2, RFC 3912 §2: CRLF; as most servers do, a line feed alone will do.
            if (buffer.AsSpan(0, length).IndexOf((byte)'\n') is >= 0 and var end)
                return Encoding.UTF8.GetString(buffer.AsSpan(0, end)).TrimEnd('\r').Trim();
        }
        return null;
    }

    /// <summary>A text with the line ends that both protocols want.</summary>
    public static byte[] Lines(string text) =>
        Encoding.UTF8.GetBytes(text.TrimEnd('\n').ReplaceLineEndings("\r\n") + "\r\n");
}
