using System.Globalization;
using Twocan.Core;
using Twocan.Core.Tests;

namespace Twocan.Explorer.Tests;

/// <summary>Wireshark takes the same capture apart, and we must have said the same.</summary>
public sealed class TsharkTests
{
    private static readonly string[] Checking =
    [
        "-o",
        "ip.check_checksum:TRUE",
        "-o",
        "tcp.check_checksum:TRUE",
        "-o",
        "udp.check_checksum:TRUE",
        "-o",
        "eth.check_fcs:TRUE",
        "-o",
        "tcp.relative_sequence_numbers:FALSE",
    ];

    private static readonly string[] Fields =
    [
        "frame.time_epoch",
        "frame.interface_name",
        "frame.len",
        "ip.src",
        "ip.dst",
        "ipv6.src",
        "ipv6.dst",
        "icmpv6.type",
        "tcp.seq",
        "tcp.ack",
        "tcp.flags",
        "tcp.len",
        "dns.qry.name",
        "dns.flags.rcode",
        "http.request.method",
        "http.request.uri",
        "http.response.code",
        "arp.opcode",
        "icmp.type",
        "tcp.analysis.flags",
    ];

    // Home, the way out, a name server's cable, the far end.
    private static readonly string[] Cables =
    [
        "pc--home-hub",
        "home-router--isp",
        "isp--ns.isp",
        "cyber-switch--www.lab.cyber.co.kr",
    ];

    [Theory]
    [InlineData("")]
    [InlineData("loss 20% pc--home-hub")]
    [InlineData("", IpFamily.V6)]
    [InlineData("loss 20% pc--home-hub", IpFamily.V6)]
    public async Task No_frame_is_malformed_and_no_checksum_is_bad(string fault, IpFamily? family = null)
    {
        using var trip = new Trip(3, fault.Length > 0 ? [fault] : []) { Family = family }.Watch(Cables);
        await trip.GoAsync(via: "proxy.home");
        const string Bad =
            "_ws.malformed or ip.checksum.status==0 or tcp.checksum.status==0 or udp.checksum.status==0 or eth.fcs.status==0 or icmp.checksum.status==0 or icmpv6.checksum.status==0";
        foreach (var cable in Cables)
            Assert.Empty(Tshark.Read(trip.Capture(cable), [.. Checking, "-Y", Bad]));
    }

    [Fact]
    public async Task Nothing_is_sent_twice_where_nothing_is_lost()
    {
        using var trip = new Trip().Watch(Cables);
        await trip.GoAsync();
        foreach (var cable in Cables)
            Assert.Empty(
                Tshark.Read(trip.Capture(cable), "-Y", "tcp.analysis.retransmission or tcp.analysis.out_of_order")
            );
    }

    [Theory]
    [InlineData("")]
    [InlineData("loss 20% pc--home-hub")]
    [InlineData("", IpFamily.V6)]
    [InlineData("loss 20% pc--home-hub", IpFamily.V6)]
    public async Task Its_dissection_agrees_with_our_json(string fault, IpFamily? family = null)
    {
        using var trip = new Trip(5, fault.Length > 0 ? [fault] : []) { Family = family }.Watch(Cables);
        var report = JourneyReporter.Report(await trip.GoAsync(), trip.World.Loop);
        foreach (var cable in Cables)
        {
            var ours = report.Packets.Where(packet => packet.Link == cable).ToList();
            var theirs = Dissect(trip.Capture(cable));
            Assert.Equal(ours.Count, theirs.Count);
            foreach (var (frame, packet) in theirs.Zip(ours))
                Agree(frame, packet, trip.World.Loop.ToDate(Core.Instant.Zero));
        }
    }

    private static List<Dictionary<string, string>> Dissect(byte[] capture)
    {
        string[] options =
        [
            .. Checking,
            // What a single frame shows, as we have it, not a message that it completes.
            "-o",
            "tcp.desegment_tcp_streams:FALSE",
            "-T",
            "fields",
            "-E",
            "separator=|",
            "-E",
            "occurrence=f",
            .. Fields.SelectMany(field => (string[])["-e", field]),
        ];
        return
        [
            .. Tshark
                .Read(capture, options)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => Fields.Zip(line.Split('|')).ToDictionary(pair => pair.First, pair => pair.Second)),
        ];
    }

    private static void Agree(Dictionary<string, string> theirs, PacketReport ours, DateTimeOffset epoch)
    {
        var seconds = decimal.Parse(theirs["frame.time_epoch"], CultureInfo.InvariantCulture);
        Assert.Equal((seconds - epoch.ToUnixTimeSeconds()) * 1_000_000, (decimal)ours.AtUs);
        Assert.Equal(theirs["frame.interface_name"], ours.Link);
        Assert.Equal(theirs["frame.len"], ours.Length.ToString());
        Assert.Equal(theirs["arp.opcode"].Length > 0, ours.Protocol == "ARP");
        if (ours.Protocol == "ARP")
            return;
        Assert.Equal(
            (theirs["ip.src"] + theirs["ipv6.src"], theirs["ip.dst"] + theirs["ipv6.dst"]),
            (ours.Src, ours.Dst)
        );
        Assert.Equal(theirs["icmp.type"].Length > 0, ours.Protocol == "ICMP");
        Assert.Equal(theirs["icmpv6.type"].Length > 0, ours.Protocol == "ICMPv6");
        // An error quotes the packet that it is about, which Wireshark takes apart too.
        if (ours.Protocol is "ICMP" or "ICMPv6")
            return;
        Assert.Equal(theirs["tcp.seq"], ours.Tcp?.Sequence.ToString() ?? "");
        Assert.Equal(theirs["tcp.ack"], ours.Tcp?.Acknowledgement.ToString() ?? "");
        Assert.Equal(theirs["tcp.flags"], ours.Tcp is { } tcp ? FlagBits(tcp.Flags) : "");
        Assert.Equal(theirs["tcp.len"], ours.Tcp?.Length.ToString() ?? "");
        Assert.Equal(theirs["dns.qry.name"], ours.Dns?.Name ?? "");
        Assert.Equal(theirs["dns.flags.rcode"], ours.Dns is { Response: true } dns ? RcodeBits(dns.Rcode) : "");
        // Of what was sent again Wireshark shows no message.
        if (theirs["tcp.analysis.flags"].Length > 0)
            return;
        Assert.Equal(theirs["http.request.method"], ours.Http?.Method ?? "");
        Assert.Equal(theirs["http.request.uri"], ours.Http?.Target ?? "");
        Assert.Equal(theirs["http.response.code"], ours.Http?.Status?.ToString() ?? "");
    }

    private static string FlagBits(string flags)
    {
        string[] names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
        var bits = flags
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(0, (sum, flag) => sum | 1 << Array.IndexOf(names, flag));
        return $"0x{bits:x4}";
    }

    private static string RcodeBits(string rcode) => rcode == "NXDOMAIN" ? "3" : "0";
}
