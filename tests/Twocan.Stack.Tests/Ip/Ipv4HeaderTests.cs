using Twocan.Core;

namespace Twocan.Stack.Tests;

public sealed class Ipv4HeaderTests
{
    private static readonly byte[] Known = Convert.FromHexString("45000073000040004011b861c0a80001c0a800c7");

    private static byte[] KnownPacket => [.. Known, .. new byte[0x73 - 20]];

    [Fact]
    public void A_known_header_is_read_field_by_field()
    {
        Assert.True(Ipv4Header.TryRead(KnownPacket, out var header));
        Assert.Equal(
            (20, 0x73, 64, IpProtocol.Udp),
            (header.Length, header.TotalLength, header.TimeToLive, header.Protocol)
        );
        Assert.True(header.DontFragment);
        Assert.False(header.IsFragment);
        Assert.True(header.HasRightChecksum);
        Assert.Equal(IpAddress.Parse("192.168.0.1"), header.Source);
        Assert.Equal(IpAddress.Parse("192.168.0.199"), header.Destination);
    }

    [Fact]
    public void A_written_header_is_the_known_one()
    {
        var bytes = new byte[20];
        bytes.AsSpan().Fill(0xEE);
        var (source, destination) = (IpAddress.Parse("192.168.0.1"), IpAddress.Parse("192.168.0.199"));
        Ipv4Header.Write(bytes, 0x73 - 20, 0, 64, IpProtocol.Udp, source, destination);
        Assert.Equal(Known, bytes);
    }

    [Fact]
    public void Whatever_is_written_is_read_again_and_has_the_reference_checksum()
    {
        var random = new RandomSource(11);
        for (var i = 0; i < 2000; i++)
        {
            var (source, destination) = (IpAddress.V4(random.NextUInt32()), IpAddress.V4(random.NextUInt32()));
            var (payload, id, ttl) = (random.Next(1481), random.NextUInt16(), (byte)random.Next(256));
            var bytes = new byte[20 + payload];
            Ipv4Header.Write(bytes, payload, id, ttl, IpProtocol.Tcp, source, destination);
            Assert.True(Ipv4Header.TryRead(bytes, out var header));
            Assert.Equal((id, ttl, IpProtocol.Tcp), (header.Identification, header.TimeToLive, header.Protocol));
            Assert.Equal((source, destination), (header.Source, header.Destination));
            Assert.Equal(20 + payload, header.TotalLength);
            Assert.Equal(0, Reference.Checksum(bytes[..20]));
        }
    }

    [Fact]
    public void Taking_one_from_the_time_to_live_keeps_the_checksum_right()
    {
        var random = new RandomSource(12);
        for (var i = 0; i < 5000; i++)
        {
            var bytes = new byte[20];
            var (source, destination) = (IpAddress.V4(random.NextUInt32()), IpAddress.V4(random.NextUInt32()));
            var ttl = (byte)random.Next(1, 256);
            Ipv4Header.Write(bytes, 0, random.NextUInt16(), ttl, IpProtocol.Udp, source, destination);
            Ipv4Header.DecrementTimeToLive(bytes);
            Assert.Equal(ttl - 1, bytes[8]);
            Assert.Equal(0, Reference.Checksum(bytes));
        }
    }

    [Theory]
    [InlineData(0, 0x55, "version 5")]
    [InlineData(0, 0x44, "a header of 16 bytes")]
    [InlineData(0, 0x4F, "a header longer than the packet says")]
    [InlineData(3, 0x13, "a total shorter than the header")]
    [InlineData(3, 0x74, "a total longer than the bytes")]
    public void Lengths_that_do_not_agree_are_refused(int offset, byte value, string what)
    {
        var packet = offset == 0 && value == 0x4F ? KnownPacket[..40] : KnownPacket;
        packet[offset] = value;
        Assert.False(Ipv4Header.TryRead(packet, out _), what);
    }

    [Fact]
    public void Random_and_truncated_bytes_never_throw_and_never_reach_beyond_their_end()
    {
        var random = new RandomSource(13);
        var bytes = new byte[80];
        for (var i = 0; i < 50_000; i++)
        {
            random.Fill(bytes);
            if (random.Chance(0.8))
                bytes[0] = (byte)(0x40 | random.Next(16));
            if (random.Chance(0.8))
                bytes[2] = 0;
            var cut = bytes.AsSpan(0, random.Next(81));
            if (Ipv4Header.TryRead(cut, out var header))
            {
                Assert.True(header.Length <= header.TotalLength && header.TotalLength <= cut.Length);
                _ = (header.HasRightChecksum, header.Source, header.Destination, header.FragmentOffset);
                Assert.Equal(header.Length - 20, header.Options.Length);
            }
        }
    }
}
