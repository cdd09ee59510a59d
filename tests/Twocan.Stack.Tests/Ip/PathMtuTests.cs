using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>RFC 1191, with a link of 1,200 bytes between two routers that neither end can see.</summary>
public sealed class PathMtuTests
{
    private const int Narrow = 1200;

    private readonly Net _net = new();
    private readonly Wire _middle;
    private readonly ProtocolStack _near;
    private readonly ProtocolStack _server;

    public PathMtuTests()
    {
        _near = _net.Router;
        _middle = new(_net.Loop, "middle", Narrow);
        var (beyond, lan) = (_net.Host("beyond"), new Wire(_net.Loop, "beyond"));
        _server = _net.Host("server");
        _middle.Plug(_near, "10.1.0.1/24");
        _middle.Plug(beyond, "10.1.0.2/24");
        lan.Plug(beyond, "10.2.0.1/24");
        lan.Plug(_server, "10.2.0.2/24");
        beyond.Ip.Forwarding = true;
        _near.Ip.AddRoute(Subnet.Parse("10.2.0.0/24"), IpAddress.Parse("10.1.0.2"));
        beyond.Ip.AddRoute(Subnet.AllV4, IpAddress.Parse("10.1.0.1"));
        _server.Ip.AddRoute(Subnet.AllV4, IpAddress.Parse("10.2.0.1"));
    }

    private IpAddress Server => _server.Adapters[0].Addresses[0].Address;

    private int PathMtu => _net.Pc.Ip.TryRoute(Server, out var route) ? route.Mtu : 0;

    private long TooBig => _near.Counters.Dropped(DropReason.TooBig);

    private async Task TransferAsync(int length)
    {
        using var listener = _server.Listen(new Endpoint(IpAddress.Any, 80));
        await using var client = await _net.Pc.ConnectAsync(new(Server, 80));
        await using var server = await listener.AcceptAsync();
        await client.WriteAsync(new byte[length]);
        await server.ReadExactlyAsync(new byte[length]);
    }

    [Fact]
    public void TCP_gets_through_at_once_and_the_next_connection_knows_the_path()
    {
        _net.Run(async () =>
        {
            await TransferAsync(1460);
            Assert.Equal((1, Narrow), (TooBig, PathMtu));
            // No timer had to run out for it.
            Assert.True(_net.Loop.Now < Instant.Zero + Duration.FromMilliseconds(100), $"{_net.Loop.Now}");
            await TransferAsync(30_000);
            Assert.Equal(1, TooBig);
        });
        Assert.Contains(_middle.Frames, frame => frame.Length == Narrow + 18);
        Assert.Equal(0, _near.Counters.FragmentsSent);
    }

    [Fact]
    public void After_ten_minutes_the_path_is_tried_anew()
    {
        _net.Run(async () =>
        {
            await TransferAsync(1460);
            await _net.Loop.DelayAsync(PathMtuCache.Lifetime + Duration.FromSeconds(1));
            Assert.Equal(1500, PathMtu);
            await TransferAsync(1460);
            Assert.Equal((2, Narrow), (TooBig, PathMtu));
        });
    }

    [Fact]
    public void A_datagram_that_must_not_be_cut_learns_the_path_and_is_then_refused_at_once()
    {
        _net.Run(async () =>
        {
            using var socket = _net.Pc.OpenDatagram();
            socket.SetOption(SocketOption.DontFragment, 1);
            await socket.SendToAsync(new byte[1400], new(Server, 9));
            await _net.Loop.DelayAsync(Duration.FromSeconds(1));
            Assert.Equal((1, Narrow), (TooBig, PathMtu));
            var error = await Assert.ThrowsAsync<SocketException>(async () =>
                await socket.SendToAsync(new byte[Narrow - 27], new(Server, 9))
            );
            Assert.Equal(SocketError.MessageSize, error.SocketErrorCode);
            await socket.SendToAsync(new byte[Narrow - 28], new(Server, 9));
            await _net.Loop.DelayAsync(Duration.FromSeconds(1));
        });
        Assert.Equal((1, 1), (TooBig, _server.Counters.Dropped(DropReason.NoPort)));
    }

    [Fact]
    public void Whoever_knows_the_path_cuts_for_it_and_spares_the_router_the_work()
    {
        _net.Run(async () =>
        {
            await _net.PingAsync(_net.Pc, Server, length: 3000);
            Assert.Equal(4, _near.Counters.FragmentsSent);
            var (_, message) = await _net.PingAsync(_net.Pc, Server, length: 1400, dontFragment: true);
            Assert.Equal((3, 4, Narrow), (message[0], message[1], message[6] << 8 | message[7]));
            await _net.PingAsync(_net.Pc, Server, length: 3000);
            Assert.Equal(4, _near.Counters.FragmentsSent);
        });
    }

    [Theory]
    [InlineData(true, 5000, 0, 600, true, "as a router would say it")]
    [InlineData(true, 5000, 0, 0, true, "as an old router would say it")]
    [InlineData(false, 5000, 0, 600, false, "what was sent may be cut")]
    [InlineData(true, 5000, 0, 1000, false, "what was sent is not longer than that")]
    [InlineData(true, 5001, 0, 600, false, "no socket has that port")]
    [InlineData(true, 5000, 1, 600, false, "it was sent by somebody else")]
    public void Only_a_plausible_word_is_believed(
        bool dontFragment,
        int port,
        int addTo,
        ushort mtu,
        bool isBelieved,
        string what
    )
    {
        _net.Run(async () =>
        {
            using var socket = _net.Pc.OpenDatagram(new(IpAddress.Any, 5000));
            var message = new byte[8 + 28];
            var source = IpAddress.V4(Net.PcAddress.AsV4 + (uint)addTo);
            UdpHeader.Write(message.AsSpan(28), new(source, (ushort)port), new(Server, 9));
            Ipv4Header.Write(message.AsSpan(8), 900, 1, 60, IpProtocol.Udp, source, Server, dontFragment);
            IcmpHeader.Write(message, IcmpType.DestinationUnreachable, IcmpCode.FragmentationNeeded, 0, mtu);
            var packet = _net.Loop.Packets.Rent();
            packet.Append(message);
            _near.Ip.Send(packet, IpProtocol.Icmp, IpAddress.Any, Net.PcAddress, 64, default);
            await _net.Loop.DelayAsync(Duration.FromSeconds(1));
            Assert.True(isBelieved == (PathMtu < 1500), what);
        });
    }

    [Fact]
    public void The_cache_is_bounded_takes_only_lower_values_and_none_below_68()
    {
        var (cache, now) = (new PathMtuCache(), Instant.Zero);
        cache.Learn(Server, 1000, now);
        cache.Learn(Server, 1400, now);
        Assert.Equal(1000, cache.Limit(Server, 1500, now));
        Assert.Equal(900, cache.Limit(Server, 900, now));
        cache.Learn(Server, 3, now);
        Assert.Equal(68, cache.Limit(Server, 1500, now));
        Assert.Equal(1500, cache.Limit(Server, 1500, now + PathMtuCache.Lifetime));
        for (var i = 0u; i < 5000; i++)
            cache.Learn(IpAddress.V4(i), 1000, now);
        Assert.Equal(PathMtuCache.Capacity, cache.Count);
        Assert.Equal(1500, cache.Limit(Server, 1500, now));
        Assert.Equal(1000, cache.Limit(IpAddress.V4(4999), 1500, now));
    }
}
