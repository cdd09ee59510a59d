using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>Discard (RFC 863): throws away whatever it receives, and never answers.</summary>
public static class DiscardService
{
    public static SmallService Service { get; } =
        new("discard", new(9), static (_, stream, stop) => SwallowAsync(stream, stop), static (_, _) => null);

    /// <summary>Reads to the end and keeps nothing; how many bytes there were.</summary>
    internal static async Task<long> SwallowAsync(TcpStream stream, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        var total = 0L;
        while (await stream.ReadAsync(buffer, stop) is > 0 and var count)
            total += count;
        return total;
    }
}
