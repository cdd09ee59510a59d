using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>What a host does with IPv6 packets made by hand: delivers, refuses, tells, or keeps silent (RFC 8200, RFC 4443 §2.4).</summary>
public sealed class Ipv6RuleTests
{
    private readonly Net _net = new(v6: true);

    private static byte[] Packet(
        IpAddress source,
        IpAddress destination,
        IpProtocol next,
        byte[] payload,
        byte hopLimit = 64
    )
    {
        var packet = new byte[Ipv6Header.Length + payload.Length];
        Ipv6Header.Write(packet, payload.Length, hopLimit, next, Net.Www6, Net.Www6);
        WriteWhole(source, packet.AsSpan(8));
        WriteWhole(destination, packet.AsSpan(24));
        payload.CopyTo(packet, Ipv6Header.Length);
        return packet;
    }

    /// <summary>An address as an IPv6 header has it, mapped ones too.</summary>
    private static void WriteWhole(IpAddress address, Span<byte> into)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(into, address.High);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(into[8..], address.Low);
    }

    private static byte[] Echo(IpAddress source, IpAddress destination, int data = 8)
    {
        var message = new byte[8 + data];
        Icmpv6Header.Write(message, Icmpv6Type.EchoRequest, 0, 1, source, destination);
        return message;
    }

    private static byte[] Udp(IpAddress source, IpAddress destination)
    {
        var datagram = new byte[16];
        UdpHeader.Write(datagram, new(source, 4000), new(destination, 9));
        return datagram;
    }

    private static byte[] Fragment(IpProtocol next, int offset, bool more, byte[] piece, uint id = 7)
    {
        var payload = new byte[FragmentHeader.Length + piece.Length];
        FragmentHeader.Write(payload, next, offset, more, id);
        piece.CopyTo(payload, FragmentHeader.Length);
        return payload;
    }

    /// <summary>ICMPv6 messages that went back to www: type, code, and the second word.</summary>
    private List<(Icmpv6Type Type, byte Code, uint Word)> Answers() =>
        [
            .. _net
                .Lan.Frames.Where(frame => frame[12] == 0x86 && frame[20] == (byte)IpProtocol.IcmpV6)
                .Select(frame => frame[54..])
                .Where(message => !NdMessage.IsOne((Icmpv6Type)message[0]))
                .Select(message =>
                    (
                        (Icmpv6Type)message[0],
                        message[1],
                        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(4))
                    )
                ),
        ];

    private void Inject(byte[] packet, bool linkMulticast = false) =>
        _net.Inject(_net.Pc, packet, linkBroadcast: linkMulticast);

    /// <summary>One right after the other, and only then lets the net come to rest.</summary>
    private void InjectFragments(params byte[][] fragments)
    {
        _net.Loop.Run(() =>
        {
            foreach (var fragment in fragments)
            {
                var packet = Packet(Net.Www6, Net.Pc6, IpProtocol.Fragment, fragment);
                var buffer = _net.Loop.Packets.Rent(packet.Length);
                buffer.Append(packet);
                _net.Pc.Ip.ReceiveV6(buffer, _net.Pc.Adapters[0], linkMulticast: false);
            }
            return Task.CompletedTask;
        });
        _net.AssertRest();
    }

    [Theory]
    [InlineData("ff02::1", "a group")]
    [InlineData("::1", "loopback")]
    [InlineData("2001:db8::1", "its own")]
    [InlineData("::", "nobody, to one host")]
    [InlineData("::ffff:10.0.0.2", "a mapped one")]
    public void Nobody_can_have_sent_it_from_such_an_address(string source, string why)
    {
        var from = IpAddress.Parse(source);
        Inject(Packet(from, Net.Pc6, IpProtocol.IcmpV6, new byte[16]));
        Assert.True(_net.Pc.Counters.Dropped(DropReason.BadSource) == 1, why);
        Assert.Empty(_net.Lan.Frames);
    }

    [Theory]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("ff01::1")]
    [InlineData("ff00::1")]
    public void Nothing_from_a_cable_goes_to_such_an_address(string destination)
    {
        Inject(Packet(Net.Www6, IpAddress.Parse(destination), IpProtocol.IcmpV6, new byte[16]));
        Assert.Equal(1, _net.Pc.Counters.Dropped(DropReason.BadDestination));
        Assert.Empty(_net.Lan.Frames);
    }

    [Fact]
    public void A_frame_to_many_with_a_packet_to_one_is_dropped()
    {
        Inject(Packet(Net.Www6, Net.Pc6, IpProtocol.IcmpV6, Echo(Net.Www6, Net.Pc6)), linkMulticast: true);
        Assert.Equal(1, _net.Pc.Counters.Dropped(DropReason.BadDestination));
    }

    [Fact]
    public void What_is_carried_and_not_known_is_pointed_at()
    {
        Inject(Packet(Net.Www6, Net.Pc6, (IpProtocol)200, new byte[8]));
        Assert.Equal([(Icmpv6Type.ParameterProblem, Icmpv6Code.UnknownNextHeader, 6u)], Answers());
        // ICMP for IPv4 has no business here.
        Inject(Packet(Net.Www6, Net.Pc6, IpProtocol.Icmp, new byte[8]));
        Assert.Equal(2, _net.Pc.Counters.Dropped(DropReason.NoProtocol));
    }

    [Fact]
    public void Nothing_inside_is_nothing_to_complain_about()
    {
        Inject(Packet(Net.Www6, Net.Pc6, IpProtocol.NoNextHeader, new byte[8]));
        Assert.Equal(1, _net.Pc.Counters.Dropped(DropReason.NothingInside));
        Assert.Empty(_net.Lan.Frames);
    }

    [Theory]
    [InlineData(0x9E, "2001:db8::1", true)]
    [InlineData(0x9E, "ff02::1", true)]
    [InlineData(0xDE, "2001:db8::1", true)]
    [InlineData(0xDE, "ff02::1", false)]
    [InlineData(0x5E, "2001:db8::1", false)]
    public void An_unknown_option_is_told_of_as_it_says_itself(byte option, string destination, bool isTold)
    {
        var to = IpAddress.Parse(destination);
        byte[] options = [(byte)IpProtocol.IcmpV6, 0, option, 4, 0, 0, 0, 0];
        Inject(Packet(Net.Www6, to, IpProtocol.DestinationOptions, [.. options, .. Echo(Net.Www6, to)]));
        Assert.Equal(isTold ? [(Icmpv6Type.ParameterProblem, Icmpv6Code.UnknownOption, 42u)] : [], Answers());
        Assert.Equal(1, _net.Pc.Counters.Dropped(DropReason.UnknownOption));
    }

    [Fact]
    public void No_error_is_told_of_an_error()
    {
        var error = new byte[8 + Ipv6Header.Length];
        Ipv6Header.Write(error.AsSpan(8), 0, 64, IpProtocol.Udp, Net.Pc6, Net.Www6);
        Icmpv6Header.Write(error, Icmpv6Type.DestinationUnreachable, 0, 0, Net.Www6, Net.Far6);
        // It is for somebody whom the router does not reach.
        var nowhere = IpAddress.Parse("2001:db8:77::1");
        _net.Inject(_net.Router, Packet(Net.Www6, nowhere, IpProtocol.IcmpV6, error));
        Assert.Equal(1, _net.Router.Counters.Dropped(DropReason.NoRoute));
        Assert.Empty(Answers());
        _net.Inject(_net.Router, Packet(Net.Www6, nowhere, IpProtocol.Udp, Udp(Net.Www6, nowhere)));
        Assert.Equal([(Icmpv6Type.DestinationUnreachable, Icmpv6Code.NoRoute, 0u)], Answers());
    }

    [Fact]
    public void A_UDP_datagram_without_a_checksum_is_refused()
    {
        var datagram = Udp(Net.Www6, Net.Pc6);
        (datagram[6], datagram[7]) = (0, 0);
        Inject(Packet(Net.Www6, Net.Pc6, IpProtocol.Udp, datagram));
        Assert.Equal(1, _net.Pc.Counters.Dropped(DropReason.BadUdp));
    }

    [Fact]
    public void Fragments_come_together_in_any_order_whatever_their_next_header_says()
    {
        var echo = Echo(Net.Www6, Net.Pc6, data: 40);
        InjectFragments(
            Fragment(IpProtocol.Udp, 16, false, echo[16..]),
            Fragment(IpProtocol.IcmpV6, 0, true, echo[..16])
        );
        Assert.Equal((Icmpv6Type.EchoReply, (byte)0, 1u), Assert.Single(Answers()));
        Assert.Equal(1, _net.Pc.Counters.DatagramsReassembled);
    }

    [Fact]
    public void Fragments_that_overlap_end_the_packet_and_all_that_belongs_to_it()
    {
        var echo = Echo(Net.Www6, Net.Pc6, data: 40);
        InjectFragments(
            Fragment(IpProtocol.IcmpV6, 0, true, echo[..24]),
            Fragment(IpProtocol.IcmpV6, 16, true, echo[16..32]),
            Fragment(IpProtocol.IcmpV6, 24, false, echo[24..])
        );
        Assert.Empty(Answers());
        Assert.Equal(0, _net.Pc.Counters.DatagramsReassembled);
    }

    /// <summary>RFC 6946: it waits for nobody, and nobody can spoil it with a fragment of the same number.</summary>
    [Fact]
    public void An_atomic_fragment_is_a_whole_packet_for_itself()
    {
        var echo = Echo(Net.Www6, Net.Pc6, data: 40);
        InjectFragments(Fragment(IpProtocol.IcmpV6, 0, true, echo[..16]), Fragment(IpProtocol.IcmpV6, 0, false, echo));
        // The echo at once; the fragment's time runs out, and that is told.
        Assert.Equal([Icmpv6Type.EchoReply, Icmpv6Type.TimeExceeded], Answers().Select(answer => answer.Type));
        Assert.Equal(0, _net.Pc.Counters.DatagramsReassembled);
    }

    [Fact]
    public void A_fragment_that_is_not_cut_by_eights_or_reaches_too_far_is_pointed_at()
    {
        Inject(Packet(Net.Www6, Net.Pc6, IpProtocol.Fragment, Fragment(IpProtocol.Udp, 8, true, new byte[15])));
        Inject(
            Packet(Net.Www6, Net.Pc6, IpProtocol.Fragment, Fragment(IpProtocol.Udp, 65528, false, new byte[8], id: 8))
        );
        Assert.Equal(
            [
                (Icmpv6Type.ParameterProblem, Icmpv6Code.ErroneousField, 4u),
                (Icmpv6Type.ParameterProblem, Icmpv6Code.ErroneousField, 42u),
            ],
            Answers()
        );
    }

    [Fact]
    public void A_neighbour_message_from_beyond_the_link_is_not_believed()
    {
        var message = new byte[32];
        message[0] = (byte)Icmpv6Type.NeighbourSolicitation;
        Net.Pc6.Write(message.AsSpan(8));
        (message[24], message[25]) = (1, 1);
        message[31] = 9;
        Icmpv6Header.Seal(message, Net.Www6, Net.Pc6);
        Inject(Packet(Net.Www6, Net.Pc6, IpProtocol.IcmpV6, message, hopLimit: 254));
        Assert.Equal(1, _net.Pc.Counters.Dropped(DropReason.BadNeighbourMessage));
        Assert.Empty(_net.Lan.Frames);
        Assert.Equal(0, _net.Pc.Adapters[0].Discovery.Neighbours.Count);
        Inject(Packet(Net.Www6, Net.Pc6, IpProtocol.IcmpV6, message, hopLimit: 255));
        Assert.NotEmpty(_net.Lan.Frames);
    }

    [Theory]
    [InlineData(1279u, 0)]
    [InlineData(1300u, 1)]
    [InlineData(1500u, 0)]
    public void Too_big_is_believed_only_if_it_can_be_true(uint mtu, int learned)
    {
        var message = new byte[8 + Ipv6Header.Length + 8];
        var udp = Udp(Net.Pc6, Net.Far6);
        Ipv6Header.Write(message.AsSpan(8), 1400, 64, IpProtocol.Udp, Net.Pc6, Net.Far6);
        udp.AsSpan(0, 8).CopyTo(message.AsSpan(48));
        Icmpv6Header.Write(message, Icmpv6Type.PacketTooBig, 0, mtu, Net.Router6, Net.Pc6);
        var socket = _net.Pc.Udp.CreateSocket();
        socket.Bind(new(IpAddress.Any6, new Port(4000)));
        Inject(Packet(Net.Router6, Net.Pc6, IpProtocol.IcmpV6, message));
        socket.Close();
        Assert.Equal(learned, _net.Pc.Ip.PathMtus.Count);
    }

    [Fact]
    public void A_router_does_not_carry_what_belongs_to_one_link()
    {
        var linkLocal = new IpAddress(0xFE80UL << 48, 77);
        _net.Inject(_net.Router, Packet(linkLocal, Net.Far6, IpProtocol.Udp, Udp(linkLocal, Net.Far6)));
        Assert.Equal(1, _net.Router.Counters.Dropped(DropReason.BadSource));
        _net.Inject(_net.Router, Packet(Net.Www6, linkLocal, IpProtocol.Udp, Udp(Net.Www6, linkLocal)));
        Assert.Equal(1, _net.Router.Counters.Dropped(DropReason.NotForwarding));
        Assert.Empty(_net.Wan.Frames);
    }
}
