using System.Buffers.Binary;

namespace Twocan.Core.Tests;

public class PcapngWriterTests
{
    private static readonly DateTimeOffset s_epoch = new(2020, 10, 7, 13, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Frames_come_back_with_interface_time_bytes_and_comment()
    {
        var (one, two) = (Frame(46), Frame(47));
        var file = PcapngFile.Read(
            Capture(writer =>
            {
                var hub = writer.AddInterface("pc--home-hub");
                var uplink = writer.AddInterface("home-router--isp", "access line", bitsPerSecond: 100_000_000);
                writer.Write(uplink, s_epoch, new Instant(1), one, "because of the click");
                writer.Write(hub, s_epoch, new Instant(20_005_000_123), two, direction: CaptureDirection.Outbound);
            })
        );

        Assert.Equal(["pc--home-hub", "home-router--isp"], file.Interfaces.Select(i => i.Name));
        Assert.All(file.Interfaces, i => Assert.Equal([9], i.Options[9]));
        Assert.All(file.Interfaces, i => Assert.Equal([4], i.Options[13]));
        Assert.Equal(100_000_000u, BinaryPrimitives.ReadUInt64LittleEndian(file.Interfaces[1].Options[8]));
        var epoch = s_epoch.ToUnixTimeSeconds() * 1_000_000_000;
        Assert.Equal([1, 0], file.Packets.Select(p => p.Interface));
        Assert.Equal([epoch + 1, epoch + 20_005_000_123], file.Packets.Select(p => p.UnixNanoseconds));
        Assert.Equal(one, file.Packets[0].Bytes);
        Assert.Equal(two, file.Packets[1].Bytes);
        Assert.Equal(["because of the click", null], file.Packets.Select(p => p.Comment));
        Assert.Equal([2, 0, 0, 0], file.Packets[1].Options[2]);
    }

    [Fact]
    public void The_same_frames_give_the_same_bytes()
    {
        Assert.Equal(Capture(Some), Capture(Some));

        static void Some(PcapngWriter writer)
        {
            var cable = writer.AddInterface("a--b");
            for (var i = 0; i < 300; i++)
                writer.Write(cable, i, Frame(60 + i), i % 3 == 0 ? $"frame {i}" : null);
        }
    }

    [Fact]
    public void Only_whole_blocks_reach_the_stream_before_the_end()
    {
        using var stream = new MemoryStream();
        using var writer = new PcapngWriter(stream);
        var cable = writer.AddInterface("a--b");
        for (var i = 0; i < 1000; i++)
        {
            writer.Write(cable, i, Frame(1000));
            Assert.Equal(0, PcapngFile.Read(stream.ToArray()).Rest);
        }
        Assert.InRange(PcapngFile.Read(stream.ToArray()).Packets.Count, 900, 1000);
        writer.Flush();
        Assert.Equal(1000, PcapngFile.Read(stream.ToArray()).Packets.Count);
    }

    [Fact]
    public void A_capture_without_frames_is_a_capture()
    {
        var file = PcapngFile.Read(Capture(writer => writer.AddInterface("a--b")));
        Assert.Equal("a--b", file.Interfaces.Single().Name);
        Assert.Empty(file.Packets);
    }

    [Fact]
    public void A_comment_that_is_too_long_is_cut_after_a_whole_character()
    {
        var file = PcapngFile.Read(
            Capture(writer => writer.Write(writer.AddInterface("a"), 0, Frame(60), new string('한', 30_000)))
        );
        Assert.Equal(new string('한', 21_845), file.Packets.Single().Comment);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_length_is_padded(int more)
    {
        var frame = Frame(60 + more);
        var file = PcapngFile.Read(Capture(writer => writer.Write(writer.AddInterface("a"), 5, frame, "xxxx"[..more])));
        Assert.Equal(frame, file.Packets.Single().Bytes);
        Assert.Equal("xxxx"[..more], file.Packets.Single().Comment);
    }

    [Fact]
    public void An_interface_that_was_not_described_and_a_time_before_1970_are_mistakes()
    {
        using var writer = new PcapngWriter(Stream.Null);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(0, 0, Frame(60)));
        var cable = writer.AddInterface("a");
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(cable, -1, Frame(60)));
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.Write(cable, 0, Frame(60)));
    }

    [Fact]
    public void Wireshark_reads_names_times_comments_and_checks_the_frame_check_sequence()
    {
        var broken = Frame(60);
        broken[^1] ^= 1;
        var capture = Capture(writer =>
        {
            var hub = writer.AddInterface("pc--home-hub");
            writer.Write(hub, s_epoch, new Instant(51), Frame(60), "누른 까닭");
            writer.Write(hub, s_epoch, new Instant(2_000_000_007), broken);
        });

        var lines = Tshark
            .Read(
                capture,
                [
                    "-o",
                    "eth.check_fcs:TRUE",
                    "-T",
                    "fields",
                    "-E",
                    "separator=|",
                    .. Fields(
                        "frame.interface_name",
                        "frame.time_epoch",
                        "frame.comment",
                        "eth.fcs.status",
                        "frame.len"
                    ),
                ]
            )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("pc--home-hub|1602075600.000000051|누른 까닭|1|64", lines[0]);
        Assert.Equal("pc--home-hub|1602075602.000000007||0|64", lines[1]);
    }

    private static string[] Fields(params string[] names) => [.. names.SelectMany(name => new[] { "-e", name })];

    private static byte[] Capture(Action<PcapngWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream))
            write(writer);
        return stream.ToArray();
    }

    /// <summary>An Ethernet frame of the local experimental type with so many bytes and a right frame check sequence behind them.</summary>
    private static byte[] Frame(int length)
    {
        var frame = new byte[length + 4];
        MacAddress.Broadcast.Write(frame);
        MacAddress.Parse("02:00:0a:0b:0c:0d").Write(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x88B5);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(length), Crc32.Of(frame.AsSpan(0, length)));
        return frame;
    }
}
