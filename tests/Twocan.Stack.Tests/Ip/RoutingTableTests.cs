using Twocan.Core;

namespace Twocan.Stack.Tests;

public sealed class RoutingTableTests
{
    private readonly RoutingTable _table = new();
    private readonly Adapter _adapter = new Net().Pc.Adapters[0];

    private RouteEntry Route(Subnet subnet, uint gateway = 1) => new(subnet, _adapter, IpAddress.V4(gateway));

    /// <summary>The table as one would write it without a thought for time.</summary>
    private static RouteEntry? Naive(List<RouteEntry> entries, IpAddress destination) =>
        entries
            .Where(entry => entry.Subnet.Contains(destination))
            .OrderByDescending(entry => entry.Subnet.PrefixLength)
            .Select(entry => (RouteEntry?)entry)
            .FirstOrDefault();

    /// <summary>Few bits differ, so that prefixes meet, nest and repeat.</summary>
    private static IpAddress RandomAddress(RandomSource random, bool isV4)
    {
        var dense = random.Chance(0.7);
        return isV4
            ? IpAddress.V4(dense ? random.NextUInt32() & 0x8003_0103 : random.NextUInt32())
            : new(
                dense ? random.NextUInt64() & 0x8000_0000_0100_0001 : random.NextUInt64(),
                dense ? random.NextUInt64() & 0x8000_0000_0100_0003 : random.NextUInt64()
            );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_answers_as_a_plain_list_would_whatever_is_added_and_removed(ulong seed)
    {
        var random = new RandomSource(seed);
        var model = new List<RouteEntry>();
        for (var i = 0; i < 3000; i++)
        {
            if (model.Count > 0 && random.Chance(0.2 + model.Count / 500.0))
            {
                var entry = model[random.Next(model.Count)];
                Assert.True(_table.Remove(entry));
                model.Remove(entry);
            }
            else
            {
                var address = RandomAddress(random, random.Chance(0.5));
                var entry = Route(new(address, random.Next(address.BitLength + 1)), (uint)random.Next(1, 4));
                _table.Add(entry);
                model.Add(entry);
            }
            for (var look = 0; look < 5; look++)
            {
                var to = RandomAddress(random, random.Chance(0.5));
                RouteEntry? found = _table.TryLookup(to, out var entry) ? entry : null;
                Assert.Equal(Naive(model, to), found);
            }
            Assert.False(_table.Remove(Route(new(RandomAddress(random, true), random.Next(33)), 99)));
        }
        Assert.Equal(model.Count, _table.Count);
        Assert.Equal(
            model.OrderByDescending(entry => entry.Subnet.PrefixLength).ThenBy(entry => entry.Subnet.Network),
            _table.Entries
        );
        foreach (var entry in model)
            Assert.True(_table.Remove(entry));
        Assert.Empty(_table.Entries);
        Assert.False(_table.TryLookup(IpAddress.V4(1), out _));
    }

    [Fact]
    public void A_default_route_is_of_one_family()
    {
        _table.Add(Route(new(IpAddress.Any6, 0)));
        Assert.False(_table.TryLookup(Net.PcAddress, out _));
        Assert.True(_table.TryLookup(IpAddress.Parse("2001:db8::1"), out _));
        Assert.True(_table.TryLookup(IpAddress.Parse("::1"), out _));
        _table.Add(Route(Subnet.AllV4, 2));
        Assert.True(_table.TryLookup(Net.PcAddress, out var entry));
        Assert.Equal(IpAddress.V4(2), entry.Gateway);
    }

    [Fact]
    public void Of_a_hundred_thousand_routes_one_is_found_without_allocation()
    {
        var random = new RandomSource(4);
        for (var i = 0; i < 100_000; i++)
            _table.Add(Route(new(IpAddress.V4(random.NextUInt32()), random.Next(12, 33))));
        var (found, least) = (0, long.MaxValue);
        // Of ten rounds the best counts: in others the runtime allocates for itself.
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20_000; i++)
            {
                if (_table.TryLookup(IpAddress.V4(random.NextUInt32()), out _))
                    found++;
            }
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
        Assert.True(found > 150_000);
    }
}
