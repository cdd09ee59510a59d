using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

public class CableWatchTests
{
    [Fact]
    public async Task Only_the_cables_that_are_watched_are_told_but_every_frame_has_its_number()
    {
        using var world = new World(seed: 1, journal: true);
        var (pc, router, www) = (world.Host("pc"), world.Router("router"), world.Host("www"));
        world.Link(pc, router, "", "10.0.0.2/24", "10.0.0.1/24");
        var far = world.Link(router, www, "", "10.0.1.1/24", "10.0.1.2/24");
        var frames = new List<WatchedFrame>();
        var watch = new CableWatch(world, [far], frames.Add);
        Assert.True(Errand.TryParse("ping -c 1 10.0.1.2", out var errand, out _));
        await world.RunAsync(() => errand.RunAsync(pc));
        Assert.Equal(4, watch.Frames);
        // Before these: the PC's question for the router's MAC address, the answer, the request.
        Assert.Equal([4, 5, 6, 7], frames.Select(frame => frame.Number));
        Assert.Equal(["ARP", "ARP", "ICMP", "ICMP"], frames.Select(frame => frame.Dissection.Protocol));
        Assert.Equal(("router", "www", "router--www"), (frames[2].From, frames[2].To, frames[2].Cable));
    }
}
