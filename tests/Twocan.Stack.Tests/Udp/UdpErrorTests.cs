using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

public sealed class UdpErrorTests
{
    private static readonly byte[] Probe = "probe"u8.ToArray();

    [Fact]
    public void A_socket_that_asks_for_errors_hears_who_says_what_about_which_datagram()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var socket = Open(net);
            socket.SetOption(SocketOption.TimeToLive, 1);
            await socket.SendToAsync(Probe, new(Net.FarAddress, 33434));
            var exceeded = await socket.ReceiveErrorAsync();
            Assert.Equal((IcmpType.TimeExceeded, 0), ((IcmpType)exceeded.Type, exceeded.Code));
            Assert.Equal(SocketError.HostUnreachable, exceeded.Error);
            Assert.Equal(IpAddress.Parse("10.0.0.254"), exceeded.From);
            Assert.Equal(new(Net.FarAddress, 33434), exceeded.To);

            socket.SetOption(SocketOption.TimeToLive, 2);
            await socket.SendToAsync(Probe, new(Net.FarAddress, 33435));
            var refused = await socket.ReceiveErrorAsync();
            Assert.Equal((SocketError.ConnectionRefused, Net.FarAddress), (refused.Error, refused.From));
            Assert.Equal(33435, refused.To.Port.Number);
        });
    }

    [Fact]
    public void What_waits_in_the_error_queue_is_not_thrown_as_well()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var socket = Open(net);
            await socket.ConnectAsync(new(Net.WwwAddress, 9));
            await socket.SendToAsync(Probe, default);
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
            await socket.SendToAsync(Probe, default);
            Assert.Equal(SocketError.ConnectionRefused, (await socket.ReceiveErrorAsync()).Error);
            Assert.Equal(SocketError.ConnectionRefused, (await socket.ReceiveErrorAsync()).Error);
        });
    }

    [Fact]
    public void Without_asking_there_is_no_error_to_wait_for()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var socket = net.Pc.OpenDatagram();
            Assert.Equal(SocketError.InvalidArgument, await FailureOf(socket));
            socket.SetOption(SocketOption.ReceiveErrors, 1);
            socket.SetOption(SocketOption.ReceiveErrors, 0);
            Assert.Equal(SocketError.InvalidArgument, await FailureOf(socket));
            using var ping = net.Pc.OpenIcmp();
            Assert.Equal(SocketError.OperationNotSupported, await FailureOf(ping));
        });
    }

    [Fact]
    public void The_error_queue_is_bounded_and_what_does_not_fit_is_counted()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var socket = Open(net);
            for (var i = 0; i < ErrorQueue.Limit + 10; i++)
            {
                await socket.SendToAsync(Probe, new(Net.WwwAddress, 9));
                // Slower than ICMP errors are held back.
                await net.Loop.DelayAsync(Duration.FromMilliseconds(2));
            }
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
        });
        Assert.Equal(10, net.Pc.Counters.Dropped(DropReason.ReceiveQueueFull));
    }

    [Fact]
    public void Closing_the_socket_ends_the_wait_for_an_error()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var socket = Open(net);
            var waiting = socket.ReceiveErrorAsync();
            socket.Dispose();
            var failure = await Assert.ThrowsAnyAsync<SocketException>(async () => await waiting);
            Assert.Equal(SocketError.OperationAborted, failure.SocketErrorCode);
        });
    }

    private static DatagramSocket Open(Net net)
    {
        var socket = net.Pc.OpenDatagram();
        socket.SetOption(SocketOption.ReceiveErrors, 1);
        return socket;
    }

    private static async Task<SocketError> FailureOf(DatagramSocket socket) =>
        (await Assert.ThrowsAnyAsync<SocketException>(async () => await socket.ReceiveErrorAsync())).SocketErrorCode;
}
