using System.Security.Cryptography;
using Twocan.Core;
using Twocan.Core.Tests;
using Twocan.Dns;

namespace Twocan.Explorer.Tests;

/// <summary>From the same capture Wireshark puts together what was said, and it must be what the story tells: the bodies, the URLs, the names.</summary>
public sealed class TsharkStoryTests
{
    private const string Own = "pc--home-hub";
    private const string Manifold = "http://www.lab.cyber.co.kr/sample2.htm";

    public static TheoryData<string, string, IpFamily?> Journeys =>
        new()
        {
            { Trip.Sample, "", null },
            { Trip.Sample, "loss 20% pc--home-hub", null },
            { Trip.Sample, "", IpFamily.V6 },
            { Manifold, "", null },
            { Manifold, "loss 10% pc--home-hub", null },
        };

    [Theory]
    [MemberData(nameof(Journeys))]
    public async Task The_bodies_that_it_puts_together_are_those_that_the_browser_got(
        string url,
        string fault,
        IpFamily? family
    )
    {
        var (journey, capture) = await GoAsync(Own, url, fault, family);
        using var folder = new TemporaryFolder();
        Tshark.Read(capture, "-q", "--export-objects", $"http,{folder["objects"]}");
        Assert.Equal(
            journey.Resources.Select(one => (one.Bytes, one.Sha256)).Order(),
            Directory
                .GetFiles(folder["objects"])
                .Select(File.ReadAllBytes)
                .Select(body => (body.Length, Convert.ToHexStringLower(SHA256.HashData(body))))
                .Order()
        );
    }

    [Theory]
    [MemberData(nameof(Journeys))]
    public async Task Its_requests_and_responses_are_those_of_the_story_in_the_same_order(
        string url,
        string fault,
        IpFamily? family
    )
    {
        var (journey, capture) = await GoAsync(Own, url, fault, family);
        var said = Rows(
            capture,
            "http",
            "http.request.full_uri",
            "http.referer",
            "http.accept_language",
            "http.response_for.uri",
            "http.response.code",
            "http.content_type",
            "http.content_length_header"
        );
        // Of a segment that was sent again the second is for who missed the first.
        Assert.Equal(
            journey
                .Resources.OrderBy(static one => one.Asked!.Id.Value)
                .Select(static one => $"{one.Url}|{one.Initiator}|ko,en;q=0.8||||"),
            said.Where(static row => row[0] != '|').Distinct()
        );
        Assert.Equal(
            journey
                .Resources.Select(static one => $"|||{one.Url}|{one.Status}|{one.ContentType}|{one.Bytes}")
                .Order(StringComparer.Ordinal),
            said.Where(static row => row[0] == '|').Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData(IpFamily.V6)]
    public async Task The_names_and_addresses_that_it_reads_are_those_of_the_tree_in_the_story(IpFamily? family)
    {
        var (journey, capture) = await GoAsync("isp--ns.isp", Trip.Sample, "", family);
        var queries = journey.Resolutions.SelectMany(resolution => resolution.Queries).ToList();
        Assert.Equal(
            queries.Select(query => $"{query.Server.Address}|{query.Name.TrimEnd('.')}"),
            Rows(capture, "dns.flags.response == 0", "ip.dst", "ipv6.dst", "dns.qry.name")
                .Select(static row => row.Replace("||", "|").TrimStart('|'))
        );
        // Whoever answers gives the address, or says whom to ask.
        var said = Rows(capture, "dns.flags.response == 1", "ip.src", "ipv6.src", "dns.a", "dns.aaaa", "dns.ns")
            .ToDictionary(static row => row.Split('|', StringSplitOptions.RemoveEmptyEntries)[0]);
        Assert.Equal(queries.Count, said.Count);
        foreach (var query in queries)
        {
            var row = said[query.Server.Address.ToString()];
            var word = query.Summary.Split(' ')[^1];
            Assert.NotEmpty(word);
            Assert.Contains(word.TrimEnd('.'), row, StringComparison.Ordinal);
        }
        var answers = family == IpFamily.V6 ? "2001:db8:cb:2::226" : "192.0.2.226";
        Assert.Equal([answers], journey.Resolutions.SelectMany(static it => it.Answers).Distinct());
    }

    private static async Task<(Journey Journey, byte[] Capture)> GoAsync(
        string cable,
        string url,
        string fault,
        IpFamily? family
    )
    {
        using var trip = new Trip(3, fault.Length > 0 ? [fault] : []) { Family = family }.Watch(cable);
        var journey = await trip.GoAsync(url);
        Assert.True(journey.IsWhole, journey.Failure?.Why);
        return (journey, trip.Capture(cable));
    }

    private static List<string> Rows(byte[] capture, string filter, params string[] fields) =>
        [
            .. Tshark
                .Read(
                    capture,
                    [
                        "-Y",
                        filter,
                        "-T",
                        "fields",
                        "-E",
                        "separator=|",
                        "-E",
                        "occurrence=f",
                        .. fields.SelectMany(field => (string[])["-e", field]),
                    ]
                )
                .Split('\n', StringSplitOptions.RemoveEmptyEntries),
        ];
}
