using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>Rules of RFC 1122 §3 and RFC 1812 §4 and §5 that no other test is about; the whole list is docs/ip.md.</summary>
public sealed class IpRuleTests
{
    private static readonly IpAddress Router = IpAddress.Parse("10.0.0.254");

    private readonly Net _net = new();

    private StackCounters Counters => _net.Router.Counters;

    private byte[] Forwarded => Packets.Whole(_net.Wan.Frames.Last(frame => frame[13] == 0 && frame[14 + 9] == 17));

    [Fact]
    public void A_header_with_a_wrong_checksum_is_dropped_in_silence()
    {
        var packet = Packets.Ip(Net.PcAddress, Net.FarAddress, IpProtocol.Udp, new byte[16]);
        packet[10] ^= 1;
        _net.Inject(_net.Router, packet);
        Assert.Equal((1, 0), (Counters.Dropped(DropReason.BadIpChecksum), Counters.IcmpMessagesSent));
    }

    [Theory]
    [InlineData(0, 0x55, "version 5")]
    [InlineData(0, 0x65, "version 6 as version 4")]
    [InlineData(0, 0x44, "a header of 16 bytes")]
    [InlineData(0, 0x4F, "a header longer than the packet")]
    [InlineData(3, 19, "a total length shorter than the header")]
    [InlineData(3, 37, "a total length longer than what came")]
    public void A_header_that_makes_no_sense_is_dropped_in_silence(int offset, byte value, string what)
    {
        _net.Inject(
            _net.Router,
            Packets.Ip(Net.PcAddress, Net.FarAddress, IpProtocol.Udp, new byte[16], change: p => p[offset] = value)
        );
        Assert.True(Counters.Dropped(DropReason.BadIpHeader) == 1, what);
        Assert.Equal(0, Counters.IcmpMessagesSent);
    }

    [Fact]
    public void What_stands_behind_the_packet_is_padding_and_goes_no_further()
    {
        var datagram = Packets.Udp(Net.PcAddress, Net.FarAddress, 9);
        var packet = Packets.Ip(Net.PcAddress, Net.FarAddress, IpProtocol.Udp, datagram);
        _net.Inject(_net.Router, [.. packet, 1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Equal(36, Forwarded.Length);
        Assert.All(_net.Wan.Frames, Reference.AssertSound);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_is_for_me_is_taken_whatever_is_left_of_its_time(byte timeToLive)
    {
        _net.Inject(
            _net.Router,
            Packets.Ip(Net.PcAddress, Router, IpProtocol.Icmp, Packets.Echo(), timeToLive: timeToLive)
        );
        Assert.Equal(0, Packets.Icmp(_net.Lan)[^1][0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_is_for_others_and_has_no_time_left_is_reported(byte timeToLive)
    {
        _net.Inject(
            _net.Router,
            Packets.Ip(Net.PcAddress, Net.FarAddress, IpProtocol.Udp, new byte[16], timeToLive: timeToLive)
        );
        Assert.Equal((11, 0), (Packets.Icmp(_net.Lan)[^1][0], Packets.Icmp(_net.Lan)[^1][1]));
    }

    [Fact]
    public void A_router_changes_the_time_to_live_and_the_checksum_and_nothing_else()
    {
        var packet = Packets.Ip(
            Net.PcAddress,
            Net.FarAddress,
            IpProtocol.Udp,
            Packets.Udp(Net.PcAddress, Net.FarAddress, 9),
            typeOfService: 0b1011_1001
        );
        _net.Inject(_net.Router, packet);
        var forwarded = Forwarded;
        Assert.Equal(packet[8] - 1, forwarded[8]);
        Assert.Equal(0, Reference.Checksum(forwarded[..20]));
        (forwarded[8], forwarded[10], forwarded[11]) = (packet[8], packet[10], packet[11]);
        Assert.Equal(packet, forwarded);
    }

    [Theory]
    [InlineData(0x80, "the reserved bit")]
    [InlineData(0xC0, "the reserved bit and 'do not fragment'")]
    public void The_reserved_flag_changes_nothing(byte flags, string what)
    {
        _net.Inject(
            _net.Router,
            Packets.Ip(Net.PcAddress, Net.FarAddress, IpProtocol.Udp, new byte[16], change: p => p[6] = flags)
        );
        Assert.True(Forwarded[6] == flags, what);
    }

    [Fact]
    public void A_fragment_may_say_that_it_must_not_be_cut()
    {
        var echo = Packets.Echo(data: 24);
        _net.Loop.Run(() =>
        {
            Give(Packets.Ip(Net.PcAddress, Router, IpProtocol.Icmp, echo[..16], change: p => p[6] = 0x60));
            Give(Packets.Ip(Net.PcAddress, Router, IpProtocol.Icmp, echo[16..], change: p => (p[6], p[7]) = (0x40, 2)));
            return Task.CompletedTask;
        });
        _net.AssertRest();
        Assert.Equal(0, Packets.Icmp(_net.Lan)[^1][0]);
        Assert.Equal(1, Counters.DatagramsReassembled);
    }

    [Theory]
    [InlineData("10.0.9.255")]
    [InlineData("255.255.255.255")]
    public void A_broadcast_is_heard_by_the_router_and_goes_no_further(string destination)
    {
        _net.Run(async () =>
        {
            using var socket = _net.Router.OpenDatagram(new(IpAddress.Any, 9));
            var to = IpAddress.Parse(destination);
            Give(Packets.Ip(Net.PcAddress, to, IpProtocol.Udp, Packets.Udp(Net.PcAddress, to, 9)));
            Assert.Equal(8, (await socket.ReceiveFromAsync(new byte[100])).Length);
        });
        Assert.Empty(_net.Wan.Frames);
        Assert.Equal(0, Counters.PacketsForwarded);
    }

    [Fact]
    public void An_address_of_any_adapter_is_mine_on_all_of_them()
    {
        _net.Inject(
            _net.Router,
            Packets.Ip(Net.PcAddress, IpAddress.Parse("10.0.9.1"), IpProtocol.Icmp, Packets.Echo())
        );
        Assert.Equal("10.0.9.1", IpAddress.Read(Packets.Whole(_net.Lan.Frames[^1]).AsSpan(12, 4)).ToString());
    }

    [Theory]
    [InlineData("10.0.0.254", "10.0.0.254", "the land packet")]
    [InlineData("10.0.9.1", "10.0.0.254", "from my other address")]
    [InlineData("127.0.0.1", "10.0.0.254", "from inside of me")]
    [InlineData("255.255.255.255", "10.0.0.254", "from everybody")]
    [InlineData("10.0.0.255", "10.0.9.2", "from everybody here")]
    [InlineData("10.0.9.255", "10.0.9.2", "from everybody there")]
    [InlineData("224.0.0.1", "10.0.9.2", "from a group")]
    [InlineData("240.0.0.1", "10.0.9.2", "from class E")]
    [InlineData("0.0.0.0", "10.0.9.2", "from nobody, to one")]
    [InlineData("0.1.2.3", "255.255.255.255", "from network 0")]
    public void A_martian_is_dropped_before_anything_is_done_with_it(string source, string destination, string what)
    {
        _net.Inject(
            _net.Router,
            Packets.Ip(IpAddress.Parse(source), IpAddress.Parse(destination), IpProtocol.Icmp, Packets.Echo())
        );
        Assert.True(Counters.Dropped(DropReason.BadSource) == 1, what);
        Assert.Equal((0, 0, 0), (Counters.PacketsDelivered, Counters.PacketsForwarded, Counters.IcmpMessagesSent));
    }

    [Fact]
    public void Who_has_no_address_yet_may_speak_to_everybody()
    {
        _net.Run(async () =>
        {
            using var socket = _net.Router.OpenDatagram(new(IpAddress.Any, 67));
            Give(
                Packets.Ip(
                    IpAddress.Any,
                    IpAddress.Broadcast,
                    IpProtocol.Udp,
                    Packets.UdpBetween(new(IpAddress.Any, 68), new(IpAddress.Broadcast, 67))
                )
            );
            Assert.Equal(new(IpAddress.Any, 68), (await socket.ReceiveFromAsync(new byte[100])).From);
        });
    }

    [Fact]
    public void A_datagram_without_a_checksum_is_taken()
    {
        _net.Run(async () =>
        {
            using var socket = _net.Router.OpenDatagram(new(IpAddress.Any, 9));
            var datagram = Packets.Udp(Net.PcAddress, Router, 9);
            (datagram[6], datagram[7]) = (0, 0);
            Give(Packets.Ip(Net.PcAddress, Router, IpProtocol.Udp, datagram));
            Assert.Equal(8, (await socket.ReceiveFromAsync(new byte[100])).Length);
        });
    }

    [Fact]
    public void Every_packet_of_mine_begins_with_64_hops_and_says_whether_it_may_be_cut()
    {
        _net.Run(async () =>
        {
            using var socket = _net.Pc.OpenDatagram();
            await socket.SendToAsync(new byte[8], new(Net.WwwAddress, 9));
            socket.SetOption(SocketOption.DontFragment, 1);
            await socket.SendToAsync(new byte[8], new(Net.WwwAddress, 9));
            await _net.Loop.DelayAsync(Duration.FromSeconds(1));
        });
        var sent = _net.Lan.Frames.Where(frame => frame[13] == 0 && frame[14 + 9] == 17).Select(Packets.Whole).ToList();
        Assert.Equal([64, 64], sent.Select(packet => (int)packet[8]));
        Assert.Equal([0x00, 0x40], sent.Select(packet => (int)packet[6]));
    }

    private void Give(byte[] packet)
    {
        var buffer = _net.Loop.Packets.Rent();
        buffer.Append(packet);
        _net.Router.Ip.Receive(buffer, _net.Router.Adapters[0], linkBroadcast: false);
    }
}
