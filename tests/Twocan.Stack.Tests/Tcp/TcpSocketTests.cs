using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>TCP sockets of two hosts on a wire: what a program sees.</summary>
public class TcpSocketTests
{
    private static readonly Endpoint Www = new(Net.WwwAddress, Port.Http);

    [Fact]
    public void What_is_written_at_one_end_is_read_at_the_other()
    {
        var net = new Net();
        var sent = Bytes(300_000);
        net.Run(async () =>
        {
            var acceptor = net.Www.Tcp.Listen(new(IpAddress.Any, Port.Http), 10);
            var received = new MemoryStream();
            net.Loop.Start(
                "server",
                async () =>
                {
                    var peer = await acceptor.AcceptAsync();
                    await ReadToEndAsync(peer, received);
                    await peer.WriteAsync("thank you"u8.ToArray(), default);
                    peer.Close(default);
                }
            );
            var socket = net.Pc.Tcp.CreateSocket();
            await socket.ConnectAsync(Www, default);
            await socket.WriteAsync(sent, default);
            socket.Shutdown(ShutdownHow.Write, default);
            var answer = new MemoryStream();
            await ReadToEndAsync(socket, answer);
            socket.Close(default);
            acceptor.Close();
            Assert.Equal("thank you"u8.ToArray(), answer.ToArray());
            Assert.True(sent.AsSpan().SequenceEqual(received.ToArray()));
        });
        Assert.Empty(net.Pc.Tcp.Connections);
        Assert.Empty(net.Www.Tcp.Connections);
        Assert.Equal(0, net.Loop.TimerCount);
    }

    [Fact]
    public void A_port_that_nobody_listens_on_refuses() =>
        new Net().RunWith(async net =>
        {
            var socket = net.Pc.Tcp.CreateSocket();
            var error = await Assert.ThrowsAnyAsync<SocketException>(async () =>
                await socket.ConnectAsync(Www, default)
            );
            Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        });

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new RandomSource(5).Fill(bytes);
        return bytes;
    }

    private static async Task ReadToEndAsync(TcpSocket socket, MemoryStream into)
    {
        var buffer = new byte[4096];
        while (true)
        {
            var received = await socket.ReadAsync(buffer);
            if (received.Length == 0)
                return;
            into.Write(buffer, 0, received.Length);
        }
    }
}

internal static class NetExtensions
{
    public static void RunWith(this Net net, Func<Net, Task> test) => net.Run(() => test(net));
}
