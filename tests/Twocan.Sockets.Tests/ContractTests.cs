using System.Net.Sockets;
using System.Text;
using Twocan.Core;

namespace Twocan.Sockets.Tests;

/// <summary>
/// What a program may rely on, whoever's sockets these are: our own stack's in virtual time, or the operating system's over
/// its loopback, on Linux's epoll and on the driver for all systems.
/// </summary>
public sealed class ContractTests : Contract
{
    [Theory]
    [MemberData(nameof(Networks))]
    public void Both_ends_of_a_connection_know_each_other(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                Assert.Equal(client.LocalEndpoint, server.RemoteEndpoint);
                Assert.Equal(client.RemoteEndpoint, server.LocalEndpoint);
                Assert.Equal(IpAddress.Loopback, client.LocalEndpoint.Address);
                client.Dispose();
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Text_readers_and_writers_work_on_a_connection(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                await using var writer = new StreamWriter(client, Encoding.UTF8);
                using var reader = new StreamReader(server, Encoding.UTF8);
                await writer.WriteLineAsync("안녕, 깡통");
                await writer.FlushAsync();
                Assert.Equal("안녕, 깡통", await reader.ReadLineAsync());
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_half_closed_connection_still_carries_the_answer(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                await client.WriteAsync("question"u8.ToArray());
                client.ShutdownWrite();
                using var question = new MemoryStream();
                await server.CopyToAsync(question);
                Assert.Equal("question"u8, question.ToArray());
                await server.WriteAsync("answer"u8.ToArray());
                server.Dispose();
                using var answer = new MemoryStream();
                await client.CopyToAsync(answer);
                Assert.Equal("answer"u8, answer.ToArray());
                client.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Much_data_goes_both_ways_at_once(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                var data = new byte[3_000_000];
                network.Random.Fill(data);
                network.Loop.Start("echo", () => EchoAsync(server));
                network.Loop.Start("sender", () => SendAsync(client, data));
                var received = new byte[data.Length];
                await client.ReadExactlyAsync(received);
                Assert.Equal(0, await client.ReadAsync(new byte[1]));
                Assert.True(data.AsSpan().SequenceEqual(received));
                client.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_hundred_connections_live_side_by_side(string kind) =>
        On(
            kind,
            async network =>
            {
                using var listener = network.Listen(Here);
                using var stop = new CancellationTokenSource();
                network.Loop.Start(
                    "server",
                    async () =>
                    {
                        await foreach (var connection in listener.AcceptAllAsync(stop.Token))
                            network.Loop.Start("echo", () => EchoAsync(connection));
                    }
                );
                var clients = new List<TcpStream>();
                for (var i = 0; i < 100; i++)
                    clients.Add(await network.ConnectAsync(listener.LocalEndpoint));
                for (var i = 0; i < 100; i++)
                    await clients[i].WriteAsync(new[] { (byte)i });
                for (var i = 0; i < 100; i++)
                {
                    var answer = new byte[1];
                    await clients[i].ReadExactlyAsync(answer);
                    Assert.Equal(i, answer[0]);
                    clients[i].ShutdownWrite();
                    Assert.Equal(0, await clients[i].ReadAsync(answer));
                    clients[i].Dispose();
                }
                stop.Cancel();
                // The last echo closes its end when it has had its turn.
                await network.Loop.DelayAsync(Duration.FromMilliseconds(20));
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_port_where_nobody_listens_refuses_and_leaves_no_descriptor(string kind) =>
        On(
            kind,
            async network =>
            {
                var listener = network.Listen(Here);
                var nobody = listener.LocalEndpoint;
                listener.Dispose();
                Assert.Equal(
                    SocketError.ConnectionRefused,
                    await FailureOf(async () => await network.ConnectAsync(nobody))
                );
                Assert.Equal(
                    SocketError.AddressNotAvailable,
                    FailureOf(() => network.Listen(new Endpoint(IpAddress.Parse("192.0.2.1"), 80)))
                );
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Descriptors_begin_at_3_and_the_lowest_free_one_is_next(string kind) =>
        On(
            kind,
            network =>
            {
                var calls = network.Calls;
                Assert.Equal([3, 4, 5], Enumerable.Range(0, 3).Select(_ => calls.Socket(SocketKind.Datagram)));
                calls.Close(4);
                Assert.Equal(4, calls.Socket(SocketKind.Stream));
                Assert.Equal(SocketError.NotSocket, FailureOf(() => calls.Close(6)));
                foreach (var descriptor in new[] { 3, 4, 5 })
                    calls.Close(descriptor);
                return Task.CompletedTask;
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Calls_in_a_wrong_state_get_the_same_error(string kind) =>
        On(
            kind,
            async network =>
            {
                var calls = network.Calls;
                var stream = calls.Socket(SocketKind.Stream);
                Assert.Equal(SocketError.NotConnected, await FailureOf(() => calls.WriteAsync(stream, new byte[1])));
                Assert.Equal(
                    SocketError.NotConnected,
                    await FailureOf(async () => await calls.ReadAsync(stream, new byte[1]))
                );
                Assert.Equal(SocketError.InvalidArgument, await FailureOf(async () => await calls.AcceptAsync(stream)));
                Assert.Equal(SocketError.NotConnected, FailureOf(() => calls.Shutdown(stream, ShutdownHow.Write)));
                calls.Bind(stream, Here);
                Assert.Equal(SocketError.InvalidArgument, FailureOf(() => calls.Bind(stream, Here)));
                calls.Listen(stream, 5);
                Assert.Equal(
                    SocketError.IsConnected,
                    await FailureOf(() => calls.ConnectAsync(stream, calls.LocalEndpoint(stream)))
                );
                var other = calls.Socket(SocketKind.Stream);
                Assert.Equal(
                    SocketError.AddressAlreadyInUse,
                    FailureOf(() => calls.Bind(other, calls.LocalEndpoint(stream)))
                );
                var udp = calls.Socket(SocketKind.Datagram);
                Assert.Equal(SocketError.OperationNotSupported, FailureOf(() => calls.Listen(udp, 1)));
                Assert.Equal(
                    SocketError.DestinationAddressRequired,
                    await FailureOf(() => calls.WriteAsync(udp, new byte[1]))
                );
                Assert.Equal(SocketError.NotConnected, FailureOf(() => calls.Shutdown(udp, ShutdownHow.Write)));
                Assert.Equal(
                    SocketError.InvalidArgument,
                    await FailureOf(() => calls.SendToAsync(udp, new byte[1], Here))
                );
                Assert.Equal(SocketError.ProtocolOption, FailureOf(() => calls.GetOption(udp, SocketOption.NoDelay)));
                Assert.Equal(
                    SocketError.InvalidArgument,
                    FailureOf(() => calls.SetOption(udp, SocketOption.TimeToLive, 256))
                );
                foreach (var descriptor in new[] { stream, other, udp })
                    calls.Close(descriptor);
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Closing_ends_every_wait(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                var listener = network.Listen(Here);
                var udp = network.OpenDatagram(Here);
                var reading = network.Calls.ReadAsync(client.Descriptor, new byte[10]).AsTask();
                var accepting = listener.AcceptAsync().AsTask();
                var receiving = udp.ReceiveFromAsync(new byte[10]).AsTask();
                await network.Loop.DelayAsync(Duration.FromMilliseconds(1));
                client.Dispose();
                listener.Dispose();
                udp.Dispose();
                foreach (var wait in new Task[] { reading, accepting, receiving })
                {
                    var error = await Assert.ThrowsAnyAsync<SocketException>(() => wait);
                    Assert.Equal(SocketError.OperationAborted, error.SocketErrorCode);
                }
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_wait_that_is_cancelled_ends_and_the_socket_lives_on(string kind) =>
        On(
            kind,
            async network =>
            {
                using var socket = network.OpenDatagram(Here);
                using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(2), network.Loop.TimeProvider);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                    await socket.ReceiveFromAsync(new byte[10], stop.Token)
                );
                await socket.SendToAsync(new byte[3], socket.LocalEndpoint);
                Assert.Equal(3, (await socket.ReceiveFromAsync(new byte[10])).Length);
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_datagram_comes_whole_with_its_sender_and_its_time_to_live(string kind) =>
        On(
            kind,
            async network =>
            {
                using var one = network.OpenDatagram(Here);
                using var other = network.OpenDatagram(Here);
                one.SetOption(SocketOption.TimeToLive, 33);
                await one.SendToAsync("over"u8.ToArray(), other.LocalEndpoint);
                await one.SendToAsync("out"u8.ToArray(), other.LocalEndpoint);
                var buffer = new byte[10];
                var first = await other.ReceiveFromAsync(buffer);
                Assert.Equal((4, one.LocalEndpoint), (first.Length, first.From));
                if (kind != OnSelect) // .NET's own sockets do not tell
                    Assert.Equal(33, first.TimeToLive);
                Assert.Equal(3, (await other.ReceiveFromAsync(buffer)).Length);
                Assert.Equal(
                    SocketError.MessageSize,
                    await FailureOf(() => one.SendToAsync(new byte[70_000], other.LocalEndpoint))
                );
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_connected_datagram_socket_hears_that_nobody_is_there(string kind) =>
        On(
            kind,
            async network =>
            {
                var nobody = Gone(network);
                using var socket = network.OpenDatagram();
                await socket.ConnectAsync(nobody);
                await network.Calls.WriteAsync(socket.Descriptor, new byte[1]);
                Assert.Equal(
                    SocketError.ConnectionRefused,
                    await FailureOf(async () => await socket.ReceiveFromAsync(new byte[10]))
                );
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Who_asks_for_errors_is_told_who_said_what_about_which(string kind) =>
        On(
            kind,
            async network =>
            {
                var nobody = Gone(network);
                using var socket = network.OpenDatagram();
                if (kind == OnSelect) // .NET's own sockets have no queue of errors, and say so
                {
                    Assert.Equal(
                        SocketError.OperationNotSupported,
                        FailureOf(() => socket.SetOption(SocketOption.ReceiveErrors, 1))
                    );
                    return;
                }
                socket.SetOption(SocketOption.ReceiveErrors, 1);
                for (var i = 0; i < 2; i++)
                {
                    await socket.SendToAsync(new byte[32], nobody);
                    var error = await socket.ReceiveErrorAsync();
                    Assert.Equal(
                        (SocketError.ConnectionRefused, IpAddress.Loopback, 3, 3, nobody),
                        (error.Error, error.From, error.Type, error.Code, error.To)
                    );
                }
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Options_are_kept_and_inherited_by_what_is_accepted(string kind) =>
        On(
            kind,
            async network =>
            {
                var calls = network.Calls;
                var listening = calls.Socket(SocketKind.Stream);
                calls.SetOption(listening, SocketOption.NoDelay, 1);
                calls.SetOption(listening, SocketOption.TimeToLive, 33);
                calls.SetOption(listening, SocketOption.ReuseAddress, 1);
                calls.Bind(listening, Here);
                calls.Listen(listening, 5);
                using var stream = await network.ConnectAsync(calls.LocalEndpoint(listening));
                var accepted = await calls.AcceptAsync(listening);
                Assert.Equal(
                    (1, 33, 1),
                    (
                        calls.GetOption(accepted, SocketOption.NoDelay),
                        calls.GetOption(accepted, SocketOption.TimeToLive),
                        calls.GetOption(accepted, SocketOption.ReuseAddress)
                    )
                );
                calls.Close(accepted);
                calls.Close(listening);
            }
        );
}
