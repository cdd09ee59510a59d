using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>Adapters that take large segments and checksums off TCP's hands: what a wire shows, and that nobody notices above.</summary>
public class OffloadTests
{
    private const int Frame = 1518;

    [Fact]
    public void Between_two_that_take_them_large_segments_cross_uncut()
    {
        var net = Offloading("pc www router");
        net.Lan.TakesOffload = true;
        Transfer(net, net.Pc, net.Www, 3_000_000);
        Assert.Contains(net.Lan.Frames, frame => frame.Length > 40_000);
        Assert.All(net.Lan.Frames, AssertSound);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void On_a_wire_that_does_not_take_them_the_driver_cuts_them(bool v6)
    {
        var net = Offloading("pc www", v6);
        Transfer(net, net.Pc, net.Www, 1_000_000, v6);
        Assert.All(net.Lan.Frames, frame => Assert.True(frame.Length <= Frame));
        Assert.All(net.Lan.Frames, AssertSound);
    }

    [Fact]
    public void Where_the_neighbour_does_not_take_them_they_are_cut()
    {
        var net = Offloading("pc");
        net.Lan.TakesOffload = true;
        Transfer(net, net.Pc, net.Www, 1_000_000);
        Assert.All(net.Lan.Frames, frame => Assert.True(frame.Length <= Frame));
        Assert.All(net.Lan.Frames, AssertSound);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_router_cuts_them_for_the_link_behind_it(bool v6)
    {
        var net = Offloading("pc www router", v6);
        net.Lan.TakesOffload = true;
        Transfer(net, net.Pc, net.Far, 1_000_000, v6);
        Assert.Contains(net.Lan.Frames, frame => frame.Length > 10_000);
        Assert.All(net.Wan.Frames, frame => Assert.True(frame.Length <= Frame));
        Assert.All(net.Lan.Frames.Concat(net.Wan.Frames), AssertSound);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Small_ones_that_come_together_are_put_together_for_the_stack(bool v6)
    {
        var net = Offloading("www", v6);
        net.Lan.Batches = true;
        Transfer(net, net.Pc, net.Www, 1_000_000, v6);
        Assert.All(net.Lan.Frames, frame => Assert.True(frame.Length <= Frame));
        var (packets, frames) = (net.Www.Counters.PacketsReceived, net.Www.Adapters[0].FramesReceived);
        Assert.True(packets < frames / 3, $"{packets} packets of {frames} frames");
    }

    [Fact]
    public void Put_together_or_not_the_same_octets_arrive_over_a_wire_that_loses_and_a_router()
    {
        for (var seed = 1UL; seed <= 24; seed++)
        {
            var net = Offloading("pc www router", seed: seed, v6: seed % 4 == 0);
            var random = new RandomSource(seed);
            (net.Lan.Batches, net.Wan.Batches) = (true, true);
            net.Lan.Loses = _ => random.Chance(0.02 * (seed % 3));
            net.Lan.Delay = Duration.FromMilliseconds(5);
            net.Wan.Loses = _ => random.Chance(0.02);
            Transfer(net, net.Pc, seed % 2 == 0 ? net.Far : net.Www, 20_000 + random.Next(400_000), seed % 4 == 0);
            Transfer(net, seed % 2 == 0 ? net.Far : net.Www, net.Pc, 20_000 + random.Next(400_000), seed % 4 == 0);
            Assert.All(net.Lan.Frames.Concat(net.Wan.Frames), AssertSound);
        }
    }

    [Fact]
    public void A_narrow_link_behind_a_router_is_found_out_by_the_length_of_a_segment()
    {
        var net = Offloading("pc www router", farMtu: 900);
        net.Lan.TakesOffload = true;
        Transfer(net, net.Pc, net.Far, 300_000);
        Assert.All(net.Wan.Frames, frame => Assert.True(frame.Length <= 918));
    }

    [Fact]
    public void A_translated_segment_has_its_checksum()
    {
        var net = Offloading("pc www router");
        net.Lan.TakesOffload = true;
        net.Router.Ip.Nat = new Nat(net.Router, net.Router.Adapters[1]);
        Transfer(net, net.Pc, net.Far, 300_000);
        Assert.All(net.Wan.Frames, AssertSound);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    public void Nothing_is_lost_on_a_wire_that_loses(double loss)
    {
        for (var seed = 1UL; seed <= 12; seed++)
        {
            var net = Offloading("pc www router", seed: seed);
            var random = new RandomSource(seed);
            net.Lan.TakesOffload = seed % 2 == 0;
            net.Lan.Loses = _ => random.Chance(loss);
            net.Lan.Delay = Duration.FromMilliseconds(5);
            Transfer(net, net.Pc, net.Www, 20_000 + random.Next(400_000));
        }
    }

    [Fact]
    public void Acknowledgements_come_no_more_rarely_than_for_every_second_segment_of_those_that_are_small()
    {
        var net = Offloading("pc www router");
        net.Lan.TakesOffload = true;
        net.Run(async () =>
        {
            var (client, server) = await ConnectAsync(net, net.Pc, net.Www, v6: false);
            // The first is large; what is full-sized is still what a wire would carry.
            await client.WriteAsync(new byte[100_000]);
            await server.ReadExactlyAsync(new byte[100_000]);
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
            net.Lan.Frames.Clear();
            var before = net.Loop.Now;
            await client.WriteAsync(new byte[2 * 1448]);
            while (net.Pc.Tcp.Connections[0].Info!.Value.InFlight > 0)
                await net.Loop.DelayAsync(Duration.FromMicroseconds(10));
            Assert.True(net.Loop.Now - before < Duration.FromMilliseconds(1));
            await client.DisposeAsync();
            await server.DisposeAsync();
        });
    }

    [Theory]
    [InlineData("cubic")]
    [InlineData("reno")]
    [InlineData("bbr")]
    public void The_window_opens_as_fast_as_with_small_ones(string algorithm)
    {
        var (large, small) = (Window(offload: true), Window(offload: false));
        Assert.InRange(large, small * 0.7, small * 1.5);

        double Window(bool offload)
        {
            var net = Offloading(offload ? "pc www router" : "");
            (net.Lan.TakesOffload, net.Lan.Delay) = (true, Duration.FromMilliseconds(10));
            net.Pc.Tcp.Settings = TcpSettings.Default with { CongestionControl = algorithm, HyStart = false };
            var window = 0;
            net.Run(async () =>
            {
                var (client, server) = await ConnectAsync(net, net.Pc, net.Www, v6: false);
                net.Loop.Start("sender", async () => await client.WriteAsync(new byte[4_000_000]));
                net.Loop.Start("receiver", async () => await server.ReadExactlyAsync(new byte[4_000_000]));
                await net.Loop.DelayAsync(Duration.FromMilliseconds(130));
                window = net.Pc.Tcp.Connections[0].Info!.Value.CongestionWindow;
                await net.Loop.DelayAsync(Duration.FromSeconds(10));
                await client.DisposeAsync();
                await server.DisposeAsync();
            });
            return window;
        }
    }

    [Fact]
    public void Whoever_listens_on_an_adapter_sees_whole_frames()
    {
        var net = Offloading("pc www router");
        net.Lan.TakesOffload = true;
        var seen = new List<byte[]>();
        net.Www.Adapters[0].Sniffer = frame => seen.Add([.. frame.Span, 0, 0, 0, 0]);
        Transfer(net, net.Pc, net.Www, 200_000);
        Assert.Contains(seen, frame => frame.Length > 10_000);
        foreach (var frame in seen)
        {
            BitConverter.TryWriteBytes(frame.AsSpan(frame.Length - 4), Crc32.Of(frame.AsSpan(0, frame.Length - 4)));
            AssertSound(frame);
        }
    }

    private static Net Offloading(string who, bool v6 = false, int farMtu = 1500, ulong seed = 1)
    {
        var net = new Net(farMtu: farMtu, v6: v6, seed: seed);
        foreach (var host in new[] { net.Pc, net.Www, net.Router })
            host.Adapters[0].Offload = who.Split(' ').Contains(host.Name);
        return net;
    }

    private static void AssertSound(byte[] frame) => Reference.AssertSoundUpTo(1 << 16, frame);

    private static void Transfer(Net net, ProtocolStack from, ProtocolStack to, int length, bool v6 = false)
    {
        var sent = new byte[length];
        new RandomSource(5).Fill(sent);
        net.Run(async () =>
        {
            var (client, server) = await ConnectAsync(net, from, to, v6);
            net.Loop.Start(
                "sender",
                async () =>
                {
                    await client.WriteAsync(sent);
                    await client.DisposeAsync();
                }
            );
            var received = new byte[length];
            await server.ReadExactlyAsync(received);
            Assert.Equal(0, await server.ReadAsync(new byte[1]));
            Assert.True(sent.AsSpan().SequenceEqual(received));
            await server.DisposeAsync();
        });
    }

    private static async Task<(TcpStream Client, TcpStream Server)> ConnectAsync(
        Net net,
        ProtocolStack from,
        ProtocolStack to,
        bool v6
    )
    {
        var address =
            to == net.Far ? (v6 ? Net.Far6 : Net.FarAddress)
            : to == net.Pc ? (v6 ? Net.Pc6 : Net.PcAddress)
            : v6 ? Net.Www6
            : Net.WwwAddress;
        using var listener = v6 ? to.Listen(new Endpoint(IpAddress.Any6, 80)) : to.Listen(Port.Http);
        var accepting = listener.AcceptAsync();
        var client = await from.ConnectAsync(new(address, 80));
        return (client, await accepting);
    }
}
