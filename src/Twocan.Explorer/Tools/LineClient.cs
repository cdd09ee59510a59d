using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>
/// The client of finger (RFC 1288) and whois (RFC 3912), which are one protocol twice: a line there, a text back, and the
/// server ends the connection.
/// </summary>
public static class LineClient
{
    /// <summary>Nobody reads more than this.</summary>
    private const int MaxAnswer = 1 << 20;

    /// <summary>The whole answer, with the line ends of here. Throws <see cref="System.Net.Sockets.SocketException"/> when there is none.</summary>
    public static async Task<string> AskAsync(
        INetwork network,
        Endpoint server,
        string line,
        CancellationToken stop = default
    )
    {
        using var stream = await network.ConnectAsync(server, default, stop);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), stop);
        var (answer, buffer) = (new MemoryStream(), new byte[4096]);
        while (answer.Length < MaxAnswer && await stream.ReadAsync(buffer, stop) is > 0 and var count)
            answer.Write(buffer, 0, count);
        return Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length).ReplaceLineEndings("\n");
    }
}
