using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>What the journal tells, and that each thing is traced back to what led to it.</summary>
public sealed class CauseTests
{
    private readonly record struct Click : IJournalEvent
    {
        public Layer Layer => Layer.Browser;

        public string Say(Language language) => "a click";
    }

    private static List<string> Calls(Net net, string host) =>
        [
            .. net.Journal!.Entries.Where(entry => entry.Host == host && entry.What is SocketReturned)
                .Select(entry => entry.What.Say(Language.English)),
        ];

    [Fact]
    public void The_calls_read_as_C_programmers_know_them()
    {
        var net = new Net(journaled: true);
        net.Run(async () =>
        {
            using (var server = net.Www.OpenDatagram(new(IpAddress.Any, 53)))
            using (var client = net.Pc.OpenDatagram())
            {
                await client.SendToAsync(new byte[212], new(Net.WwwAddress, 53));
                await server.ReceiveFromAsync(new byte[512]);
            }
            using (var client = net.Pc.OpenDatagram())
            {
                await client.ConnectAsync(new(Net.WwwAddress, 53));
                await client.SendToAsync(new byte[1], default);
                await Assert.ThrowsAnyAsync<SocketException>(async () => await client.ReceiveFromAsync(new byte[512]));
            }
        });
        Assert.Equal(
            [
                "socket(AF_INET, SOCK_DGRAM, 0) = 3",
                "sendto(3, 212 bytes, 10.0.0.2:53) = 212",
                "close(3) = 0",
                "socket(AF_INET, SOCK_DGRAM, 0) = 3",
                "connect(3, 10.0.0.2:53) = 0",
                "sendto(3, 1 bytes) = 1",
                "recvfrom(3, ≤512) = -1 ECONNREFUSED",
                "close(3) = 0",
            ],
            Calls(net, "pc")
        );
        Assert.Equal(
            [
                "socket(AF_INET, SOCK_DGRAM, 0) = 3",
                "bind(3, 0.0.0.0:53) = 0",
                "recvfrom(3, ≤512) = 212",
                "close(3) = 0",
            ],
            Calls(net, "www")
        );
    }

    [Fact]
    public void An_answer_is_traced_back_across_hosts_to_the_click()
    {
        var net = new Net(journaled: true);
        net.Run(async () =>
        {
            using var server = net.Far.OpenDatagram(new(IpAddress.Any, 53));
            using var client = net.Pc.OpenDatagram();
            var click = net.Pc.Journal!.Tell(new Click());
            await client.SendToAsync(new byte[8], new(Net.FarAddress, 53), click);
            var question = await server.ReceiveFromAsync(new byte[512]);
            await server.SendToAsync(new byte[8], question.From, question.Because);
            var answer = await client.ReceiveFromAsync(new byte[512]);
            var story = net.Journal!.Causes(answer.Because)
                .Select(entry => $"{entry.Host} {entry.What.GetType().Name}");
            Assert.Equal(
                [
                    "pc SocketReturned",
                    "pc DatagramReceived",
                    "pc PacketDelivered",
                    "router PacketForwarded",
                    "far PacketSent",
                    "far DatagramSent",
                    "far SocketCalled",
                    "far SocketReturned",
                    "far DatagramReceived",
                    "far PacketDelivered",
                    "router NeighbourQueued",
                    "router PacketForwarded",
                    "pc NeighbourQueued",
                    "pc PacketSent",
                    "pc DatagramSent",
                    "pc SocketCalled",
                    "pc Click",
                ],
                story
            );
        });
    }

    [Fact]
    public void An_ARP_question_is_traced_back_to_the_packet_that_waits_for_it()
    {
        var net = new Net(journaled: true);
        net.Run(async () => await net.PingAsync(net.Pc, Net.WwwAddress));
        var asked = net.Journal!.Entries.First(entry => entry.What is NeighbourAsked);
        Assert.IsType<PacketSent>(net.Journal.Find(asked.Because)!.What);
        var answered = net.Journal.Entries.First(entry => entry.What is NeighbourAnswered);
        Assert.Equal(("www", asked.Id), (answered.Host, answered.Because));
        var learned = net.Journal.Entries.First(entry => entry.What is NeighbourLearned && entry.Host == "pc");
        Assert.Equal(answered.Id, learned.Because);
    }

    [Fact]
    public void A_refusal_is_traced_back_to_the_datagram_that_earned_it()
    {
        var net = new Net(journaled: true);
        net.Run(async () =>
        {
            using var client = net.Pc.OpenDatagram();
            await client.ConnectAsync(new(Net.WwwAddress, 53));
            await client.SendToAsync(new byte[1], default);
            var error = await Assert.ThrowsAsync<CausedSocketException>(async () =>
                await client.ReceiveFromAsync(new byte[512])
            );
            var story = net.Journal!.Causes(error.Because).Select(entry => $"{entry.Host} {entry.What.GetType().Name}");
            Assert.Equal(
                [
                    "pc IcmpReceived",
                    "pc PacketDelivered",
                    "www PacketSent",
                    "www IcmpSent",
                    "www Dropped",
                    "www PacketDelivered",
                    "pc NeighbourQueued",
                    "pc PacketSent",
                    "pc DatagramSent",
                    "pc SocketCalled",
                ],
                story
            );
        });
    }

    [Fact]
    public void Everything_can_be_said_in_both_languages()
    {
        var net = new Net(journaled: true);
        net.Run(async () =>
        {
            await net.PingAsync(net.Pc, Net.FarAddress);
            await net.PingAsync(net.Pc, Net.FarAddress, timeToLive: 1);
            await net.PingAsync(net.Pc, Net.Nobody);
        });
        Assert.All(
            net.Journal!.Entries,
            entry =>
            {
                Assert.NotEmpty(entry.What.Say(Language.English));
                Assert.NotEmpty(entry.What.Say(Language.Korean));
            }
        );
    }
}
