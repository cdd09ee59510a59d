using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>What stands in front of a frame on a TAP device: what its sender has left to do.</summary>
public class VirtioHeaderTests
{
    private readonly PacketPool _pool = new();

    [Theory]
    [InlineData(4000, 1448, TcpFlags.Ack, 1)]
    [InlineData(4000, 1448, TcpFlags.Ack | TcpFlags.Cwr, 0x81)]
    [InlineData(100, 1448, TcpFlags.Ack, 0)]
    public void What_we_leave_to_the_kernel_is_said_and_can_be_read_back(
        int length,
        int size,
        TcpFlags flags,
        byte type
    )
    {
        using var frame = Frame(length, size, flags);
        var (before, segmentSize) = (frame.Span.ToArray(), frame.SegmentSize);
        VirtioHeader.Put(frame);
        var header = frame.Span[..VirtioHeader.Length].ToArray();
        Assert.Equal([1, type], header[..2]);
        Assert.Equal(segmentSize, BitConverter.ToUInt16(header, 4));
        Assert.Equal((34, 16), (BitConverter.ToUInt16(header, 6), BitConverter.ToUInt16(header, 8)));
        // What is summed up from there on, the field included, is the checksum.
        var segment = frame.Span[(VirtioHeader.Length + 34)..].ToArray();
        var checksum = InternetChecksum.Of(segment);
        segment.AsSpan(16, 2).Clear();
        Assert.Equal(TcpHeader.ComputeChecksum(Net.PcAddress, Net.WwwAddress, segment), checksum);

        frame.TrimStart(VirtioHeader.Length);
        (frame.LacksChecks, frame.SegmentSize) = (false, 0);
        Assert.True(VirtioHeader.TryTake(header, frame));
        Assert.True(frame.LacksChecks);
        Assert.Equal(segmentSize, frame.SegmentSize);
        frame.Append(EthernetHeader.FcsLength);
        PacketChecks.FinishFrame(frame);
        Assert.Equal(before[..50], frame.Span[..50].ToArray());
        Assert.True(EthernetHeader.HasRightCheck(frame.Span));
        Assert.Equal(0, TcpHeader.ComputeChecksum(Net.PcAddress, Net.WwwAddress, frame.Span[34..^4]));
    }

    [Fact]
    public void A_checksum_that_we_know_no_place_for_is_made_where_the_kernel_says()
    {
        using var frame = _pool.Rent();
        var bytes = frame.Append(100);
        new RandomSource(1).Fill(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[12..], 0x8100);
        var header = new byte[VirtioHeader.Length];
        (header[0], header[6], header[8]) = (1, 38, 6);
        Assert.True(VirtioHeader.TryTake(header, frame));
        Assert.False(frame.LacksChecks);
        header[6] = 98;
        Assert.False(VirtioHeader.TryTake(header, frame));
    }

    [Fact]
    public void Whatever_stands_there_it_is_read_or_refused()
    {
        for (var seed = 1UL; seed <= 5000; seed++)
        {
            var random = new RandomSource(seed);
            using var frame = _pool.Rent();
            random.Fill(frame.Append(random.Next(EthernetHeader.Length, 120)));
            if (frame.Length > EthernetHeader.Length)
                frame.Span[EthernetHeader.Length] = (byte)(random.Chance(0.5) ? 0x45 : 0x60);
            var header = new byte[VirtioHeader.Length];
            random.Fill(header);
            (header[0], header[1]) = ((byte)random.Next(3), (byte)random.Next(6));
            if (random.Chance(0.7))
                (header[7], header[9]) = (0, 0);
            if (!VirtioHeader.TryTake(header, frame))
                continue;
            EthernetHeader.CloseFrame(frame);
            var segments = new Segmentation(frame, _pool, EthernetHeader.Length);
            while (frame.SegmentSize > 0 && segments.TryNext(out var segment))
                segment.Dispose();
            PacketChecks.FinishFrame(frame);
        }
        Assert.Equal(0, _pool.Outstanding);
    }

    private PacketBuffer Frame(int length, int size, TcpFlags flags)
    {
        var fields = new SegmentFields(new(Net.PcAddress, 1), new(Net.WwwAddress, 2), new(3), new(4), flags, 5);
        var writer = new SegmentWriter(_pool, offloads: true);
        new RandomSource(1).Fill(writer.Begin(fields, length, piece: size));
        writer.Seal(fields, default);
        Assert.True(writer.TryTake(out var frame));
        var payload = frame.Length;
        Ipv4Header.Write(
            frame.Prepend(Ipv4Header.MinLength),
            payload,
            1,
            64,
            IpProtocol.Tcp,
            Net.PcAddress,
            Net.WwwAddress
        );
        EthernetHeader.Write(frame.Prepend(EthernetHeader.Length), new(1), new(2), EtherType.Ipv4);
        return frame;
    }
}
