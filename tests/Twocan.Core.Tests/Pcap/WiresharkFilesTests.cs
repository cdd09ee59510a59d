using System.Globalization;

namespace Twocan.Core.Tests;

/// <summary>Files that Wireshark's own tools wrote, read by us and by tshark.</summary>
public class WiresharkFilesTests
{
    [Theory]
    [InlineData("pcapng")]
    [InlineData("pcap")]
    [InlineData("nsecpcap")]
    public void What_editcap_writes_is_read_as_tshark_reads_it(string format)
    {
        using var folder = new TemporaryFolder();
        var ours = folder.Write("ours", Ours(seed: 1, packets: 50));
        string[] comment = format == "pcapng" ? ["-a", "3:왜냐하면"] : [];
        Tshark.Run("editcap", ["-F", format, .. comment, ours, folder["theirs"]]);

        var read = AssertSame(folder["theirs"]);
        Assert.Equal(50, read.Packets.Count);
        if (format == "pcapng")
            Assert.Contains("왜냐하면", read.Packets[2].Comments);
        if (format != "pcap")
            Assert.Equal(1_602_075_600_000_000_001, read.Packets[1].UnixNanoseconds);
    }

    [Fact]
    public void What_mergecap_merges_is_read_as_tshark_reads_it()
    {
        using var folder = new TemporaryFolder();
        var (one, two) = (
            folder.Write("one", Ours(seed: 1, packets: 20)),
            folder.Write("two", Ours(seed: 2, packets: 30))
        );
        Tshark.Run("editcap", "-F", "pcap", two, folder["two.pcap"]);
        Tshark.Run("mergecap", "-w", folder["merged"], one, folder["two.pcap"]);

        var read = AssertSame(folder["merged"]);
        Assert.Equal(50, read.Packets.Count);
        Assert.Contains(read.Interfaces, one => one.Resolution == TimestampResolution.Nanoseconds);
    }

    [Fact]
    public void A_file_with_names_and_cut_packets_is_read_as_tshark_reads_it()
    {
        using var folder = new TemporaryFolder();
        var ours = folder.Write("ours", Ours(seed: 3, packets: 20));
        Tshark.Run("editcap", "-s", "40", ours, folder["cut"]);
        Tshark.Run("tshark", "-r", folder["cut"], "-W", "n", "-w", folder["named"]);

        var read = AssertSame(folder["named"]);
        Assert.All(read.Packets, packet => Assert.Equal(40, packet.Bytes.Length));
        Assert.All(read.Packets, packet => Assert.InRange(packet.OriginalLength, 60u, 1600u));
    }

    private static ReadCapture AssertSame(string file)
    {
        var read = ReadCapture.Of(File.ReadAllBytes(file));
        Assert.Equal(CaptureEnd.Whole, read.End);
        string[] fields = ["-e", "frame.number", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.cap_len"];
        var theirs = Tshark.Run(
            "tshark",
            ["-r", file, "-n", "-t", "e", "-T", "fields", .. fields, "-E", "separator=,"]
        );
        var ours = read.Packets.Select(packet =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{packet.Number},{packet.UnixNanoseconds / 1_000_000_000}.{packet.UnixNanoseconds % 1_000_000_000:000000000},{packet.OriginalLength},{packet.Bytes.Length}"
            )
        );
        Assert.Equal(theirs.TrimEnd().Split('\n'), ours);
        return read;
    }

    private static byte[] Ours(ulong seed, int packets)
    {
        var random = new RandomSource(seed);
        var epoch = new DateTimeOffset(2020, 10, 7, 13, 0, 0, TimeSpan.Zero);
        using var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream, leaveOpen: true))
        {
            var (a, b) = (writer.AddInterface("a--b", fcsLength: 0), writer.AddInterface("b--c", fcsLength: 0));
            for (var i = 0; i < packets; i++)
            {
                var frame = new byte[random.Next(60, 1515)];
                random.Fill(frame);
                writer.Write(i % 3 == 0 ? a : b, epoch, new Instant(i), frame, $"#{i}");
            }
        }
        return stream.ToArray();
    }
}
