using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack.Tests;

public sealed class AdapterTests
{
    [Fact]
    public void A_frame_with_any_one_bit_turned_over_is_thrown_away()
    {
        var net = new Net();
        net.Run(async () => await net.PingAsync(net.Pc, Net.WwwAddress, length: 10));
        var frame = net.Lan.Frames[2];
        Assert.Equal(64, frame.Length);
        var before = net.Www.Counters.PacketsReceived;
        net.Loop.Run(() =>
        {
            for (var bit = 0; bit < frame.Length * 8; bit++)
            {
                var damaged = net.Loop.Packets.Rent();
                damaged.Append(frame);
                damaged.Span[bit / 8] ^= (byte)(1 << bit % 8);
                net.Www.Adapters[0].Receive(damaged);
            }
            return Task.CompletedTask;
        });
        Assert.Equal(frame.Length * 8, net.Www.Counters.Dropped(DropReason.FrameCheckFailed));
        Assert.Equal(before, net.Www.Counters.PacketsReceived);
        net.AssertRest();
    }

    [Fact]
    public void A_frame_for_another_adapter_goes_no_further()
    {
        var net = new Net();
        net.Run(async () => await net.PingAsync(net.Pc, Net.WwwAddress));
        // All hang on one wire, so the router heard the answer, the request and the reply that were not for it.
        Assert.Equal(3, net.Router.Counters.Dropped(DropReason.NotForMe));
        Assert.Equal(0, net.Router.Counters.PacketsReceived);
    }

    [Fact]
    public void A_frame_that_is_too_short_is_thrown_away_at_every_length()
    {
        var net = new Net();
        net.Loop.Run(() =>
        {
            for (var length = 0; length < 64; length++)
            {
                var frame = net.Loop.Packets.Rent();
                frame.Append(length).Clear();
                net.Www.Adapters[0].Receive(frame);
                if (length < 4)
                    continue;
                var whole = net.Loop.Packets.Rent();
                whole.Append(length).Clear();
                BinaryPrimitives.WriteUInt32LittleEndian(whole.Span[^4..], Crc32.Of(whole.Span[..^4]));
                net.Www.Adapters[0].Receive(whole);
            }
            return Task.CompletedTask;
        });
        // One whose check sequence is right was sent so (four zeros are that of nothing); the others are what collisions leave.
        Assert.Equal(61, net.Www.Counters.Dropped(DropReason.FrameTooShort));
        Assert.Equal(63, net.Www.Counters.Dropped(DropReason.CollisionFragment));
        net.AssertRest();
    }

    [Fact]
    public void A_packet_without_room_for_its_headers_is_copied_into_a_larger_buffer()
    {
        var net = new Net();
        net.Run(async () =>
        {
            await net.PingAsync(net.Pc, Net.WwwAddress);
            var packet = net.Loop.Packets.Rent(PacketPool.BufferSize - 28, headRoom: 28);
            packet.Append(PacketPool.BufferSize - 28 - 600);
            packet.Span.Clear();
            packet.TrimStart(packet.Length - 10);
            packet.Prepend(packet.HeadRoom - Ipv4Header.MinLength).Clear();
            packet.Truncate(1400);
            var error = net.Pc.Ip.Send(packet, (IpProtocol)99, IpAddress.Any, Net.WwwAddress, 64, default);
            Assert.Equal(System.Net.Sockets.SocketError.Success, error);
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
        });
        Assert.Equal(1, net.Www.Counters.Dropped(DropReason.NoProtocol));
        Assert.All(net.Lan.Frames, Reference.AssertSound);
    }
}
