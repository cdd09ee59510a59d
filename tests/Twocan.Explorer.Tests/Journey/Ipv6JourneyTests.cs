using Twocan.Core;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

/// <summary>The same page by IPv6, end to end.</summary>
public sealed class Ipv6JourneyTests
{
    [Fact]
    public async Task By_IPv6_the_same_bytes_come()
    {
        using var four = new Trip();
        using var six = new Trip { Family = IpFamily.V6 };
        var (before, after) = (await four.GoAsync(), await six.GoAsync());
        Assert.True(after.IsWhole);
        Assert.Equal(Digests(before), Digests(after));
        Assert.Equal("[2001:db8:cb:2::226]:80", after.Connections[0].Remote.ToString());
    }

    [Fact]
    public async Task Whoever_wants_IPv6_only_sends_nothing_else_from_his_host()
    {
        using var trip = new Trip { Family = IpFamily.V6 };
        var journey = await trip.GoAsync();
        Assert.All(
            journey.Packets.Where(packet => packet.From == "pc"),
            packet => Assert.NotNull(packet.Dissection.Find("IPv6", "Next header"))
        );
    }

    [Fact]
    public async Task In_a_world_that_prefers_IPv4_the_journey_is_the_one_of_the_book()
    {
        var journey = await Trip.OneAsync();
        Assert.DoesNotContain(journey.Packets, packet => packet.Dissection.Find("IPv6", "Next header") is not null);
        Assert.Equal("192.0.2.226:80", journey.Connections[0].Remote.ToString());
    }

    [Fact]
    public async Task Where_nobody_prefers_IPv4_the_browser_asks_for_both_kinds_and_goes_by_IPv6()
    {
        using var trip = new Trip();
        foreach (var host in trip.World.Hosts)
            host.Configure(stack => stack.AddressPolicies = AddressSelection.DefaultPolicies);
        var journey = await trip.GoAsync();
        Assert.True(journey.IsWhole);
        Assert.Equal(["AAAA", "A"], journey.Resolutions.Where(one => one.Began.Host == "pc").Select(one => one.Type));
        Assert.Equal("[2001:db8:cb:2::226]:80", journey.Connections[0].Remote.ToString());
    }

    [Fact]
    public async Task Every_run_sends_the_same_bytes_over_every_cable()
    {
        var runs = new List<byte[]>();
        for (var run = 0; run < 2; run++)
        {
            using var trip = new Trip(9, "loss 10% isp--backbone") { Family = IpFamily.V6 }.Watch();
            await trip.GoAsync();
            runs.Add([.. trip.Captures().SelectMany(bytes => bytes)]);
        }
        Assert.Equal(runs[0], runs[1]);
    }

    [Theory]
    [InlineData("loss 20% pc--home-hub")]
    [InlineData("cut home-router--isp at 300ms for 2s")]
    [InlineData("crash a.root-servers.net")]
    [InlineData("corrupt 5% isp--backbone")]
    public async Task A_fault_is_survived_as_over_IPv4(string fault)
    {
        using var trip = new Trip(7, fault) { Family = IpFamily.V6 };
        Assert.True((await trip.GoAsync()).IsWhole);
    }

    [Theory]
    [InlineData(Language.English, "IPv6 has no ARP", "hop limit 64 → 63", "no NAT")]
    [InlineData(Language.Korean, "IPv6에는 ARP가 없습니다", "홉 제한 64 → 63", "NAT 없음")]
    public async Task The_story_tells_what_is_different(Language language, params string[] parts)
    {
        using var trip = new Trip { Family = IpFamily.V6 };
        var story = StoryWriter.Write(await trip.GoAsync(), language, Depth.Story);
        var blocks = story.Chapters.SelectMany(chapter => chapter.Blocks);
        var text = string.Join(
            ' ',
            blocks
                .SelectMany(block => Layout.Lines(block, 400))
                .Select(line => string.Concat(line.Select(piece => piece.Content)))
        );
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Traceroute_shows_each_router()
    {
        using var world = WorldLibrary.Load();
        var pc = world.Host("pc").Network;
        var report = await world.RunAsync(() =>
            new Tracer(pc, IpAddress.Parse("2001:db8:cb:2::226"), new() { Queries = 1 }).RunAsync()
        );
        Assert.Equal(
            [
                "2001:db8:10:11::1",
                "2001:db8:10::1",
                "2001:db8:0:20::1",
                "2001:db8:0:82::2",
                "2001:db8:cb::2",
                "2001:db8:cb:2::226",
            ],
            report.Hops.Select(hop => hop.Probes[0].From.ToString())
        );
        Assert.True(report.IsReached);
    }

    [Fact]
    public async Task A_link_with_a_smaller_mtu_is_found_and_packets_are_cut_by_their_sender_alone()
    {
        using var world = new World();
        var (pc, gate, far) = (world.Host("pc"), world.Router("gate"), world.Host("far"));
        world.Link(pc, gate, "", "2001:db8:1::2/64", "2001:db8:1::1/64");
        world.Link(gate, far, "mtu 1300", "2001:db8:2::1/64", "2001:db8:2::2/64");
        var target = IpAddress.Parse("2001:db8:2::2");
        var report = await world.RunAsync(() =>
            new Pinger(pc.Network, target, new() { Count = 2, Size = 1400 }).RunAsync()
        );
        Assert.Equal([(byte)2, null], report.Results.OrderBy(it => it.Sequence).Select(it => it.Error?.Type));
        Assert.Equal(1, report.Received);
    }

    private static IEnumerable<(string, string)> Digests(Journey journey) =>
        journey.Visits[0].Resources.Select(resource => (resource.Url, resource.Sha256));
}
