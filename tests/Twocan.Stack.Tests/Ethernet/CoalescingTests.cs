using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>Segments that come one behind the other are put together, and only such as could be cut into the same ones again.</summary>
public class CoalescingTests
{
    private const int Ip = EthernetHeader.Length;
    private const int Tcp = Ip + Ipv4Header.MinLength;
    private const int Mss = 100;

    private readonly PacketPool _pool = new();
    private readonly Coalescing _coalescing;
    private readonly List<byte[]> _run = [];

    public CoalescingTests()
    {
        _coalescing = new(_pool);
        for (var i = 0; i < 40; i++)
        {
            using var segment = Segment(i * Mss, Mss);
            _run.Add(segment.Span.ToArray());
        }
    }

    [Fact]
    public void What_is_put_together_can_be_cut_into_the_same_frames_again()
    {
        var merged = 0;
        for (var seed = 1UL; seed <= 300; seed++)
        {
            var random = new RandomSource(seed);
            var flows = new Flow[random.Next(1, 12)];
            for (var i = 0; i < flows.Length; i++)
                flows[i] = new(i, random);
            var (told, heard) = (new List<byte[]>[flows.Length], new List<byte[]>[flows.Length]);
            for (var i = 0; i < flows.Length; i++)
                (told[i], heard[i]) = ([], []);
            for (var i = 0; i < 200; i++)
            {
                var at = random.Next(flows.Length);
                var frame = flows[at].Next(random);
                told[at].Add(frame);
                _coalescing.Add(Rent(frame));
                if (random.Chance(0.03))
                    _coalescing.Flush();
                Hear();
            }
            _coalescing.Flush();
            Hear();
            Assert.False(_coalescing.IsHolding);
            for (var i = 0; i < flows.Length; i++)
            {
                Assert.Equal(told[i].Count, heard[i].Count);
                foreach (var (before, after) in told[i].Zip(heard[i]))
                    Assert.Equal(Comparable(before), Comparable(after));
            }

            void Hear()
            {
                while (_coalescing.TryTake(out var frame))
                {
                    merged += frame.SegmentSize > 0 ? 1 : 0;
                    foreach (var piece in Cut(frame))
                        heard[Flow.NumberOf(piece)].Add(piece);
                }
            }
        }
        Assert.True(merged > 1000);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void One_that_is_whole_waits_until_nothing_more_comes()
    {
        _coalescing.Add(Segment(0, Mss));
        Assert.True(_coalescing.IsHolding);
        Assert.Empty(Take());
        _coalescing.Flush();
        Assert.Equal([(0, Mss)], Take());
    }

    [Fact]
    public void What_is_pushed_is_handed_over_at_once()
    {
        _coalescing.Add(Segment(0, Mss));
        _coalescing.Add(Segment(Mss, Mss, change: frame => frame[Tcp + 13] |= (byte)TcpFlags.Psh));
        Assert.False(_coalescing.IsHolding);
        Assert.Equal([(0, 2 * Mss)], Take());
        _coalescing.Add(Segment(2 * Mss, Mss, change: frame => frame[Tcp + 13] |= (byte)TcpFlags.Psh));
        Assert.Equal([(2 * Mss, Mss)], Take());
    }

    [Fact]
    public void A_short_one_is_the_last()
    {
        _coalescing.Add(Segment(0, Mss));
        _coalescing.Add(Segment(Mss, Mss - 1));
        Assert.False(_coalescing.IsHolding);
        Assert.Equal([(0, 2 * Mss - 1)], Take());
    }

    public static TheoryData<string> Boundaries =>
        [
            "a gap",
            "an overlap",
            "a longer one",
            "no data",
            "the window",
            "the acknowledgement",
            "a time stamp",
            "congestion marked",
            "CWR",
            "ECE",
            "URG",
            "FIN",
            "SYN",
            "RST",
            "time to live",
            "the sender's station",
            "a number that does not follow",
            "a fragment",
            "options of IP",
            "a wrong checksum of TCP",
            "a wrong checksum of IP",
            "large already",
        ];

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void A_segment_that_says_something_of_its_own_stays_alone_and_in_its_place(string boundary)
    {
        _coalescing.Add(Segment(0, Mss));
        _coalescing.Add(Segment(Mss, Mss));
        var odd = boundary switch
        {
            "a gap" => Segment(3 * Mss, Mss),
            "an overlap" => Segment(Mss, Mss),
            "a longer one" => Segment(2 * Mss, Mss + 1),
            "no data" => Segment(2 * Mss, 0),
            _ => Segment(2 * Mss, Mss, sound: !boundary.StartsWith("a wrong", StringComparison.Ordinal), Change),
        };
        if (boundary == "large already")
            odd.SegmentSize = Mss / 2;
        var before = odd.Span.ToArray();
        _coalescing.Add(odd);
        _coalescing.Flush();

        Assert.True(_coalescing.TryTake(out var first));
        Assert.Equal((Mss, 2 * Mss), (first.SegmentSize, first.Length - Tcp - TcpHeader.MinLength));
        Assert.True(_coalescing.TryTake(out var second));
        Assert.Equal(before, second.Span.ToArray());
        Assert.False(_coalescing.TryTake(out _));
        first.Dispose();
        second.Dispose();

        void Change(Span<byte> frame)
        {
            switch (boundary)
            {
                case "the window":
                    frame[Tcp + 15]++;
                    break;
                case "the acknowledgement":
                    frame[Tcp + 11]++;
                    break;
                case "a time stamp":
                    frame[Tcp + 12] = 6 << 4; // a longer header: the first octets of the data are an option now
                    break;
                case "congestion marked":
                    frame[Ip + 1] |= 3;
                    break;
                case "CWR" or "ECE" or "URG" or "FIN" or "SYN" or "RST":
                    frame[Tcp + 13] |= (byte)Enum.Parse<TcpFlags>(boundary, ignoreCase: true);
                    break;
                case "time to live":
                    frame[Ip + 8]--;
                    break;
                case "the sender's station":
                    frame[11]++;
                    break;
                case "a number that does not follow":
                    frame[Ip + 5]++;
                    break;
                case "a fragment":
                    frame[Ip + 6] |= 0x20;
                    break;
                case "options of IP":
                    frame[Ip] = 0x46;
                    break;
                case "a wrong checksum of TCP":
                    frame[Tcp + 16]++;
                    break;
                case "a wrong checksum of IP":
                    frame[Ip + 10]++;
                    break;
            }
        }
    }

    [Fact]
    public void A_wrong_first_one_stays_alone_too()
    {
        _coalescing.Add(Segment(0, Mss, sound: false, frame => frame[Tcp + 16]++));
        _coalescing.Add(Segment(Mss, Mss));
        _coalescing.Add(Segment(2 * Mss, Mss));
        _coalescing.Flush();
        Assert.Equal([(0, Mss), (Mss, 2 * Mss)], Take());
    }

    [Fact]
    public void None_gets_longer_than_a_packet_may_be()
    {
        for (var i = 0; i < 100; i++)
            _coalescing.Add(Segment(i * 1000, 1000));
        _coalescing.Flush();
        Assert.Equal([(0, 65_000), (65_000, 35_000)], Take());
    }

    [Fact]
    public void Of_many_flows_the_oldest_goes_on_its_way()
    {
        for (ushort port = 1; port <= 9; port++)
            _coalescing.Add(Segment(0, port, port: port));
        Assert.Equal([(0, 1)], Take());
        _coalescing.Flush();
        Assert.Equal(Enumerable.Range(2, 8).Select(port => (0, port)), Take());
    }

    [Fact]
    public void It_allocates_nothing_once_it_has_its_buffers()
    {
        PutTogether();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            PutTogether();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void PutTogether()
        {
            foreach (var bytes in _run)
                _coalescing.Add(Rent(bytes));
            _coalescing.Flush();
            while (_coalescing.TryTake(out var frame))
                frame.Dispose();
        }
    }

    [Fact]
    public void Whatever_comes_by_is_not_lost()
    {
        for (var seed = 1UL; seed <= 3000; seed++)
        {
            var random = new RandomSource(seed);
            using var sound = Segment(0, random.Next(200));
            var bytes = sound.Span[..random.Next(sound.Length + 1)].ToArray();
            for (var i = random.Next(4); i > 0 && bytes.Length > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.NextUInt32();
            _coalescing.Add(Segment(0, Mss));
            _coalescing.Add(Rent(bytes));
            _coalescing.Flush();
            var length = 0;
            while (_coalescing.TryTake(out var frame))
            {
                length += frame.Length;
                frame.Dispose();
            }
            Assert.True(length >= Tcp + TcpHeader.MinLength + Mss);
        }
        Assert.Equal(0, _pool.Outstanding);
    }

    /// <summary>What stands in the headers' place is compared, but for the number of a packet that nobody may cut.</summary>
    private static byte[] Comparable(byte[] frame)
    {
        if (frame[Ip] >> 4 == 4 && (frame[Ip + 6] & 0x40) != 0)
        {
            frame.AsSpan(Ip + 4, 2).Clear();
            frame.AsSpan(Ip + 10, 2).Clear();
        }
        return frame;
    }

    private List<(int Sequence, int Length)> Take()
    {
        var taken = new List<(int, int)>();
        while (_coalescing.TryTake(out var frame))
        {
            var bytes = frame.Span;
            Assert.True(Ipv4Header.TryRead(bytes[Ip..], out var ip));
            Assert.True(ip.HasRightChecksum);
            Assert.True(TcpHeader.TryRead(bytes[Tcp..], out var tcp));
            taken.Add(((int)tcp.Sequence.Value, ip.TotalLength - Ipv4Header.MinLength - tcp.Length));
            frame.Dispose();
        }
        return taken;
    }

    private List<byte[]> Cut(PacketBuffer frame)
    {
        if (frame.SegmentSize == 0)
        {
            var alone = frame.Span.ToArray();
            frame.Dispose();
            return [alone];
        }
        Assert.True(frame.LacksChecks);
        var pieces = new List<byte[]>();
        var segments = new Segmentation(frame, _pool, EthernetHeader.Length);
        while (segments.TryNext(out var segment))
        {
            pieces.Add(segment.Span.ToArray());
            segment.Dispose();
        }
        frame.Dispose();
        return pieces;
    }

    private PacketBuffer Rent(ReadOnlySpan<byte> bytes)
    {
        var frame = _pool.Rent(bytes.Length);
        frame.Append(bytes);
        return frame;
    }

    private delegate void Change(Span<byte> frame);

    /// <summary>A segment with a plain header and so much data from <paramref name="sequence"/> on, in a frame of 10.0.0.1's to 10.0.0.2.</summary>
    private PacketBuffer Segment(int sequence, int length, bool sound = true, Change? change = null, ushort port = 1000)
    {
        var bytes = new byte[Tcp + TcpHeader.MinLength + length];
        EthernetHeader.Write(bytes, new(2), new(1), EtherType.Ipv4);
        bytes.AsSpan(Tcp + TcpHeader.MinLength).Fill(1); // an option of 'nothing', should it be read as one
        var tcp = bytes.AsSpan(Tcp);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], 80);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], (uint)sequence);
        (tcp[12], tcp[13], tcp[15]) = (TcpHeader.MinLength / 4 << 4, (byte)TcpFlags.Ack, 77);
        Ipv4Header.Write(
            bytes.AsSpan(Ip),
            tcp.Length,
            (ushort)(sequence / Math.Max(length, 1)),
            64,
            IpProtocol.Tcp,
            Net.PcAddress,
            Net.WwwAddress,
            dontFragment: false
        );
        if (!sound)
            Sum(bytes);
        change?.Invoke(bytes);
        if (sound)
            Sum(bytes);
        return Rent(bytes);
    }

    private static void Sum(Span<byte> frame)
    {
        if (frame[Ip] == 0x45)
            Ipv4Header.WriteChecksum(frame[Ip..Tcp]);
        PacketChecks.WriteTransport(frame[Ip..]);
    }

    /// <summary>A sender of segments: mostly whole ones in their order, now and then something else.</summary>
    private sealed class Flow(int number, RandomSource random)
    {
        private readonly bool _isV6 = random.Chance(0.5);
        private readonly bool _mayCut = random.Chance(0.5);
        private readonly bool _isStamped = random.Chance(0.5);
        private readonly int _size = random.Next(1, 1400);
        private readonly PacketPool _pool = new();
        private uint _sequence = random.NextUInt32();
        private uint _acknowledgement = 1;
        private uint _time;
        private ushort _number = random.NextUInt16();

        /// <summary>By its port.</summary>
        public static int NumberOf(ReadOnlySpan<byte> frame) =>
            BinaryPrimitives.ReadUInt16BigEndian(frame[(frame[Ip] >> 4 == 4 ? Tcp : Ip + Ipv6Header.Length)..]) - 1000;

        public byte[] Next(RandomSource random)
        {
            var flags = TcpFlags.Ack;
            var length = random.Chance(0.9) ? _size : random.Next(_size + 1);
            if (random.Chance(0.05))
                flags |= (TcpFlags)(random.NextUInt32() & 0xFF);
            if (random.Chance(0.05))
                _sequence += (uint)random.Next(100);
            if (random.Chance(0.05))
                _acknowledgement++;
            if (random.Chance(0.05))
                _time++;
            if (random.Chance(0.05))
                _number += random.NextUInt16();
            var (from, to) = _isV6 ? (Net.Pc6, Net.Www6) : (Net.PcAddress, Net.WwwAddress);
            var fields = new SegmentFields(
                new(from, (ushort)(1000 + number)),
                new(to, 80),
                new(_sequence),
                new(_acknowledgement),
                flags,
                77,
                new()
                {
                    HasTimestamps = _isStamped,
                    TimestampValue = _time,
                    TimestampEcho = 8,
                }
            );
            var writer = new SegmentWriter(_pool);
            random.Fill(writer.Begin(fields, length));
            writer.Seal(fields, default);
            Assert.True(writer.TryTake(out var packet));
            var payload = packet.Length;
            var mark = (byte)(random.Chance(0.03) ? 3 : 0);
            if (_isV6)
                Ipv6Header.Write(packet.Prepend(Ipv6Header.Length), payload, 64, IpProtocol.Tcp, from, to, mark);
            else
                Ipv4Header.Write(
                    packet.Prepend(Ipv4Header.MinLength),
                    payload,
                    _number++,
                    64,
                    IpProtocol.Tcp,
                    from,
                    to,
                    !_mayCut,
                    mark
                );
            EthernetHeader.Write(
                packet.Prepend(EthernetHeader.Length),
                new(2),
                new(1),
                _isV6 ? EtherType.Ipv6 : EtherType.Ipv4
            );
            // As long as its data; what its flags count for does not matter here.
            _sequence += (uint)length;
            var frame = packet.Span.ToArray();
            packet.Dispose();
            return frame;
        }
    }
}
