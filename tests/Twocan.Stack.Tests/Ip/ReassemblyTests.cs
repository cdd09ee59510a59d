using Twocan.Core;

namespace Twocan.Stack.Tests;

public sealed class ReassemblyTests : IDisposable
{
    private readonly PacketPool _pool = EventLoop.Virtual(1).Packets;
    private readonly Reassembly _reassembly;
    private Instant _now = Instant.Zero;
    private DropReason _reason;

    public ReassemblyTests() => _reassembly = new(_pool);

    /// <summary>Whatever happened: when its time is over nothing is left, no buffer and no datagram.</summary>
    public void Dispose()
    {
        _now += Reassembly.Patience;
        Drain(_reassembly);
        Assert.Equal((0, 0, Instant.Never), (_reassembly.Count, _reassembly.Bytes, _reassembly.Due));
        Assert.Equal(0, _pool.Outstanding);
    }

    private int Drain(Reassembly reassembly)
    {
        var count = 0;
        while (reassembly.TryTakeLost(_now, out var lost))
        {
            lost.First?.Dispose();
            count++;
        }
        return count;
    }

    private PacketBuffer Packet(
        int offset,
        int length,
        bool more,
        ushort id = 1,
        byte fill = 7,
        IpProtocol protocol = IpProtocol.Udp,
        uint source = 0x0A00_0001
    )
    {
        var packet = _pool.Rent(20 + length);
        packet.Append(20 + length).Fill(fill);
        Ipv4Header.Write(packet.Span, length, id, 64, protocol, IpAddress.V4(source), Net.FarAddress);
        Ipv4Header.WriteFragment(packet.Span, offset, more);
        return packet;
    }

    private bool Add(PacketBuffer packet, Reassembly? to = null)
    {
        if ((to ?? _reassembly).TryAdd(packet, _now, out _reason))
            return true;
        packet.Dispose();
        return false;
    }

    private bool Add(int offset, int length, bool more, byte fill = 7) => Add(Packet(offset, length, more, fill: fill));

    private int WholeLength()
    {
        if (!_reassembly.TryTakeWhole(out var whole))
            return 0;
        using (whole)
        {
            Assert.True(Ipv4Header.TryRead(whole.Span, out var header));
            Assert.True(header is { HasRightChecksum: true, IsFragment: false });
            return whole.Length;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_was_cut_up_once_or_twice_comes_together_in_any_order_with_duplicates_between(ulong seed)
    {
        var random = new RandomSource(seed);
        for (var i = 0; i < 100; i++)
        {
            var original = Packet(0, random.Next(100, 5000), more: false, id: random.NextUInt16());
            random.Fill(original.Span[20..]);
            var expected = original.Span.ToArray();
            var pieces = Cut(Cut([original], random.Next(68, 1500)), random.Next(68, 1500));
            for (var place = pieces.Count - 1; place > 0; place--)
            {
                var other = random.Next(place + 1);
                (pieces[place], pieces[other]) = (pieces[other], pieces[place]);
            }
            for (var place = 0; place < pieces.Count; place++)
            {
                Assert.False(_reassembly.TryTakeWhole(out _));
                if (place < pieces.Count - 1 && random.Chance(0.2))
                    Add(pieces[place].Copy());
                Assert.True(Add(pieces[place]) || _reason == DropReason.DuplicateFragment);
            }
            Assert.True(_reassembly.TryTakeWhole(out var whole));
            Assert.Equal(expected, whole.Span);
            whole.Dispose();
            Assert.Equal(0, _reassembly.Bytes);
        }
    }

    private List<PacketBuffer> Cut(List<PacketBuffer> packets, int mtu)
    {
        var pieces = new List<PacketBuffer>();
        foreach (var packet in packets)
        {
            var cut = new Fragmentation(packet, mtu, _pool);
            while (cut.TryNext(out var piece))
                pieces.Add(piece);
            packet.Dispose();
        }
        return pieces;
    }

    [Theory]
    [InlineData(8, 16, true, "it begins within another")]
    [InlineData(0, 8, true, "it lies within another")]
    [InlineData(16, 16, false, "it reaches into the next")]
    [InlineData(0, 16, false, "it says that the end is before what is here")]
    [InlineData(64, 16, true, "it lies beyond the end")]
    [InlineData(40, 16, true, "it ends where the end is and says that more follows")]
    [InlineData(48, 8, false, "it says that the end is elsewhere")]
    public void Fragments_that_contradict_each_other_end_the_datagram_for_good(
        int offset,
        int length,
        bool more,
        string what
    )
    {
        Assert.True(Add(0, 16, more: true));
        Assert.True(Add(24, 8, more: true));
        Assert.True(Add(48, 8, more: false) || what.Length == 0);
        Assert.False(Add(offset, length, more, fill: 8), what);
        Assert.Equal(DropReason.OverlappingFragments, _reason);
        // What comes later does not begin it anew, and nobody is told a second time.
        Assert.False(Add(16, 8, more: true));
        Assert.Equal((1, 0, 0), (_reassembly.Count, WholeLength(), _pool.Outstanding));
        _now += Reassembly.Patience;
        Assert.Equal(0, Drain(_reassembly));
        Assert.True(Add(0, 16, more: true));
    }

    [Fact]
    public void The_same_fragment_twice_is_harmless_but_not_with_other_bytes()
    {
        Assert.True(Add(0, 16, more: true));
        Assert.False(Add(0, 16, more: true));
        Assert.Equal(DropReason.DuplicateFragment, _reason);
        Assert.True(Add(16, 3, more: false));
        Assert.Equal(39, WholeLength());
        Assert.True(Add(0, 16, more: true));
        Assert.False(Add(0, 16, more: true, fill: 8));
        Assert.Equal(DropReason.OverlappingFragments, _reason);
    }

    [Theory]
    [InlineData(0, 13, true, "all but the last are multiples of 8")]
    [InlineData(8, 0, false, "empty")]
    [InlineData(65528, 8, false, "the ping of death: longer than any packet")]
    public void What_no_packet_can_be_cut_into_is_refused(int offset, int length, bool more, string what)
    {
        Assert.False(Add(offset, length, more), what);
        Assert.Equal((DropReason.BadFragment, 0), (_reason, _reassembly.Count));
    }

    [Fact]
    public void The_longest_packet_of_all_comes_together()
    {
        Assert.True(Add(65512, 3, more: false));
        for (var offset = 0; offset < 65512; offset += 1480)
            Assert.True(Add(offset, Math.Min(1480, 65512 - offset), more: true));
        Assert.Equal(65535, WholeLength());
    }

    [Theory]
    [InlineData(0, 16, true)]
    [InlineData(8, 24, false)]
    [InlineData(16, 24, true)]
    public void A_TCP_header_does_not_hide_behind_a_fragments_end(int offset, int length, bool more)
    {
        Assert.False(Add(Packet(offset, length, more, protocol: IpProtocol.Tcp)));
        Assert.Equal((DropReason.TinyFragment, 0), (_reason, _reassembly.Count));
        Assert.True(Add(Packet(offset, length, more)));
    }

    [Fact]
    public void Fragments_belong_together_by_source_destination_protocol_and_identification()
    {
        Assert.True(Add(Packet(0, 16, more: true)));
        Assert.True(Add(Packet(16, 8, more: false, id: 2)));
        Assert.True(Add(Packet(16, 8, more: false, source: 9)));
        Assert.True(Add(Packet(16, 8, more: false, protocol: IpProtocol.Icmp)));
        Assert.Equal((4, 0), (_reassembly.Count, WholeLength()));
        Assert.True(Add(Packet(16, 8, more: false)));
        Assert.Equal((3, 44), (_reassembly.Count, WholeLength()));
    }

    [Fact]
    public void Time_runs_from_the_first_that_came_and_the_first_fragment_is_handed_back()
    {
        Assert.True(Add(0, 16, more: true));
        _now += Duration.FromSeconds(29);
        Assert.True(Add(24, 16, more: true));
        Assert.False(_reassembly.TryTakeLost(_now, out _));
        Assert.Equal(Instant.Zero + Reassembly.Patience, _reassembly.Due);
        _now = _reassembly.Due;
        Assert.True(_reassembly.TryTakeLost(_now, out var lost));
        Assert.Equal(DropReason.ReassemblyTimedOut, lost.Reason);
        Assert.Equal(36, lost.First!.Length);
        lost.First.Dispose();
    }

    [Fact]
    public void A_flood_from_one_source_pushes_out_its_own_and_no_others()
    {
        Assert.True(Add(Packet(0, 16, more: true, source: 5)));
        for (var id = 0; id < 2000; id++)
        {
            Assert.True(Add(Packet(0, 1000, more: true, id: (ushort)id)));
            Assert.True(_reassembly.Bytes <= _reassembly.MaxBytesEach + 2400);
        }
        Assert.True(Drain(_reassembly) > 1000);
        Assert.True(Add(Packet(16, 8, more: false, source: 5)));
        Assert.Equal(44, WholeLength());
    }

    [Fact]
    public void A_flood_from_everywhere_is_bounded_in_all_and_the_latest_still_comes_together()
    {
        for (var source = 1u; source < 5000; source++)
        {
            Assert.True(Add(Packet(0, 1000, more: true, source: source)));
            Assert.True(_reassembly.Bytes <= _reassembly.MaxBytes);
            Drain(_reassembly);
        }
        Assert.True(Add(Packet(1000, 8, more: false, source: 4999)));
        Assert.Equal(1028, WholeLength());
    }

    [Fact]
    public void A_datagram_of_thousands_of_crumbs_pushes_itself_out()
    {
        for (var offset = 0; offset < 65000; offset += 8)
            Assert.True(Add(offset, 8, more: true));
        Assert.True(_reassembly.Bytes <= _reassembly.MaxBytesEach);
        Assert.True(Drain(_reassembly) > 10);
    }

    [Fact]
    public void Random_fragments_leave_nothing_behind()
    {
        var random = new RandomSource(9);
        var small = new Reassembly(_pool) { MaxBytes = 60_000, MaxBytesEach = 20_000 };
        var wholes = 0;
        for (var i = 0; i < 50_000; i++)
        {
            _now += new Duration(random.Next(200_000_000));
            var packet = Packet(
                random.Next(4) * 8,
                random.Chance(0.9) ? 8 * random.Next(1, 3) : random.Next(0, 20),
                random.Chance(0.6),
                (ushort)random.Next(20),
                source: (uint)random.Next(1, 6)
            );
            Add(packet, small);
            if (small.TryTakeWhole(out var whole))
            {
                wholes++;
                whole.Dispose();
            }
            Assert.True(small.Bytes <= small.MaxBytes);
            Drain(small);
        }
        Assert.True(wholes > 1000);
        _now += Reassembly.Patience;
        Drain(small);
        Assert.Equal((0, 0), (small.Count, small.Bytes));
    }
}
