using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>Ethernet, ARP, ICMP and UDP headers in the bytes that carry them.</summary>
public sealed class HeaderTests
{
    private static readonly byte[] Request = Convert.FromHexString(
        "0001080006040001" + "0200000000010a000001" + "0000000000000a000002"
    );

    [Fact]
    public void A_known_ARP_request_is_read_and_written()
    {
        Assert.True(ArpMessage.TryRead(Request, out var message));
        Assert.Equal(
            new ArpMessage(
                ArpOperation.Request,
                MacAddress.Parse("02:00:00:00:00:01"),
                Net.PcAddress,
                MacAddress.Zero,
                Net.WwwAddress
            ),
            message
        );
        var bytes = new byte[ArpMessage.Length];
        message.Write(bytes);
        Assert.Equal(Request, bytes);
    }

    [Theory]
    [InlineData(1, 6, "hardware of another kind")]
    [InlineData(2, 0x86, "a protocol of another kind")]
    [InlineData(4, 8, "a MAC address of 8 bytes")]
    [InlineData(5, 16, "an address of 16 bytes")]
    [InlineData(7, 3, "an operation of RARP")]
    [InlineData(7, 0, "no operation")]
    public void Foreign_ARP_is_refused(int offset, byte value, string what)
    {
        var bytes = Request.ToArray();
        bytes[offset] = value;
        Assert.False(ArpMessage.TryRead(bytes, out _), what);
    }

    [Fact]
    public void An_ARP_message_that_is_cut_off_is_refused_at_every_length()
    {
        for (var length = 0; length < ArpMessage.Length; length++)
            Assert.False(ArpMessage.TryRead(Request.AsSpan(0, length), out _));
    }

    [Fact]
    public void A_MAC_header_is_read_as_it_was_written()
    {
        var bytes = new byte[14];
        var (to, from) = (MacAddress.Parse("02:00:0a:0b:0c:0d"), MacAddress.Parse("02:00:0a:0b:0c:01"));
        EthernetHeader.Write(bytes, to, from, EtherType.Arp);
        Assert.Equal("02000A0B0C0D02000A0B0C010806", Convert.ToHexString(bytes));
        Assert.True(EthernetHeader.TryRead(bytes, out var header));
        Assert.Equal((to, from, EtherType.Arp), (header.Destination, header.Source, header.Type));
        Assert.False(EthernetHeader.TryRead(bytes.AsSpan(1), out _));
    }

    [Fact]
    public void Every_datagram_that_is_written_has_the_reference_checksum_and_is_read_again()
    {
        var random = new RandomSource(21);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = new byte[8 + random.Next(64)];
            random.Fill(bytes);
            var from = new Endpoint(IpAddress.V4(random.NextUInt32()), random.NextUInt16());
            var to = new Endpoint(IpAddress.V4(random.NextUInt32()), random.NextUInt16());
            UdpHeader.Write(bytes, from, to);
            var pseudo = new byte[12];
            from.Address.Write(pseudo);
            to.Address.Write(pseudo.AsSpan(4));
            (pseudo[9], pseudo[11]) = (17, (byte)bytes.Length);
            Assert.Equal(0, Reference.Checksum(pseudo, bytes));
            Assert.True(UdpHeader.TryRead(bytes, out var header));
            Assert.True(header.HasRightChecksum(from.Address, to.Address));
            Assert.Equal((from.Port, to.Port), (header.SourcePort, header.DestinationPort));
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Assert.False(UdpHeader.TryRead(bytes, out header) && header.HasRightChecksum(from.Address, to.Address));
        }
    }

    [Fact]
    public void A_checksum_that_comes_out_as_zero_is_sent_as_all_ones()
    {
        // The data is chosen so that the sum is complete: zero would mean 'none computed' (RFC 768).
        var bytes = new byte[10];
        var (from, to) = (new Endpoint(Net.PcAddress, 1), new Endpoint(Net.WwwAddress, 2));
        UdpHeader.Write(bytes, from, to);
        (bytes[8], bytes[9]) = (bytes[6], bytes[7]);
        UdpHeader.Write(bytes, from, to);
        Assert.Equal((0xFF, 0xFF), (bytes[6], bytes[7]));
        Assert.True(UdpHeader.TryRead(bytes, out var header) && header.HasRightChecksum(from.Address, to.Address));
    }

    [Fact]
    public void A_datagram_whose_length_does_not_fit_is_refused()
    {
        var bytes = new byte[20];
        UdpHeader.Write(bytes, new(Net.PcAddress, 1), new(Net.WwwAddress, 2));
        bytes[5] = 7;
        Assert.False(UdpHeader.TryRead(bytes, out _));
        bytes[5] = 21;
        Assert.False(UdpHeader.TryRead(bytes, out _));
        bytes[5] = 12;
        Assert.True(UdpHeader.TryRead(bytes, out var header));
        Assert.Equal(4, header.Data.Length);
    }

    [Fact]
    public void A_known_echo_request_is_written()
    {
        var bytes = new byte[12];
        "abcd"u8.CopyTo(bytes.AsSpan(8));
        IcmpHeader.Write(bytes, IcmpType.EchoRequest, 0, 0x1234, 0x0001);
        Assert.Equal(0, Reference.Checksum(bytes));
        Assert.Equal("0800210412340001", Convert.ToHexString(bytes[..8]));
        Assert.True(IcmpHeader.TryRead(bytes, out var header));
        Assert.True(header.HasRightChecksum);
        Assert.Equal((IcmpType.EchoRequest, 0x1234, 1), (header.Type, header.Identifier, header.Sequence));
    }
}
