using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

public sealed class FragmentationTests
{
    private readonly EventLoop _loop = EventLoop.Virtual(1);

    private PacketBuffer Packet(int length, ReadOnlySpan<byte> options)
    {
        var packet = _loop.Packets.Rent(length);
        packet.Append(length).Clear();
        var headerLength = 20 + options.Length;
        Ipv4Header.Write(
            packet.Span,
            length - 20,
            77,
            64,
            IpProtocol.Udp,
            Net.PcAddress,
            Net.FarAddress,
            dontFragment: false
        );
        options.CopyTo(packet.Span[20..]);
        packet.Span[0] = (byte)(0x40 | headerLength / 4);
        for (var i = headerLength; i < length; i++)
            packet.Span[i] = (byte)i;
        Ipv4Header.WriteFragment(packet.Span, 0, more: false);
        return packet;
    }

    private List<(int Offset, int Length, bool More, int HeaderLength)> Cut(PacketBuffer packet, int mtu)
    {
        var pieces = new List<(int, int, bool, int)>();
        var fragments = new Fragmentation(packet, mtu, _loop.Packets);
        while (fragments.TryNext(out var fragment))
        {
            Assert.True(fragment.Length <= mtu);
            Assert.True(Ipv4Header.TryRead(fragment.Span, out var header));
            Assert.True(header.HasRightChecksum);
            Assert.Equal(77, header.Identification);
            pieces.Add((header.FragmentOffset, fragment.Length - header.Length, header.MoreFragments, header.Length));
            fragment.Dispose();
        }
        return pieces;
    }

    [Fact]
    public void Pieces_are_as_long_as_the_link_takes_in_units_of_8_and_the_last_is_the_rest()
    {
        using var packet = Packet(4028, []);
        Assert.Equal([(0, 1480, true, 20), (1480, 1480, true, 20), (2960, 1048, false, 20)], Cut(packet, 1500));
    }

    [Fact]
    public void The_smallest_link_gets_pieces_of_48_bytes()
    {
        using var packet = Packet(20 + 100, []);
        Assert.Equal([(0, 48, true, 20), (48, 48, true, 20), (96, 4, false, 20)], Cut(packet, 68));
    }

    [Fact]
    public void A_fragment_is_cut_again_and_keeps_its_place()
    {
        using var packet = Packet(20 + 1000, []);
        Ipv4Header.WriteFragment(packet.Span, 2000, more: true);
        Assert.Equal([(2000, 552, true, 20), (2552, 448, true, 20)], Cut(packet, 576));
    }

    [Fact]
    public void Later_pieces_carry_only_the_options_that_are_to_be_copied()
    {
        // Record route (not copied), then router alert (copied).
        using var packet = Packet(28 + 100, [1, 7, 3, 4, 148, 4, 0, 0]);
        Assert.Equal([(0, 72, true, 28), (72, 28, false, 24)], Cut(packet, 100));
    }

    [Fact]
    public void A_large_ping_and_a_large_datagram_arrive_whole_across_a_narrow_link()
    {
        var net = new Net(farMtu: 600);
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.Pc, Net.FarAddress, length: 4000);
            Assert.Equal(Net.FarAddress, received.From.Address);
            Assert.Equal(Net.EchoRequest(1, 4000)[6..], message[6..]);
            using var server = net.Far.OpenDatagram(new(IpAddress.Any, 53));
            using var client = net.Pc.OpenDatagram();
            var data = new byte[UdpHeader.MaxData];
            new RandomSource(5).Fill(data);
            await client.SendToAsync(data, new(Net.FarAddress, 53));
            var buffer = new byte[65536];
            Assert.Equal(data.Length, (await server.ReceiveFromAsync(buffer)).Length);
            Assert.Equal(data, buffer[..data.Length]);
        });
        Assert.Equal(2, net.Far.Counters.DatagramsReassembled);
        Assert.True(net.Router.Counters.FragmentsSent > 100);
        Assert.True(net.Wan.Frames.Max(frame => frame.Length) <= 600 + 18);
    }

    [Fact]
    public void A_lost_piece_loses_the_datagram_and_its_sender_hears_of_it_after_30_seconds()
    {
        var net = new Net();
        net.Lan.Loses = frame => frame.Length > 1000 && (frame.Span[20] & 0x1F | frame.Span[21]) == 185;
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.Pc, Net.WwwAddress, length: 4000, seconds: 60);
            Assert.Equal((11, 1), (message[0], message[1]));
            Assert.Equal(Net.WwwAddress, received.From.Address);
            Assert.InRange(net.Loop.Now.Nanoseconds, 30_000_000_000, 30_100_000_000);
        });
        Assert.Equal(1, net.Www.Counters.Dropped(DropReason.ReassemblyTimedOut));
    }

    [Fact]
    public void A_datagram_whose_first_piece_is_lost_ends_in_silence()
    {
        var net = new Net();
        net.Lan.Loses = frame => frame.Length > 1000 && frame.Span[20] == 0x20 && frame.Span[21] == 0;
        net.Run(async () =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                net.PingAsync(net.Pc, Net.WwwAddress, length: 4000, seconds: 60)
            );
        });
        Assert.Equal(1, net.Www.Counters.Dropped(DropReason.ReassemblyTimedOut));
        Assert.Equal(0, net.Www.Counters.IcmpMessagesSent);
    }
}
