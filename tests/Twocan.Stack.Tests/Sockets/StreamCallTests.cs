using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

public sealed class StreamCallTests
{
    private static SocketError FailureOf(Action call) => Assert.ThrowsAny<SocketException>(call).SocketErrorCode;

    private static async Task<SocketError> FailureOf(Func<ValueTask> call) =>
        (await Assert.ThrowsAnyAsync<SocketException>(async () => await call())).SocketErrorCode;

    private static async Task ServeOneAsync(INetwork network, int port)
    {
        using var listener = network.Listen(new Port((ushort)port));
        await using var connection = await listener.AcceptAsync();
        var buffer = new byte[65536];
        var length = await connection.ReadAsync(buffer);
        connection.Because = connection.LastArrival;
        await connection.WriteAsync(buffer.AsMemory(0, length));
    }

    [Fact]
    public void A_connection_is_a_pipe_between_two_descriptors()
    {
        var net = new Net(journaled: true);
        net.Run(async () =>
        {
            net.Loop.Start("server", () => ServeOneAsync(net.Www, 80));
            await net.Loop.YieldAsync();
            var stream = await net.Pc.ConnectAsync(new(Net.WwwAddress, 80));
            await stream.WriteAsync(new byte[212]);
            var buffer = new byte[65536];
            Assert.Equal(212, await stream.ReadAsync(buffer));
            Assert.Equal(0, await stream.ReadAsync(buffer));
            stream.Dispose();
        });
        Assert.Equal(
            [
                "socket(AF_INET, SOCK_STREAM, 0) = 3",
                "connect(3, 10.0.0.2:80) = 0",
                "write(3, 212 bytes) = 212",
                "read(3, ≤65536) = 212",
                "read(3, ≤65536) = 0",
                "close(3) = 0",
            ],
            Calls(net, "pc")
        );
        Assert.Equal(
            [
                // One listener for both families (RFC 3493 §5.3).
                "socket(AF_INET6, SOCK_STREAM, 0) = 3",
                "bind(3, [::]:80) = 0",
                "listen(3, 128) = 0",
                "accept(3) = 4",
                "read(4, ≤65536) = 212",
                "write(4, 212 bytes) = 212",
                "close(4) = 0",
                "close(3) = 0",
            ],
            Calls(net, "www")
        );
    }

    [Fact]
    public void The_returns_of_connect_accept_and_read_are_caused_by_the_segment_that_let_them_return()
    {
        var net = new Net(journaled: true);
        net.Run(async () =>
        {
            net.Loop.Start("server", () => ServeOneAsync(net.Www, 80));
            await net.Loop.YieldAsync();
            using var stream = await net.Pc.ConnectAsync(new(Net.WwwAddress, 80));
            await stream.WriteAsync(new byte[212]);
            await stream.ReadExactlyAsync(new byte[212]);
        });
        foreach (var call in new[] { "connect", "accept", "read" })
        {
            var returned = net.Journal!.Entries.First(entry => entry.What is SocketReturned what && what.Call == call);
            Assert.IsType<SegmentReceived>(net.Journal.Find(returned.Because)!.What);
        }
        var answer = net.Journal!.Entries.First(entry =>
            entry is { Host: "pc", What: SocketReturned { Call: "read", Result: "212" } }
        );
        var story = net.Journal.Causes(answer.Id).ToList();
        Assert.Contains(story, entry => entry is { Host: "www", What: SocketCalled { Call: "write" } });
        Assert.IsType<SocketCalled>(story[^1].What);
        Assert.Equal(("pc", "write"), (story[^1].Host, ((SocketCalled)story[^1].What).Call));
    }

    [Fact]
    public void A_port_where_nobody_listens_refuses()
    {
        var net = new Net(journaled: true);
        net.Run(async () =>
            Assert.Equal(
                SocketError.ConnectionRefused,
                await FailureOf(async () => await net.Pc.ConnectAsync(new(Net.WwwAddress, 81)))
            )
        );
        Assert.Contains("connect(3, 10.0.0.2:81) = -1 ECONNREFUSED", Calls(net, "pc"));
        Assert.Equal("close(3) = 0", Calls(net, "pc")[^1]);
    }

    [Fact]
    public void A_silent_neighbour_is_an_unreachable_host()
    {
        var net = new Net();
        net.Run(async () =>
            Assert.Equal(
                SocketError.HostUnreachable,
                await FailureOf(async () => await net.Pc.ConnectAsync(new(Net.Nobody, 80)))
            )
        );
    }

    [Fact]
    public void A_connection_to_myself_never_touches_a_cable()
    {
        var net = new Net();
        net.Run(async () =>
        {
            net.Loop.Start("server", () => ServeOneAsync(net.Pc, 80));
            await net.Loop.YieldAsync();
            using var stream = await net.Pc.ConnectAsync(new(IpAddress.Loopback, 80));
            var data = new byte[40_000];
            new RandomSource(1).Fill(data);
            await stream.WriteAsync(data);
            var buffer = new byte[65536];
            var length = 0;
            while (await stream.ReadAsync(buffer.AsMemory(length)) is > 0 and var count)
                length += count;
            Assert.Equal(data[..length], buffer[..length]);
            Assert.True(length > 0);
        });
        Assert.Empty(net.Lan.Frames);
    }

    [Fact]
    public void Calls_in_a_wrong_state_get_the_error_that_Linux_gives()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var calls = net.Pc.Calls;
            var fresh = calls.Socket(SocketKind.Stream);
            Assert.Equal(SocketError.NotConnected, await FailureOf(() => calls.WriteAsync(fresh, new byte[1])));
            Assert.Equal(
                SocketError.NotConnected,
                await FailureOf(async () => await calls.ReadAsync(fresh, new byte[1]))
            );
            Assert.Equal(SocketError.InvalidArgument, await FailureOf(async () => await calls.AcceptAsync(fresh)));
            Assert.Equal(SocketError.NotConnected, FailureOf(() => calls.Shutdown(fresh, ShutdownHow.Write)));
            calls.Bind(fresh, new(IpAddress.Any, 80));
            var other = calls.Socket(SocketKind.Stream);
            Assert.Equal(SocketError.AddressAlreadyInUse, FailureOf(() => calls.Bind(other, new(Net.PcAddress, 80))));
            calls.Listen(fresh, 5);
            Assert.Equal(SocketError.AddressAlreadyInUse, FailureOf(() => calls.Bind(other, new(Net.PcAddress, 80))));
            Assert.Equal(
                SocketError.IsConnected,
                await FailureOf(() => calls.ConnectAsync(fresh, new(Net.WwwAddress, 80)))
            );
            Assert.Equal(
                SocketError.NotConnected,
                await FailureOf(async () => await calls.ReadAsync(fresh, new byte[1]))
            );
            calls.Close(fresh);
            calls.Bind(other, new(Net.PcAddress, 80));
            calls.Close(other);
        });
    }

    [Fact]
    public void Closing_a_listener_ends_the_wait_for_a_connection()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var listener = net.Pc.Listen(Port.Http);
            var wait = listener.AcceptAsync().AsTask();
            listener.Dispose();
            var error = await Assert.ThrowsAnyAsync<SocketException>(() => wait);
            Assert.Equal(SocketError.OperationAborted, error.SocketErrorCode);
        });
    }

    [Fact]
    public void Closing_a_connection_ends_the_wait_for_its_data()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var listener = net.Www.Listen(Port.Http);
            var descriptor = net.Pc.Calls.Socket(SocketKind.Stream);
            await net.Pc.Calls.ConnectAsync(descriptor, new(Net.WwwAddress, 80));
            using var accepted = await listener.AcceptAsync();
            var wait = net.Pc.Calls.ReadAsync(descriptor, new byte[10]).AsTask();
            net.Pc.Calls.Close(descriptor);
            var error = await Assert.ThrowsAnyAsync<SocketException>(() => wait);
            Assert.Equal(SocketError.OperationAborted, error.SocketErrorCode);
        });
    }

    [Fact]
    public void Options_are_kept_and_inherited_by_what_is_accepted()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var calls = net.Www.Calls;
            var listening = calls.Socket(SocketKind.Stream);
            calls.SetOption(listening, SocketOption.NoDelay, 1);
            calls.SetOption(listening, SocketOption.TimeToLive, 33);
            calls.SetOption(listening, SocketOption.ReuseAddress, 1);
            calls.Bind(listening, new(IpAddress.Any, 80));
            calls.Listen(listening, 5);
            using var stream = await net.Pc.ConnectAsync(new(Net.WwwAddress, 80));
            var accepted = await calls.AcceptAsync(listening);
            Assert.Equal(
                (1, 33, 1),
                (
                    calls.GetOption(accepted, SocketOption.NoDelay),
                    calls.GetOption(accepted, SocketOption.TimeToLive),
                    calls.GetOption(accepted, SocketOption.ReuseAddress)
                )
            );
            Assert.Equal(stream.LocalEndpoint, calls.RemoteEndpoint(accepted));
            calls.Close(accepted);
            calls.Close(listening);
        });
    }

    private static List<string> Calls(Net net, string host) =>
        [
            .. net.Journal!.Entries.Where(entry => entry.Host == host && entry.What is SocketReturned)
                .Select(entry => entry.What.Say(Language.English)),
        ];
}
