using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>Options of the IPv4 header: RFC 791 §3.1, RFC 1122 §3.2.1.8, RFC 1812 §5.3.13, RFC 7126.</summary>
public sealed class Ipv4OptionTests
{
    private static readonly IpAddress Router = IpAddress.Parse("10.0.0.254");

    private readonly Net _net = new();

    private void Inject(string options, IpAddress destination, IpProtocol protocol = IpProtocol.Udp) =>
        _net.Inject(
            _net.Router,
            Packets.Ip(
                Net.PcAddress,
                destination,
                protocol,
                protocol == IpProtocol.Udp ? Packets.Udp(Net.PcAddress, destination, 9) : Packets.Echo(),
                options: Convert.FromHexString(options)
            )
        );

    private string Forwarded()
    {
        var packet = Packets.Whole(_net.Wan.Frames.Last(frame => frame[13] == 0 && frame[14 + 9] == 17));
        Assert.Equal(0, Reference.Checksum(packet[..((packet[0] & 15) * 4)]));
        return Convert.ToHexString(packet[20..((packet[0] & 15) * 4)]);
    }

    [Theory]
    [InlineData("83070A00000900" + "00", "loose")]
    [InlineData("89070800000000" + "00", "strict, and at its end")]
    [InlineData("01830304", "loose and empty")]
    public void A_source_route_is_refused_in_silence_by_routers_and_hosts(string options, string what)
    {
        Inject(options, Net.FarAddress);
        Inject(options, Router);
        Assert.True(_net.Router.Counters.Dropped(DropReason.SourceRoute) == 2, what);
        Assert.Equal((0, 0), (_net.Router.Counters.PacketsForwarded, _net.Router.Counters.IcmpMessagesSent));
    }

    [Theory]
    [InlineData("07000000", 21, "a length of nothing")]
    [InlineData("44010000", 21, "a length of 1")]
    [InlineData("01010707", 23, "a length beyond the header")]
    [InlineData("01010107", 23, "no length at all")]
    [InlineData("0707030000000000", 22, "a pointer before the first entry")]
    [InlineData("0707050000000000", 22, "a pointer within an entry")]
    [InlineData("0706040000000000", 22, "room for half an address")]
    [InlineData("4408050200000000", 23, "a kind of timestamp that there is not")]
    [InlineData("4408050100000000", 22, "room for an address and no time")]
    [InlineData("44080400000000" + "00", 22, "a timestamp over its own length")]
    public void A_broken_option_is_reported_with_the_byte_at_which_it_breaks(string options, byte pointer, string what)
    {
        foreach (var destination in new[] { Net.FarAddress, Router })
        {
            Inject(options, destination);
            var problem = Packets.Icmp(_net.Lan)[^1];
            Assert.True((12, 0, pointer) == (problem[0], problem[1], problem[4]), $"{what}: {problem[4]}");
        }
        Assert.Equal(2, _net.Router.Counters.Dropped(DropReason.BadOption));
    }

    [Fact]
    public void A_parameter_problem_reaches_the_socket_that_is_meant()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var socket = net.Pc.OpenDatagramTo(Net.WwwAddress, 9, out var local);
            var about = Packets.Ip(
                Net.PcAddress,
                Net.WwwAddress,
                IpProtocol.Udp,
                Packets.UdpBetween(local, new(Net.WwwAddress, 9))
            );
            net.Pc.Ip.Receive(
                Buffer(
                    net,
                    Packets.Ip(
                        Net.WwwAddress,
                        Net.PcAddress,
                        IpProtocol.Icmp,
                        Packets.Error(IcmpType.ParameterProblem, 0, 1u << 24, about)
                    )
                ),
                net.Pc.Adapters[0],
                linkBroadcast: false
            );
            var failure = await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(async () =>
                await socket.ReceiveFromAsync(new byte[10])
            );
            Assert.Equal(System.Net.Sockets.SocketError.ProtocolOption, failure.SocketErrorCode);
        });
    }

    private static PacketBuffer Buffer(Net net, byte[] packet)
    {
        var buffer = net.Loop.Packets.Rent();
        buffer.Append(packet);
        return buffer;
    }

    [Fact]
    public void A_router_enters_the_address_by_which_the_packet_leaves()
    {
        Inject("070B04000000000000000000", Net.FarAddress);
        Assert.Equal("070B080A0009010000000000", Forwarded());
    }

    [Fact]
    public void A_list_that_is_full_stays_as_it_is()
    {
        Inject("0707080102030400", Net.FarAddress);
        Assert.Equal("0707080102030400", Forwarded());
    }

    [Fact]
    public void A_router_enters_the_time_since_midnight()
    {
        _net.Loop.RunFor(Duration.FromMilliseconds(2500));
        Inject("4408050000000000", Net.FarAddress);
        Assert.Equal("44080900000009C4", Forwarded());
    }

    [Fact]
    public void A_router_enters_its_address_and_the_time()
    {
        _net.Loop.RunFor(Duration.FromMilliseconds(2500));
        Inject("440C05010000000000000000", Net.FarAddress);
        Assert.Equal("440C0D010A000901000009C4", Forwarded());
    }

    [Theory]
    [InlineData("0A000901", "440C0D030A000901000009C4")]
    [InlineData("0A000902", "440C05030A00090200000000")]
    public void A_time_that_is_asked_of_one_station_is_entered_by_that_one(string station, string expected)
    {
        _net.Loop.RunFor(Duration.FromMilliseconds(2500));
        Inject($"440C0503{station}00000000", Net.FarAddress);
        Assert.Equal(expected, Forwarded());
    }

    [Fact]
    public void Stations_that_find_no_room_for_their_time_are_counted_up_to_fifteen()
    {
        Inject("4408090000000001", Net.FarAddress);
        Assert.Equal("4408091000000001", Forwarded());
        Inject("440809F000000001", Net.FarAddress);
        Assert.Equal("440809F000000001", Forwarded());
    }

    [Theory]
    [InlineData("94040000", "router alert")]
    [InlineData("820B0000000000000000000000000000", "security")]
    [InlineData("DE04AABB", "one that nobody knows")]
    [InlineData("01010100", "padding")]
    public void What_does_not_concern_it_a_router_passes_on_as_it_is(string options, string what)
    {
        Inject(options, Net.FarAddress);
        Assert.True(Forwarded() == options, what);
    }

    [Fact]
    public void An_echo_reply_brings_the_recorded_route_back_with_the_answering_host_in_it()
    {
        Inject("94040000070F040000000000000000000000000000000000", Router, IpProtocol.Icmp);
        var reply = Packets.Whole(_net.Lan.Frames[^1]);
        Assert.Equal(0, Reference.Checksum(reply[..36]));
        Assert.Equal("070F080A0000FE000000000000000000", Convert.ToHexString(reply[20..36]));
        Assert.Equal(0, reply[36]);
    }

    [Fact]
    public void Random_options_never_throw_and_leave_the_checksum_right()
    {
        var random = new RandomSource(5);
        Span<byte> kinds = [0, 1, 7, 68, 68, 130, 131, 137, 148, 222];
        for (var i = 0; i < 20_000; i++)
        {
            var options = new byte[4 * random.Next(1, 11)];
            random.Fill(options);
            for (var at = 0; at < options.Length - 4; at += random.Next(2, 12))
            {
                options[at] = kinds[random.Next(kinds.Length)];
                options[at + 1] = (byte)random.Next(2, 16);
                options[at + 2] = (byte)random.Next(3, 16);
                options[at + 3] = (byte)random.Next(0, 5);
            }
            var reason = Ipv4OptionRules.Check(options, out var place);
            Assert.InRange(place, 0, options.Length - 1);
            if (reason is not null)
                continue;
            var packet = Packets.Ip(Net.PcAddress, Net.FarAddress, IpProtocol.Udp, new byte[8], options: options);
            Ipv4OptionRules.StampPacket(packet, _net.Router.Ip, Router, DateTimeOffset.UnixEpoch);
            Assert.Equal(0, Reference.Checksum(packet[..^8]));
        }
    }

    [Fact]
    public void Time_is_written_in_network_order()
    {
        Span<byte> options = Convert.FromHexString("4408050000000000");
        Ipv4OptionRules.Stamp(options, _net.Router.Ip, Router, DateTimeOffset.UnixEpoch.AddHours(13));
        Assert.Equal(13 * 3_600_000u, BinaryPrimitives.ReadUInt32BigEndian(options[4..]));
    }
}
