namespace Twocan.Core.Tests;

public class CaptureReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_the_writer_wrote_comes_back(ulong seed)
    {
        var random = new RandomSource(seed);
        using var stream = new MemoryStream();
        var written = new List<(int On, long At, byte[] Bytes, string? Comment, CaptureDirection Direction)>();
        using (var writer = new PcapngWriter(stream, leaveOpen: true))
        {
            writer.AddInterface("pc--home-hub");
            writer.AddInterface("공유기--isp", "access line", fcsLength: 0, bitsPerSecond: 100_000_000);
            for (var i = 0; i < 500; i++)
            {
                var bytes = new byte[random.Next(0, 3000)];
                random.Fill(bytes);
                var at = (long)(random.NextUInt64() >> 1);
                var comment = random.Chance(0.3) ? new string('한', random.Next(1, 50)) : null;
                var direction = (CaptureDirection)random.Next(3);
                written.Add((random.Next(2), at, bytes, comment, direction));
                writer.Write(written[^1].On, at, bytes, comment, direction);
            }
        }
        var read = ReadCapture.Of(stream.ToArray());

        Assert.Equal(CaptureEnd.Whole, read.End);
        Assert.Equal("Twocan", read.Application);
        Assert.Equal(["pc--home-hub", "공유기--isp"], read.Interfaces.Select(one => one.Name));
        Assert.Equal([null, "access line"], read.Interfaces.Select(one => one.Description));
        Assert.Equal([0UL, 100_000_000UL], read.Interfaces.Select(one => one.BitsPerSecond));
        Assert.Equal(written.Count, read.Packets.Count);
        foreach (var (packet, was) in read.Packets.Zip(written))
        {
            Assert.Equal(was.Bytes, packet.Bytes.ToArray());
            Assert.Equal((was.On, was.At), (packet.Interface.Number, packet.UnixNanoseconds));
            Assert.Equal(was.Comment, packet.Comments.SingleOrDefault());
            Assert.Equal((was.Direction, was.On == 0 ? 4 : 0), (packet.Direction, packet.FcsLength));
            Assert.Equal((uint)was.Bytes.Length, packet.OriginalLength);
        }
        Assert.Equal(Enumerable.Range(1, 500), read.Packets.Select(packet => (int)packet.Number));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Either_byte_order_is_read_and_each_section_has_its_own(bool bigEndianFirst)
    {
        var first = new CaptureBuilder(bigEndianFirst)
            .Section()
            .Interface(o => o.Option(2, "one"u8).Option(9, [9]))
            .Packet(0, 0x1_0000_0002, [1, 2, 3]);
        var second = new CaptureBuilder(!bigEndianFirst)
            .Section()
            .Interface(o => o.Option(2, "two"u8).Option(9, [9]))
            .Packet(0, 0x3_0000_0004, [4], o => o.Option(1, "why"u8).Option(1, "and why"u8).Option(0, []));
        var read = ReadCapture.Of([.. first.ToArray(), .. second.ToArray()]);

        Assert.Equal(CaptureEnd.Whole, read.End);
        Assert.Equal(["one", "two"], read.Packets.Select(packet => packet.Interface.Name));
        Assert.Equal([0x1_0000_0002, 0x3_0000_0004], read.Packets.Select(packet => packet.UnixNanoseconds!.Value));
        Assert.Equal([1, 2, 3], read.Packets[0].Bytes.ToArray());
        Assert.Equal(["why", "and why"], read.Packets[1].Comments);
    }

    [Theory]
    [InlineData(0, 0, 5, 5_000_000_000)]
    [InlineData(3, 0, 1_500, 1_500_000_000)]
    [InlineData(6, 0, 1_602_075_600_000_001, 1_602_075_600_000_001_000)]
    [InlineData(9, 0, 7, 7)]
    [InlineData(9, 1_602_075_600, 7, 1_602_075_600_000_000_007)]
    [InlineData(9, -1, 7, -999_999_993)]
    [InlineData(12, 0, 1_999, 1)]
    [InlineData(127, 0, ulong.MaxValue, 0)]
    [InlineData(0x80, 0, 3, 3_000_000_000)]
    [InlineData(0x80 | 1, 0, 3, 1_500_000_000)]
    [InlineData(0x80 | 32, 0, 0x1_8000_0000, 1_500_000_000)]
    [InlineData(0x80 | 127, 0, ulong.MaxValue, 0)]
    public void Time_is_counted_in_the_unit_that_the_interface_says(
        int exponent,
        long offset,
        ulong ticks,
        long expected
    )
    {
        var builder = new CaptureBuilder().Section();
        builder.Interface(o => o.Option(9, [(byte)exponent]).Option(14, BitConverter.GetBytes(offset)).Option(0, []));
        Assert.Equal(expected, ReadCapture.Of(builder.Packet(0, ticks, [])).Packets.Single().UnixNanoseconds);
    }

    [Theory]
    [InlineData(0, 0, ulong.MaxValue)]
    [InlineData(9, long.MaxValue, 0)]
    [InlineData(9, long.MinValue, 0)]
    public void A_time_that_no_calendar_holds_is_none(int exponent, long offset, ulong ticks) =>
        Assert.Null(new TimestampResolution((byte)exponent, offset).ToUnixNanoseconds(ticks));

    [Fact]
    public void Without_a_word_about_it_time_is_counted_in_microseconds()
    {
        var read = ReadCapture.Of(new CaptureBuilder().Section().Interface().Packet(0, 3, []));
        Assert.Equal(3_000, read.Packets.Single().UnixNanoseconds);
    }

    [Fact]
    public void Blocks_that_nobody_knows_are_passed_over_and_old_and_simple_packets_read()
    {
        var builder = new CaptureBuilder(bigEndian: true)
            .Section()
            .Block(4, body => body.Raw(new byte[200_000])) // names, more of them than are held at once
            .Interface(snapLength: 6)
            .Block(0x4000_0BAD, body => body.U32(1))
            .Block(3, body => body.U32(9).Padded([1, 2, 3, 4, 5, 6]))
            .Block(5, body => body.U32(0)) // statistics
            .Block(2, body => body.U16(0).U16(7).U32(0).U32(1).U32(2).U32(2).Padded([8, 9]));
        var read = ReadCapture.Of(builder);

        Assert.Equal(CaptureEnd.Whole, read.End);
        Assert.Equal([1, 2, 3, 4, 5, 6], read.Packets[0].Bytes.ToArray());
        Assert.Equal((9u, null), (read.Packets[0].OriginalLength, read.Packets[0].UnixNanoseconds));
        Assert.Equal([8, 9], read.Packets[1].Bytes.ToArray());
        Assert.Equal(1_000, read.Packets[1].UnixNanoseconds);
    }

    [Theory]
    [InlineData(0xA1B2C3D4, false, 5, 5_000)]
    [InlineData(0xA1B2C3D4, true, 5, 5_000)]
    [InlineData(0xA1B23C4D, false, 5, 5)]
    [InlineData(0xA1B23C4D, true, 5, 5)]
    public void The_older_format_is_read_in_both_units_and_byte_orders(
        uint magic,
        bool bigEndian,
        uint fraction,
        long nanoseconds
    )
    {
        // The link type's word: Ethernet, with an FCS of two 16-bit words.
        var builder = new CaptureBuilder(bigEndian).U32(magic).U16(2).U16(4).U64(0).U32(262_144).U32(0x2400_0001);
        builder.U32(3_000_000_000).U32(fraction).U32(3).U32(1500).Raw([1, 2, 3]);
        var packet = ReadCapture.Of(builder).Packets.Single();

        Assert.Equal(3_000_000_000_000_000_000 + nanoseconds, packet.UnixNanoseconds);
        Assert.Equal([1, 2, 3], packet.Bytes.ToArray());
        Assert.Equal((1500u, 4), (packet.OriginalLength, packet.FcsLength));
        Assert.True(packet.Interface.IsEthernet);
    }

    [Fact]
    public void A_stream_may_come_in_drops()
    {
        var bytes = Sample();
        var whole = ReadCapture.Of(bytes);
        var dripping = ReadCapture.Of(new DrippingStream(bytes));
        Assert.Equal(CaptureEnd.Whole, dripping.End);
        Assert.Equal(
            whole.Packets.Select(packet => Convert.ToHexString(packet.Bytes.Span)),
            dripping.Packets.Select(packet => Convert.ToHexString(packet.Bytes.Span))
        );
    }

    /// <summary>Some of everything.</summary>
    internal static byte[] Sample()
    {
        var builder = new CaptureBuilder().Section().Interface(o => o.Option(2, "a--b"u8).Option(9, [9]).Option(0, []));
        for (var i = 0; i < 5; i++)
            builder.Packet(0, (ulong)i, new byte[60 + i], o => o.Option(1, "because"u8).Option(0, []));
        builder.Block(5, body => body.U32(0)).Section().Interface().Block(3, body => body.U32(2).Padded([1, 2]));
        return builder.ToArray();
    }

    private sealed class DrippingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
