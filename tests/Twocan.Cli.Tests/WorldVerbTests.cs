namespace Twocan.Cli.Tests;

public class WorldVerbTests
{
    [Fact]
    public void Check_counts_what_is_right()
    {
        var call = Call.Twocan("world", "check", "cyber", "--json");
        Assert.Equal(0, call.ExitCode);
        Assert.True(call.Json.GetProperty("ok").GetBoolean());
        Assert.InRange(call.Json.GetProperty("hosts").GetInt32(), 10, 100);
    }

    [Fact]
    public void Check_tells_every_mistake_by_line_and_column()
    {
        using var file = new TemporaryFile(
            """
            hosts:
              pc: 10.0.0.1/24
              www: 10.0.0.300/24
            links:
              pc--www: 1 Gbitt/s
            """
        );
        var call = Call.Twocan("world", "check", file.Path);
        Assert.Equal((2, ""), (call.ExitCode, call.Out));
        Assert.Contains($"{file.Path}:3:", call.Error, StringComparison.Ordinal);
        Assert.Contains($"{file.Path}:5:", call.Error, StringComparison.Ordinal);

        var json = Call.Twocan("ping", "10.0.0.1", "--world", file.Path, "--json");
        Assert.Equal((2, ""), (json.ExitCode, json.Error));
        Assert.Equal(
            [3, 5],
            json.Json.GetProperty("mistakes").EnumerateArray().Select(it => it.GetProperty("line").GetInt32())
        );
    }

    [Fact]
    public void In_a_world_without_a_pc_I_am_the_first_host_that_it_tells_of()
    {
        var call = Call.Twocan("ping", "10.0.0.2", "-c", "1", "--world", "two-cans");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.Equal(2, Call.Twocan("ping", "10.0.0.2", "--world", "two-cans", "--host", "pc").ExitCode);
    }

    [Fact]
    public void A_world_that_is_not_there_is_told_with_those_that_are()
    {
        var call = Call.Twocan("world", "show", "ciber");
        Assert.Equal(2, call.ExitCode);
        Assert.Contains("did you mean 'cyber'?", call.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_draws_every_machine_once()
    {
        var names = Call.Twocan("world", "show", "--json").Json.GetProperty("nodes").EnumerateArray().ToList();
        var lines = Call.Twocan(["world", "show"], [("COLUMNS", "200")]).Out.Split('\n');
        Assert.All(
            names,
            node =>
                Assert.Single(
                    lines,
                    line =>
                        line.TrimStart('│', '├', '└', '─', ' ').Split(' ')[0] == node.GetProperty("name").GetString()
                )
        );
    }

    [Fact]
    public void Ping_gets_an_answer_over_the_routers_and_says_when_there_is_none()
    {
        var there = Call.Twocan("ping", "www.lab.cyber.co.kr", "-c", "2", "--json");
        Assert.Equal(0, there.ExitCode);
        Assert.Equal(
            (2, 0.0),
            (there.Json.GetProperty("received").GetInt32(), there.Json.GetProperty("loss_percent").GetDouble())
        );
        // 5 + 20 + 20 + 5 ms, there and back.
        Assert.InRange(there.Json.GetProperty("rtt_us").GetProperty("min").GetDouble(), 100_000, 101_000);

        var nobody = Call.Twocan("ping", "10.11.12.99", "-c", "1");
        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("From pc (10.11.12.13) icmp_seq=1 Host unreachable", nobody.Out, StringComparison.Ordinal);

        var unknown = Call.Twocan("ping", "nobody.cyber.co.kr");
        Assert.Equal((1, ""), (unknown.ExitCode, unknown.Out));
        Assert.Contains("does not exist", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Dig_traces_the_question_from_the_root_down()
    {
        var call = Call.Twocan("dig", "www.lab.cyber.co.kr", "--trace", "--json");
        Assert.Equal(0, call.ExitCode);
        Assert.Equal("192.0.2.226", call.Json.GetProperty("answers")[0].GetProperty("data").GetString());
        Assert.Equal(
            ["", ".", "kr", "co.kr", "cyber.co.kr"],
            call.Json.GetProperty("trace").EnumerateArray().Select(step => step.GetProperty("zone").GetString())
        );
    }

    [Theory]
    [InlineData(0, "cyber.co.kr", "MX")]
    [InlineData(1, "nobody.cyber.co.kr")]
    [InlineData(0, "www.lab.cyber.co.kr", "AAAA")]
    [InlineData(1, "www.lab.cyber.co.kr", "TXT")]
    [InlineData(0, "www.lab.cyber.co.kr", "@ns.kr", "--no-recurse")]
    [InlineData(1, "www.lab.cyber.co.kr", "@www.lab.cyber.co.kr")]
    [InlineData(2, "www.lab.cyber.co.kr", "NOTHING")]
    [InlineData(2, "a..b")]
    public void Dig_ends_with_0_for_an_answer_1_for_none_and_2_for_a_wrong_question(
        int exitCode,
        params string[] words
    ) => Assert.Equal(exitCode, Call.Twocan(["dig", .. words]).ExitCode);

    [Fact]
    public void A_capture_is_the_same_to_the_byte_every_time()
    {
        using var first = new TemporaryFile("");
        using var second = new TemporaryFile("");
        foreach (var file in new[] { first, second })
            Assert.Equal(0, Call.Twocan("ping", "www.lab.cyber.co.kr", "-c", "1", "--capture", file.Path).ExitCode);
        var bytes = File.ReadAllBytes(first.Path);
        Assert.InRange(bytes.Length, 500, 100_000);
        Assert.Equal(bytes, File.ReadAllBytes(second.Path));
    }

    [Theory]
    [InlineData("did you mean 'pc'?", "ping", "10.11.12.1", "--host", "pcc")]
    [InlineData("--count is from 1 to 65535", "ping", "10.11.12.1", "-c", "0")]
    [InlineData("cannot be written", "ping", "10.11.12.1", "--capture", "/no/such/place/x.pcapng")]
    public void A_wrong_option_is_told_with_what_would_be_right(string expected, params string[] arguments)
    {
        var call = Call.Twocan(arguments);
        Assert.Equal((2, ""), (call.ExitCode, call.Out));
        Assert.Contains(expected, call.Error, StringComparison.Ordinal);
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string text)
        {
            Path = System.IO.Path.GetTempFileName();
            File.WriteAllText(Path, text);
        }

        public string Path { get; }

        public void Dispose() => File.Delete(Path);
    }
}
