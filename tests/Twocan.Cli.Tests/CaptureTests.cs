using System.Text.Json;

namespace Twocan.Cli.Tests;

public class CaptureTests
{
    [Fact]
    public void A_ping_is_a_question_a_search_for_the_neighbour_and_an_answer_on_the_cable()
    {
        var call = Call.Twocan("capture", "pc--home-hub", "--while", "ping -c 1 10.11.12.1");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        var lines = call.Out.Split('\n').TakeWhile(line => line.Length > 0).ToList();
        Assert.Equal(4, lines.Count);
        Assert.All(lines[..2], line => Assert.Contains("  ARP  ", line, StringComparison.Ordinal));
        Assert.Contains("pc → home-hub", lines[2], StringComparison.Ordinal);
        Assert.Contains("10.11.12.13 → 10.11.12.1 ", lines[2], StringComparison.Ordinal);
        Assert.Contains("ICMP  Echo request", lines[2], StringComparison.Ordinal);
        Assert.Contains("ICMP  Echo reply", lines[3], StringComparison.Ordinal);
        Assert.EndsWith("4 frames on 1 cable\n", call.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void With_json_each_frame_is_a_line_and_a_page_comes_with_its_goodbye()
    {
        var call = Call.Twocan("capture", "pc--home-hub", "--while", "http://www.lab.cyber.co.kr/", "--json");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        var frames = call.Out.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.All(frames, frame => Assert.Equal("pc--home-hub", frame.GetProperty("cable").GetString()));
        var protocols = frames.Select(frame => frame.GetProperty("protocol").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "ARP", "DNS", "TCP", "HTTP" }, protocols);
        Assert.Contains(
            frames,
            frame => frame.GetProperty("summary").GetString()!.Contains("FIN", StringComparison.Ordinal)
        );
        var numbers = frames.Select(frame => frame.GetProperty("number").GetInt64()).ToList();
        Assert.Equal(numbers.Order(), numbers);
    }

    [Theory]
    [InlineData("cyber", "pc:eth0", "10.11.12.1", "4 frames on 1 cable")]
    [InlineData("cyber", "home-router", "203.0.113.1", "8 frames on 2 cables")]
    [InlineData("bus", "coax", "10.0.0.5", "4 frames on 1 cable")]
    public void An_adapter_a_machine_and_a_bus_can_be_listened_at(string world, string place, string to, string says)
    {
        var call = Call.Twocan("capture", place, "--world", world, "--while", $"ping -c 1 {to}");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.EndsWith(says + "\n", call.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_that_is_not_there_is_told_with_those_that_are()
    {
        var call = Call.Twocan("capture", "pc:eth7", "--while", "ping -c 1 pc2");
        Assert.Equal(2, call.ExitCode);
        Assert.Contains("pc has no adapter 'eth7'; it has eth0", call.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_holds_the_frames_of_the_cables_that_are_shown()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var call = Call.Twocan(
                "capture",
                "home-router--isp",
                "ns.isp--isp",
                "--while",
                "ping -c 1 www.lab.cyber.co.kr",
                "--capture",
                path
            );
            Assert.Equal((0, ""), (call.ExitCode, call.Error));
            var file = System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(path));
            Assert.Contains("isp--ns.isp", file, StringComparison.Ordinal);
            Assert.DoesNotContain("pc--home-hub", file, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(2, "did you mean 'pc--home-hub'?", "pc--home-hubb", "--while", "ping pc2")]
    [InlineData(2, "--while", "pc--home-hub")]
    [InlineData(1, "", "backbone-us--ns.com", "--while", "ping -c 1 10.11.12.1")]
    public void What_cannot_be_shown_is_told(int exitCode, string expected, params string[] arguments)
    {
        var call = Call.Twocan(["capture", .. arguments]);
        Assert.Equal(exitCode, call.ExitCode);
        Assert.Contains(expected, call.Error, StringComparison.Ordinal);
    }
}
