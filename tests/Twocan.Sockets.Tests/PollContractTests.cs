using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets.Tests;

/// <summary>poll over many descriptors: the same on every network.</summary>
public sealed class PollContractTests : Contract
{
    private static readonly Duration Moment = Duration.FromMilliseconds(3);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Those_that_are_ready_are_told_from_those_that_are_not(string kind) =>
        On(
            kind,
            async network =>
            {
                var pipes = await PipesAsync(network, 3);
                var list = Wanting(PollEvents.In, pipes);
                var polls = network.Calls.PollAsync(list);
                Assert.False(polls.IsCompleted);
                await pipes[1].Client.WriteAsync("x"u8.ToArray());
                Assert.Equal(1, await polls);
                Assert.Equal([PollEvents.None, PollEvents.In, PollEvents.None], list.Select(one => one.Found));
                await pipes[2].Client.WriteAsync("x"u8.ToArray());
                await pipes[2].Server.WaitToReadAsync();
                Assert.Equal(2, await network.Calls.PollAsync(list));
                Assert.Equal([PollEvents.None, PollEvents.In, PollEvents.In], list.Select(one => one.Found));
                Close(pipes);
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void It_ends_when_its_time_is_over_and_without_any_time_it_only_looks(string kind) =>
        On(
            kind,
            async network =>
            {
                var pipes = await PipesAsync(network, 2);
                var list = Wanting(PollEvents.In, pipes);
                Assert.True(network.Calls.PollAsync(list, Duration.Zero) is { IsCompleted: true, Result: 0 });
                var begun = network.Loop.Now;
                Assert.Equal(0, await network.Calls.PollAsync(list, Moment));
                Assert.True(network.Loop.Now - begun >= Moment);
                Assert.Equal(0, await network.Calls.PollAsync(default, Moment));
                Close(pipes);
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_listener_a_connection_and_a_datagram_socket_stand_in_one_list(string kind) =>
        On(
            kind,
            async network =>
            {
                var calls = network.Calls;
                var (client, server) = await PipeAsync(network);
                using var listener = network.Listen(Here);
                using var datagrams = network.OpenDatagram(Here);
                PollDescriptor[] list =
                [
                    new(listener.Descriptor, PollEvents.In),
                    new(server.Descriptor, PollEvents.In),
                    new(datagrams.Descriptor, PollEvents.In),
                ];
                var polls = calls.PollAsync(list);
                using var another = await network.ConnectAsync(listener.LocalEndpoint);
                Assert.Equal((1, PollEvents.In), (await polls, list[0].Found));
                Assert.True(calls.TryAccept(listener.Descriptor, out var accepted));
                calls.Close(accepted);

                polls = calls.PollAsync(list);
                using var sender = network.OpenDatagram(Here);
                await sender.SendToAsync("x"u8.ToArray(), datagrams.LocalEndpoint);
                Assert.Equal((1, PollEvents.In), (await polls, list[2].Found));
                Assert.True(calls.TryRead(datagrams.Descriptor, new byte[9], out _));

                polls = calls.PollAsync(list);
                client.Dispose();
                Assert.Equal((1, PollEvents.In), (await polls, list[1].Found));
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void What_is_closed_is_said_to_be_none_and_a_negative_number_is_passed_over(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                PollDescriptor[] list = [new(server.Descriptor, PollEvents.In), new(-1, PollEvents.In)];
                var polls = network.Calls.PollAsync(list);
                server.Dispose();
                Assert.Equal(1, await polls);
                Assert.Equal([PollEvents.Invalid, PollEvents.None], list.Select(one => one.Found));
                list[0] = list[0] with { Descriptor = -1 };
                Assert.Equal(0, await network.Calls.PollAsync(list, Moment));
                Assert.Equal(PollEvents.None, list[0].Found);
                client.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(UnixNetworks))]
    public void A_reset_is_told_also_to_those_who_want_nothing(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                PollDescriptor[] list = [new(server.Descriptor, PollEvents.None)];
                var polls = network.Calls.PollAsync(list);
                await client.WriteAsync("not wanted"u8.ToArray());
                network.Calls.SetOption(client.Descriptor, SocketOption.Linger, 0);
                await network.Loop.DelayAsync(Moment);
                Assert.False(polls.IsCompleted);
                client.Dispose();
                Assert.Equal(1, await polls);
                Assert.Equal(PollEvents.Error | PollEvents.HangUp, list[0].Found);
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void What_a_poll_has_found_a_read_finds_at_once(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                PollDescriptor[] list = [new(server.Descriptor, PollEvents.In)];
                var buffer = new byte[10];
                for (var i = 0; i < 100; i++)
                {
                    Assert.False(server.TryRead(buffer, out _));
                    await client.WriteAsync(new byte[1]);
                    while (await network.Calls.PollAsync(list, Duration.Zero) == 0)
                        await network.Loop.DelayAsync(Duration.FromMicroseconds(1));
                    Assert.True(server.TryRead(buffer, out var length));
                    Assert.Equal(1, length);
                }
                client.Dispose();
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_full_pipe_is_found_when_there_is_room_again(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                var (block, written, read) = (new byte[65_536], 0L, 0L);
                PollDescriptor[] list = [new(client.Descriptor, PollEvents.Out | PollEvents.In)];
                while (await network.Calls.PollAsync(list, Duration.FromMilliseconds(50)) > 0)
                    written += client.TryWrite(block);
                var polls = network.Calls.PollAsync(list);
                while (read < written)
                    read += await server.ReadAsync(block);
                Assert.Equal(1, await polls);
                Assert.Equal(PollEvents.Out, list[0].Found);
                client.Dispose();
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Who_is_stopped_leaves_the_sockets_as_they_were(string kind) =>
        On(
            kind,
            async network =>
            {
                var pipes = await PipesAsync(network, 2);
                var list = Wanting(PollEvents.In, pipes);
                using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(2), network.Loop.TimeProvider);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                    await network.Calls.PollAsync(list, null, stop.Token)
                );
                await pipes[0].Client.WriteAsync("x"u8.ToArray());
                Assert.Equal(1, await network.Calls.PollAsync(list));
                Close(pipes);
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Two_programs_may_poll_the_same_descriptors(string kind) =>
        On(
            kind,
            async network =>
            {
                var pipes = await PipesAsync(network, 2);
                var (one, other) = (Wanting(PollEvents.In, pipes), Wanting(PollEvents.In, pipes));
                var (first, second) = (network.Calls.PollAsync(one), network.Calls.PollAsync(other));
                await pipes[1].Client.WriteAsync("x"u8.ToArray());
                Assert.Equal((1, 1), (await first, await second));
                Assert.Equal(one, other);
                Close(pipes);
            }
        );

    /// <summary>As servers were written before there was anything else.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void One_program_serves_a_hundred_connections_with_nothing_but_poll(string kind) =>
        On(
            kind,
            async network =>
            {
                const int Clients = 100;
                using var listener = network.Listen(Here);
                var (served, over) = (0, new Signal(network.Loop, "test", "clients"));
                network.Loop.Start("server", () => EchoByPollAsync(network.Calls, listener.Descriptor, Clients));
                for (var i = 0; i < Clients; i++)
                {
                    var said = BitConverter.GetBytes(i);
                    network.Loop.Start(
                        "client",
                        async () =>
                        {
                            using var client = await network.ConnectAsync(listener.LocalEndpoint);
                            await client.WriteAsync(said);
                            var heard = new byte[said.Length];
                            await client.ReadExactlyAsync(heard);
                            Assert.Equal(said, heard);
                            served++;
                            over.Set();
                        }
                    );
                }
                while (served < Clients)
                    await over.WaitAsync();
                await network.Loop.DelayAsync(Moment);
            }
        );

    private static async Task EchoByPollAsync(ISocketCalls calls, int listener, int clients)
    {
        var (list, buffer) = (new List<PollDescriptor> { new(listener, PollEvents.In) }, new byte[100]);
        while (clients > 0)
        {
            var found = list.ToArray();
            Assert.NotEqual(0, await calls.PollAsync(found));
            if (found[0].Found == PollEvents.In && calls.TryAccept(listener, out var accepted))
                list.Add(new(accepted, PollEvents.In));
            foreach (var one in found[1..].Where(one => one.Found != PollEvents.None))
            {
                if (!calls.TryRead(one.Descriptor, buffer, out var received))
                    continue;
                if (received.Length > 0)
                {
                    Assert.Equal(received.Length, calls.TryWrite(one.Descriptor, buffer.AsSpan(0, received.Length)));
                    continue;
                }
                calls.Close(one.Descriptor);
                list.RemoveAll(other => other.Descriptor == one.Descriptor);
                clients--;
            }
        }
    }

    private static async Task<(TcpStream Client, TcpStream Server)[]> PipesAsync(INetwork network, int count)
    {
        var pipes = new (TcpStream, TcpStream)[count];
        for (var i = 0; i < count; i++)
            pipes[i] = await PipeAsync(network);
        return pipes;
    }

    private static PollDescriptor[] Wanting(PollEvents wanted, (TcpStream Client, TcpStream Server)[] pipes) =>
        Array.ConvertAll(pipes, pipe => new PollDescriptor(pipe.Server.Descriptor, wanted));

    private static void Close((TcpStream Client, TcpStream Server)[] pipes)
    {
        foreach (var (client, server) in pipes)
        {
            client.Dispose();
            server.Dispose();
        }
    }
}
