namespace Twocan.Cli.Tests;

public class FrameTests
{
    [Fact]
    public void Without_a_verb_it_shows_what_there_is()
    {
        var call = Call.Twocan();
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.Contains("ip explain ADDRESS[/MASK]", call.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'twocan' knows no verb 'exlpore'", "exlpore", "http://x/")]
    [InlineData("Did you mean 'explain'?", "ip", "explian")]
    [InlineData("'twocan ip' needs a verb: explain", "ip")]
    [InlineData("Did you mean '--json'?", "ip", "explain", "10.0.0.1", "--josn")]
    [InlineData("'twocan ip explain' needs ADDRESS[/MASK]", "ip", "explain")]
    [InlineData("knows no argument 'more'", "ip", "explain", "10.0.0.1", "more")]
    [InlineData("'many' is not what --seed N takes", "ip", "explain", "10.0.0.1", "--seed", "many")]
    [InlineData("--lang is en or ko, not 'fr'", "ip", "explain", "10.0.0.1", "--lang", "fr")]
    [InlineData("explain works in a world alone: leave --on-host out", "ip", "explain", "10.0.0.1", "--on-host")]
    [InlineData("nat works in a world alone", "nat", "--on-host")]
    [InlineData("--fault is about the cables of a world", "explore", "http://localhost/", "--fault", "x", "--on-host")]
    [InlineData("--after is for a world", "arp", "--after", "ping pc2", "--on-host")]
    [InlineData("--trace reads what every name server did", "dig", "localhost", "--trace", "--on-host")]
    public void A_wrong_line_gets_one_line_that_helps_and_exit_code_2(string expected, params string[] arguments)
    {
        var call = Call.Twocan(arguments);
        Assert.Equal((2, ""), (call.ExitCode, call.Out));
        Assert.Contains(expected, call.Error, StringComparison.Ordinal);
        Assert.Single(call.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void With_json_a_wrong_line_is_told_as_json_on_stdout_alone()
    {
        var call = Call.Twocan("ip", "explain", "10.0.0.300", "--json");
        Assert.Equal((2, ""), (call.ExitCode, call.Error));
        Assert.Contains("10.0.0.300", call.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Into_a_pipe_goes_no_colour()
    {
        Assert.DoesNotContain('\e', Call.Twocan("ip", "explain", "10.11.12.13/24").Out);
        Assert.DoesNotContain('\e', Call.Twocan("--help").Out);
    }

    [Fact]
    public void The_locale_chooses_the_language_but_not_of_json()
    {
        (string, string)[] korean = [("LANG", "ko_KR.UTF-8")];
        Assert.Contains("주소", Call.Twocan(["ip", "explain", "10.0.0.1/8"], korean).Out, StringComparison.Ordinal);
        Assert.Equal(
            Call.Twocan("ip", "explain", "10.0.0.1/8", "--json").Out,
            Call.Twocan(["ip", "explain", "10.0.0.1/8", "--json"], korean).Out
        );
    }

    [Fact]
    public void A_reader_that_leaves_early_is_no_error()
    {
        var start = new System.Diagnostics.ProcessStartInfo("bash")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            $"dotnet '{Path.Combine(AppContext.BaseDirectory, "twocan.dll")}' --help | true; echo ${{PIPESTATUS[0]}}"
        );
        using var process = System.Diagnostics.Process.Start(start)!;
        Assert.Equal("0", process.StandardOutput.ReadToEnd().Trim());
        Assert.Equal("", process.StandardError.ReadToEnd());
    }

    [Fact]
    public void Control_C_ends_a_verb_at_once_and_without_a_word()
    {
        var (output, error, code) = Interrupt("capture", "all", "--while", "ping -c 10000 www.lab.cyber.co.kr");
        Assert.Contains("Who has", output, StringComparison.Ordinal);
        Assert.Equal(("", 130), (error, code));
    }

    [Fact]
    public void Control_C_ends_ping_with_what_has_come_until_then()
    {
        var (output, error, code) = Interrupt("ping", "www.lab.cyber.co.kr", "--count", "65535", "--interval", "30");
        Assert.Contains("ping statistics", output, StringComparison.Ordinal);
        Assert.Equal(("", 0), (error, code));
    }

    private static (string Out, string Error, int Code) Interrupt(params string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "twocan.dll"), .. arguments])
            start.ArgumentList.Add(argument);
        using var process = System.Diagnostics.Process.Start(start)!;
        var first = process.StandardOutput.ReadLine();
        using (var kill = System.Diagnostics.Process.Start("kill", ["-INT", $"{process.Id}"]))
            kill.WaitForExit();
        var rest = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return ($"{first}\n{rest}", error, process.ExitCode);
    }
}
