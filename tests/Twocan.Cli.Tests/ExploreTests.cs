namespace Twocan.Cli.Tests;

public class ExploreTests
{
    private const string Sample = "http://www.lab.cyber.co.kr/sample1.htm";

    [Fact]
    public void The_page_comes_whole_and_the_story_goes_from_the_url_to_the_totals()
    {
        var call = Call.Twocan("explore", Sample);
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        foreach (
            var part in (string[])["1. The URL", "a.root-servers.net", "connect(3, 192.0.2.226:80) = 0", "TIME_WAIT"]
        )
            Assert.Contains(part, call.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', call.Out);
    }

    [Fact]
    public void Json_is_one_object_with_what_was_fetched_asked_connected_and_sent()
    {
        var call = Call.Twocan("explore", Sample, "--json");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.True(call.Json.GetProperty("ok").GetBoolean());
        Assert.Equal(
            [632, 6419],
            call.Json.GetProperty("resources").EnumerateArray().Select(it => it.GetProperty("bytes").GetInt32())
        );
        foreach (var list in (string[])["resolutions", "connections", "packets"])
            Assert.NotEqual(0, call.Json.GetProperty(list).GetArrayLength());
        Assert.Equal(7051, call.Json.GetProperty("totals").GetProperty("page_bytes").GetInt64());
    }

    [Theory]
    [InlineData("http://no.such.cyber.co.kr/", "no_such_name")]
    [InlineData("http://www.lab.cyber.co.kr:81/", "connection_refused")]
    [InlineData("http://www.lab.cyber.co.kr/nothing.htm", "status")]
    public void What_cannot_be_had_ends_with_1_and_the_journey_up_to_there(string url, string kind)
    {
        var call = Call.Twocan("explore", url, "--json");
        Assert.Equal(1, call.ExitCode);
        Assert.False(call.Json.GetProperty("ok").GetBoolean());
        Assert.Equal(kind, call.Json.GetProperty("error_kind").GetString());
        Assert.NotEmpty(call.Json.GetProperty("error").GetString()!);
        Assert.NotEqual(0, call.Json.GetProperty("packets").GetArrayLength());
    }

    [Theory]
    [InlineData("ftp://ftp.cyber.co.kr/")]
    [InlineData(Sample, "--fault", "loss 20% nothing")]
    [InlineData(Sample, "--depth", "deep")]
    [InlineData(Sample, "--times", "0")]
    [InlineData(Sample, "--why", "1000000")]
    [InlineData(Sample, "--via", "proxy.home:port")]
    [InlineData(Sample, "--capture-link", "pc--home-hub")]
    public void Wrong_usage_ends_with_2_and_says_what_is_wrong(params string[] arguments)
    {
        var call = Call.Twocan(["explore", .. arguments]);
        Assert.Equal((2, ""), (call.ExitCode, call.Out));
        Assert.NotEmpty(call.Error);
    }

    [Fact]
    public void A_capture_of_one_cable_has_the_frames_that_the_json_has_there()
    {
        var file = Path.Combine(Path.GetTempPath(), $"twocan-{Guid.NewGuid():N}.pcapng");
        try
        {
            var call = Call.Twocan(
                "explore",
                Sample,
                "--json",
                "--capture",
                file,
                "--capture-link",
                "home-router--isp"
            );
            Assert.Equal(0, call.ExitCode);
            var bytes = call
                .Json.GetProperty("packets")
                .EnumerateArray()
                .Where(it => it.GetProperty("link").GetString() == "home-router--isp")
                .Sum(it => it.GetProperty("length").GetInt64());
            Assert.InRange(new FileInfo(file).Length, bytes, 3 * bytes);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
