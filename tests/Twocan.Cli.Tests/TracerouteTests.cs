namespace Twocan.Cli.Tests;

public class TracerouteTests
{
    [Theory]
    [InlineData]
    [InlineData("-I")]
    public void Each_router_stands_with_its_name_on_a_line_of_its_own(params string[] options)
    {
        var call = Call.Twocan(["traceroute", "www.lab.cyber.co.kr", "-q", "1", .. options]);
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        var lines = call.Out.TrimEnd().Split('\n');
        Assert.StartsWith("traceroute to www.lab.cyber.co.kr (192.0.2.226)", lines[0], StringComparison.Ordinal);
        string[] way =
        [
            "home-router (10.11.12.1)",
            "isp (203.0.113.1)",
            "backbone (198.18.0.1)",
            "backbone-kr (198.18.0.6)",
            "cyber-router (198.18.82.2)",
            "www.lab.cyber.co.kr (192.0.2.226)",
        ];
        Assert.Equal(way.Length, lines.Length - 1);
        for (var hop = 0; hop < way.Length; hop++)
            Assert.StartsWith($"{hop + 1, 2}  {way[hop]}  ", lines[hop + 1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_is_not_reached_ends_with_1_and_a_mark()
    {
        var call = Call.Twocan("traceroute", "192.0.2.230", "-q", "1");
        Assert.Equal(1, call.ExitCode);
        Assert.EndsWith("ms !H\n", call.Out, StringComparison.Ordinal);
        Assert.Contains(" 6  cyber-router (198.18.82.2) ", call.Out, StringComparison.Ordinal);

        var json = Call.Twocan("traceroute", "192.0.2.230", "-q", "1", "--json");
        Assert.Equal(1, json.ExitCode);
        Assert.False(json.Json.GetProperty("reached").GetBoolean());
        var last = json.Json.GetProperty("hops")[5].GetProperty("probes")[0];
        Assert.Equal("!H", last.GetProperty("mark").GetString());
        Assert.Equal("cyber-router", last.GetProperty("from_name").GetString());

        Assert.Equal(1, Call.Twocan("traceroute", "www.lab.cyber.co.kr", "-m", "3").ExitCode);
    }

    [Theory]
    [InlineData("--first is from 1 to 3", "-f", "4", "-m", "3")]
    [InlineData("--queries is from 1 to 10", "-q", "11")]
    public void A_number_out_of_range_is_told(string expected, params string[] options)
    {
        var call = Call.Twocan(["traceroute", "10.11.12.1", .. options]);
        Assert.Equal((2, ""), (call.ExitCode, call.Out));
        Assert.Contains(expected, call.Error, StringComparison.Ordinal);
    }
}
