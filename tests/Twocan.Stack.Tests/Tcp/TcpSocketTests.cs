using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>TCP sockets of two hosts on a wire: what a program sees. Each test ends with no timer, no buffer and no connection left.</summary>
public class TcpSocketTests
{
    private static readonly Endpoint Www = new(Net.WwwAddress, Port.Http);

    [Fact]
    public void What_is_written_at_one_end_is_read_at_the_other()
    {
        var sent = Bytes(300_000);
        Run(
            new Net(),
            async (net, socket) =>
            {
                await socket.WriteAsync(sent, default);
                socket.Shutdown(ShutdownHow.Write, default);
                Assert.Equal("thank you"u8.ToArray(), await ReadToEndAsync(socket));
                socket.Close(default);
            },
            async peer =>
            {
                Assert.Equal(sent, await ReadToEndAsync(peer));
                await peer.WriteAsync("thank you"u8.ToArray(), default);
                peer.Close(default);
            }
        );
    }

    [Theory]
    [InlineData(0.05, 40)]
    [InlineData(0.2, 40)]
    [InlineData(0.3, 10)]
    public void Nothing_is_lost_on_a_wire_that_loses(double loss, int seeds)
    {
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var net = new Net(seed: seed);
            var random = new RandomSource(seed);
            net.Lan.Loses = _ => random.Chance(loss);
            net.Lan.Delay = Duration.FromMilliseconds(5);
            var sent = Bytes(random.Next(20_000));
            Run(
                net,
                async (_, socket) =>
                {
                    await socket.WriteAsync("GET"u8.ToArray(), default);
                    Assert.Equal(sent, await ReadToEndAsync(socket));
                    socket.Close(default);
                },
                async peer =>
                {
                    Assert.Equal(3, (await peer.ReadAsync(new byte[100])).Length);
                    await peer.WriteAsync(sent, default);
                    peer.Close(default);
                }
            );
        }
    }

    /// <summary>Numbers are compared modulo 2³²: what began 2 GiB ago seems to lie ahead.</summary>
    [Fact]
    public void A_stream_goes_on_beyond_two_gibibytes()
    {
        const long Length = (2L << 30) + (1 << 20);
        var net = new Net(farMtu: 65_535);
        net.Wan.Keeps = false;
        net.Run(async () =>
        {
            var acceptor = net.Far.Tcp.Listen(new(IpAddress.Any, Port.Http), 1);
            var socket = net.Router.Tcp.CreateSocket();
            net.Loop.Start(
                "client",
                async () =>
                {
                    await socket.ConnectAsync(new(Net.FarAddress, Port.Http), default);
                    var count = new byte[1 << 16];
                    for (var sent = 0L; sent < Length; sent += count.Length)
                    {
                        BitConverter.TryWriteBytes(count, sent);
                        await socket.WriteAsync(count, default);
                    }
                    socket.Close(default);
                }
            );
            var peer = await acceptor.AcceptAsync();
            var (block, filled, received) = (new byte[1 << 16], 0, 0L);
            while ((await peer.ReadAsync(block.AsMemory(filled))).Length is > 0 and var length)
            {
                if ((filled += length) < block.Length)
                    continue;
                Assert.Equal(received, BitConverter.ToInt64(block));
                (filled, received) = (0, received + block.Length);
            }
            Assert.Equal(Length, received);
            peer.Close(default);
            acceptor.Close();
        });
    }

    [Fact]
    public void A_thousand_connections_at_once_do_not_mix() =>
        new Net().RunWith(async net =>
        {
            net.Lan.Keeps = false;
            var acceptor = net.Www.Tcp.Listen(new(IpAddress.Any, Port.Http), 1_000);
            net.Loop.Start(
                "server",
                async () =>
                {
                    while (true)
                    {
                        var peer = await acceptor.AcceptAsync();
                        net.Loop.Start("echo", () => EchoAsync(peer));
                    }
                }
            );
            var done = 0;
            var ready = new Signal(net.Loop, "test", "all echoes");
            for (var i = 0; i < 1_000; i++)
            {
                var number = i;
                net.Loop.Start(
                    "client",
                    async () =>
                    {
                        var socket = net.Pc.Tcp.CreateSocket();
                        await socket.ConnectAsync(Www, default);
                        var word = BitConverter.GetBytes(number);
                        await socket.WriteAsync(word, default);
                        socket.Shutdown(ShutdownHow.Write, default);
                        Assert.Equal(word, await ReadToEndAsync(socket));
                        socket.Close(default);
                        done++;
                        ready.Set();
                    }
                );
            }
            while (done < 1_000)
                await ready.WaitAsync();
            Assert.All(net.Pc.Tcp.Connections, socket => Assert.Equal(TcpState.TimeWait, socket.State));
        });

    [Fact]
    public void A_port_that_nobody_listens_on_refuses() => FailsToConnect(SocketError.ConnectionRefused, Www);

    [Fact]
    public void A_host_that_does_not_answer_ARP_is_unreachable() =>
        FailsToConnect(SocketError.HostUnreachable, new(Net.Nobody, Port.Http));

    [Fact]
    public void A_broadcast_address_cannot_be_connected_to() =>
        FailsToConnect(SocketError.NetworkUnreachable, new(IpAddress.Broadcast, Port.Http));

    [Fact]
    public void A_cut_wire_lets_a_connection_attempt_time_out()
    {
        var net = new Net();
        FailsToConnect(
            SocketError.TimedOut,
            Www,
            net,
            before: () => net.Lan.Loses = frame => frame.Span[12..14] is [8, 0]
        );
        Assert.InRange(net.Loop.Now.Nanoseconds / 1e9, 180, 400);
    }

    [Fact]
    public void A_reader_hears_of_a_reset_with_its_cause() =>
        Run(
            new Net(journaled: true),
            async (net, socket) =>
            {
                await socket.WriteAsync(new byte[10], default);
                var error = await Assert.ThrowsAsync<CausedSocketException>(async () =>
                    await socket.ReadAsync(new byte[10])
                );
                Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
                Assert.Equal("RST, ACK", Assert.IsType<SegmentReceived>(net.Journal!.Find(error.Because)!.What).Flags);
                await Assert.ThrowsAnyAsync<SocketException>(async () => await socket.WriteAsync(new byte[1], default));
                socket.Close(default);
            },
            async peer =>
            {
                await peer.ReadAsync(new byte[1]);
                peer.Close(default); // nine octets are thrown away
            }
        );

    [Fact]
    public void A_writer_hears_that_the_peer_is_gone()
    {
        var net = new Net();
        Run(
            net,
            async (_, socket) =>
            {
                await net.Loop.DelayAsync(Duration.FromSeconds(1));
                net.Lan.Loses = frame => frame.Span[12..14] is [8, 0];
                var error = await Assert.ThrowsAnyAsync<SocketException>(async () =>
                    await socket.WriteAsync(new byte[1_000_000], default)
                );
                Assert.Equal(SocketError.TimedOut, error.SocketErrorCode);
                socket.Close(default);
            },
            async peer =>
            {
                await net.Loop.DelayAsync(Duration.FromSeconds(3_000));
                peer.Close(default);
            }
        );
    }

    [Fact]
    public void A_read_that_waits_ends_when_its_socket_is_closed() =>
        Run(
            new Net(),
            async (net, socket) =>
            {
                net.Loop.Start(
                    "closer",
                    async () =>
                    {
                        await net.Loop.DelayAsync(Duration.FromSeconds(1));
                        socket.Close(default);
                    }
                );
                var error = await Assert.ThrowsAnyAsync<SocketException>(async () =>
                    await socket.ReadAsync(new byte[1])
                );
                Assert.Equal(SocketError.OperationAborted, error.SocketErrorCode);
            },
            async peer =>
            {
                Assert.Empty(await ReadToEndAsync(peer));
                peer.Close(default);
            }
        );

    [Fact]
    public void A_full_backlog_drops_SYNs_and_counts_them_until_somebody_accepts() =>
        new Net().RunWith(async net =>
        {
            var acceptor = net.Www.Tcp.Listen(new(IpAddress.Any, Port.Http), backlog: 2);
            var connected = 0;
            var ready = new Signal(net.Loop, "test", "connections");
            for (var i = 0; i < 3; i++)
            {
                net.Loop.Start(
                    "client",
                    async () =>
                    {
                        var socket = net.Pc.Tcp.CreateSocket();
                        await socket.ConnectAsync(Www, default);
                        connected++;
                        ready.Set();
                        socket.Close(default);
                    }
                );
            }
            await net.Loop.DelayAsync(Duration.FromMilliseconds(500));
            // The third believes that it is connected, too; it will have to say its last word of the handshake once more.
            Assert.Equal(3, connected);
            Assert.Equal(2, acceptor.Waiting);
            Assert.Equal(1, acceptor.Handshaking);
            Assert.True(net.Www.Counters.Dropped(DropReason.AcceptQueueFull) > 0);
            for (var i = 0; i < 3; i++)
                (await acceptor.AcceptAsync()).Close(default);
            Assert.InRange(net.Loop.Now.Nanoseconds / 1e9, 0.5, 1.5);
        });

    [Fact]
    public void A_wrong_checksum_is_dropped_and_counted() =>
        new Net().RunWith(async net =>
        {
            var fields = new SegmentFields(new(Net.PcAddress, 9), Www, default, default, TcpFlags.Syn, 1000);
            Send(net.Pc, fields, spoil: true);
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
            Assert.Equal(1, net.Www.Counters.Dropped(DropReason.BadTcp));
        });

    [Fact]
    public void Two_cannot_listen_on_one_port_unless_at_different_addresses() =>
        new Net().RunWith(net =>
        {
            var first = net.Www.Tcp.Listen(Www, 1);
            var error = Assert.ThrowsAny<SocketException>(() => net.Www.Tcp.Listen(new(IpAddress.Any, Port.Http), 1));
            Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
            net.Www.Tcp.Listen(new(IpAddress.Loopback, Port.Http), 1);
            first.Close();
            net.Www.Tcp.Listen(Www, 1);
            return Task.CompletedTask;
        });

    [Fact]
    public void A_host_can_connect_to_itself() =>
        new Net().RunWith(async net =>
        {
            var acceptor = net.Pc.Tcp.Listen(new(IpAddress.Any, Port.Http), 1);
            var socket = net.Pc.Tcp.CreateSocket();
            await socket.ConnectAsync(new(IpAddress.Loopback, Port.Http), default);
            var peer = await acceptor.AcceptAsync();
            await socket.WriteAsync(new byte[100_000], default);
            socket.Close(default);
            Assert.Equal(100_000, (await ReadToEndAsync(peer)).Length);
            peer.Close(default);
        });

    [Fact]
    public void The_answer_takes_the_acknowledgement_and_the_window_along()
    {
        var net = new Net();
        net.Lan.Delay = Duration.FromMilliseconds(5);
        Run(
            net,
            async (_, socket) =>
            {
                await socket.WriteAsync(new byte[500], default);
                Assert.Equal(700, (await socket.ReadAsync(new byte[1000])).Length);
                await net.Loop.DelayAsync(Duration.FromSeconds(1));
                socket.Close(default);
            },
            async peer =>
            {
                await peer.ReadAsync(new byte[1000]);
                await peer.WriteAsync(new byte[200], default); // two calls, one segment
                await peer.WriteAsync(new byte[500], default);
                Assert.Empty(await ReadToEndAsync(peer));
                peer.Close(default);
            }
        );
        // ARP (2), SYN, SYN+ACK, ACK, question, answer, ACK, FIN, FIN+ACK, ACK
        Assert.Equal(11, net.Lan.Frames.Count);
    }

    [Fact]
    public void Causes_climb_from_the_answers_last_segment_to_the_click()
    {
        var net = new Net(journaled: true);
        var click = net.Journal!.For("person").Tell(new SocketCalled("click", 0, ""));
        EventId arrived = default;
        Run(
            net,
            async (_, socket) =>
            {
                await socket.WriteAsync(new byte[100], click);
                arrived = (await socket.ReadAsync(new byte[1000])).Because;
                socket.Close(click);
            },
            async peer =>
            {
                Assert.IsType<SegmentReceived>(net.Journal.Find(peer.Because)!.What);
                var request = await peer.ReadAsync(new byte[1000]);
                await peer.WriteAsync(new byte[1000], request.Because);
                peer.Close(request.Because);
            },
            click
        );
        Assert.Equal(click, net.Journal.Causes(arrived).Last().Id);
        // Nothing that TCP sends falls from the sky: acknowledgements, FINs and those that answer them neither.
        var sent = net.Journal.Entries.Where(entry => entry.What is SegmentSent).ToList();
        Assert.NotEmpty(sent);
        Assert.All(sent, entry => Assert.Equal(click, net.Journal.Causes(entry.Id).Last().Id));
    }

    [Fact]
    public void Data_that_waits_says_what_it_waits_for()
    {
        var net = new Net(journaled: true);
        net.Lan.Delay = Duration.FromMilliseconds(5);
        Run(
            net,
            async (_, socket) =>
            {
                await socket.WriteAsync(new byte[10], default);
                await net.Loop.DelayAsync(Duration.FromMilliseconds(1));
                await socket.WriteAsync(new byte[10], default);
                await net.Loop.DelayAsync(Duration.FromSeconds(1));
                await socket.WriteAsync(new byte[50_000], default);
                socket.Close(default);
            },
            async peer =>
            {
                await ReadToEndAsync(peer);
                peer.Close(default);
            }
        );
        var reasons = net.Journal!.Entries.Select(entry => entry.What)
            .OfType<SendingWaits>()
            .Select(waits => waits.Reason);
        Assert.Equal([WaitReason.Nagle, WaitReason.CongestionWindow], reasons.Distinct());
    }

    [Fact]
    public void The_same_seed_gives_the_same_frames()
    {
        Assert.Equal(Frames(7), Frames(7));
        Assert.NotEqual(Frames(7), Frames(8));

        static string Frames(ulong seed)
        {
            var net = new Net(seed: seed);
            var random = net.Loop.Random.Fork("loss");
            net.Lan.Loses = _ => random.Chance(0.1);
            Run(
                net,
                async (_, socket) =>
                {
                    await socket.WriteAsync(Bytes(5_000), default);
                    socket.Close(default);
                },
                async peer =>
                {
                    await ReadToEndAsync(peer);
                    peer.Close(default);
                }
            );
            return string.Join('\n', net.Lan.Frames.Select(Convert.ToHexString));
        }
    }

    private static void Run(
        Net net,
        Func<Net, TcpSocket, Task> client,
        Func<TcpSocket, Task> server,
        EventId click = default
    )
    {
        net.Run(async () =>
        {
            var acceptor = net.Www.Tcp.Listen(new(IpAddress.Any, Port.Http), 10);
            var isServed = false;
            var served = new Signal(net.Loop, "test", "the server");
            net.Loop.Start(
                "server",
                async () =>
                {
                    await server(await acceptor.AcceptAsync());
                    isServed = true;
                    served.Set();
                }
            );
            var socket = net.Pc.Tcp.CreateSocket();
            await socket.ConnectAsync(Www, click);
            await client(net, socket);
            while (!isServed)
                await served.WaitAsync();
            acceptor.Close();
        });
        Assert.Empty(net.Pc.Tcp.Connections);
        Assert.Empty(net.Www.Tcp.Connections);
        Assert.Equal(0, net.Loop.TimerCount);
    }

    private static void FailsToConnect(SocketError expected, Endpoint to, Net? net = null, Action? before = null)
    {
        net ??= new Net();
        before?.Invoke();
        net.Run(async () =>
        {
            var socket = net.Pc.Tcp.CreateSocket();
            var error = await Assert.ThrowsAnyAsync<SocketException>(async () =>
                await socket.ConnectAsync(to, default)
            );
            Assert.Equal(expected, error.SocketErrorCode);
            socket.Close(default);
        });
        Assert.Empty(net.Pc.Tcp.Connections);
        Assert.Equal(0, net.Loop.TimerCount);
    }

    private static void Send(ProtocolStack from, SegmentFields fields, bool spoil = false)
    {
        var writer = new SegmentWriter(from.Loop.Packets);
        writer.Begin(fields, 0);
        writer.Seal(fields, default);
        writer.TryTake(out var packet);
        if (spoil)
            packet!.Span[^1] ^= 1;
        from.Ip.Send(packet!, IpProtocol.Tcp, fields.Local.Address, fields.Remote.Address, 64, default);
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new RandomSource(5).Fill(bytes);
        return bytes;
    }

    private static async Task EchoAsync(TcpSocket peer)
    {
        await peer.WriteAsync(await ReadToEndAsync(peer), default);
        peer.Close(default);
    }

    private static async Task<byte[]> ReadToEndAsync(TcpSocket socket)
    {
        var (into, buffer) = (new MemoryStream(), new byte[4096]);
        while (true)
        {
            var received = await socket.ReadAsync(buffer);
            if (received.Length == 0)
                return into.ToArray();
            into.Write(buffer, 0, received.Length);
        }
    }
}

internal static class NetExtensions
{
    public static void RunWith(this Net net, Func<Net, Task> test) => net.Run(() => test(net));
}
