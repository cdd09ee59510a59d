using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>Echo (RFC 862): sends back whatever it receives.</summary>
public static class EchoService
{
    public static readonly Port Port = new(7);

    public static SmallService Service { get; } = new("echo", Port, ConverseAsync, static (_, request) => request);

    private static async Task ConverseAsync(INetwork network, TcpStream stream, CancellationToken stop)
    {
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, stop) is > 0 and var count)
        {
            stream.Because = stream.LastArrival;
            await stream.WriteAsync(buffer.AsMemory(0, count), stop);
        }
    }
}
