using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

public sealed class SocketCallTests
{
    private static SocketError FailureOf(Action call) => Assert.ThrowsAny<SocketException>(call).SocketErrorCode;

    private static async Task<SocketError> FailureOf(Func<ValueTask> call) =>
        (await Assert.ThrowsAnyAsync<SocketException>(async () => await call())).SocketErrorCode;

    [Fact]
    public void Descriptors_begin_at_3_and_the_lowest_free_one_is_next()
    {
        var net = new Net();
        net.Run(() =>
        {
            var calls = net.Pc.Calls;
            Assert.Equal([3, 4, 5, 6], Enumerable.Range(0, 4).Select(_ => calls.Socket(SocketKind.Datagram)));
            calls.Close(5);
            calls.Close(4);
            Assert.Equal(3, net.Www.Calls.Socket(SocketKind.Icmp));
            Assert.Equal([4, 5, 7], Enumerable.Range(0, 3).Select(_ => calls.Socket(SocketKind.Datagram)));
            Assert.Equal(5, net.Pc.Sockets.OpenCount);
            return Task.CompletedTask;
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void A_number_that_is_no_open_socket_is_refused(int descriptor)
    {
        var net = new Net();
        Assert.Equal(SocketError.NotSocket, FailureOf(() => net.Pc.Calls.Close(descriptor)));
        Assert.Equal(SocketError.NotSocket, FailureOf(() => net.Pc.Calls.Bind(descriptor, Endpoint.Any)));
        Assert.Equal(SocketError.NotSocket, FailureOf(() => _ = net.Pc.Calls.LocalEndpoint(descriptor)));
    }

    [Fact]
    public void Calls_in_a_wrong_state_get_the_error_that_Linux_gives()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var calls = net.Pc.Calls;
            var udp = calls.Socket(SocketKind.Datagram);
            Assert.Equal(SocketError.OperationNotSupported, FailureOf(() => calls.Listen(udp, 1)));
            Assert.Equal(
                SocketError.DestinationAddressRequired,
                await FailureOf(() => calls.WriteAsync(udp, new byte[1]))
            );
            Assert.Equal(SocketError.NotConnected, FailureOf(() => calls.Shutdown(udp, ShutdownHow.Write)));
            Assert.Equal(
                SocketError.InvalidArgument,
                await FailureOf(() => calls.SendToAsync(udp, new byte[1], new(Net.WwwAddress, 0)))
            );
            calls.Bind(udp, Endpoint.Any);
            Assert.Equal(SocketError.InvalidArgument, FailureOf(() => calls.Bind(udp, Endpoint.Any)));
            Assert.Equal(
                SocketError.InvalidArgument,
                FailureOf(() => calls.SetOption(udp, SocketOption.TimeToLive, 256))
            );
            Assert.Equal(SocketError.ProtocolOption, FailureOf(() => calls.GetOption(udp, SocketOption.NoDelay)));
            var ping = calls.Socket(SocketKind.Icmp);
            Assert.Equal(
                SocketError.InvalidArgument,
                await FailureOf(() => calls.SendToAsync(ping, new byte[8], new(Net.WwwAddress, 0)))
            );
        });
    }

    [Fact]
    public void Closing_a_descriptor_ends_the_wait_on_it()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var calls = net.Pc.Calls;
            var udp = calls.Socket(SocketKind.Datagram);
            calls.Bind(udp, Endpoint.Any);
            var wait = calls.ReceiveFromAsync(udp, new byte[10]).AsTask();
            calls.Close(udp);
            // The number is free for the next socket, which the old wait does not touch.
            Assert.Equal(udp, calls.Socket(SocketKind.Datagram));
            var error = await Assert.ThrowsAnyAsync<SocketException>(() => wait);
            Assert.Equal(SocketError.OperationAborted, error.SocketErrorCode);
        });
    }

    [Fact]
    public void A_wait_that_is_cancelled_ends_and_the_socket_lives_on()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var socket = net.Pc.OpenDatagram(new(IpAddress.Any, 53));
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2), net.Loop.TimeProvider);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                await socket.ReceiveFromAsync(new byte[10], stop.Token)
            );
            Assert.Equal(Instant.Zero + Duration.FromSeconds(2), net.Loop.Now);
            await socket.SendToAsync(new byte[3], new(IpAddress.Loopback, 53));
            Assert.Equal(3, (await socket.ReceiveFromAsync(new byte[10])).Length);
        });
    }
}
