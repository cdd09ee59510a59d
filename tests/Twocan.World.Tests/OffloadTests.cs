using Twocan.Core;
using Twocan.Core.Tests;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds.Tests;

/// <summary>Hosts of a world whose adapters take large segments and checksums off their hands.</summary>
public sealed class OffloadTests
{
    private const int Length = 700_000;

    [Fact]
    public void Between_two_hosts_that_do_so_a_cable_carries_large_frames()
    {
        using var world = Pair("on", "{pc--www: '1 Gbit/s, 100 µs'}");
        Transfer(world);
        Assert.InRange(world.Cables[0].AToB.FramesSent, 1, 100);
    }

    [Theory]
    [InlineData("off", "{pc--www: '1 Gbit/s, 100 µs'}")]
    [InlineData("on", "{pc--lan: '1 Gbit/s', www--lan: '1 Gbit/s'}")]
    public void Else_it_carries_frames_of_its_mtu(string offload, string links)
    {
        using var world = Pair(offload, links);
        Transfer(world);
        Assert.True(world.Cables[0].AToB.FramesSent > Length / 1500);
    }

    [Fact]
    public void What_a_cable_damages_is_found_out()
    {
        using var world = Pair("on", "{pc--www: '1 Gbit/s, 100 µs'}");
        using var fault = world.Fault("corrupt 20% pc--www");
        Transfer(world);
        Assert.True(world.Cables[0].AToB.FramesDamaged > 0);
        Assert.True(world.Hosts[1].Stack.Counters.Dropped(DropReason.FrameCheckFailed) > 0);
    }

    [Fact]
    public void It_is_the_same_after_a_crash()
    {
        using var world = Pair("on", "{pc--www: '1 Gbit/s, 100 µs'}");
        using (world.Fault("crash www"))
            world.RunFor(Duration.FromSeconds(1));
        Assert.True(world.Hosts[1].Adapters[0].Offload);
        Transfer(world);
        Assert.InRange(world.Cables[0].AToB.FramesSent, 1, 100);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        Assert.Equal(Run(3), Run(3));
        Assert.NotEqual(Run(3), Run(4));

        static byte[] Run(ulong seed)
        {
            using var world = Pair("on", "{pc--www: '100 Mbit/s, 1 ms, loss 3 %, queue 20'}", seed);
            return Capture(world);
        }
    }

    [Fact]
    public void Wireshark_finds_nothing_wrong_with_what_is_captured()
    {
        using var world = Pair("on", "{pc--www: '1 Gbit/s, 100 µs'}");
        var wrong = Tshark.Read(
            Capture(world),
            [
                .. "-o eth.check_fcs:TRUE -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE".Split(' '),
                "-Y",
                "_ws.malformed || tcp.checksum.status == 0 || ip.checksum.status == 0 || eth.fcs.status == 0",
            ]
        );
        Assert.Equal("", wrong);
    }

    [Fact]
    public void A_world_file_says_on_or_off()
    {
        var wrong = Assert.Throws<WorldFileException>(() => Pair("large", "{pc--www: '1 Gbit/s'}"));
        Assert.Contains(wrong.Errors, error => error.Message.Contains("neither 'on'", StringComparison.Ordinal));
    }

    private static World Pair(string offload, string links, ulong seed = 1) =>
        WorldFile.Read(
            $$"""
            switches: [{{(links.Contains("lan", StringComparison.Ordinal) ? "lan" : "")}}]
            hosts:
              pc: {address: 10.0.0.1/24, offload: {{offload}}}
              www: {address: 10.0.0.2/24, offload: {{offload}}}
            links: {{links}}
            """,
            "offload.yaml",
            new ServiceCatalog(),
            new() { Seed = seed, Journal = true }
        );

    private static byte[] Capture(World world)
    {
        using var file = new MemoryStream();
        using (new Capture(world, file))
            Transfer(world);
        return file.ToArray();
    }

    private static void Transfer(World world)
    {
        var (pc, www) = (world.Hosts[0].Network, world.Hosts[1].Network);
        var sent = new byte[Length];
        new RandomSource(5).Fill(sent);
        world
            .RunAsync(async () =>
            {
                using var listener = www.Listen(Port.Http);
                world.Loop.Start(
                    "sender",
                    async () =>
                    {
                        await using var stream = await pc.ConnectAsync(new(world.Hosts[1].Address!.Value, Port.Http));
                        await stream.WriteAsync(sent);
                    }
                );
                await using var peer = await listener.AcceptAsync();
                var received = new byte[Length];
                await peer.ReadExactlyAsync(received);
                Assert.True(sent.AsSpan().SequenceEqual(received));
                Assert.Equal(0, await peer.ReadAsync(new byte[1]));
            })
            .GetAwaiter()
            .GetResult();
    }
}
