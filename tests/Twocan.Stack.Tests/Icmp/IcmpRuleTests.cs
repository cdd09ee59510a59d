using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>RFC 1122 §3.2.2: what earns an ICMP message and what must not. Packets are put straight into the router's adapter.</summary>
public sealed class IcmpRuleTests
{
    private static readonly IpAddress Router = IpAddress.Parse("10.0.0.254");
    private static readonly IpAddress Unrouted = IpAddress.Parse("203.0.113.9");

    private readonly Net _net = new();

    private long Sent => _net.Router.Counters.IcmpMessagesSent;

    /// <summary>Hands the router a packet from the LAN, and lets everything happen that follows.</summary>
    private void Inject(
        IpAddress source,
        IpAddress destination,
        IpProtocol protocol,
        byte[] payload,
        byte timeToLive = 64,
        bool linkBroadcast = false,
        Action<byte[]>? change = null
    )
    {
        var packet = new byte[20 + payload.Length];
        payload.CopyTo(packet, 20);
        Ipv4Header.Write(packet, payload.Length, 7, timeToLive, protocol, source, destination);
        if (change is not null)
        {
            change(packet);
            (packet[10], packet[11]) = (0, 0);
            var checksum = Reference.Checksum(packet[..20]);
            (packet[10], packet[11]) = ((byte)(checksum >> 8), (byte)checksum);
        }
        _net.Inject(_net.Router, packet, linkBroadcast: linkBroadcast);
    }

    private static byte[] Icmp(IcmpType type, byte code = 0, int data = 28)
    {
        var message = new byte[8 + data];
        IcmpHeader.Write(message, type, code, 1, 1);
        return message;
    }

    [Theory]
    [InlineData(IcmpType.DestinationUnreachable)]
    [InlineData(IcmpType.TimeExceeded)]
    [InlineData(IcmpType.ParameterProblem)]
    [InlineData(IcmpType.Redirect)]
    public void Never_an_error_about_an_error(IcmpType type)
    {
        Inject(Net.PcAddress, Unrouted, IpProtocol.Icmp, Icmp(type));
        Assert.Equal((1, 0), (_net.Router.Counters.Dropped(DropReason.NoRoute), Sent));
    }

    [Fact]
    public void An_error_about_an_echo_request_is_right()
    {
        Inject(Net.PcAddress, Unrouted, IpProtocol.Icmp, Icmp(IcmpType.EchoRequest));
        Assert.Equal(1, Sent);
    }

    [Fact]
    public void Never_an_error_about_a_later_fragment()
    {
        Inject(Net.PcAddress, Unrouted, IpProtocol.Udp, new byte[16], change: packet => packet[7] = 5);
        Assert.Equal(0, Sent);
        Inject(Net.PcAddress, Unrouted, IpProtocol.Udp, new byte[16], change: packet => packet[6] = 0x20);
        Assert.Equal(1, Sent);
    }

    [Theory]
    [InlineData("255.255.255.255")]
    [InlineData("10.0.0.255")]
    public void Never_an_error_about_a_broadcast(string address)
    {
        Inject(Net.PcAddress, IpAddress.Parse(address), (IpProtocol)99, new byte[16]);
        Inject(Net.PcAddress, IpAddress.Parse(address), IpProtocol.Icmp, Icmp(IcmpType.EchoRequest));
        Assert.Equal((1, 0), (_net.Router.Counters.Dropped(DropReason.NoProtocol), Sent));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("10.0.0.255")]
    [InlineData("10.0.9.255")]
    [InlineData("10.0.0.254")]
    [InlineData("10.0.9.1")]
    public void A_source_that_nobody_can_have_is_dropped_in_silence(string source)
    {
        Inject(IpAddress.Parse(source), Router, IpProtocol.Udp, new byte[16]);
        Inject(IpAddress.Parse(source), Unrouted, IpProtocol.Udp, new byte[16]);
        Assert.Equal((2, 0), (_net.Router.Counters.Dropped(DropReason.BadSource), Sent));
    }

    [Theory]
    [InlineData("127.0.0.1", DropReason.BadDestination)]
    [InlineData("0.0.0.0", DropReason.BadDestination)]
    [InlineData("224.0.0.5", DropReason.NotForwarding)]
    [InlineData("169.254.1.1", DropReason.NotForwarding)]
    [InlineData("250.0.0.1", DropReason.NotForwarding)]
    public void A_destination_that_is_not_for_routers_is_dropped_in_silence(string destination, DropReason reason)
    {
        Inject(Net.PcAddress, IpAddress.Parse(destination), IpProtocol.Udp, new byte[16]);
        Assert.Equal((1, 0), (_net.Router.Counters.Dropped(reason), Sent));
    }

    [Fact]
    public void A_packet_to_one_in_a_frame_to_all_is_neither_forwarded_nor_answered()
    {
        Inject(Net.PcAddress, Net.FarAddress, IpProtocol.Udp, new byte[16], linkBroadcast: true);
        Inject(Net.PcAddress, Router, IpProtocol.Icmp, Icmp(IcmpType.EchoRequest), linkBroadcast: true);
        Assert.Equal((2, 0), (_net.Router.Counters.Dropped(DropReason.BadDestination), Sent));
    }

    [Fact]
    public void A_protocol_that_is_not_spoken_is_reported()
    {
        Inject(Net.PcAddress, Router, (IpProtocol)99, new byte[16]);
        var error = _net.Lan.Frames[^1];
        Reference.AssertSound(error);
        Assert.Equal((3, 2), (error[34], error[35]));
    }

    [Fact]
    public void An_error_quotes_all_that_fits_into_576_bytes()
    {
        Inject(Net.PcAddress, Unrouted, IpProtocol.Udp, new byte[1400]);
        var error = _net.Lan.Frames[^1];
        Reference.AssertSound(error);
        Assert.Equal(14 + 576 + 4, error.Length);
    }

    [Fact]
    public void A_fragment_for_me_waits_for_the_rest_and_one_for_others_is_forwarded()
    {
        Inject(Net.PcAddress, Router, IpProtocol.Udp, new byte[16], change: packet => packet[6] = 0x20);
        Inject(Net.PcAddress, Net.FarAddress, IpProtocol.Udp, new byte[16], change: packet => packet[7] = 5);
        Assert.Equal(1, _net.Router.Counters.FragmentsReceived);
        Assert.Equal(1, _net.Router.Counters.Dropped(DropReason.ReassemblyTimedOut));
        Assert.Equal(1, _net.Router.Counters.PacketsForwarded);
    }

    [Fact]
    public void An_error_about_a_packet_that_is_not_mine_is_dropped()
    {
        var message = Icmp(IcmpType.DestinationUnreachable, IcmpCode.PortUnreachable);
        Ipv4Header.Write(message.AsSpan(8), 8, 1, 64, IpProtocol.Udp, Net.FarAddress, Net.PcAddress);
        IcmpHeader.Write(message, IcmpType.DestinationUnreachable, IcmpCode.PortUnreachable, 0, 0);
        Inject(Net.PcAddress, Router, IpProtocol.Icmp, message);
        Assert.Equal(1, _net.Router.Counters.Dropped(DropReason.BadIcmp));
    }

    [Fact]
    public void A_token_bucket_gives_its_burst_and_then_its_rate()
    {
        var bucket = new TokenBucket(burst: 5, perSecond: 10);
        int Take(double seconds)
        {
            var taken = 0;
            while (bucket.TryTake(Instant.Zero + Duration.FromSeconds(seconds)))
                taken++;
            return taken;
        }
        Assert.Equal([5, 0, 1, 2, 5], new[] { Take(0), Take(0.05), Take(0.1), Take(0.35), Take(100) });
    }
}
