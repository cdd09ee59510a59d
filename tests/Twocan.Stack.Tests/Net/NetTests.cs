using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>Several stacks on wires: what a user of the net would notice.</summary>
public sealed class NetTests
{
    [Fact]
    public void Every_frame_on_the_wires_is_sound()
    {
        var net = new Net();
        net.Run(async () =>
        {
            for (var length = 0; length <= 1472; length += 61)
                await net.PingAsync(net.Pc, Net.FarAddress, length);
            using var socket = net.Pc.OpenDatagram();
            for (var length = 0; length <= 1472; length += 97)
                await socket.SendToAsync(new byte[length], new(Net.FarAddress, 9));
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
        });
        Assert.True(net.Lan.Frames.Count > 80);
        Assert.All(net.Lan.Frames.Concat(net.Wan.Frames), Reference.AssertSound);
    }

    [Fact]
    public void A_packet_whose_time_is_up_is_reported_by_the_router_that_dropped_it()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.Pc, Net.FarAddress, timeToLive: 1);
            Assert.Equal(IpAddress.Parse("10.0.0.254"), received.From.Address);
            Assert.Equal((11, 0), (message[0], message[1]));
            // It quotes my request whole: the IP header, then from the type on.
            Assert.True(Ipv4Header.TryReadQuoted(message.AsSpan(8), out var quoted));
            Assert.Equal(Net.FarAddress, quoted.Destination);
            Assert.Equal(8, message[28]);
        });
        Assert.Equal(1, net.Router.Counters.Dropped(DropReason.TimeToLiveExpired));
    }

    [Fact]
    public void A_router_without_a_route_says_so()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.Pc, IpAddress.Parse("203.0.113.9"));
            Assert.Equal(IpAddress.Parse("10.0.0.254"), received.From.Address);
            Assert.Equal((3, 0), (message[0], message[1]));
        });
    }

    [Fact]
    public void A_host_without_a_route_refuses_at_once()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var socket = net.Www.OpenIcmp();
            var error = await Assert.ThrowsAsync<SocketException>(async () =>
                await socket.SendToAsync(Net.EchoRequest(1, 8), new(Net.FarAddress, Port.Any))
            );
            Assert.Equal(SocketError.NetworkUnreachable, error.SocketErrorCode);
        });
    }

    [Fact]
    public void A_neighbour_that_is_not_there_is_reported_unreachable_after_three_seconds_by_myself()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.Pc, Net.Nobody);
            Assert.Equal((3, 1), (message[0], message[1]));
            Assert.Equal(Net.PcAddress, received.From.Address);
            Assert.Equal(Instant.Zero + Duration.FromSeconds(3), net.Loop.Now);
        });
        Assert.Equal(3, net.Lan.Frames.Count);
    }

    [Fact]
    public void A_neighbour_that_a_router_cannot_find_is_reported_unreachable_by_the_router()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.Pc, IpAddress.Parse("10.0.9.77"));
            Assert.Equal((3, 1), (message[0], message[1]));
            Assert.Equal(IpAddress.Parse("10.0.0.254"), received.From.Address);
        });
    }

    [Fact]
    public void A_silent_neighbour_does_not_hold_others_up()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var socket = net.Pc.OpenIcmp();
            for (ushort i = 0; i < 200; i++)
                await socket.SendToAsync(Net.EchoRequest(i, 8), new(Net.Nobody, Port.Any));
            Assert.Equal(NeighbourTable.MaxWaitingEach, net.Pc.Adapters[0].Arp.Neighbours.WaitingInAll);
            await net.PingAsync(net.Pc, Net.WwwAddress);
            Assert.True(net.Loop.Now < Instant.Zero + Duration.FromMilliseconds(1));
        });
        Assert.Equal(200 - NeighbourTable.MaxWaitingEach, net.Pc.Counters.Dropped(DropReason.NeighbourQueueFull));
        Assert.Equal(NeighbourTable.MaxWaitingEach, net.Pc.Counters.Dropped(DropReason.NoNeighbour));
    }

    [Fact]
    public void A_question_that_is_lost_is_asked_again_and_the_first_packet_still_arrives()
    {
        var net = new Net();
        var lost = 0;
        net.Lan.Loses = frame => frame.Span[12] == 8 && frame.Span[13] == 6 && lost++ < 2;
        net.Run(async () =>
        {
            await net.PingAsync(net.Pc, Net.WwwAddress);
            Assert.InRange(net.Loop.Now.Nanoseconds, 1_900_000_000, 2_100_000_000);
        });
    }

    [Fact]
    public void A_packet_too_long_for_the_next_link_earns_its_MTU()
    {
        var net = new Net(farMtu: 600);
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.Pc, Net.FarAddress, length: 900, dontFragment: true);
            Assert.Equal(IpAddress.Parse("10.0.0.254"), received.From.Address);
            Assert.Equal((3, 4), (message[0], message[1]));
            Assert.Equal(600, message[6] << 8 | message[7]);
            await net.PingAsync(net.Pc, Net.FarAddress, length: 600 - 28, dontFragment: true);
        });
        Assert.Equal(1, net.Router.Counters.Dropped(DropReason.TooBig));
    }

    [Fact]
    public void A_message_that_must_not_be_cut_and_is_too_long_for_my_own_link_is_refused_at_once()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var socket = net.Pc.OpenDatagram();
            socket.SetOption(SocketOption.DontFragment, 1);
            await socket.SendToAsync(new byte[1472], new(Net.WwwAddress, 9));
            var error = await Assert.ThrowsAsync<SocketException>(async () =>
                await socket.SendToAsync(new byte[1473], new(Net.WwwAddress, 9))
            );
            Assert.Equal(SocketError.MessageSize, error.SocketErrorCode);
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
        });
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.8.7")]
    public void What_is_for_myself_never_touches_a_cable(string address)
    {
        var net = new Net();
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.Pc, IpAddress.Parse(address), length: 9000);
            Assert.Equal((IpAddress.Parse(address), 0), (received.From.Address, message[0]));
            Assert.Equal(Instant.Zero, net.Loop.Now);
        });
        Assert.Empty(net.Lan.Frames);
    }

    [Fact]
    public void ICMP_errors_are_held_back_when_there_are_too_many()
    {
        var net = new Net();
        net.Run(async () =>
        {
            await net.PingAsync(net.Pc, Net.FarAddress);
            using var socket = net.Pc.OpenIcmp();
            socket.SetOption(SocketOption.TimeToLive, 1);
            for (ushort i = 0; i < 300; i++)
                await socket.SendToAsync(Net.EchoRequest(i, 8), new(Net.FarAddress, Port.Any));
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
        });
        Assert.Equal(300, net.Router.Counters.Dropped(DropReason.TimeToLiveExpired));
        Assert.Equal(250, net.Router.Counters.IcmpErrorsHeldBack);
    }

    [Fact]
    public void A_host_that_is_no_router_drops_what_is_for_others_in_silence()
    {
        var net = new Net();
        net.Pc.Ip.Routes.Add(new(Subnet.Parse("203.0.113.0/24"), net.Pc.Adapters[0], Net.WwwAddress));
        net.Run(async () =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                net.PingAsync(net.Pc, IpAddress.Parse("203.0.113.1"), seconds: 5)
            );
        });
        Assert.Equal(1, net.Www.Counters.Dropped(DropReason.NotForwarding));
    }

    [Fact]
    public void The_longest_prefix_wins_and_of_equal_ones_the_first()
    {
        var net = new Net();
        var (table, lan) = (new RoutingTable(), net.Pc.Adapters[0]);
        var gateways = Enumerable.Range(1, 5).Select(i => IpAddress.V4((uint)i)).ToArray();
        table.Add(new(Subnet.AllV4, lan, gateways[0]));
        table.Add(new(Subnet.Parse("10.1.0.0/16"), lan, gateways[1]));
        table.Add(new(Subnet.Parse("10.0.0.0/8"), lan, gateways[2]));
        table.Add(new(Subnet.Parse("10.1.2.3/32"), lan, gateways[3]));
        table.Add(new(Subnet.Parse("10.1.0.0/16"), lan, gateways[4]));
        IpAddress Gateway(string to) => table.TryLookup(IpAddress.Parse(to), out var entry) ? entry.Gateway : default;
        Assert.Equal(gateways[3], Gateway("10.1.2.3"));
        Assert.Equal(gateways[1], Gateway("10.1.2.4"));
        Assert.Equal(gateways[2], Gateway("10.2.2.4"));
        Assert.Equal(gateways[0], Gateway("11.2.2.4"));
        Assert.Equal(default, Gateway("2001:db8::1"));
        Assert.True(table.Remove(new(Subnet.Parse("10.1.0.0/16"), lan, gateways[1])));
        Assert.Equal(gateways[4], Gateway("10.1.2.4"));
        Assert.Equal([32, 16, 8, 0], table.Entries.Select(entry => entry.Subnet.PrefixLength));
    }
}
