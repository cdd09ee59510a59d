using System.Net.Sockets;
using System.Text;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Sockets.Tests;

/// <summary>Streams, listeners and datagram sockets as programs use them, on one host that speaks to itself.</summary>
public sealed class StreamTests
{
    private static readonly Endpoint Here = new(IpAddress.Loopback, 80);
    private readonly EventLoop _loop = EventLoop.Virtual(1);
    private readonly ProtocolStack _host;

    public StreamTests() => _host = new ProtocolStack("host", _loop, _loop.Random.Fork("host"));

    private void Run(Func<Task> test)
    {
        _loop.Run(test);
        Assert.True(_loop.RunUntilIdle(_loop.Now + Duration.FromSeconds(600)));
        Assert.Equal((0, 0), (_loop.Packets.Outstanding, _host.Sockets.OpenCount));
    }

    private async Task<(TcpStream Client, TcpStream Server)> PipeAsync()
    {
        using var listener = _host.Listen(Port.Http);
        var client = await _host.ConnectAsync(Here);
        return (client, await listener.AcceptAsync());
    }

    [Fact]
    public void Text_readers_and_writers_work_on_a_connection() =>
        Run(async () =>
        {
            var (client, server) = await PipeAsync();
            await using var writer = new StreamWriter(client, Encoding.UTF8);
            using var reader = new StreamReader(server, Encoding.UTF8);
            await writer.WriteLineAsync("안녕, 깡통");
            await writer.FlushAsync();
            Assert.Equal("안녕, 깡통", await reader.ReadLineAsync());
        });

    [Fact]
    public void A_half_closed_connection_still_carries_the_answer() =>
        Run(async () =>
        {
            var (client, server) = await PipeAsync();
            await client.WriteAsync("question"u8.ToArray());
            client.ShutdownWrite();
            using var question = new MemoryStream();
            await server.CopyToAsync(question);
            Assert.Equal("question"u8, question.ToArray());
            await server.WriteAsync("answer"u8.ToArray());
            await server.DisposeAsync();
            using var answer = new MemoryStream();
            await client.CopyToAsync(answer);
            Assert.Equal("answer"u8, answer.ToArray());
            await client.DisposeAsync();
        });

    [Fact]
    public void A_blocking_read_or_write_is_refused_rather_than_stopping_the_loop() =>
        Run(async () =>
        {
            var (client, server) = await PipeAsync();
            Assert.Throws<NotSupportedException>(() => client.ReadByte());
            Assert.Throws<NotSupportedException>(() => client.WriteByte(1));
            client.Dispose();
            server.Dispose();
        });

    [Fact]
    public void A_disposed_stream_gives_its_descriptor_back_once() =>
        Run(async () =>
        {
            var (client, server) = await PipeAsync();
            client.Dispose();
            client.Dispose();
            server.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.WriteAsync(new byte[1]));
        });

    [Fact]
    public void A_connection_that_fails_leaves_no_descriptor() =>
        Run(async () =>
        {
            var error = await Assert.ThrowsAnyAsync<SocketException>(async () => await _host.ConnectAsync(Here));
            Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
            error = Assert.ThrowsAny<SocketException>(() =>
                _host.Listen(new Endpoint(IpAddress.Parse("192.0.2.1"), 80))
            );
            Assert.Equal(SocketError.AddressNotAvailable, error.SocketErrorCode);
            error = Assert.ThrowsAny<SocketException>(() => _host.OpenDatagram(new(IpAddress.Parse("192.0.2.1"), 80)));
            Assert.Equal(SocketError.AddressNotAvailable, error.SocketErrorCode);
        });

    [Fact]
    public void A_listener_hands_out_connections_until_it_is_told_to_stop() =>
        Run(async () =>
        {
            using var stop = new CancellationTokenSource();
            var accepted = 0;
            _loop.Start(
                "server",
                async () =>
                {
                    await using var listener = _host.Listen(Port.Http);
                    await foreach (var connection in listener.AcceptAllAsync(stop.Token))
                    {
                        accepted++;
                        connection.Dispose();
                    }
                }
            );
            for (var i = 0; i < 5; i++)
            {
                await _loop.YieldAsync();
                using var client = await _host.ConnectAsync(Here);
                Assert.Equal(0, await client.ReadAsync(new byte[1]));
            }
            Assert.Equal(5, accepted);
            stop.Cancel();
        });

    [Fact]
    public void Every_error_that_the_stack_gives_has_its_name_in_C()
    {
        SocketError[] errors =
        [
            SocketError.ConnectionRefused,
            SocketError.ConnectionReset,
            SocketError.HostUnreachable,
            SocketError.NetworkUnreachable,
            SocketError.TimedOut,
            SocketError.AddressAlreadyInUse,
            SocketError.AddressNotAvailable,
            SocketError.NotConnected,
            SocketError.IsConnected,
            SocketError.InvalidArgument,
            SocketError.MessageSize,
            SocketError.Shutdown,
            SocketError.NotSocket,
            SocketError.OperationAborted,
            SocketError.OperationNotSupported,
            SocketError.DestinationAddressRequired,
            SocketError.AccessDenied,
            SocketError.ProtocolOption,
            SocketError.ProtocolNotSupported,
            SocketError.NoBufferSpaceAvailable,
            SocketError.TooManyOpenSockets,
        ];
        Assert.All(errors, error => Assert.StartsWith("E", Errno.NameOf(error)));
        Assert.Equal(errors.Length, errors.Select(Errno.NameOf).Distinct().Count());
    }
}
