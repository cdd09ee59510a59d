using System.Net.Sockets;
using Twocan.Core;
using Twocan.Core.Tests;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>Wireshark as the judge of what we put on a cable.</summary>
public sealed class WiresharkTests
{
    private static readonly string[] Checks =
    [
        "-o",
        "eth.check_fcs:TRUE",
        "-o",
        "ip.check_checksum:TRUE",
        "-o",
        "udp.check_checksum:TRUE",
        "-o",
        "tcp.check_checksum:TRUE",
    ];

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

    /// <summary>Pings, errors of all kinds, datagrams and a connection, as they cross the LAN.</summary>
    private static Net Talk()
    {
        var net = new Net(farMtu: 600);
        net.Run(async () =>
        {
            await net.PingAsync(net.Pc, Net.FarAddress);
            await net.PingAsync(net.Pc, Net.FarAddress, timeToLive: 1);
            await net.PingAsync(net.Pc, Net.FarAddress, length: 900, dontFragment: true);
            await net.PingAsync(net.Pc, IpAddress.Parse("203.0.113.9"));
            await net.PingAsync(net.Pc, IpAddress.Parse("10.0.9.77"));
            await net.PingAsync(net.Pc, Net.WwwAddress, length: 1);
            using var datagram = net.Pc.OpenDatagram();
            for (var length = 0; length < 4; length++)
                await datagram.SendToAsync(new byte[length], new(Net.FarAddress, 9));
            using var listener = net.Www.Listen(Port.Http);
            await using var client = await net.Pc.ConnectAsync(new(Net.WwwAddress, 80));
            await using var server = await listener.AcceptAsync();
            await client.WriteAsync(new byte[10_001]);
            await server.ReadExactlyAsync(new byte[10_001]);
            await Assert.ThrowsAnyAsync<SocketException>(async () =>
                await net.Pc.ConnectAsync(new(Net.WwwAddress, 81))
            );
        });
        return net;
    }

    [Fact]
    public void Wireshark_finds_every_frame_whole_and_every_checksum_right()
    {
        var capture = Capture(Talk().Lan);
        var bad = Tshark.Read(
            capture,
            [
                .. Checks,
                "-Y",
                "_ws.malformed || eth.fcs.status != 1 || ip.checksum.status == 0 || udp.checksum.status == 0"
                    + " || tcp.checksum.status == 0 || icmp.checksum.status == 0 || tcp.analysis.retransmission",
            ]
        );
        Assert.Equal("", bad);
    }

    [Fact]
    public void Wireshark_reads_the_conversation_as_it_was_meant()
    {
        var fields = new[] { "arp.opcode", "icmp.type", "icmp.code", "icmp.mtu" };
        var lines = Tshark
            .Read(
                Capture(Talk().Lan),
                [.. Checks, "-T", "fields", .. fields.SelectMany(field => new[] { "-e", field })]
            )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join(' ', line.Split('\t', StringSplitOptions.RemoveEmptyEntries)))
            .ToList();
        // ARP's operation, or ICMP's type and code. An error's line shows the quoted request behind its own type.
        Assert.Equal(
            [
                "1",
                "2",
                "8 0",
                "0 0",
                "8 0",
                "11,8 0,0",
                "8 0",
                "3,8 4,0 600",
                "8 0",
                "3,8 0,0",
                "8 0",
                "3,8 1,0",
                "1",
                "2",
                "8 0",
                "0 0",
            ],
            lines.Take(16)
        );
        Assert.Equal(4, lines.Count(line => line == "3 3"));
    }

    [Fact]
    public void Wireshark_puts_our_fragments_together()
    {
        var net = new Net();
        net.Run(async () => await net.PingAsync(net.Pc, Net.WwwAddress, length: 4000));
        var lines = Tshark
            .Read(
                Capture(net.Lan),
                [
                    .. Checks,
                    "-Y",
                    "icmp",
                    "-T",
                    "fields",
                    "-e",
                    "icmp.type",
                    "-e",
                    "data.len",
                    "-e",
                    "ip.fragment.count",
                ]
            )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["8\t4000\t3", "0\t4000\t3"], lines);
    }
}
