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
    [InlineData("https://www.lab.cyber.co.kr/")]
    [InlineData(Sample, "--insecure")]
    [InlineData(Sample, "--fault", "loss 20% nothing")]
    [InlineData(Sample, "--depth", "deep")]
    [InlineData(Sample, "--times", "0")]
    [InlineData(Sample, "--why", "1000000")]
    [InlineData(Sample, "--via", "proxy.home:port")]
    [InlineData(Sample, "--capture-link", "pc--home-hub")]
    [InlineData(Sample, "--compare")]
    [InlineData(Sample, "--compare", "--fault", "loss 20% pc--home-hub", "--why", "3")]
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

    [Fact]
    public void The_page_of_the_journey_is_one_file()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("twocan-page-").FullName, "journey.html");
        try
        {
            var call = Call.Twocan("explore", Sample, "--lang", "ko", "--html", file);
            Assert.Equal((0, ""), (call.ExitCode, call.Error));
            Assert.Contains(file, call.Out, StringComparison.Ordinal);
            var page = File.ReadAllText(file);
            Assert.StartsWith("<!doctype html>\n<html lang=ko>", page, StringComparison.Ordinal);
            Assert.Contains("data:image/svg+xml;base64,", page, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    [Fact]
    public void A_page_that_cannot_be_written_is_said_so()
    {
        var call = Call.Twocan("explore", Sample, "--html", "/no/such/folder/journey.html", "--json");
        Assert.Equal(2, call.ExitCode);
        Assert.Contains("the page cannot be written", call.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_broken_run_stands_beside_the_healthy_one()
    {
        string[] arguments = ["explore", Sample, "--fault", "loss 20% pc--home-hub", "--compare"];
        var call = Call.Twocan(arguments);
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.Contains("1. When what was reached", call.Out, StringComparison.Ordinal);
        var json = Call.Twocan([.. arguments, "--json"]).Json;
        Assert.True(json.GetProperty("later_us").GetDouble() > 0);
        Assert.True(json.GetProperty("part_at_packet").GetInt32() > 0);
        foreach (var run in (string[])["healthy", "broken"])
            Assert.True(json.GetProperty(run).GetProperty("ok").GetBoolean());
        Assert.Equal(0, json.GetProperty("healthy").GetProperty("totals").GetProperty("packets_lost").GetInt32());
    }
}
