using System.Buffers.Binary;

namespace Twocan.Core.Tests;

public class CaptureReaderBadInputTests
{
    [Fact]
    public void A_file_that_was_cut_short_anywhere_is_read_up_to_the_cut()
    {
        var bytes = CaptureReaderTests.Sample();
        var ends = BlockEnds(bytes);
        for (var length = 4; length < bytes.Length; length++)
        {
            var read = ReadCapture.Of(bytes[..length]);
            Assert.Equal(ends.Contains(length) ? CaptureEnd.Whole : CaptureEnd.CutShort, read.End);
            // The section, its interface, then five packets.
            Assert.Equal(Math.Clamp(ends.Count(end => end <= length) - 2, 0, 5), read.Packets.Count);
        }
    }

    [Fact]
    public void A_cut_is_told_with_its_place()
    {
        var bytes = CaptureReaderTests.Sample();
        var second = BlockEnds(bytes)[3];
        Assert.Equal(
            $"cut short after 2 packets: of the next block, from byte {second} on, only 17 bytes are there",
            ReadCapture.Of(bytes[..(second + 17)]).Problem
        );
    }

    [Fact]
    public void A_pcap_file_that_was_cut_short_anywhere_is_read_up_to_the_cut()
    {
        var builder = new CaptureBuilder().U32(0xA1B2C3D4).U16(2).U16(4).U64(0).U32(262_144).U32(1);
        for (var i = 0; i < 3; i++)
            builder.U64(0).U32(10).U32(10).Raw(new byte[10]);
        var bytes = builder.ToArray();
        for (var length = 4; length < bytes.Length; length++)
        {
            var read = ReadCapture.Of(bytes[..length]);
            Assert.Equal(Math.Max(0, length - 24) / 26, read.Packets.Count);
            var whole = length >= 24 && (length - 24) % 26 == 0;
            Assert.Equal(whole ? CaptureEnd.Whole : CaptureEnd.CutShort, read.End);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u000A\u000D\u000D")]
    [InlineData("#!/bin/sh\n")]
    public void What_does_not_begin_as_a_capture_is_none(string text) =>
        Assert.Equal(CaptureEnd.NotACapture, ReadCapture.Of([.. text.Select(letter => (byte)letter)]).End);

    [Fact]
    public void A_length_that_lies_is_refused_and_costs_no_memory()
    {
        foreach (var type in (uint[])[0x0A0D0D0A, 1, 2, 3, 6, 0x0BAD])
        {
            foreach (var length in (uint[])[0, 8, 13, 16 << 20, (16 << 20) + 4, 0x7FFF_FFFC, 0xFFFF_FFFC])
            {
                var builder = Begun().Block(type, body => body.U32(0x1A2B3C4D).Raw(new byte[64]), length);
                var bytes = builder.ToArray();
                var before = GC.GetAllocatedBytesForCurrentThread();
                var read = ReadCapture.Of(bytes);
                Assert.True(read.End is CaptureEnd.Damaged or CaptureEnd.CutShort, $"{type} {length}: {read.End}");
                Assert.Empty(read.Packets);
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
            }
        }
    }

    [Fact]
    public void Blocks_that_contradict_themselves_are_damage()
    {
        string?[] problems =
        [
            ReadCapture.Of(Begun().Packet(1, 0, [1])).Problem,
            ReadCapture.Of(Begun().Packet(0, 0, [1], captured: 5)).Problem,
            ReadCapture.Of(Begun().Packet(0, 0, [1], captured: uint.MaxValue)).Problem,
            ReadCapture.Of(Begun().Block(6, body => body.U32(0))).Problem,
            ReadCapture.Of(Begun().Block(3, body => body.U32(5).U32(0))).Problem,
            ReadCapture.Of(Begun().Block(3, body => body.U32(0), again: 12)).Problem,
            ReadCapture.Of(Begun().Section().Packet(0, 0, [1])).Problem,
            ReadCapture.Of(new CaptureBuilder().Section().Block(3, body => body.U32(0))).Problem,
            ReadCapture.Of(new CaptureBuilder().Section().Block(1, body => body.U32(0))).Problem,
            ReadCapture
                .Of(new CaptureBuilder().Block(0x0A0D0D0A, body => body.U32(0x1A2B3C4D).U16(2).U16(0).U64(0)))
                .Problem,
        ];
        Assert.Equal(
            [
                "packet 1 on interface 1, which is not described",
                "packet 1 of 5 bytes in a block that is too short for it",
                "packet 1 of 4294967295 bytes in a block that is too short for it",
                "a packet block that is too short",
                "packet 1 of 5 bytes in a block that is too short for it",
                "a block whose two lengths differ",
                "packet 1 on interface 0, which is not described",
                "packet 1 on interface 0, which is not described",
                "an interface description that is too short",
                "pcapng of version 2; only version 1 is known here",
            ],
            problems.Select(problem => problem![(problem!.IndexOf(':') + 2)..])
        );
    }

    [Fact]
    public void Options_that_do_not_fit_are_none()
    {
        var read = ReadCapture.Of(
            Begun().Packet(0, 0, [1], o => o.Option(1, "good"u8).U16(1).U16(60_000).U32(0)).Packet(0, 1, [2])
        );
        Assert.Equal(["good"], read.Packets[0].Comments);
        Assert.Equal(2, read.Packets.Count);
    }

    [Fact]
    public void Whatever_stands_in_the_file_it_is_read_to_an_end()
    {
        var random = new RandomSource(7);
        var sample = CaptureReaderTests.Sample();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = sample[..random.Next(1, sample.Length + 1)];
            for (var hits = random.Next(1, 9); hits > 0; hits--)
            {
                var at = random.Next(bytes.Length);
                if (random.Chance(0.5))
                    bytes[at] ^= (byte)(1 << random.Next(8));
                else
                    bytes[at] = (byte)random.Next(256);
            }
            Assert.InRange(ReadCapture.Of(bytes).Packets.Count, 0, bytes.Length / 16);
        }
    }

    [Fact]
    public void Noise_behind_a_right_beginning_is_read_to_an_end()
    {
        var random = new RandomSource(8);
        var beginning = Begun().ToArray();
        for (var round = 0; round < 5_000; round++)
        {
            var noise = new byte[random.Next(0, 300)];
            random.Fill(noise);
            // Mostly a block's type and length that are plausible, or it would be over at once.
            if (noise.Length > 8 && random.Chance(0.8))
            {
                BinaryPrimitives.WriteUInt32LittleEndian(noise, (uint)random.Next(7));
                BinaryPrimitives.WriteUInt32LittleEndian(noise.AsSpan(4), (uint)(noise.Length & ~3));
                noise.AsSpan(4, 4).CopyTo(noise.AsSpan((noise.Length & ~3) - 4));
            }
            ReadCapture.Of([.. beginning, .. noise]);
        }
    }

    private static CaptureBuilder Begun() => new CaptureBuilder().Section().Interface();

    private static List<int> BlockEnds(byte[] bytes)
    {
        var ends = new List<int>();
        for (var at = 0; at < bytes.Length; ends.Add(at))
            at += BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
        return ends;
    }
}
