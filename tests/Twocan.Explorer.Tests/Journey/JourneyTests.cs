using System.Security.Cryptography;
using Twocan.Dns;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

public sealed class JourneyTests
{
    [Fact]
    public async Task The_page_and_its_picture_are_those_of_the_document_root()
    {
        var journey = await Trip.OneAsync();
        Assert.True(journey.IsWhole);
        Assert.Equal([632, 6419], journey.Resources.Select(resource => resource.Bytes));
        Assert.Equal(
            [HashOf("sample1.htm"), HashOf("gazou.jpg")],
            journey.Resources.Select(resource => resource.Sha256)
        );
    }

    [Fact]
    public async Task The_name_is_asked_of_the_nearest_server_and_then_down_from_the_root_each_by_its_own_host()
    {
        var journey = await Trip.OneAsync();
        var queries = Assert.Single(journey.Resolutions).Queries;
        Assert.Equal(["", ".", "kr", "co.kr", "cyber.co.kr"], queries.Select(query => query.Zone));
        Assert.Equal("ns.isp", queries[0].ServerName);
        Assert.EndsWith(".root-servers.net", queries[1].ServerName, StringComparison.Ordinal);
        Assert.Equal(["ns.kr", "ns.co.kr", "ns.cyber.co.kr"], queries.Skip(2).Select(query => query.ServerName));
        Assert.Equal(["pc", "ns.isp", "ns.isp", "ns.isp", "ns.isp"], queries.Select(query => query.Asker));
        Assert.All(queries.Skip(1), query => Assert.Same(queries[0], query.Parent));
        Assert.Equal(
            [AnswerKind.Answer, AnswerKind.Referral, AnswerKind.Referral, AnswerKind.Referral, AnswerKind.Answer],
            queries.Select(query => query.Kind!.Value)
        );
        Assert.Equal(["192.0.2.226"], journey.Resolutions[0].Answers);
    }

    [Fact]
    public async Task The_server_knows_the_browser_by_the_home_routers_address_and_both_ends_are_one_connection()
    {
        var journey = await Trip.OneAsync();
        var connection = Assert.Single(journey.Connections);
        Assert.True(connection.IsTranslated);
        Assert.True(connection.Local.Address.IsPrivate);
        Assert.Equal("203.0.113.2", connection.Accepted!.Value.Remote.Address.ToString());
        Assert.Equal(connection.Remote, connection.Accepted!.Value.Local);
        Assert.Equal(
            [TcpState.SynReceived, TcpState.Established, TcpState.CloseWait, TcpState.LastAck, TcpState.Closed],
            connection.States.Where(step => step.End == End.Remote).Select(step => step.To)
        );
        var trace = new SegmentTrace(journey, connection);
        Assert.All(trace.Segments, segment => Assert.NotNull(segment.Arrived));
        Assert.Contains(trace.Segments, segment => segment.From == End.Remote);
        var hops = PacketWriter
            .Follow(journey, trace.Segments[0].Packet, Core.Language.English)
            .Opening.OfType<Table>()
            .Single();
        Assert.Contains(
            hops.Rows,
            row => row[^1].ToString().Contains("Source 10.11.12.13 → 203.0.113.2 (NAT)", StringComparison.Ordinal)
        );
        // No frame outside the home carries an address of its inside.
        string[] home =
        [
            "pc--home-hub",
            "pc2--home-hub",
            "home-hub--home-switch",
            "proxy.home--home-switch",
            "home-switch--home-router",
        ];
        Assert.All(
            journey.Packets.Where(packet => !home.Contains(packet.Link)),
            packet => Assert.DoesNotContain("10.11.12.", packet.Dissection.Source + packet.Dissection.Destination)
        );
    }

    [Fact]
    public async Task A_second_name_of_the_zone_asks_only_the_last_server()
    {
        using var trip = new Trip();
        await trip.GoAsync();
        var both = await trip.GoAsync("http://www.cyber.co.kr/");
        Assert.Equal(["", "cyber.co.kr"], both.Resolutions[^1].Queries.Select(query => query.Zone));
    }

    [Fact]
    public async Task The_same_page_again_asks_no_name_server()
    {
        using var trip = new Trip();
        var journey = await trip.GoAsync(times: 2);
        Assert.Equal(2, journey.Visits.Count);
        Assert.Equal([5, 0], journey.Resolutions.Select(resolution => resolution.Queries.Count));
        Assert.True(journey.Resolutions[1].FromCache);
    }

    [Fact]
    public async Task A_user_a_password_and_a_port_are_read_and_a_directory_gives_its_default_file()
    {
        var journey = await Trip.OneAsync("http://user:pw@www.lab.cyber.co.kr:80/dir/");
        Assert.True(journey.IsWhole);
        Assert.Equal(200, journey.Visits[0].Page?.Status);
        Assert.NotEqual(0, journey.Visits[0].Page?.Bytes);
    }

    [Fact]
    public async Task A_directory_without_its_slash_is_redirected_to()
    {
        var journey = await Trip.OneAsync("http://www.lab.cyber.co.kr/dir");
        Assert.True(journey.IsWhole);
        Assert.Equal([301, 200], journey.Resources.Select(resource => resource.Status));
    }

    [Theory]
    [InlineData("http://no.such.cyber.co.kr/", "", FailureKind.NoSuchName)]
    [InlineData("http://mail.cyber.co.kr/", "", FailureKind.ConnectionRefused)]
    [InlineData("http://www.lab.cyber.co.kr:81/", "", FailureKind.ConnectionRefused)]
    [InlineData("http://www.lab.cyber.co.kr/nothing.htm", "", FailureKind.Status)]
    [InlineData(Trip.Sample, "cut pc--home-hub", FailureKind.NameServersSilent)]
    [InlineData(Trip.Sample, "cut isp--backbone at 500ms", FailureKind.Unreachable)]
    [InlineData("http://cyber.co.kr/", "", FailureKind.NoAddress)]
    public async Task What_cannot_be_had_ends_with_its_reason(string url, string fault, FailureKind kind)
    {
        var journey = fault.Length > 0 ? await Trip.OneAsync(url, fault) : await Trip.OneAsync(url);
        Assert.False(journey.IsWhole);
        Assert.Equal(kind, journey.Failure?.Kind);
        Assert.NotEmpty(journey.Packets);
        Assert.Contains(StoryWriter.Write(journey, Core.Language.English).Chapters, chapter => chapter.Id == "end");
    }

    [Fact]
    public async Task A_proxy_that_nobody_runs_is_the_reason_that_there_is_no_page()
    {
        using var trip = new Trip();
        Assert.Equal(FailureKind.NoProxy, (await trip.GoAsync(via: "pc2")).Failure?.Kind);
    }

    [Fact]
    public async Task The_second_journey_by_the_proxy_ends_there()
    {
        using var trip = new Trip();
        var journey = await trip.GoAsync(via: "proxy.home", times: 2);
        Assert.True(journey.IsWhole);
        Assert.Equal([false, false, true, true], journey.Resources.Select(resource => resource.FromCache));
        var second = journey.Visits[1];
        Assert.DoesNotContain(
            journey.Packets,
            packet => journey.Journal.Root(packet.Entry) == second.Click && packet.From == "home-router"
        );
        var again = StoryWriter
            .Write(journey, Core.Language.English)
            .Chapters.Single(chapter => chapter.Id == "visit-2");
        Assert.NotEmpty(again.Blocks);
    }

    [Fact]
    public async Task What_a_page_wants_comes_side_by_side_over_six_connections_at_most()
    {
        var journey = await Trip.OneAsync("http://www.lab.cyber.co.kr/sample2.htm");
        Assert.True(journey.IsWhole);
        Assert.Equal(6, journey.Connections.Count);
        var wanted = journey.Visits[0].Wanted.ToList();
        Assert.Equal(8, wanted.Count);
        Assert.Equal(
            [ResourceKind.Picture, ResourceKind.Stylesheet, ResourceKind.Script, ResourceKind.Frame],
            wanted.Select(one => one.Kind).Distinct().Order()
        );
        Assert.All(
            wanted,
            one =>
                Assert.InRange(
                    wanted.Count(other => other.Asked!.At <= one.Asked!.At && other.Ended!.At > one.Asked.At),
                    1,
                    6
                )
        );
        // Who is the seventh waits, although all were wanted at once.
        Assert.Contains(wanted, one => one.Kind == ResourceKind.Frame && one.Asked!.At >= wanted[0].Ended!.At);
    }

    [Fact]
    public async Task What_only_the_style_sheet_names_is_wanted_once_that_is_there()
    {
        var journey = await Trip.OneAsync("http://www.lab.cyber.co.kr/sample2.htm");
        var sheet = journey.Resources.Single(one => one.Kind == ResourceKind.Stylesheet);
        var paper = journey.Resources.Single(one => one.Tag == "url(paper.svg)");
        Assert.Equal(("http://www.lab.cyber.co.kr/sample2.htm", sheet.Url), (sheet.Initiator, paper.Initiator));
        Assert.Equal(sheet.Ended!.At, paper.Began.At);
        Assert.Equal(sheet.Url, Field(paper.Request?.Head, "Referer"));
    }

    [Fact]
    public async Task The_messages_are_those_of_the_book_but_for_what_has_been_mended_since()
    {
        var resources = (await Trip.OneAsync()).Resources.ToList();
        // Host stands first now (RFC 9110 §7.2), and that a connection is kept goes without saying (RFC 9112 §9.3).
        Assert.Equal(
            """
            GET /sample1.htm HTTP/1.1
            Host: www.lab.cyber.co.kr
            Accept: */*
            Accept-Language: ko,en;q=0.8
            Accept-Encoding: gzip, deflate, br
            User-Agent: Twocan/0.1


            """.ReplaceLineEndings("\r\n"),
            resources[0].Request?.Head
        );
        Assert.Equal(
            """
            GET /gazou.jpg HTTP/1.1
            Host: www.lab.cyber.co.kr
            Accept: */*
            Referer: http://www.lab.cyber.co.kr/sample1.htm
            Accept-Language: ko,en;q=0.8
            Accept-Encoding: gzip, deflate, br
            User-Agent: Twocan/0.1


            """.ReplaceLineEndings("\r\n"),
            resources[1].Request?.Head
        );
        (string Type, string Length)[] responses = [("text/html", "632"), ("image/jpeg", "6419")];
        foreach (var (one, expected) in resources.Zip(responses))
        {
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", one.Response?.Head, StringComparison.Ordinal);
            Assert.Equal(expected.Type, Field(one.Response?.Head, "Content-Type"));
            Assert.Equal(expected.Length, Field(one.Response?.Head, "Content-Length"));
            Assert.Equal("bytes", Field(one.Response?.Head, "Accept-Ranges"));
            Assert.Equal("Wed, 07 Oct 2020 13:00:00 GMT", Field(one.Response?.Head, "Date"));
            Assert.Equal("Thu, 01 Oct 2020 09:00:00 GMT", Field(one.Response?.Head, "Last-Modified"));
            Assert.Equal($"\"{one.Sha256[..16]}\"", Field(one.Response?.Head, "ETag"));
        }
    }

    [Fact]
    public async Task Both_ends_of_the_connection_go_from_handshake_to_closed()
    {
        var connection = Assert.Single((await Trip.OneAsync()).Connections);
        Assert.Equal(("pc", "www.lab.cyber.co.kr"), (connection.LocalHost, connection.RemoteHost));
        Assert.Equal(3, connection.Descriptor);
        Assert.True(connection.Opened < connection.Closed);
        foreach (var end in (End[])[End.Local, End.Remote])
        {
            var states = connection.States.Where(step => step.End == end).Select(step => step.To).ToList();
            Assert.Contains(TcpState.Established, states);
            Assert.Equal(TcpState.Closed, states[^1]);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("loss 20% pc--home-hub")]
    [InlineData("cut isp--backbone at 100ms for 2s")]
    public async Task From_every_frame_the_causes_lead_to_the_click(string fault)
    {
        var journey = fault.Length > 0 ? await Trip.OneAsync(Trip.Sample, fault) : await Trip.OneAsync();
        Assert.All(
            journey.Packets,
            packet => Assert.IsType<UrlEntered>(journey.Journal.Climb(packet.Entry).Last().What)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("loss 20% pc--home-hub")]
    public async Task The_parts_of_the_time_add_up_to_the_whole(string fault)
    {
        var journey = fault.Length > 0 ? await Trip.OneAsync(Trip.Sample, fault) : await Trip.OneAsync();
        var totals = Totals.Of(journey);
        Assert.Equal(totals.Took.Nanoseconds, totals.Time.Values.Sum(part => part.Nanoseconds));
        // Ten times over 4,000 km of glass and twice the access lines at least: light is not faster.
        Assert.True(totals.Time[WaitKind.Propagation].TotalMilliseconds > 200);
    }

    [Fact]
    public async Task No_frame_has_anything_wrong_with_it()
    {
        foreach (var packet in (await Trip.OneAsync(Trip.Sample, "loss 20% pc--home-hub")).Packets)
            Assert.Null(packet.Dissection.Problem);
    }

    [Fact]
    public async Task The_request_is_passed_on_by_every_node_between_the_two_hosts()
    {
        var journey = await Trip.OneAsync();
        var request = journey.Packets.First(packet => packet.Dissection.Http is { Method: "GET" });
        Assert.Equal(
            [
                "pc",
                "home-hub",
                "home-switch",
                "home-router",
                "isp",
                "backbone",
                "backbone-kr",
                "cyber-router",
                "cyber-switch",
            ],
            journey.Copies(request).Where(copy => copy.To != "pc2").Select(copy => copy.From)
        );
    }

    private static string? Field(string? head, string name) =>
        head
            ?.Split("\r\n")
            .FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.Ordinal))
            ?[(name.Length + 2)..];

    private static string HashOf(string file)
    {
        var root = Path.Combine(Path.GetDirectoryName(WorldLibrary.PathOf("cyber"))!, "cyber", "www.lab.cyber.co.kr");
        return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(root, file))));
    }
}
