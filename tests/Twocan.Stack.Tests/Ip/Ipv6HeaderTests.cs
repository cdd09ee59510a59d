using Twocan.Core;

namespace Twocan.Stack.Tests;

public sealed class Ipv6HeaderTests
{
    private static readonly IpAddress Source = IpAddress.Parse("2001:db8::1");
    private static readonly IpAddress Destination = IpAddress.Parse("2001:db8::2");

    [Fact]
    public void What_is_written_is_read_again_field_by_field()
    {
        var packet = new byte[Ipv6Header.Length + 5];
        Ipv6Header.Write(packet, 5, 64, IpProtocol.Udp, Source, Destination, trafficClass: 0xB8, flowLabel: 0xABCDE);
        Assert.True(Ipv6Header.TryRead(packet, out var header));
        Assert.Equal(
            (5, 45, IpProtocol.Udp, 64),
            (header.PayloadLength, header.TotalLength, header.NextHeader, header.HopLimit)
        );
        Assert.Equal((Source, Destination), (header.Source, header.Destination));
        Assert.Equal((0xB8, 0xABCDE), (header.TrafficClass, header.FlowLabel));
        Ipv6Header.DecrementHopLimit(packet);
        Assert.Equal(63, packet[7]);
    }

    [Fact]
    public void A_packet_that_is_cut_off_is_none_but_may_be_quoted()
    {
        var packet = new byte[Ipv6Header.Length + 5];
        Ipv6Header.Write(packet, 5, 64, IpProtocol.Udp, Source, Destination);
        Assert.False(Ipv6Header.TryRead(packet.AsSpan(..^1), out _));
        Assert.True(Ipv6Header.TryReadQuoted(packet.AsSpan(..^1), out _));
        Assert.False(Ipv6Header.TryReadQuoted(packet.AsSpan(..39), out _));
        packet[0] = 0x45;
        Assert.False(Ipv6Header.TryRead(packet, out _));
    }

    [Fact]
    public void A_fragment_header_is_read_as_it_was_written()
    {
        var bytes = new byte[FragmentHeader.Length];
        FragmentHeader.Write(bytes, IpProtocol.Udp, 1232, more: true, 0xDEADBEEF);
        Assert.True(FragmentHeader.TryRead(bytes, out var header));
        Assert.Equal(
            (IpProtocol.Udp, 1232, true, 0xDEADBEEF, false),
            (header.NextHeader, header.FragmentOffset, header.MoreFragments, header.Identification, header.IsAtomic)
        );
        FragmentHeader.Write(bytes, IpProtocol.Udp, 0, more: false, 1);
        Assert.True(FragmentHeader.TryRead(bytes, out header) && header.IsAtomic);
    }
}
