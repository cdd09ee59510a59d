using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Bench;

/// <summary>Octets that count up by one and begin again after 255: whoever receives them can tell by the place in the stream what each has to be.</summary>
internal static class ByteStream
{
    public const int ChunkBytes = 64 * 1024;
    private const int Period = 256;

    private static readonly byte[] s_pattern = [.. Enumerable.Range(0, ChunkBytes + Period).Select(i => (byte)i)];

    public static async Task SendAsync(INetwork network, Endpoint to, long bytes)
    {
        await using var stream = await network.ConnectAsync(to);
        for (var left = bytes; left > 0; left -= ChunkBytes)
            await stream.WriteAsync(s_pattern.AsMemory(0, (int)Math.Min(left, ChunkBytes)));
    }

    /// <summary>Reads to the end and compares every octet; throws where one is wrong.</summary>
    public static async Task<long> ReceiveAsync(TcpStream stream, Action<int> arrived)
    {
        var buffer = new byte[ChunkBytes];
        var received = 0L;
        while (await stream.ReadAsync(buffer) is > 0 and var count)
        {
            if (!buffer.AsSpan(0, count).SequenceEqual(s_pattern.AsSpan((int)(received % Period), count)))
                throw new InvalidOperationException($"Wrong bytes after {received}.");
            received += count;
            arrived(count);
        }
        return received;
    }
}
