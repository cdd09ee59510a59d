using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>The search for the path's MTU alone (RFC 4821, RFC 8899).</summary>
public class PathMtuSearchTests
{
    private static readonly Instant Start = Instant.Zero + Duration.FromSeconds(1);

    [Theory]
    [InlineData(1000)]
    [InlineData(1300)]
    [InlineData(1459)]
    [InlineData(1460)]
    public void The_search_ends_within_eight_octets_of_what_passes(int passes)
    {
        var search = new PathMtuSearch(new() { PathMtuProbing = PathMtuProbing.Always });
        Assert.Equal(900, search.Begin(1460, baseSize: 900, least: 500));
        var probes = 0;
        for (; search.TryPropose(Start, out var size); probes++)
        {
            Assert.True(size > search.Low);
            search.OnProbeSent(size);
            if (size <= passes)
                search.OnProbePassed(Start);
            else
                search.OnProbeLost(Start);
        }
        Assert.Equal(PathMtuPhase.Complete, search.Phase);
        Assert.InRange(search.Low, passes - 8, passes);
        Assert.InRange(probes, 1, 20);
    }

    [Fact]
    public void What_passes_at_once_at_full_length_needs_one_probe()
    {
        var search = new PathMtuSearch(new() { PathMtuProbing = PathMtuProbing.Always });
        search.Begin(1460, baseSize: 900, least: 500);
        Assert.True(search.TryPropose(Start, out var size));
        Assert.Equal(1460, size);
        search.OnProbeSent(size);
        Assert.True(search.OnProbePassed(Start));
        Assert.False(search.TryPropose(Start, out _));
    }

    [Fact]
    public void One_lost_probe_is_not_believed_yet()
    {
        var search = new PathMtuSearch(new() { PathMtuProbing = PathMtuProbing.Always });
        search.Begin(1460, baseSize: 900, least: 500);
        search.TryPropose(Start, out var first);
        search.OnProbeSent(first);
        search.OnProbeLost(Start);
        Assert.True(search.TryPropose(Start, out var again));
        Assert.Equal(first, again);
    }

    [Fact]
    public void After_a_while_it_looks_whether_the_path_has_become_wider()
    {
        var search = new PathMtuSearch(new() { PathMtuProbing = PathMtuProbing.Always });
        search.Begin(1460, baseSize: 900, least: 500);
        while (search.TryPropose(Start, out var size))
        {
            search.OnProbeSent(size);
            search.OnProbeLost(Start);
        }
        Assert.False(search.TryPropose(Start + Duration.FromSeconds(599), out _));
        Assert.True(search.TryPropose(Start + Duration.FromSeconds(600), out var full));
        Assert.Equal(1460, full);
    }

    [Fact]
    public void Timeouts_shrink_to_the_base_then_by_half_and_never_below_the_least()
    {
        var search = new PathMtuSearch(new());
        search.Begin(1460, baseSize: 1024, least: 300);
        Assert.False(search.OnTimeout(1, 1460, suspicious: 2, out _));
        Assert.True(search.OnTimeout(2, 1460, suspicious: 2, out var size));
        Assert.Equal(1024, size);
        Assert.True(search.OnTimeout(3, 1024, suspicious: 2, out size));
        Assert.Equal(512, size);
        Assert.True(search.OnTimeout(4, 512, suspicious: 2, out size));
        Assert.Equal(300, size);
        Assert.False(search.OnTimeout(5, 300, suspicious: 2, out _));
    }

    [Fact]
    public void Nothing_is_probed_before_something_short_has_arrived()
    {
        var search = new PathMtuSearch(new());
        search.Begin(1460, baseSize: 1024, least: 300);
        search.OnTimeout(2, 1460, suspicious: 2, out _);
        Assert.False(search.TryPropose(Start, out _));
        search.OnDelivered();
        Assert.True(search.TryPropose(Start, out _));
    }

    [Fact]
    public void What_a_router_has_said_is_not_searched_for()
    {
        var search = new PathMtuSearch(new() { PathMtuProbing = PathMtuProbing.Always });
        search.Begin(1460, baseSize: 900, least: 500);
        search.OnTold(900);
        Assert.False(search.TryPropose(Start, out _));
    }
}
