using Twocan.Core;

namespace Twocan.Worlds.Tests;

/// <summary>A thousand hosts in forty networks: what nothing happens on costs nothing.</summary>
public sealed class LargeWorldTests
{
    [Fact]
    public void Nothing_waits_in_a_world_of_a_thousand_hosts_and_time_passes_for_nothing()
    {
        using var world = World.Generate(hosts: 1000, subnets: 40, seed: 7);
        world.RunFor(Duration.FromSeconds(1));
        Assert.True(world.Loop is { TimerCount: 0, Packets.Outstanding: 0 });
        var before = GC.GetAllocatedBytesForCurrentThread();
        world.RunFor(Duration.FromSeconds(3600));
        // The call itself makes an object or two; a thousand hosts and 1,203 cables make none.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512);
        Assert.All(world.Cables, cable => Assert.Equal(0, cable.AToB.FramesSent + cable.BToA.FramesSent));
    }

    [Fact]
    public async Task Only_the_cables_on_the_way_and_those_that_hear_a_broadcast_carry_frames()
    {
        await using var world = World.Generate(hosts: 1000, subnets: 40, seed: 7);
        var (from, to) = (world.Host("pc"), world.Hosts[^1]);
        Assert.True(await world.RunAsync(() => CyberTests.Ping(from, to.Address!.Value)));
        Assert.True(world.Settle());
        Assert.True(world.Loop is { TimerCount: 0, Packets.Outstanding: 0 });
        var concerned = new[] { from, to }
            .SelectMany(host => host.Addresses)
            .Select(address => address.Subnet)
            .ToList();
        var strangers = world.Hosts.Where(host =>
            host is not Router && !host.Addresses.Any(address => concerned.Contains(address.Subnet))
        );
        foreach (var cable in strangers.Select(host => host.Ends[0].Cable))
            Assert.Equal(0, cable.AToB.FramesSent + cable.BToA.FramesSent);
        Assert.InRange(world.Cables.Count(cable => cable.AToB.FramesSent + cable.BToA.FramesSent > 0), 10, 120);
    }

    [Fact]
    public async Task Pings_in_a_large_world_allocate_as_they_do_in_a_small_one()
    {
        var (small, large) = (await Allocated(hosts: 30, subnets: 2), await Allocated(hosts: 3000, subnets: 2));
        Assert.InRange(large, 0, small + small / 4 + 16_384);
    }

    /// <summary>What twenty pings from one host to the gate of its network leave for the collector.</summary>
    private static async Task<long> Allocated(int hosts, int subnets)
    {
        await using var world = World.Generate(hosts, subnets);
        var (pc, gate) = (
            world.Host("pc"),
            world.Hosts.First(host => host is Router && IsBeside(host, world.Host("pc")))
        );
        var to = gate.Addresses.First(address => pc.Adapters[0].IsOnLink(address.Address)).Address;
        var allocated = 0L;
        await world.RunAsync(async () =>
        {
            await CyberTests.Ping(pc, to);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20; i++)
                await CyberTests.Ping(pc, to);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        return allocated;
    }

    private static bool IsBeside(Host router, Host host) =>
        router.Addresses.Any(address => host.Adapters[0].IsOnLink(address.Address));
}
