using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>A large segment cut into those that a wire carries: together they say what it said.</summary>
public class SegmentationTests
{
    private static readonly Endpoint V4From = new(Net.PcAddress, 1000);
    private static readonly Endpoint V4To = new(Net.WwwAddress, 80);
    private static readonly Endpoint V6From = new(Net.Pc6, 1000);
    private static readonly Endpoint V6To = new(Net.Www6, 80);

    private readonly PacketPool _pool = new();

    [Fact]
    public void The_segments_carry_the_same_octets_with_headers_of_their_own()
    {
        for (var seed = 1UL; seed <= 300; seed++)
        {
            var random = new RandomSource(seed);
            var isV6 = random.Chance(0.5);
            var (size, length) = (random.Next(1, 3000), random.Next(1, 60_000));
            size = Math.Max(size, length / 200 + 1);
            var fields = new SegmentFields(
                isV6 ? V6From : V4From,
                isV6 ? V6To : V4To,
                new(random.NextUInt32()),
                new(random.NextUInt32()),
                TcpFlags.Ack
                    | TcpFlags.Psh
                    | (TcpFlags)(random.NextUInt32() & (uint)(TcpFlags.Fin | TcpFlags.Cwr | TcpFlags.Ece)),
                (ushort)random.Next(65_536),
                new()
                {
                    HasTimestamps = random.Chance(0.5),
                    TimestampValue = 7,
                    TimestampEcho = 8,
                }
            );
            using var large = Write(fields, length, size, random, out var data);
            var pieces = Cut(large);

            Assert.Equal(length > size ? (length + size - 1) / size : 1, pieces.Count);
            var sequence = fields.Sequence;
            var whole = new List<byte>();
            for (var i = 0; i < pieces.Count; i++)
            {
                var (piece, isLast) = (pieces[i], i == pieces.Count - 1);
                Assert.True(PacketChecks.TryFindTransport(piece, out _, out var offset));
                Assert.True(TcpHeader.TryRead(piece.AsSpan(offset), out var header));
                Assert.Equal(
                    0,
                    TcpHeader.ComputeChecksum(fields.Local.Address, fields.Remote.Address, piece.AsSpan(offset))
                );
                Assert.Equal(sequence, header.Sequence);
                Assert.Equal(fields.Acknowledgement, header.Acknowledgement);
                Assert.Equal(fields.Window, header.Window);
                var flags = fields.Flags;
                if (!isLast)
                    flags &= ~(TcpFlags.Psh | TcpFlags.Fin);
                if (i > 0)
                    flags &= ~TcpFlags.Cwr;
                Assert.Equal(flags, header.Flags);
                Assert.Equal(
                    fields.Options.HasTimestamps,
                    header.Options.TryReadTimestamps(out var value, out var echo)
                );
                Assert.Equal(fields.Options.HasTimestamps ? (7U, 8U) : (0, 0), (value, echo));
                if (Ipv4Header.TryRead(piece, out var ip))
                {
                    Assert.True(ip.HasRightChecksum);
                    Assert.Equal((ushort)(0xFFFE + i), ip.Identification);
                    Assert.Equal(piece.Length, ip.TotalLength);
                }
                else
                {
                    Assert.True(Ipv6Header.TryRead(piece, out var ip6));
                    Assert.Equal(piece.Length, ip6.TotalLength);
                }
                var carried = piece.AsSpan(offset + header.Length);
                Assert.True(isLast ? carried.Length <= size : carried.Length == size);
                whole.AddRange(carried);
                sequence += carried.Length;
            }
            Assert.True(data.AsSpan().SequenceEqual(whole.ToArray()));
        }
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void What_is_no_segment_of_tcp_is_not_cut()
    {
        for (var seed = 1UL; seed <= 2000; seed++)
        {
            var random = new RandomSource(seed);
            using var packet = _pool.Rent();
            var bytes = new byte[random.Next(200)];
            random.Fill(bytes);
            if (bytes.Length > 0)
                bytes[0] = (byte)(random.Chance(0.5) ? 0x45 : 0x60);
            packet.Append(bytes);
            packet.SegmentSize = 1 + random.Next(100);
            foreach (var piece in Cut(packet))
                Assert.True(piece.Length <= packet.Length);
        }
        Assert.Equal(0, _pool.Outstanding);
    }

    private List<byte[]> Cut(PacketBuffer packet)
    {
        var pieces = new List<byte[]>();
        var segments = new Segmentation(packet, _pool);
        while (segments.TryNext(out var segment))
        {
            Assert.False(segment.LacksChecks);
            Assert.Equal(0, segment.SegmentSize);
            pieces.Add(segment.Span.ToArray());
            segment.Dispose();
        }
        return pieces;
    }

    private PacketBuffer Write(in SegmentFields fields, int length, int size, RandomSource random, out byte[] data)
    {
        var writer = new SegmentWriter(_pool, offloads: true);
        data = new byte[length];
        random.Fill(data);
        data.CopyTo(writer.Begin(fields, length, piece: size));
        writer.Seal(fields, default);
        Assert.True(writer.TryTake(out var packet));
        packet.SegmentSize = size;
        var (payload, isV4) = (packet.Length, fields.Local.Address.IsV4);
        var header = packet.Prepend(isV4 ? Ipv4Header.MinLength : Ipv6Header.Length);
        if (isV4)
            Ipv4Header.Write(header, payload, 0xFFFE, 64, IpProtocol.Tcp, fields.Local.Address, fields.Remote.Address);
        else
            Ipv6Header.Write(header, payload, 64, IpProtocol.Tcp, fields.Local.Address, fields.Remote.Address);
        return packet;
    }
}
