using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>Several stacks that speak IPv6 on wires: what a user of the net would notice.</summary>
public sealed class Ipv6NetTests
{
    private readonly byte[] _buffer = new byte[70_000];

    private static List<Icmpv6Type> MessagesOn(Wire wire) =>
        [
            .. wire
                .Frames.Where(frame => frame[12] == 0x86 && frame[20] == (byte)IpProtocol.IcmpV6)
                .Select(frame => (Icmpv6Type)frame[54]),
        ];

    [Fact]
    public void A_neighbour_is_asked_for_in_its_own_small_group_and_the_first_packet_is_not_lost()
    {
        var net = new Net(v6: true);
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.Pc, Net.Www6);
            Assert.Equal((Net.Www6, 129), (received.From.Address, message[0]));
            await net.Loop.DelayAsync(Duration.FromSeconds(20));
        });
        Assert.Equal(
            [
                Icmpv6Type.NeighbourSolicitation,
                Icmpv6Type.NeighbourAdvertisement,
                Icmpv6Type.EchoRequest,
                Icmpv6Type.EchoReply,
                // The question told www where pc is, but not that pc hears it: that is asked alone, five seconds later.
                Icmpv6Type.NeighbourSolicitation,
                Icmpv6Type.NeighbourAdvertisement,
            ],
            MessagesOn(net.Lan)
        );
        Assert.Equal(MacAddress.Parse("33:33:ff:00:00:02"), MacAddress.Read(net.Lan.Frames[0]));
        Assert.All(net.Lan.Frames, Reference.AssertSound);
        Assert.Equal(1, net.Router.Counters.Dropped(DropReason.GroupNotJoined));
    }

    [Fact]
    public void A_quiet_link_stays_quiet()
    {
        var net = new Net(v6: true);
        net.Run(async () => await net.Loop.DelayAsync(Duration.FromSeconds(1000)));
        Assert.Empty(net.Lan.Frames);
    }

    [Fact]
    public void A_router_passes_on_and_every_frame_is_sound()
    {
        var net = new Net(v6: true);
        net.Run(async () =>
        {
            for (var length = 0; length <= 1452; length += 121)
            {
                var (received, _) = await net.PingAsync(net.Pc, Net.Far6, length);
                Assert.Equal((Net.Far6, 63), (received.From.Address, received.TimeToLive));
            }
        });
        Assert.All(net.Lan.Frames.Concat(net.Wan.Frames), Reference.AssertSound);
        Assert.True(net.Router.Counters.PacketsForwarded >= 24);
    }

    [Theory]
    [InlineData("2001:db8:9::2", 1, 3, 0, "2001:db8::fe", DropReason.TimeToLiveExpired)]
    [InlineData("2001:db8:77::2", 64, 1, 0, "2001:db8::fe", DropReason.NoRoute)]
    [InlineData("2001:db8:9::77", 64, 1, 3, "2001:db8::fe", DropReason.NoNeighbour)]
    public void A_router_says_why_it_cannot_pass_a_packet_on(
        string to,
        int hopLimit,
        int type,
        int code,
        string from,
        DropReason reason
    )
    {
        var net = new Net(v6: true);
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.Pc, IpAddress.Parse(to), timeToLive: (byte)hopLimit);
            Assert.Equal((IpAddress.Parse(from), type, code), (received.From.Address, message[0], message[1]));
            Assert.True(Ipv6Header.TryReadQuoted(message.AsSpan(8), out var quoted));
            Assert.Equal(IpAddress.Parse(to), quoted.Destination);
        });
        Assert.Equal(1, net.Router.Counters.Dropped(reason));
        Assert.All(net.Lan.Frames, Reference.AssertSound);
    }

    [Fact]
    public void A_neighbour_that_is_not_there_is_reported_unreachable_after_three_seconds_by_myself()
    {
        var net = new Net(v6: true);
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.Pc, Net.Nobody6);
            Assert.Equal((Net.Pc6, 1, 3), (received.From.Address, message[0], message[1]));
            Assert.Equal(Instant.Zero + Duration.FromSeconds(3), net.Loop.Now);
        });
        Assert.Equal(3, net.Lan.Frames.Count);
    }

    [Fact]
    public void What_is_too_big_for_a_later_link_comes_back_with_its_MTU_and_is_cut_at_the_source_from_then_on()
    {
        var net = new Net(v6: true, farMtu: 1300);
        net.Run(async () =>
        {
            var (_, error) = await net.PingAsync(net.Pc, Net.Far6, length: 1400);
            Assert.Equal((2, 0, 1300), (error[0], error[1], error[6] << 8 | error[7]));
            var (received, message) = await net.PingAsync(net.Pc, Net.Far6, length: 1400);
            Assert.Equal((Net.Far6, 129, 1408), (received.From.Address, message[0], message.Length));
            Assert.Equal(Net.EchoRequest(1, 1400)[8..], message[8..]);
        });
        Assert.Equal(0, net.Router.Counters.FragmentsSent);
        Assert.Equal(2, net.Pc.Counters.FragmentsSent);
        Assert.Equal(1, net.Far.Counters.DatagramsReassembled);
    }

    [Fact]
    public void The_longest_message_crosses_in_fragments_and_comes_together()
    {
        var net = new Net(v6: true, farMtu: 1280);
        net.Run(async () =>
        {
            await net.PingAsync(net.Pc, Net.Far6, length: 1400);
            var (_, message) = await net.PingAsync(net.Pc, Net.Far6, length: 65_527);
            Assert.Equal(Net.EchoRequest(1, 65_527)[8..], message[8..]);
        });
        Assert.All(net.Lan.Frames.Concat(net.Wan.Frames), Reference.AssertSound);
    }

    [Theory]
    [InlineData("2001:db8::1")]
    [InlineData("::1")]
    public void What_is_for_myself_never_touches_a_cable(string address)
    {
        var net = new Net(v6: true);
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.Pc, IpAddress.Parse(address), length: 9000);
            Assert.Equal((IpAddress.Parse(address), 129), (received.From.Address, message[0]));
        });
        Assert.Empty(net.Lan.Frames);
    }

    [Fact]
    public void A_link_local_address_is_meant_on_one_link_and_never_leaves_it()
    {
        var net = new Net(v6: true);
        var far = net.Far.Adapters[0].Addresses.Single(address => address.Address.IsLinkLocal).Address;
        net.Run(async () =>
        {
            var (received, _) = await net.PingAsync(net.Router, far, scope: 2);
            Assert.Equal((far, 2), (received.From.Address, received.From.Scope));
            // On the other link nobody has it.
            var (_, error) = await net.PingAsync(net.Router, far, scope: 1);
            Assert.Equal((1, 3), (error[0], error[1]));
        });
    }

    [Fact]
    public void A_group_is_answered_by_all_who_listen_each_from_an_address_of_its_own()
    {
        var net = new Net(v6: true);
        var heard = new List<IpAddress>();
        net.Run(async () =>
        {
            using var socket = net.Pc.OpenIcmp();
            var request = Net.EchoRequest(1, 8);
            request[0] = 128;
            await socket.SendToAsync(request, new(MulticastGroups.AllNodes, Port.Any) { Scope = 1 });
            for (var i = 0; i < 2; i++)
                heard.Add((await socket.ReceiveFromAsync(_buffer)).From.Address);
        });
        Assert.Equal(2, heard.Distinct().Count());
        Assert.All(heard, address => Assert.True(address.IsLinkLocal));
    }

    [Fact]
    public void A_datagram_goes_there_and_back_and_a_closed_port_refuses()
    {
        var net = new Net(v6: true);
        net.Run(async () =>
        {
            using var server = net.Far.OpenDatagram(new(IpAddress.Any6, 53));
            using var client = net.Pc.OpenDatagram();
            await client.SendToAsync("six"u8.ToArray(), new(Net.Far6, 53));
            var question = await server.ReceiveFromAsync(_buffer);
            Assert.Equal((Net.Pc6, 3), (question.From.Address, question.Length));
            await server.SendToAsync("yes"u8.ToArray(), question.From);
            Assert.Equal(new(Net.Far6, 53), (await client.ReceiveFromAsync(_buffer)).From);
            using var refused = net.Pc.OpenDatagram();
            await refused.ConnectAsync(new(Net.Far6, 54));
            await refused.SendToAsync("?"u8.ToArray(), new(Net.Far6, 54));
            var error = await Assert.ThrowsAnyAsync<SocketException>(async () =>
                await refused.ReceiveFromAsync(_buffer)
            );
            Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        });
    }

    [Fact]
    public void A_socket_bound_to_everything_takes_both_families_unless_it_wants_one_only()
    {
        var net = new Net(v6: true);
        net.Run(async () =>
        {
            using var both = net.Www.OpenDatagram(new(IpAddress.Any6, 53));
            Assert.Equal(SocketError.AddressAlreadyInUse, Failure(() => net.Www.OpenDatagram(new(IpAddress.Any, 53))));
            using var six = net.Www.OpenDatagram();
            six.SetOption(SocketOption.V6Only, 1);
            net.Www.Calls.Bind(six.Descriptor, new(IpAddress.Any6, 54));
            using var four = net.Www.OpenDatagram(new(IpAddress.Any, 54));
            using var client = net.Pc.OpenDatagram(new(IpAddress.Any6, 4000));
            foreach (var address in new[] { Net.Www6, Net.WwwAddress })
            {
                await client.SendToAsync("a"u8.ToArray(), new(address, 53));
                Assert.Equal(address.IsV4, (await both.ReceiveFromAsync(_buffer)).From.Address.IsV4);
                await client.SendToAsync("b"u8.ToArray(), new(address, 54));
                Assert.Equal(
                    address.IsV4,
                    (await (address.IsV4 ? four : six).ReceiveFromAsync(_buffer)).From.Address.IsV4
                );
            }
            Assert.Equal(
                SocketError.AddressFamilyNotSupported,
                (
                    await Assert.ThrowsAnyAsync<SocketException>(async () =>
                        await four.SendToAsync("c"u8.ToArray(), new(Net.Pc6, 4000))
                    )
                ).SocketErrorCode
            );
        });
    }

    private static SocketError Failure(Func<object> call) => Assert.ThrowsAny<SocketException>(call).SocketErrorCode;

    [Fact]
    public void One_listener_takes_connections_of_both_families()
    {
        var net = new Net(v6: true);
        net.Run(async () =>
        {
            using var listener = net.Far.Listen(new Endpoint(IpAddress.Any6, Port.Http));
            foreach (var address in new[] { Net.Far6, Net.FarAddress })
            {
                await using var client = await net.Pc.ConnectAsync(new(address, 80));
                await using var server = await listener.AcceptAsync();
                Assert.Equal(new(address, 80), server.LocalEndpoint);
                await client.WriteAsync(new byte[20_001]);
                await server.ReadExactlyAsync(new byte[20_001]);
            }
            Assert.Equal(
                SocketError.ConnectionRefused,
                (
                    await Assert.ThrowsAnyAsync<SocketException>(async () =>
                        await net.Pc.ConnectAsync(new(Net.Far6, 81))
                    )
                ).SocketErrorCode
            );
        });
        Assert.All(net.Lan.Frames, Reference.AssertSound);
    }

    [Fact]
    public void TCP_learns_the_path_MTU_and_the_data_arrives()
    {
        var net = new Net(v6: true, farMtu: 1300);
        net.Run(async () =>
        {
            using var listener = net.Far.Listen(new Endpoint(IpAddress.Any6, Port.Http));
            await using var client = await net.Pc.ConnectAsync(new(Net.Far6, 80));
            await using var server = await listener.AcceptAsync();
            // The peer's MSS knows of its own link; this direction is the one that has to learn.
            await server.WriteAsync(new byte[10_000]);
            await client.ReadExactlyAsync(new byte[10_000]);
            await client.WriteAsync(new byte[10_000]);
            await server.ReadExactlyAsync(new byte[10_000]);
        });
        Assert.Equal(0, net.Pc.Counters.FragmentsSent);
    }

    [Fact]
    public void A_connection_that_gets_on_needs_no_questions_about_its_next_hop()
    {
        var net = new Net(v6: true);
        net.Run(async () =>
        {
            using var listener = net.Www.Listen(new Endpoint(IpAddress.Any6, Port.Http));
            await using var client = await net.Pc.ConnectAsync(new(Net.Www6, 80));
            await using var server = await listener.AcceptAsync();
            for (var i = 0; i < 20; i++)
            {
                await net.Loop.DelayAsync(Duration.FromSeconds(20));
                await client.WriteAsync(new byte[10]);
                await server.ReadExactlyAsync(new byte[10]);
                await server.WriteAsync(new byte[10]);
                await client.ReadExactlyAsync(new byte[10]);
                await net.Loop.DelayAsync(Duration.FromSeconds(20));
            }
        });
        Assert.Equal(1, MessagesOn(net.Lan).Count(type => type == Icmpv6Type.NeighbourSolicitation));
    }

    [Fact]
    public void A_packet_that_takes_a_detour_earns_a_redirect_and_the_next_one_goes_straight()
    {
        var net = new Net(v6: true);
        var router = net.Router.Adapters[0];
        var linkLocal = router.Addresses.Single(address => address.Address.IsLinkLocal).Address;
        // pc thinks that www is behind the router.
        net.Pc.Ip.Routes.Add(new(new(Net.Www6, 128), net.Pc.Adapters[0], linkLocal));
        net.Run(async () =>
        {
            await net.PingAsync(net.Pc, Net.Www6);
            var (received, _) = await net.PingAsync(net.Pc, Net.Www6);
            Assert.Equal(64, received.TimeToLive);
        });
        Assert.Equal(1, MessagesOn(net.Lan).Count(type => type == Icmpv6Type.Redirect));
        Assert.Equal(1, net.Router.Counters.PacketsForwarded);
        Assert.Equal(1, net.Pc.Ip.Redirects.Count);
        Assert.All(net.Lan.Frames, Reference.AssertSound);
    }

    [Fact]
    public void A_link_that_takes_less_than_1280_bytes_carries_no_IPv6()
    {
        var net = new Net(farMtu: 600);
        Assert.Throws<ArgumentException>(() =>
            net.Far.Adapters[0].AddAddress(InterfaceAddress.Parse("2001:db8::1/64"))
        );
    }

    [Fact]
    public void An_address_that_is_taken_away_is_no_longer_answered_for()
    {
        var net = new Net(v6: true);
        Assert.True(net.Www.Adapters[0].RemoveAddress(InterfaceAddress.Parse("2001:db8::2/64")));
        Assert.False(net.Www.Adapters[0].RemoveAddress(InterfaceAddress.Parse("2001:db8::2/64")));
        Assert.DoesNotContain(net.Www.Ip.Routes.Entries, route => route.Subnet == Subnet.Parse("2001:db8::/64"));
        net.Run(async () =>
        {
            var (_, error) = await net.PingAsync(net.Pc, Net.Www6);
            Assert.Equal((1, 3), (error[0], error[1]));
        });
    }
}
