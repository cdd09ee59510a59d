using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>The two ends of a measurement: one that sends for as long as it is heard, and one that takes all there is.</summary>
public static class MeasuringServices
{
    /// <summary>Sends <paramref name="bytes"/>, or without end.</summary>
    public static SmallService Source(long? bytes = null) =>
        new("tcp-source", new(5002), (_, stream, stop) => SendAsync(stream, bytes ?? long.MaxValue, stop));

    public static SmallService Sink { get; } =
        new("tcp-sink", new(5001), static (_, stream, stop) => DiscardService.SwallowAsync(stream, stop));

    private static async Task SendAsync(TcpStream stream, long bytes, CancellationToken stop)
    {
        var block = new byte[64 * 1024];
        for (var i = 0; i < block.Length; i++)
            block[i] = (byte)i;
        while (bytes > 0)
        {
            var length = (int)Math.Min(block.Length, bytes);
            await stream.WriteAsync(block.AsMemory(0, length), stop);
            bytes -= length;
        }
        stream.ShutdownWrite();
        await DiscardService.SwallowAsync(stream, stop);
    }
}
