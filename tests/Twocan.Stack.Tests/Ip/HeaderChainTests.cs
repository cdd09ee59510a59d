using Twocan.Core;

namespace Twocan.Stack.Tests;

public sealed class HeaderChainTests
{
    private static readonly byte[] Empty = [1, 4, 0, 0, 0, 0]; // PadN over the rest of eight bytes

    /// <summary>A packet with these headers; each is its number and what follows its first two bytes.</summary>
    private static byte[] Packet(params (IpProtocol Type, byte[] Body)[] headers)
    {
        var bytes = new List<byte>(new byte[Ipv6Header.Length]);
        for (var i = 0; i < headers.Length; i++)
        {
            var next = i + 1 < headers.Length ? headers[i + 1].Type : IpProtocol.Udp;
            var rest = headers[i].Body;
            bytes.AddRange([(byte)next, (byte)((rest.Length + 2) / 8 - 1), .. rest]);
        }
        bytes.AddRange(new byte[8]);
        var packet = bytes.ToArray();
        var first = headers.Length > 0 ? headers[0].Type : IpProtocol.Udp;
        var address = IpAddress.Parse("2001:db8::1");
        Ipv6Header.Write(packet, packet.Length - Ipv6Header.Length, 64, first, address, address);
        return packet;
    }

    private static (IpProtocol, byte[]) Fragment(int offset, bool more)
    {
        var header = new byte[FragmentHeader.Length];
        FragmentHeader.Write(header, default, offset, more, 7);
        return (IpProtocol.Fragment, header[2..]);
    }

    private static HeaderChain Read(byte[] packet)
    {
        Assert.True(HeaderChain.TryRead(packet, out var chain, out var problem), problem.ToString());
        return chain;
    }

    private static HeaderProblem Refused(byte[] packet)
    {
        Assert.False(HeaderChain.TryRead(packet, out _, out var problem));
        return problem;
    }

    [Fact]
    public void Without_extension_headers_the_payload_begins_behind_the_header() =>
        Assert.Equal(new(IpProtocol.Udp, 40, 6, 0), Read(Packet()));

    [Fact]
    public void All_known_headers_in_their_order_lead_to_what_the_packet_carries()
    {
        var packet = Packet(
            (IpProtocol.HopByHop, [5, 2, 0, 0, 1, 0]),
            (IpProtocol.DestinationOptions, Empty),
            (IpProtocol.Routing, [0, 0, 0, 0, 0, 0]),
            Fragment(0, more: true),
            (IpProtocol.DestinationOptions, Empty)
        );
        Assert.Equal(new(IpProtocol.Udp, 80, 72, 64), Read(packet));
    }

    [Fact]
    public void Hop_by_hop_options_stand_first_or_not_at_all()
    {
        var packet = Packet((IpProtocol.DestinationOptions, Empty), (IpProtocol.HopByHop, Empty));
        Assert.Equal(new(DropReason.BadExtensionHeader, Icmpv6Code.UnknownNextHeader, 40), Refused(packet));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_routing_header_that_wants_the_packet_sent_on_is_refused(byte type)
    {
        var packet = Packet((IpProtocol.Routing, [type, 1, 0, 0, 0, 0]));
        Assert.Equal(new(DropReason.RoutingHeader, Icmpv6Code.ErroneousField, 42), Refused(packet));
    }

    [Theory]
    [InlineData(0x1E, DropReason.FrameTooShort, null, false)]
    [InlineData(0x5E, DropReason.UnknownOption, null, false)]
    [InlineData(0x9E, DropReason.UnknownOption, Icmpv6Code.UnknownOption, true)]
    [InlineData(0xDE, DropReason.UnknownOption, Icmpv6Code.UnknownOption, false)]
    public void An_unknown_option_says_by_its_first_bits_what_becomes_of_the_packet(
        byte option,
        DropReason reason,
        byte? code,
        bool evenToGroups
    )
    {
        var packet = Packet((IpProtocol.DestinationOptions, [0, option, 2, 0, 0, 0]));
        if (reason == DropReason.FrameTooShort)
            Read(packet);
        else
            Assert.Equal(new(reason, code, 43, evenToGroups), Refused(packet));
    }

    [Fact]
    public void Behind_the_header_of_a_later_fragment_nothing_is_read()
    {
        var packet = Packet(Fragment(8, more: true), (IpProtocol.HopByHop, [0xDE, 200, 0, 0, 0, 0]));
        Assert.Equal(new(IpProtocol.HopByHop, 48, 40, 40), Read(packet));
    }

    [Fact]
    public void A_first_fragment_that_does_not_show_all_headers_is_refused()
    {
        var packet = Packet(Fragment(0, more: true), (IpProtocol.DestinationOptions, new byte[14]));
        Assert.Equal(new(DropReason.TinyFragment, Icmpv6Code.IncompleteHeaderChain, 0), Refused(packet[..56]));
    }

    [Fact]
    public void Neither_headers_nor_options_are_read_without_end()
    {
        var headers = Enumerable.Repeat((IpProtocol.DestinationOptions, Empty), HeaderChain.MaxHeaders + 1);
        Assert.Null(Refused(Packet([.. headers])).Code);
        Read(Packet([.. headers.Skip(1)]));
        var options = Enumerable.Repeat(new byte[] { 0x1E, 0 }, HeaderChain.MaxOptions + 3).SelectMany(one => one);
        Assert.Null(Refused(Packet((IpProtocol.DestinationOptions, [.. options]))).Code);
    }

    [Fact]
    public void Any_bytes_are_read_without_an_exception_and_nothing_lies_outside_the_packet()
    {
        var random = new RandomSource(5);
        var read = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var packet = new byte[random.Next(40, 160)];
            random.Fill(packet);
            packet[0] = 0x60;
            packet[6] = RandomNext(random);
            // Mostly plausible: chains of short headers.
            for (var at = 40; at + 8 <= packet.Length; at += 8)
                (packet[at], packet[at + 1]) = (RandomNext(random), random.Chance(0.8) ? (byte)0 : packet[at + 1]);
            if (HeaderChain.TryRead(packet, out var chain, out var problem))
            {
                read++;
                Assert.InRange(chain.Offset, 40, packet.Length);
                Assert.InRange(chain.NamedAt, 6, chain.Offset);
            }
            else
            {
                Assert.InRange(problem.Pointer, 0, packet.Length);
            }
            HeaderChain.TryReadQuoted(packet.AsSpan(0, random.Next(40, packet.Length + 1)), out _, out _);
        }
        Assert.InRange(read, 20_000, 180_000);
    }

    private static byte RandomNext(RandomSource random) =>
        random.Next(8) switch
        {
            0 => (byte)IpProtocol.HopByHop,
            1 or 2 => (byte)IpProtocol.DestinationOptions,
            3 => (byte)IpProtocol.Routing,
            4 => (byte)IpProtocol.Fragment,
            5 => (byte)IpProtocol.NoNextHeader,
            _ => (byte)random.Next(256),
        };
}
