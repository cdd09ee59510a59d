using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

public sealed class AllocationTests
{
    [Theory]
    [InlineData("10.0.9.2")]
    [InlineData("2001:db8:9::2")]
    public void A_datagram_across_a_router_allocates_nothing_once_all_is_warm(string address)
    {
        var far = IpAddress.Parse(address);
        var net = new Net(v6: !far.IsV4);
        (net.Lan.Keeps, net.Wan.Keeps) = (false, false);
        var least = long.MaxValue;
        net.Run(async () =>
        {
            var (server, client) = (net.Far.Calls, net.Pc.Calls);
            var (listening, asking) = (server.Socket(SocketKind.Datagram), client.Socket(SocketKind.Datagram));
            server.Bind(listening, new(IpAddress.Any6, 53));
            var (data, buffer) = (new byte[1000], new byte[2000]);
            var before = 0L;
            for (var i = 1; i <= 4000; i++)
            {
                if (i % 400 == 1)
                    before = GC.GetAllocatedBytesForCurrentThread();
                await client.SendToAsync(asking, data, new(far, 53));
                var received = await server.ReceiveFromAsync(listening, buffer);
                await server.SendToAsync(listening, buffer.AsMemory(0, received.Length), received.From);
                await client.ReceiveFromAsync(asking, buffer);
                if (i % 400 == 0)
                    least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }
            client.Close(asking);
            server.Close(listening);
        });
        // Of ten rounds of 800 datagrams the best counts: in others the runtime allocates for itself, as when the thread
        // moves to a core whose pool of async state machines is still empty.
        Assert.Equal(0, least);
    }
}
