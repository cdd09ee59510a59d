using Twocan.Core;

namespace Twocan.Stack.Tests;

public class TcpAllocationTests
{
    /// <summary>Until the buffers are as large as they may become.</summary>
    private const int Warm = 40_000_000;
    private const int Measured = 10_000_000;

    [Fact]
    public void A_bulk_transfer_allocates_nothing_per_segment()
    {
        var net = new Net();
        net.Lan.Keeps = false;
        var allocated = long.MaxValue;
        net.Run(async () =>
        {
            var acceptor = net.Www.Tcp.Listen(new(IpAddress.Any, Port.Http), 1);
            var socket = net.Pc.Tcp.CreateSocket();
            await socket.ConnectAsync(new(Net.WwwAddress, Port.Http), default);
            var peer = await acceptor.AcceptAsync();
            net.Loop.Start("reader", () => ReadAllAsync(peer));
            var chunk = new byte[50_000];
            for (var written = 0; written < Warm; written += chunk.Length)
                await socket.WriteAsync(chunk, default);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var written = 0; written < Measured; written += chunk.Length)
                await socket.WriteAsync(chunk, default);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            socket.Close(default);
            acceptor.Close();
        });
        // 6,850 segments of data and half as many acknowledgements: less than two octets for each.
        Assert.InRange(allocated, 0, 24_000);
    }

    private static async Task ReadAllAsync(TcpSocket peer)
    {
        var buffer = new byte[50_000];
        while ((await peer.ReadAsync(buffer)).Length > 0) { }
        peer.Close(default);
    }
}
