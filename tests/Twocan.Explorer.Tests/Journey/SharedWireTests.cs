using Twocan.Core;
using Twocan.Core.Tests;
using Twocan.Http;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

/// <summary>Journeys over a wire on which one speaks at a time.</summary>
public sealed class SharedWireTests
{
    private const string Bad =
        "_ws.malformed or ip.checksum.status==0 or tcp.checksum.status==0 or udp.checksum.status==0 or eth.fcs.status==0 or icmp.checksum.status==0 or tcp.analysis.retransmission or tcp.analysis.out_of_order or tcp.analysis.lost_segment";

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
    ];

    [Theory]
    [InlineData("hubs: [wire]\ncables: {lan: '10 Mbit/s, 1 µs, half duplex'}", "lan")]
    [InlineData("buses: {wire: '10 Mbit/s, 500 m'}", "at 100 m")]
    public async Task A_page_comes_whole_through_collisions_and_every_cable_shows_each_frame_once(
        string wire,
        string cable
    )
    {
        var (journey, world, captures) = await GoAsync(wire, cable);
        using (world)
        {
            Assert.Equal(200, journey.Visits[0].Page!.Status);
            Assert.True(world.Hosts.Sum(host => host.Ends[0].Station!.Collisions) > 0);
            foreach (var capture in captures)
                Assert.Empty(Tshark.Read(capture, [.. Checking, "-Y", Bad]));
            Assert.NotEmpty(Tshark.Read(captures[0], "-Y", "http.response"));
        }
    }

    [Fact]
    public async Task Where_the_time_went_still_adds_up_and_waiting_for_the_wire_is_waiting_in_line()
    {
        var (journey, world, _) = await GoAsync("hubs: [wire]\ncables: {lan: '10 Mbit/s, 1 µs, half duplex'}", "lan");
        using (world)
        {
            var visit = journey.Visits[0];
            Assert.Equal(visit.Took, visit.Waits.Aggregate(Duration.Zero, (sum, wait) => sum + wait.Length));
            Assert.Contains(visit.Waits, wait => wait is { Kind: WaitKind.Transmission, From.What: FrameBegun });
            var packet = journey.Packets.First(packet => packet.Entry.What is FrameSent { From: "pc" });
            Assert.Contains(journey.Journal.Climb(packet.Entry), entry => entry.What is FrameBegun);
            Assert.All(
                journey.Packets.Where(packet => packet.From == "wire"),
                packet => Assert.NotNull(packet.PassesOn)
            );
        }
    }

    private static async Task<(Journey Journey, World World, List<byte[]> Captures)> GoAsync(string wire, string cable)
    {
        var text = $$"""
            {{wire}}
            hosts:
              pc: 10.0.0.1/24
              www:
                address: 10.0.0.2/24
                services:
                  web:
                    pages:
                      index.html: "<p>{{new string('x', 60_000)}}</p>"
              other: 10.0.0.3/24
            links:
              pc--wire: {{cable}}
              www--wire: {{cable}}
              other--wire: {{cable}}
            """;
        var world = WorldFile.Read(text, "x.yaml", WorldServices.Catalog, new() { Journal = true });
        var streams = world.Cables.Select(one => (Stream: new MemoryStream(), Cable: one)).ToList();
        var captures = streams.Select(one => new Capture(world, one.Stream, [one.Cable])).ToList();
        var journey = await new Exploration(world, world.Host("pc"), Url.Parse("http://10.0.0.2/")).RunAsync();
        captures.ForEach(capture => capture.Dispose());
        return (journey, world, [.. streams.Select(one => one.Stream.ToArray())]);
    }
}
