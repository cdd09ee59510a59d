using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets.Tests;

/// <summary>The calls that do not wait, and those that give more than one piece: the same on every network.</summary>
public sealed class NonBlockingContractTests : Contract
{
    [Theory]
    [MemberData(nameof(Networks))]
    public void A_try_finds_nothing_until_something_has_come(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                var buffer = new byte[10];
                Assert.False(server.TryRead(buffer, out _));
                Assert.Equal(3, client.TryWrite("abc"u8));
                await server.WaitToReadAsync();
                Assert.True(server.TryRead(buffer, out var length));
                Assert.Equal("abc"u8, buffer.AsSpan(0, length));
                Assert.False(server.TryRead(buffer, out _));
                client.Dispose();
                await server.WaitToReadAsync();
                Assert.True(server.TryRead(buffer, out length));
                Assert.Equal(0, length);
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void What_was_not_read_whole_can_be_read_at_once(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                await client.WriteAsync(new byte[100]);
                await server.WaitToReadAsync();
                var total = 0;
                for (var piece = new byte[7]; total < 100; )
                {
                    if (server.TryRead(piece, out var length))
                        total += length;
                    else
                        await server.WaitToReadAsync();
                }
                Assert.Equal(100, total);
                client.Dispose();
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_end_that_came_with_the_last_bytes_is_seen(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                await client.WriteAsync(new byte[5]);
                client.Dispose();
                // Both are there before anybody looks.
                await network.Loop.DelayAsync(Duration.FromMilliseconds(5));
                var buffer = new byte[100];
                Assert.Equal(5, await server.ReadAsync(buffer));
                Assert.Equal(0, await server.ReadAsync(buffer));
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_full_pipe_takes_nothing_until_the_peer_has_read(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                var (block, written) = (new byte[65_536], 0L);
                // As much as both buffers hold; in a world the peer's stack has to have its turn in between.
                for (var refused = 0; refused < 20; await network.Loop.DelayAsync(Duration.FromMilliseconds(1)))
                {
                    var count = client.TryWrite(block);
                    (written, refused) = (written + count, count == 0 ? refused + 1 : 0);
                }
                Assert.Equal(PollEvents.None, network.Calls.Poll(client.Descriptor) & PollEvents.Out);
                var isWritable = client.WaitToWriteAsync().AsTask();
                var (read, buffer) = (0L, new byte[65_536]);
                while (read < written)
                    read += await server.ReadAsync(buffer);
                await isWritable;
                Assert.True(client.TryWrite(block) > 0);
                client.Dispose();
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Several_pieces_are_written_as_one(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                var big = new byte[400_000];
                network.Random.Fill(big);
                ReadOnlyMemory<byte>[] pieces = ["head "u8.ToArray(), default, big, "tail"u8.ToArray()];
                network.Loop.Start(
                    "writer",
                    async () =>
                    {
                        await client.WriteAsync(pieces);
                        Assert.Equal(4, client.TryWrite(["ab"u8.ToArray(), "cd"u8.ToArray()]));
                        client.ShutdownWrite();
                    }
                );
                using var received = new MemoryStream();
                await server.CopyToAsync(received);
                Assert.Equal([.. "head "u8, .. big, .. "tailabcd"u8], received.ToArray());
                client.Dispose();
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_part_of_a_file_follows_its_head(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                var content = new byte[300_000];
                network.Random.Fill(content);
                using var file = TemporaryFile(content);
                network.Loop.Start(
                    "writer",
                    async () =>
                    {
                        await client.SendFileAsync("head "u8.ToArray(), new(file, 1000, 250_000));
                        await client.SendFileAsync(default, new(file, 7, 3));
                        await client.SendFileAsync("only"u8.ToArray(), new(file, 0, 0));
                        client.ShutdownWrite();
                    }
                );
                using var received = new MemoryStream();
                await server.CopyToAsync(received);
                Assert.Equal(
                    [.. "head "u8, .. content.AsSpan(1000, 250_000), .. content.AsSpan(7, 3), .. "only"u8],
                    received.ToArray()
                );
                await Assert.ThrowsAsync<EndOfStreamException>(async () =>
                    await server.SendFileAsync(default, new(file, 299_999, 2))
                );
                client.Dispose();
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_listener_is_ready_when_somebody_has_come(string kind) =>
        On(
            kind,
            async network =>
            {
                using var listener = network.Listen(Here);
                var calls = network.Calls;
                Assert.False(calls.TryAccept(listener.Descriptor, out _));
                Assert.Equal(PollEvents.None, calls.Poll(listener.Descriptor));
                var waits = calls.PollAsync(listener.Descriptor, PollEvents.In).AsTask();
                using var client = await network.ConnectAsync(listener.LocalEndpoint);
                Assert.Equal(PollEvents.In, await waits);
                Assert.True(calls.TryAccept(listener.Descriptor, out var accepted));
                Assert.Equal(client.LocalEndpoint, calls.RemoteEndpoint(accepted));
                calls.Close(accepted);
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Poll_says_what_a_connection_is_ready_for(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                var calls = network.Calls;
                Assert.Equal(PollEvents.Out, calls.Poll(server.Descriptor));
                await client.WriteAsync(new byte[1]);
                Assert.Equal(PollEvents.In, await calls.PollAsync(server.Descriptor, PollEvents.In));
                Assert.Equal(
                    PollEvents.In | PollEvents.Out,
                    await calls.PollAsync(server.Descriptor, PollEvents.In | PollEvents.Out)
                );
                server.Dispose();
                client.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Closing_ends_a_poll_and_cancelling_leaves_the_socket_as_it_was(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(2), network.Loop.TimeProvider);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                    await client.WaitToReadAsync(stop.Token)
                );
                var waits = client.WaitToReadAsync().AsTask();
                await network.Loop.DelayAsync(Duration.FromMilliseconds(1));
                client.Dispose();
                var error = await Assert.ThrowsAnyAsync<SocketException>(() => waits);
                Assert.Equal(SocketError.OperationAborted, error.SocketErrorCode);
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void An_empty_read_waits_for_data_and_takes_none(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                var waits = server.ReadAsync(Memory<byte>.Empty).AsTask();
                await network.Loop.DelayAsync(Duration.FromMilliseconds(1));
                Assert.False(waits.IsCompleted);
                await client.WriteAsync("x"u8.ToArray());
                Assert.Equal(0, await waits);
                Assert.Equal(1, await server.ReadAsync(new byte[9]));
                client.Dispose();
                server.Dispose();
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Messages_are_tried_one_by_one_and_pieces_make_one_message(string kind) =>
        On(
            kind,
            async network =>
            {
                var calls = network.Calls;
                using var one = network.OpenDatagram(Here);
                using var other = network.OpenDatagram(Here);
                await one.ConnectAsync(other.LocalEndpoint);
                var buffer = new byte[10];
                Assert.False(calls.TryRead(other.Descriptor, buffer, out _));
                Assert.Equal(2, calls.TryWrite(one.Descriptor, "ab"u8));
                Assert.Equal(3, calls.TryWritev(one.Descriptor, ["c"u8.ToArray(), "de"u8.ToArray()]));
                await calls.PollAsync(other.Descriptor, PollEvents.In);
                Assert.True(calls.TryRead(other.Descriptor, buffer, out var first));
                Assert.Equal((2, one.LocalEndpoint), (first.Length, first.From));
                await calls.PollAsync(other.Descriptor, PollEvents.In);
                Assert.True(calls.TryRead(other.Descriptor, buffer, out var second));
                Assert.Equal("cde"u8, buffer.AsSpan(0, second.Length));
            }
        );
}
