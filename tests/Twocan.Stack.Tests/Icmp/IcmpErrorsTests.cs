using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>What an ICMP error means to the socket whose packet it is about.</summary>
public sealed class IcmpErrorsTests
{
    [Theory]
    [InlineData(0, SocketError.NetworkUnreachable)]
    [InlineData(1, SocketError.HostUnreachable)]
    [InlineData(2, SocketError.ProtocolOption)]
    [InlineData(3, SocketError.ConnectionRefused)]
    [InlineData(4, SocketError.MessageSize)]
    [InlineData(5, SocketError.HostUnreachable)]
    [InlineData(6, SocketError.NetworkUnreachable)]
    [InlineData(7, SocketError.HostDown)]
    [InlineData(8, SocketError.HostUnreachable)]
    [InlineData(9, SocketError.NetworkUnreachable)]
    [InlineData(10, SocketError.HostUnreachable)]
    [InlineData(11, SocketError.NetworkUnreachable)]
    [InlineData(12, SocketError.HostUnreachable)]
    [InlineData(13, SocketError.HostUnreachable)]
    [InlineData(14, SocketError.HostUnreachable)]
    [InlineData(15, SocketError.HostUnreachable)]
    [InlineData(16, SocketError.HostUnreachable)]
    public void Each_code_of_unreachable_is_the_error_that_reaches_a_connected_socket(byte code, SocketError expected)
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var socket = net.Pc.OpenDatagramTo(Net.FarAddress, 9, out var local);
            var about = Packets.Ip(
                Net.PcAddress,
                Net.FarAddress,
                IpProtocol.Udp,
                Packets.UdpBetween(local, new(Net.FarAddress, 9), 2000)
            );
            var error = Packets.Error(
                IcmpType.DestinationUnreachable,
                code,
                code == IcmpCode.FragmentationNeeded ? 1000u : 0,
                about[..28]
            );
            var buffer = net.Loop.Packets.Rent();
            buffer.Append(Packets.Ip(IpAddress.Parse("10.0.0.254"), Net.PcAddress, IpProtocol.Icmp, error));
            net.Pc.Ip.Receive(buffer, net.Pc.Adapters[0], linkBroadcast: false);
            var failure = await Assert.ThrowsAnyAsync<SocketException>(async () =>
                await socket.ReceiveFromAsync(new byte[10])
            );
            Assert.Equal(expected, failure.SocketErrorCode);
        });
    }

    [Fact]
    public void Every_message_says_what_it_is_in_both_languages()
    {
        for (var type = 0; type < 256; type++)
        {
            for (byte code = 0; code < 17; code++)
            {
                var english = IcmpWords.Describe((IcmpType)type, code, Language.English);
                var korean = IcmpWords.Describe((IcmpType)type, code, Language.Korean);
                Assert.NotEmpty(english);
                Assert.NotEqual(english, korean);
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(40)]
    public void Messages_of_the_past_and_timestamp_requests_go_unanswered(byte type)
    {
        var net = new Net();
        var message = new byte[20];
        IcmpHeader.Write(message, (IcmpType)type, 0, 1, 1);
        net.Inject(net.Router, Packets.Ip(Net.PcAddress, IpAddress.Parse("10.0.0.254"), IpProtocol.Icmp, message));
        Assert.Equal((1, 0), (net.Router.Counters.IcmpMessagesReceived, net.Router.Counters.IcmpMessagesSent));
    }

    [Fact]
    public void An_error_is_urgent_and_of_the_service_that_the_packet_asked_for_and_a_reply_is_of_the_same()
    {
        var net = new Net();
        var unrouted = IpAddress.Parse("203.0.113.9");
        net.Inject(
            net.Router,
            Packets.Ip(Net.PcAddress, unrouted, IpProtocol.Udp, new byte[16], typeOfService: 0b0001_0011)
        );
        Assert.Equal(0b1101_0000, Packets.Whole(net.Lan.Frames[^1])[1]);
        net.Inject(
            net.Router,
            Packets.Ip(
                Net.PcAddress,
                IpAddress.Parse("10.0.0.254"),
                IpProtocol.Icmp,
                Packets.Echo(),
                typeOfService: 0b1011_1000
            )
        );
        Assert.Equal(0b1011_1000, Packets.Whole(net.Lan.Frames[^1])[1]);
    }
}
