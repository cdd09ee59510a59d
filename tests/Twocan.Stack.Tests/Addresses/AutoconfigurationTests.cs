using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>Hosts that find their addresses themselves, and links on which two want the same one.</summary>
public sealed class AutoconfigurationTests
{
    private static readonly AdvertisementSettings Settings = new()
    {
        Mtu = 1400,
        NameServers = [IpAddress.Parse("2001:db8:9::53")],
    };

    private readonly Net _net;
    private readonly ProtocolStack _guest;
    private readonly Adapter _adapter;

    public AutoconfigurationTests()
    {
        _net = new Net(v6: true);
        _guest = _net.Host("guest");
        _adapter = _net.Lan.Plug(_guest, address: null);
    }

    private Adapter RouterAdapter => _net.Router.Adapters[0];

    private IpAddress RouterLinkLocal => RouterAdapter.Addresses.Single(address => address.Address.IsLinkLocal).Address;

    private LocalAddress? Advertised =>
        _adapter.Configured.LastOrDefault(mine => mine.Origin == AddressOrigin.Advertised);

    /// <summary>Runs for a while, and ends what would go on for ever.</summary>
    private void Run(double seconds, Func<Task>? then = null)
    {
        _net.Loop.Run(async () =>
        {
            await _net.Loop.DelayAsync(Duration.FromSeconds(seconds));
            if (then is not null)
                await then();
            foreach (var stack in new[] { _net.Router, _net.Pc, _net.Www, _net.Far })
            {
                foreach (var adapter in stack.Adapters)
                    adapter.Advertise(null);
            }
        });
        Assert.All(_net.Lan.Frames, Reference.AssertSound);
    }

    private void Advertise(AdvertisementSettings settings, params PrefixInformation[] prefixes) =>
        RouterAdapter.Advertise(settings with { Prefixes = prefixes.Length > 0 ? prefixes : null });

    [Fact]
    public void A_host_finds_its_address_its_router_and_its_name_server_and_reaches_the_world()
    {
        RouterAdapter.Advertise(Settings);
        _adapter.Autoconfigure();
        Run(
            5,
            async () =>
            {
                var (received, _) = await _net.PingAsync(_guest, Net.Far6);
                Assert.Equal(63, received.TimeToLive);
            }
        );
        Assert.Equal((AddressState.Preferred, 64), (Advertised!.State, Advertised.Address.PrefixLength));
        Assert.Equal(Subnet.Parse("2001:db8::/64"), Advertised.Address.Subnet);
        Assert.Equal(Settings.NameServers, _guest.NameServers);
        Assert.Equal(1400, _adapter.Ipv6Mtu);
        Assert.Contains(new RouteEntry(Net.AllV6, _adapter, RouterLinkLocal), _guest.Ip.Routes.Entries);
        Assert.Contains(
            new RouteEntry(Subnet.Parse("2001:db8::/64"), _adapter, IpAddress.Any),
            _guest.Ip.Routes.Entries
        );
    }

    [Fact]
    public void Where_no_router_is_three_questions_are_enough()
    {
        _adapter.Autoconfigure();
        Run(60);
        Assert.Equal(3, _adapter.Autoconfiguration.Discovery.Solicitations);
        Assert.Equal(AddressOrigin.LinkLocal, Assert.Single(_adapter.Configured).Origin);
    }

    [Fact]
    public void The_same_host_finds_the_same_address_again_and_another_host_another()
    {
        IpAddress Find(ulong seed)
        {
            var test = new AutoconfigurationTests();
            test.RouterAdapter.Advertise(Settings);
            var guest = new ProtocolStack("guest", test._net.Loop, new RandomSource(seed));
            var adapter = test._net.Lan.Plug(guest, address: null);
            adapter.Autoconfigure();
            test.Run(5);
            return adapter.Configured[^1].Address.Address;
        }
        Assert.Equal(Find(1), Find(1));
        Assert.NotEqual(Find(1), Find(2));
    }

    [Fact]
    public void An_address_that_is_taken_makes_room_for_the_next_of_its_kind()
    {
        Advertise(Settings);
        _adapter.Autoconfigure();
        // www has the very address that the guest will make up first.
        _net.Loop.Run(async () =>
        {
            while (Advertised is null)
                await _net.Loop.DelayAsync(Duration.FromMilliseconds(1));
            _net.Www.Adapters[0].AddAddress(Advertised.Address);
        });
        Run(5, async () => await _net.PingAsync(_guest, Net.Far6));
        var made = _adapter.Configured.Where(mine => mine.Origin == AddressOrigin.Advertised).ToList();
        Assert.Equal([AddressState.Duplicate, AddressState.Preferred], made.Select(mine => mine.State));
        Assert.DoesNotContain(made[0].Address, _adapter.Addresses);
    }

    [Fact]
    public void A_router_that_says_goodbye_is_no_router_any_more()
    {
        Advertise(Settings);
        _adapter.Autoconfigure();
        Run(5);
        Advertise(Settings with { RouterLifetime = Duration.Zero });
        Run(5);
        Assert.DoesNotContain(_guest.Ip.Routes.Entries, route => route.Subnet == Net.AllV6);
        Assert.Equal(AddressState.Preferred, Advertised!.State);
    }

    [Fact]
    public void What_is_not_advertised_again_ends_with_its_lifetime()
    {
        Advertise(
            Settings with
            {
                RouterLifetime = Duration.FromSeconds(100),
            },
            new PrefixInformation(Subnet.Parse("2001:db8::/64"), true, true, 300, 200)
        );
        _adapter.Autoconfigure();
        Run(50);
        Run(100);
        Assert.Equal(AddressState.Preferred, Advertised!.State);
        Assert.DoesNotContain(_guest.Ip.Routes.Entries, route => route.Subnet == Net.AllV6);
        Run(80);
        Assert.Equal(AddressState.Deprecated, Advertised.State);
        Run(120);
        Assert.Null(Advertised);
        Assert.DoesNotContain(_guest.Ip.Routes.Entries, route => route.Subnet == Subnet.Parse("2001:db8::/64"));
    }

    /// <summary>RFC 4862 §5.5.3 e: a liar may shorten an address's life to two hours, and no further.</summary>
    [Fact]
    public void Nobody_can_take_an_address_away_at_once()
    {
        Advertise(Settings, new PrefixInformation(Subnet.Parse("2001:db8::/64"), true, true, 86400, 80000));
        _adapter.Autoconfigure();
        Run(5);
        Advertise(Settings, new PrefixInformation(Subnet.Parse("2001:db8::/64"), true, true, 0, 0));
        Run(5);
        var remaining = Advertised!.ValidUntil - _net.Loop.Now;
        Assert.InRange(remaining.TotalSeconds, 7190, 7200);
        Assert.Equal(AddressState.Deprecated, Advertised.State);
    }

    [Theory]
    [InlineData("fe80::/64", 100u, 100u)]
    [InlineData("2001:db8:5::/56", 100u, 100u)]
    [InlineData("2001:db8:5::/64", 100u, 200u)]
    [InlineData("2001:db8:5::/64", 0u, 0u)]
    public void No_address_is_made_of_a_prefix_that_makes_no_sense(string prefix, uint valid, uint preferred)
    {
        Advertise(Settings, new PrefixInformation(Subnet.Parse(prefix), true, true, valid, preferred));
        _adapter.Autoconfigure();
        Run(5);
        Assert.Null(Advertised);
    }

    [Fact]
    public void An_address_that_somebody_has_already_is_not_taken()
    {
        var claimed = _adapter.ClaimAddress(InterfaceAddress.Parse("2001:db8::2/64"));
        var claimed4 = _adapter.ClaimAddress(InterfaceAddress.Parse("10.0.0.2/24"));
        Run(20);
        Assert.Equal((AddressState.Duplicate, AddressState.Duplicate), (claimed.State, claimed4.State));
        Assert.DoesNotContain(_adapter.Addresses, mine => !mine.Address.IsLinkLocal);
        // The owner has nothing against it, and keeps it.
        Assert.True(_net.Www.Ip.IsMine(Net.Www6) && _net.Www.Ip.IsMine(Net.WwwAddress));
    }

    [Fact]
    public void Two_who_want_the_same_address_at_the_same_time_leave_it_both()
    {
        var other = _net.Host("other");
        var adapter = _net.Lan.Plug(other, address: null);
        var wanted = InterfaceAddress.Parse("2001:db8::99/64");
        var same = DetectionSettings.Ipv6 with { MostDelay = Duration.Zero };
        var (mine, his) = (_adapter.ClaimAddress(wanted, same), adapter.ClaimAddress(wanted, same));
        Run(5);
        Assert.Equal((AddressState.Duplicate, AddressState.Duplicate), (mine.State, his.State));
    }

    [Fact]
    public void A_free_IPv4_address_is_mine_after_some_seconds_and_everybody_learns_it()
    {
        var claimed = _adapter.ClaimAddress(InterfaceAddress.Parse("10.0.0.99/24"));
        Run(3);
        Assert.False(claimed.IsUsable);
        Run(10, async () => await _net.PingAsync(_net.Pc, IpAddress.Parse("10.0.0.99")));
        Assert.True(claimed.IsUsable);
        var arps = _net.Lan.Frames.Where(frame => frame[12] == 8 && frame[13] == 6).ToList();
        // Three questions from nobody, two announcements.
        Assert.Equal(3, arps.Count(frame => frame[28] == 0));
        Assert.Equal(2, arps.Count(frame => frame.AsSpan(28, 4).SequenceEqual(frame.AsSpan(38, 4))));
    }

    [Theory]
    [InlineData("10.0.0.2/24")]
    [InlineData("2001:db8::2/64")]
    public void Who_takes_my_address_hears_once_that_it_is_mine(string address)
    {
        var journaled = new Net(journaled: true, v6: true);
        var thief = journaled.Host("thief");
        var adapter = journaled.Lan.Plug(thief, address: null);
        journaled.Run(async () =>
        {
            adapter.AddAddress(InterfaceAddress.Parse(address));
            for (var i = 0; i < 3; i++)
            {
                if (address.Contains('.'))
                    adapter.Arp.Announce(InterfaceAddress.Parse(address).Address, default);
                else
                    adapter.Discovery.Announce(InterfaceAddress.Parse(address).Address, default);
                await journaled.Loop.DelayAsync(Duration.FromSeconds(1));
            }
        });
        var conflicts = journaled
            .Journal!.Entries.Where(entry => entry.Host == "www")
            .Select(entry => entry.What)
            .OfType<AddressConflict>()
            .ToList();
        Assert.True(conflicts.Count >= 3 && conflicts[0].IsDefended);
        Assert.All(conflicts.Skip(1), conflict => Assert.False(conflict.IsDefended));
        Assert.Equal(adapter.Mac, conflicts[0].By);
        Assert.True(journaled.Www.Ip.IsMine(InterfaceAddress.Parse(address).Address));
    }

    [Fact]
    public void Groups_are_reported_when_they_are_joined_and_when_a_router_asks()
    {
        _adapter.Autoconfigure();
        Run(20);
        var reports = Reports();
        Assert.InRange(reports.Count, 1, 2);
        _net.Lan.Frames.Clear();
        var query = new byte[28];
        query[0] = (byte)Icmpv6Type.MulticastListenerQuery;
        query[5] = 100;
        Icmpv6Header.Seal(query, RouterLinkLocal, MulticastGroups.AllNodes);
        var packet = new byte[40 + 28];
        Ipv6Header.Write(packet, 28, 1, IpProtocol.IcmpV6, RouterLinkLocal, MulticastGroups.AllNodes);
        query.CopyTo(packet, 40);
        _net.Inject(_guest, packet, linkBroadcast: true);
        var report = Assert.Single(Reports());
        Assert.Equal(MacAddress.Parse("33:33:00:00:00:16"), MacAddress.Read(report));
        Assert.Equal((1, 0, 5), (report[14 + 7], report[14 + 6], report[14 + 40 + 2]));
        Assert.True(MldReport.TryRead(report.AsSpan(14 + 48), out var read));
        Assert.True(read.MoveNext());
        Assert.Equal(MldRecordType.IsExclude, read.Type);
        Assert.True(MulticastGroups.IsSolicitedNode(read.Group));
    }

    private List<byte[]> Reports() =>
        [
            .. _net.Lan.Frames.Where(frame =>
                frame[12] == 0x86 && frame[20] == 0 && frame[62] == (byte)Icmpv6Type.MulticastListenerReportV2
            ),
        ];
}
