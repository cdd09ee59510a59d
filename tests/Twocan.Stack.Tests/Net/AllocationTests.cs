using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

public sealed class AllocationTests
{
    [Fact]
    public void A_datagram_across_a_router_allocates_nothing_once_all_is_warm()
    {
        var net = new Net();
        (net.Lan.Keeps, net.Wan.Keeps) = (false, false);
        var allocated = 0L;
        net.Run(async () =>
        {
            var (server, client) = (net.Far.Calls, net.Pc.Calls);
            var (listening, asking) = (server.Socket(SocketKind.Datagram), client.Socket(SocketKind.Datagram));
            server.Bind(listening, new(IpAddress.Any, 53));
            var (data, buffer) = (new byte[1000], new byte[2000]);
            for (var i = 0; i < 3000; i++)
            {
                if (i == 1000)
                    allocated = GC.GetAllocatedBytesForCurrentThread();
                await client.SendToAsync(asking, data, new(Net.FarAddress, 53));
                var received = await server.ReceiveFromAsync(listening, buffer);
                await server.SendToAsync(listening, buffer.AsMemory(0, received.Length), received.From);
                await client.ReceiveFromAsync(asking, buffer);
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            client.Close(asking);
            server.Close(listening);
        });
        // 4,000 datagrams, each framed three times over; what is left is the runtime's own (tiered compilation).
        Assert.InRange(allocated, 0, 4000);
    }
}
