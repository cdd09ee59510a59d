using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>SYN queue, accept queue, cookies, and a TIME-WAIT that makes room.</summary>
public class TcpListenerTests
{
    private static readonly Endpoint Www = new(Net.WwwAddress, Port.Http);

    /// <summary>Set for a million, as an attack would bring.</summary>
    private static readonly int Syns = int.Parse(Environment.GetEnvironmentVariable("TWOCAN_SYNS") ?? "20000");

    [Fact]
    public void Under_a_flood_of_spoofed_SYNs_memory_is_bounded_and_real_clients_get_in() =>
        new Net().RunWith(async net =>
        {
            net.Lan.Keeps = net.Wan.Keeps = false;
            net.Www.Ip.AddRoute(Subnet.AllV4, IpAddress.Parse("10.0.0.254"));
            var acceptor = net.Www.Tcp.Listen(new(IpAddress.Any, Port.Http), backlog: 16);
            net.Loop.Start("server", () => EchoAsync(acceptor));
            var random = new RandomSource(3);
            var served = 0;
            for (var i = 0; i < Syns; i++)
            {
                // From hosts behind the router that there are not: nobody answers for them.
                var from = new Endpoint(IpAddress.Parse($"10.0.9.{random.Next(10, 250)}"), random.NextUInt16());
                Send(net.Pc, new(from, Www, new(random.NextUInt32()), default, TcpFlags.Syn, 1000));
                if (i % 100 == 0)
                    await net.Loop.DelayAsync(Duration.FromMilliseconds(1));
                if (i % 50 == 0)
                    Assert.InRange(net.Www.Tcp.Connections.Count, 0, 256 + 16);
                if (i % (Syns / 10) == Syns / 20)
                    served += await ServesAsync(net) ? 1 : 0;
            }
            Assert.Equal(10, served);
            Assert.True(acceptor.CookiesSent > Syns / 2, $"{acceptor.CookiesSent} cookies");
            await net.Loop.DelayAsync(Duration.FromSeconds(100));
            Assert.Equal(0, acceptor.Handshaking);
            acceptor.Close();
        });

    [Fact]
    public void A_connection_by_a_cookie_has_the_options_that_its_SYN_offered()
    {
        var net = new Net();
        net.Www.Tcp.Settings = TcpSettings.Default with { SynQueueLength = 0 };
        net.Run(async () =>
        {
            net.Www.Ip.AddRoute(Subnet.AllV4, IpAddress.Parse("10.0.0.254"));
            var acceptor = net.Www.Tcp.Listen(Www, backlog: 1);
            // Somebody who is not there fills the SYN queue.
            var nobody = new Endpoint(IpAddress.Parse("10.0.9.77"), 99);
            Send(net.Pc, new(nobody, Www, default, default, TcpFlags.Syn, 1000));
            await net.Loop.DelayAsync(Duration.FromMilliseconds(1));
            var socket = net.Pc.Tcp.CreateSocket();
            await socket.ConnectAsync(Www, default);
            Assert.Equal(1, acceptor.CookiesSent);
            var peer = await acceptor.AcceptAsync();
            Assert.Equal(1448, peer.Info!.Value.SegmentSize);
            Assert.True(peer.Info.Value.IsSackPermitted);
            Assert.Equal(7, peer.Info.Value.SendWindowScale);
            net.Loop.Start(
                "writer",
                async () =>
                {
                    await socket.WriteAsync(new byte[200_000], default);
                    socket.Close(default);
                }
            );
            var read = 0;
            var buffer = new byte[50_000];
            while (await peer.ReadAsync(buffer) is { Length: > 0 } received)
                read += received.Length;
            Assert.Equal(200_000, read);
            peer.Close(default);
            acceptor.Close();
        });
    }

    [Fact]
    public void A_cookie_that_was_not_baked_here_or_is_two_minutes_old_is_refused()
    {
        var cookies = new SynCookies(new RandomSource(1));
        var ends = new ConnectionKey(Www, new(Net.PcAddress, 999));
        var now = Instant.Zero + Duration.FromSeconds(1000);
        var options = new SegmentOptions { MaximumSegmentSize = 1400 };
        var cookie = cookies.Bake(ends, new(77), options, now);
        Assert.True(Reads(cookie, 78, now, out var found));
        Assert.Equal(1400, found.MaximumSegmentSize);
        Assert.True(Reads(cookie, 78, now + Duration.FromSeconds(60), out _));
        Assert.False(Reads(cookie + 1, 78, now, out _));
        Assert.False(Reads(cookie, 79, now, out _));
        cookies.Bake(ends, new(77), options, now + Duration.FromSeconds(130));
        Assert.False(Reads(cookie, 78, now + Duration.FromSeconds(130), out _));

        bool Reads(SequenceNumber cookie, uint sequence, Instant at, out SegmentOptions options)
        {
            var pool = new PacketPool();
            var writer = new SegmentWriter(pool);
            var fields = new SegmentFields(ends.Remote, ends.Local, new(sequence), cookie + 1, TcpFlags.Ack, 1000);
            writer.Begin(fields, 0);
            writer.Seal(fields, default);
            writer.TryTake(out var packet);
            using (packet)
            {
                Assert.True(TcpHeader.TryRead(packet!.Span, out var header));
                return cookies.TryRead(new(header, default, default), ends, at, out options);
            }
        }
    }

    [Fact]
    public void A_SYN_from_later_ends_a_TIME_WAIT()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var acceptor = net.Www.Tcp.Listen(Www, backlog: 5);
            for (var round = 0; round < 3; round++)
            {
                var socket = net.Pc.Tcp.CreateSocket();
                socket.Bind(new(IpAddress.Any, 5000));
                await socket.ConnectAsync(Www, default);
                var peer = await acceptor.AcceptAsync();
                peer.Close(default); // the server closes first: TIME-WAIT is there
                Assert.Equal(0, (await socket.ReadAsync(new byte[1])).Length);
                socket.Close(default);
                await net.Loop.DelayAsync(Duration.FromMilliseconds(500));
                Assert.Equal(TcpState.TimeWait, Assert.Single(net.Www.Tcp.Connections).State);
                Assert.Empty(net.Pc.Tcp.Connections);
            }
            acceptor.Close();
        });
    }

    [Fact]
    public void All_connections_of_a_host_share_a_limit_for_challenges_that_nobody_can_count_on()
    {
        var random = new RandomSource(5);
        var limit = new RateLimit(100, Duration.FromSeconds(1), random);
        var counts = new HashSet<int>();
        for (var second = 0; second < 20; second++)
        {
            var count = 0;
            while (limit.Allows(Instant.Zero + Duration.FromSeconds(second)))
                count++;
            Assert.InRange(count, 50, 150);
            counts.Add(count);
        }
        Assert.True(counts.Count > 10);
    }

    private static async Task<bool> ServesAsync(Net net)
    {
        var socket = net.Pc.Tcp.CreateSocket();
        await socket.ConnectAsync(Www, default);
        await socket.WriteAsync("hello"u8.ToArray(), default);
        var received = await socket.ReadAsync(new byte[10]);
        socket.Close(default);
        return received.Length == 5;
    }

    private static async Task EchoAsync(TcpAcceptor acceptor)
    {
        var buffer = new byte[100];
        try
        {
            while (true)
            {
                var peer = await acceptor.AcceptAsync();
                var received = await peer.ReadAsync(buffer);
                await peer.WriteAsync(buffer.AsMemory(0, received.Length), default);
                peer.Close(default);
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // It listens no more.
        }
    }

    private static void Send(ProtocolStack from, SegmentFields fields)
    {
        var writer = new SegmentWriter(from.Loop.Packets);
        writer.Begin(fields, 0);
        writer.Seal(fields, default);
        writer.TryTake(out var packet);
        from.Ip.Send(packet!, IpProtocol.Tcp, fields.Local.Address, fields.Remote.Address, 64, default);
    }
}
