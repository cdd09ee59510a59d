using System.Net.Sockets;
using Twocan.Core;
using Twocan.Core.Tests;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>Wireshark as the judge of the IPv6 that we put on a cable.</summary>
public sealed class Ipv6WiresharkTests
{
    private static readonly string[] Checks =
    [
        "-o",
        "eth.check_fcs:TRUE",
        "-o",
        "udp.check_checksum:TRUE",
        "-o",
        "tcp.check_checksum:TRUE",
    ];

    private const string Bad =
        "_ws.malformed || eth.fcs.status != 1 || udp.checksum.status == 0 || tcp.checksum.status == 0"
        + " || icmpv6.checksum.status == 0 || tcp.analysis.retransmission || _ws.expert.severity == error";

    private static byte[] Capture(Wire wire)
    {
        using var file = new MemoryStream();
        using (var writer = new PcapngWriter(file, leaveOpen: true))
        {
            var lan = writer.AddInterface("lan");
            for (var i = 0; i < wire.Frames.Count; i++)
                writer.Write(lan, DateTimeOffset.UnixEpoch, wire.Times[i], wire.Frames[i]);
        }
        return file.ToArray();
    }

    /// <summary>Neighbours, echoes, errors of all kinds, fragments, datagrams and a connection, as they cross the LAN.</summary>
    private static Net Talk()
    {
        var net = new Net(v6: true, farMtu: 1300);
        var linkLocal = net.Router.Adapters[0].Addresses.Single(address => address.Address.IsLinkLocal).Address;
        net.Pc.Ip.Routes.Add(new(new(Net.Www6, 128), net.Pc.Adapters[0], linkLocal));
        net.Run(async () =>
        {
            await net.PingAsync(net.Pc, Net.Www6);
            await net.PingAsync(net.Pc, Net.Far6);
            await net.PingAsync(net.Pc, Net.Far6, timeToLive: 1);
            await net.PingAsync(net.Pc, Net.Far6, length: 1400);
            await net.PingAsync(net.Pc, Net.Far6, length: 4000);
            await net.PingAsync(net.Pc, IpAddress.Parse("2001:db8:77::1"));
            await net.PingAsync(net.Pc, IpAddress.Parse("2001:db8:9::77"));
            using var datagram = net.Pc.OpenDatagram();
            for (var length = 0; length < 4; length++)
                await datagram.SendToAsync(new byte[length], new(Net.Far6, 9));
            using var listener = net.Www.Listen(new Endpoint(IpAddress.Any6, Port.Http));
            await using var client = await net.Pc.ConnectAsync(new(Net.Www6, 80));
            await using var server = await listener.AcceptAsync();
            await client.WriteAsync(new byte[10_001]);
            await server.ReadExactlyAsync(new byte[10_001]);
            await Assert.ThrowsAnyAsync<SocketException>(async () => await net.Pc.ConnectAsync(new(Net.Www6, 81)));
            net.Router.Adapters[0].Advertise(new() { Mtu = 1400, NameServers = [Net.Far6] });
            var stack = net.Host("guest");
            var guest = net.Lan.Plug(stack, address: null);
            guest.Autoconfigure();
            guest.ClaimAddress(InterfaceAddress.Parse("10.0.0.99/24"));
            guest.ClaimAddress(new(Net.Www6, 64));
            await net.Loop.DelayAsync(Duration.FromSeconds(20));
            net.Router.Adapters[0].Advertise(null);
            stack.PowerOff();
        });
        return net;
    }

    [Fact]
    public void Wireshark_finds_every_frame_whole_and_every_checksum_right()
    {
        var net = Talk();
        Assert.Equal("", Tshark.Read(Capture(net.Lan), [.. Checks, "-Y", Bad]));
        Assert.Equal("", Tshark.Read(Capture(net.Wan), [.. Checks, "-Y", Bad]));
    }

    [Fact]
    public void Wireshark_reads_the_messages_as_they_were_meant()
    {
        var lines = Tshark
            .Read(
                Capture(Talk().Lan),
                [.. Checks, "-Y", "icmpv6", "-T", "fields", "-e", "icmpv6.type", "-e", "ipv6.fragment.count"]
            )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Trim())
            .ToList();
        string[] meant =
        [
            "135",
            "136",
            "137,128",
            "128",
            "129",
            "3,128",
            "2,128",
            "1,128",
            "1",
            "128\t4",
            "129\t4",
            "133",
            "134",
            "143",
        ];
        foreach (var type in meant)
            Assert.Contains(lines, line => line.StartsWith(type, StringComparison.Ordinal));
    }
}
