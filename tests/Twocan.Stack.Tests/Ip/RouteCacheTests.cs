using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>A remembered route is the one that would be found: whatever it follows from may change under a stream of packets.</summary>
public sealed class RouteCacheTests
{
    private static readonly IpAddress Second = IpAddress.Parse("10.0.0.253");

    private readonly Net _net = new(v6: true);

    private Adapter PcAdapter => _net.Pc.Adapters[0];

    private void Ping(IpAddress to) => _net.Run(() => _net.PingAsync(_net.Pc, to));

    private Route? RouteTo(IpAddress destination) => _net.Pc.Ip.TryRoute(destination, out var route) ? route : null;

    private static MacAddress DestinationOf(byte[] frame) => MacAddress.Read(frame);

    [Theory]
    [InlineData("10.0.9.2")]
    [InlineData("2001:db8:9::2")]
    public void What_goes_where_the_last_packet_went_takes_the_same_route(string to)
    {
        var destination = IpAddress.Parse(to);
        Ping(destination);
        var first = RouteTo(destination);
        Ping(destination);
        Assert.NotNull(first);
        Assert.Same(first, RouteTo(destination));
    }

    [Fact]
    public void A_longer_prefix_that_is_added_takes_the_packets_over()
    {
        Ping(Net.FarAddress);
        var second = _net.Host("second");
        _net.Lan.Plug(second, "10.0.0.253/24");
        _net.Wan.Plug(second, "10.0.9.3/24");
        second.Ip.Forwarding = true;
        _net.Pc.Ip.AddRoute(Subnet.Parse("10.0.9.0/24"), Second);
        Ping(Net.FarAddress);
        Assert.Equal((Second, 1), (RouteTo(Net.FarAddress)!.NextHop, second.Counters.PacketsForwarded));
    }

    [Theory]
    [InlineData("10.0.9.2")]
    [InlineData("2001:db8:9::2")]
    public void A_route_that_is_removed_leads_nowhere_any_more(string to)
    {
        var destination = IpAddress.Parse(to);
        Ping(destination);
        var everything = _net.Pc.Ip.Routes.Entries.Single(entry =>
            entry.Subnet.PrefixLength == 0 && entry.Gateway.IsV4 == destination.IsV4
        );
        _net.Pc.Ip.Routes.Remove(everything);
        Assert.Null(RouteTo(destination));
    }

    [Fact]
    public void A_router_forwards_by_the_table_as_it_is_now()
    {
        Ping(Net.FarAddress);
        var route = _net.Router.Ip.Routes.Entries.Single(entry => entry.Subnet == Subnet.Parse("10.0.9.0/24"));
        _net.Router.Ip.Routes.Remove(route);
        _net.Inject(_net.Router, Packets.Ip(Net.PcAddress, Net.FarAddress, IpProtocol.Icmp, Packets.Echo()));
        Assert.Equal(1, _net.Router.Counters.Dropped(DropReason.NoRoute));
    }

    [Fact]
    public void An_address_that_is_taken_away_is_no_source_any_more()
    {
        PcAdapter.AddAddress(InterfaceAddress.Parse("10.0.0.9/24"));
        Ping(Net.WwwAddress);
        Assert.Equal(Net.PcAddress, RouteTo(Net.WwwAddress)!.Source);
        PcAdapter.RemoveAddress(InterfaceAddress.Parse("10.0.0.1/24"));
        Assert.Equal("10.0.0.9", RouteTo(Net.WwwAddress)!.Source.ToString());
    }

    [Fact]
    public void An_address_that_becomes_mine_needs_no_link_and_one_that_was_mine_does()
    {
        var address = InterfaceAddress.Parse("10.0.0.50/24");
        Assert.False(RouteTo(address.Address)!.IsLocal);
        PcAdapter.AddAddress(address);
        Assert.True(RouteTo(address.Address)!.IsLocal);
        PcAdapter.RemoveAddress(address);
        Assert.False(RouteTo(address.Address)!.IsLocal);
    }

    [Theory]
    [InlineData("10.0.0.2")]
    [InlineData("2001:db8::2")]
    public void A_neighbour_with_another_adapter_is_sent_to_at_its_new_MAC_address(string to)
    {
        var www = IpAddress.Parse(to);
        Ping(www);
        var other = MacAddress.Parse("02:00:00:00:99:99");
        var table = www.IsV4 ? PcAdapter.Arp.Neighbours : PcAdapter.Discovery.Neighbours;
        table.Hear(www, other, mayAdd: false, _net.Loop.Now);
        var before = _net.Lan.Frames.Count;
        _net.Loop.Run(async () =>
        {
            using var socket = _net.Pc.OpenDatagram();
            await socket.SendToAsync(new byte[] { 1 }, new Endpoint(www, 5000));
        });
        _net.AssertRest();
        Assert.Equal(other, DestinationOf(_net.Lan.Frames[before]));
    }

    [Fact]
    public void A_neighbour_that_was_forgotten_is_asked_for_again()
    {
        Ping(Net.WwwAddress);
        PcAdapter.Arp.Neighbours.Clear();
        var before = _net.Lan.Frames.Count;
        Ping(Net.WwwAddress);
        Assert.Equal(MacAddress.Broadcast, DestinationOf(_net.Lan.Frames[before]));
        Assert.NotNull(PcAdapter.Arp.Neighbours.Find(Net.WwwAddress));
    }

    [Fact]
    public void A_neighbour_long_not_confirmed_is_in_doubt_though_its_route_is_remembered()
    {
        Ping(Net.WwwAddress);
        _net.Loop.RunFor(PcAdapter.Arp.Neighbours.ReachableTime + Duration.FromSeconds(1));
        _net.Loop.Run(async () =>
        {
            using var socket = _net.Pc.OpenDatagram();
            await socket.SendToAsync(new byte[] { 1 }, new Endpoint(Net.WwwAddress, 5000));
        });
        Assert.Equal(NeighbourState.Delay, PcAdapter.Arp.Neighbours.Find(Net.WwwAddress)!.State);
        _net.AssertRest();
    }

    [Fact]
    public void A_narrower_path_counts_at_once_and_is_forgotten_in_time()
    {
        Ping(Net.FarAddress);
        Assert.Equal(1500, RouteTo(Net.FarAddress)!.Mtu);
        _net.Pc.Ip.PathMtus.Learn(Net.FarAddress, 1300, _net.Loop.Now);
        Assert.Equal(1300, RouteTo(Net.FarAddress)!.Mtu);
        _net.Loop.RunFor(PathMtuCache.Lifetime);
        Assert.Equal(1500, RouteTo(Net.FarAddress)!.Mtu);
    }

    [Fact]
    public void A_limit_that_somebody_sets_on_an_adapter_counts_at_once()
    {
        Assert.Equal(1500, RouteTo(Net.FarAddress)!.Mtu);
        PcAdapter.MtuLimit = 1400;
        Assert.Equal(1400, RouteTo(Net.FarAddress)!.Mtu);
        Assert.Equal(1400, RouteTo(Net.Far6)!.Mtu);
    }

    [Fact]
    public void A_redirect_counts_at_once_and_is_forgotten_in_time()
    {
        var router = RouteTo(Net.FarAddress)!.NextHop;
        _net.Pc.Ip.Redirects.Learn(Net.FarAddress, PcAdapter, Second, router, _net.Loop.Now);
        Assert.Equal(Second, RouteTo(Net.FarAddress)!.NextHop);
        _net.Loop.RunFor(RedirectCache.Lifetime);
        Assert.Equal(router, RouteTo(Net.FarAddress)!.NextHop);
    }

    [Fact]
    public void A_source_that_grows_old_gives_way_to_a_fresh_one()
    {
        var (old, fresh) = (InterfaceAddress.Parse("2001:db8::aa/64"), InterfaceAddress.Parse("2001:db8::bb/64"));
        PcAdapter.RemoveAddress(InterfaceAddress.Parse("2001:db8::1/64"));
        PcAdapter.AddAddress(old);
        Assert.Equal(old.Address, RouteTo(Net.Www6)!.Source);
        PcAdapter.AddAddress(fresh);
        var local = PcAdapter.Configured.Single(address => address.Address == old);
        PcAdapter.SetLifetimes(local, _net.Loop.Now + Duration.FromSeconds(5), Instant.Never);
        _net.Loop.RunFor(Duration.FromSeconds(6));
        Assert.Equal(fresh.Address, RouteTo(Net.Www6)!.Source);
    }

    [Fact]
    public void More_destinations_than_it_holds_are_all_routed_right()
    {
        var random = new RandomSource(7);
        for (var i = 0; i < 5_000; i++)
        {
            var isNear = random.Chance(0.5);
            var address = IpAddress.V4((isNear ? 0x0A00_0000u : 0xC000_0000u) | (uint)random.Next(3, 200));
            var route = RouteTo(address)!;
            Assert.Equal(isNear ? address : IpAddress.Parse("10.0.0.254"), route.NextHop);
        }
        for (var i = 0u; i < 5_000; i++)
            Assert.Equal("10.0.0.254", RouteTo(IpAddress.V4(0xC000_0000u + i * 7919))!.NextHop.ToString());
    }
}
