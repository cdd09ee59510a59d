using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds.Tests;

/// <summary>A path on which long packets vanish and nobody says so: two switches joined by a cable that takes less than theirs.</summary>
public sealed class BlackHoleTests
{
    private const int Length = 1_500_000;

    [Theory]
    [InlineData(1300, "10.0.0.1/24", "10.0.0.2/24")]
    [InlineData(1400, "2001:db8::1/64", "2001:db8::2/64")]
    [InlineData(700, "10.0.0.1/24", "10.0.0.2/24")]
    public async Task A_transfer_ends_whole_and_the_segments_are_as_long_as_the_path_takes(
        int mtu,
        string ours,
        string theirs
    )
    {
        await using var world = new World(seed: 5);
        var (a, b) = (world.Host("a", ours), world.Host("b", theirs));
        var (near, far) = (world.Switch("near"), world.Switch("far"));
        world.Link(a, near, "100 Mbit/s, 1 ms");
        world.Link(near, far, $"20 Mbit/s, 5 ms, mtu {mtu}");
        world.Link(far, b, "100 Mbit/s, 1 ms");
        var there = IpAddress.Parse(theirs.Split('/')[0]);
        var (first, second) = (0, 0);
        await world.RunAsync(async () =>
        {
            await using var listener = b.Network.Listen(new Port(9));
            first = await SendAsync(a, listener, there);
            second = await SendAsync(a, listener, there);
        });
        var headers = TcpHeader.MinLength + (there.IsV4 ? 20 : 40) + SegmentOptions.TimestampsLength;
        Assert.InRange(first, mtu - headers - 8, mtu - headers);
        Assert.Equal(first, second);
    }

    /// <summary>Sends what can be told from anything else, and answers how long the segments were in the end.</summary>
    private static async Task<int> SendAsync(Host from, Listener listener, IpAddress there)
    {
        await using var sender = await from.Network.ConnectAsync(new(there, 9));
        await using var receiver = await listener.AcceptAsync();
        var loop = from.Network.Loop;
        var data = new byte[Length];
        for (var i = 0; i < data.Length; i++)
            data[i] = (byte)(i * 7 + i / 251);
        loop.Start(
            "sender",
            async () =>
            {
                await sender.WriteAsync(data);
                from.Network.Calls.Shutdown(sender.Descriptor, ShutdownHow.Write);
            }
        );
        var received = new MemoryStream();
        await receiver.CopyToAsync(received);
        Assert.Equal(data, received.ToArray());
        return from.Stack.Tcp.Connections.Max(socket => socket.Info!.Value.SegmentSize);
    }
}
