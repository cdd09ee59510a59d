using System.Text.Json;
using Twocan.Core;

namespace Twocan.Cli.Tests;

public sealed class CaptureReadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("twocan-").FullName;

    private string File => Path.Combine(_folder, "home.pcapng");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_is_shown_with_the_lines_that_were_shown_while_it_was_written()
    {
        var live = Call.Twocan("capture", "pc--home-hub", "--while", "ping -c 1 10.11.12.1", "--capture", File);
        var read = Call.Twocan("capture", "--read", File);
        Assert.Equal((0, ""), (read.ExitCode, read.Error));
        Assert.Equal(Summaries(live.Out), Summaries(read.Out));
        Assert.EndsWith("4 frames on 1 interface\n", read.Out, StringComparison.Ordinal);

        static IEnumerable<string> Summaries(string text) =>
            text.Split('\n')
                .TakeWhile(line => line.Length > 0)
                .Select(line => line[(line.LastIndexOf("  ", StringComparison.Ordinal) + 2)..]);
    }

    [Fact]
    public void What_the_file_says_to_a_frame_is_shown_beneath_it_and_in_json()
    {
        Call.Twocan("ping", "-c", "1", "10.11.12.1", "--capture", File);
        var read = Call.Twocan("capture", "--read", File, "--comments");
        Assert.Contains(
            "\n                   #1 pc asks by ARP who has 10.11.12.1",
            read.Out,
            StringComparison.Ordinal
        );
        var json = Call.Twocan("capture", "--read", File, "--json");
        var first = JsonDocument.Parse(json.Out.Split('\n')[0]).RootElement;
        Assert.StartsWith("#1 pc asks by ARP", first.GetProperty("comments")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("1602075600000000000", first.GetProperty("unix_ns").GetString());
    }

    [Fact]
    public void A_file_that_is_none_is_refused_in_one_line()
    {
        System.IO.File.WriteAllText(File, "no capture");
        Assert.Equal(
            new Call(2, "", $"twocan: {File}: this is no capture: it begins neither as pcapng nor as pcap does\n"),
            Call.Twocan("capture", "--read", File)
        );
    }

    [Fact]
    public void A_capture_whose_writer_was_killed_is_read_up_to_there()
    {
        using (var process = Call.Start(["ping", "-c", "65535", "10.11.12.1", "--capture", File]))
        {
            // By then several portions have been handed to the file.
            for (var line = 0; line < 2_000; line++)
                Assert.NotNull(process.StandardOutput.ReadLine());
            process.Kill();
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
        }
        using var reader = new CaptureReader(System.IO.File.OpenRead(File));
        while (reader.TryRead(out var packet))
            Assert.NotEmpty(packet.Comments);
        Assert.InRange(reader.Packets, 500, 200_000);
        // The kernel may have cut the one write that was going on; as a rule it has not.
        Assert.True(reader.End is CaptureEnd.Whole or CaptureEnd.CutShort, reader.Problem);
    }
}
