using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

public sealed class PingTests
{
    [Fact]
    public void The_first_ping_is_answered_although_ARP_had_to_ask()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.Pc, Net.WwwAddress);
            Assert.Equal(Net.WwwAddress, received.From.Address);
            Assert.Equal(64, received.TimeToLive);
            Assert.Equal(0, message[0]);
            Assert.Equal(Net.EchoRequest(1, 56)[6..], message[6..]);
        });
        // Question, answer, request, reply: nobody asks twice, the answerer learned from the question.
        Assert.Equal(4, net.Lan.Frames.Count);
    }

    [Fact]
    public void A_router_passes_pings_on_and_takes_one_from_their_time_to_live()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var (received, _) = await net.PingAsync(net.Pc, Net.FarAddress);
            Assert.Equal((Net.FarAddress, 63), (received.From.Address, received.TimeToLive));
        });
        Assert.Equal(2, net.Router.Counters.PacketsForwarded);
    }
}
