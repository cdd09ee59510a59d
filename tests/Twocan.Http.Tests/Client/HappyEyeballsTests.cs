using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Http.Tests;

public sealed class HappyEyeballsTests
{
    private static readonly IpAddress s_six = IpAddress.Parse("2001:db8::1");
    private static readonly IpAddress s_otherSix = IpAddress.Parse("2001:db8::2");
    private static readonly IpAddress s_four = IpAddress.Parse("192.0.2.1");

    private static Instant At(double milliseconds) => Instant.Zero + Duration.FromMilliseconds(milliseconds);

    private static HappyEyeballs Machine(int answers = 2) =>
        new(static addresses => [.. addresses.OrderBy(address => address.IsV4)], answers);

    private static List<IpAddress> Taken(HappyEyeballs machine, Instant now)
    {
        var taken = new List<IpAddress>();
        while (machine.TryNext(now, out var address))
            taken.Add(address);
        return taken;
    }

    [Fact]
    public void The_families_take_turns_a_quarter_of_a_second_apart()
    {
        var machine = Machine();
        machine.OnAnswer([s_six, s_otherSix], At(0));
        machine.OnAnswer([s_four], At(0));
        Assert.Equal([s_six], Taken(machine, At(0)));
        Assert.Equal(At(250), machine.Due);
        Assert.Empty(Taken(machine, At(249)));
        Assert.Equal([s_four], Taken(machine, At(250)));
        Assert.Equal([s_otherSix], Taken(machine, At(500)));
        Assert.Equal(Instant.Never, machine.Due);
    }

    [Fact]
    public void Who_is_refused_tries_the_next_at_once()
    {
        var machine = Machine(1);
        machine.OnAnswer([s_six, s_four], At(0));
        Assert.Equal([s_six], Taken(machine, At(0)));
        machine.OnFailed(At(10));
        Assert.Equal([s_four], Taken(machine, At(10)));
        Assert.False(machine.IsExhausted);
        machine.OnFailed(At(20));
        Assert.True(machine.IsExhausted);
    }

    [Fact]
    public void An_IPv6_address_goes_at_once_and_an_IPv4_address_waits_a_little_for_one()
    {
        var six = Machine();
        six.OnAnswer([s_six], At(0));
        Assert.Equal([s_six], Taken(six, At(0)));
        var four = Machine();
        four.OnAnswer([s_four], At(0));
        Assert.Empty(Taken(four, At(49)));
        Assert.Equal(At(50), four.Due);
        four.OnAnswer([s_six], At(49));
        Assert.Equal([s_six], Taken(four, At(49)));
        var late = Machine();
        late.OnAnswer([s_four], At(0));
        Assert.Equal([s_four], Taken(late, At(50)));
        late.OnAnswer([s_six], At(60));
        Assert.Equal([s_six], Taken(late, At(300)));
        var none = Machine();
        none.OnAnswer([s_four], At(0));
        none.OnAnswer([], At(1));
        Assert.Equal([s_four], Taken(none, At(1)));
    }

    [Fact]
    public void Without_any_address_it_ends()
    {
        var machine = Machine();
        machine.OnAnswer([], At(0));
        Assert.False(machine.IsExhausted);
        machine.OnAnswer([], At(1));
        Assert.True(machine.IsExhausted);
    }

    private sealed class BothFamilies(INetwork network) : IFamilyResolver
    {
        public bool AsksBoth => true;

        public async ValueTask<NameAnswer> ResolveAsync(
            string name,
            IpFamily family,
            EventId because = default,
            CancellationToken stop = default
        )
        {
            await network.Loop.DelayAsync(Duration.FromMilliseconds(1), stop);
            return new([IpAddress.Parse(family == IpFamily.V4 ? "10.0.0.2" : "2001:db8::2")], because);
        }

        public ValueTask<NameAnswer> ResolveAsync(string name, EventId because, CancellationToken stop) =>
            throw new NotSupportedException();
    }

    private static (double Milliseconds, IpAddress Taken, int Tried) Fetch(string? fault, ulong seed = 3)
    {
        using var world = new World(seed);
        var (pc, router, www) = (world.Host("pc"), world.Router("router"), world.Host("www"));
        world.Link(pc, www, "100 Mbit/s, 5 ms", "10.0.0.1/24", "10.0.0.2/24");
        world.Link(pc, router, "100 Mbit/s, 5 ms", "2001:db8::1/64", "2001:db8::2/64");
        www.Run(new WebServer(Site.Documents));
        router.Run(new WebServer(Site.Documents));
        using var broken = fault is null ? null : world.Fault(fault);
        return world
            .RunAsync(async () =>
            {
                using var client = new WebClient(pc.Network, new BothFamilies(pc.Network));
                using var response = await client.GetAsync(Site.Url());
                await response.ReadAllAsync();
                var timing = response.Timing;
                Assert.Single(timing.Attempts, attempt => attempt.IsTaken);
                return (
                    (timing.Connected! - timing.Began).Value.TotalMilliseconds,
                    response.Connection.Remote.Address,
                    timing.Attempts.Count
                );
            })
            .GetAwaiter()
            .GetResult();
    }

    [Fact]
    public void With_a_broken_IPv6_a_page_comes_over_IPv4_a_quarter_of_a_second_later_and_always_the_same()
    {
        var healthy = Fetch(null);
        Assert.Equal((IpAddress.Parse("2001:db8::2"), 1), (healthy.Taken, healthy.Tried));
        var broken = Fetch("cut pc--router");
        Assert.Equal((IpAddress.Parse("10.0.0.2"), 2), (broken.Taken, broken.Tried));
        // The name, 250 ms, ARP and the handshake.
        Assert.InRange(broken.Milliseconds, 251, 275);
        Assert.Equal(broken, Fetch("cut pc--router"));
    }
}
