namespace Twocan.Core.Tests;

public class RandomSourceTests
{
    [Fact]
    public void SplitMix_and_xoshiro_give_their_published_numbers()
    {
        // xoshiro256** seeded by SplitMix64 from 0: the reference implementations' own output.
        var random = new RandomSource(0);
        Assert.Equal(0x99EC5F36CB75F2B4UL, random.NextUInt64());
        Assert.Equal(0xBF6E1F784956452AUL, random.NextUInt64());
        Assert.Equal(0x1A5F849D4933E6E0UL, random.NextUInt64());
    }

    [Fact]
    public void The_same_seed_gives_the_same_stream_and_others_differ()
    {
        Assert.Equal(Draw(new(7)), Draw(new(7)));
        Assert.NotEqual(Draw(new(7)), Draw(new(8)));
    }

    [Fact]
    public void A_fork_depends_on_seed_and_name_and_not_on_what_was_drawn()
    {
        var random = new RandomSource(7);
        var before = Draw(random.Fork("pc"));
        random.NextUInt64();
        Assert.Equal(before, Draw(random.Fork("pc")));
        Assert.NotEqual(before, Draw(random.Fork("pc2")));
        Assert.NotEqual(before, Draw(new RandomSource(8).Fork("pc")));
        Assert.NotEqual(Draw(random.Fork("a").Fork("b")), Draw(random.Fork("b").Fork("a")));
    }

    [Fact]
    public void Drawing_from_a_fork_leaves_its_parent_as_it_was()
    {
        var random = new RandomSource(7);
        Draw(random.Fork("pc"));
        Assert.Equal(Draw(new(7)), Draw(random));
    }

    [Fact]
    public void Numbers_stay_within_their_limits_and_reach_all_of_them()
    {
        var random = new RandomSource(1);
        var counts = new int[7];
        for (var i = 0; i < 7000; i++)
            counts[random.Next(7)]++;
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
        for (var i = 0; i < 1000; i++)
        {
            Assert.InRange(random.Next(-3, 4), -3, 3);
            Assert.InRange(random.NextDouble(), 0, 0.9999999999999999);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(0));
    }

    [Fact]
    public void Chance_keeps_to_its_probability_and_always_draws_once()
    {
        var (random, twin) = (new RandomSource(1), new RandomSource(1));
        Assert.False(random.Chance(0));
        Assert.True(random.Chance(1));
        twin.NextUInt64();
        twin.NextUInt64();
        Assert.Equal(twin.NextUInt64(), random.NextUInt64());
        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => random.Chance(0.2)), 1850, 2150);
    }

    [Fact]
    public void Filled_bytes_are_the_numbers_lowest_byte_first()
    {
        var bytes = new byte[11];
        new RandomSource(0).Fill(bytes);
        Assert.Equal([0xB4, 0xF2, 0x75, 0xCB, 0x36, 0x5F, 0xEC, 0x99, 0x2A, 0x45, 0x56], bytes);
    }

    [Fact]
    public void An_unpredictable_source_repeats_nothing_and_neither_do_its_forks()
    {
        var random = RandomSource.Unpredictable();
        var drawn = new HashSet<ulong>();
        foreach (var source in new[] { random, RandomSource.Unpredictable(), random.Fork("a"), random.Fork("a") })
            drawn.UnionWith(Enumerable.Range(0, 200).Select(_ => source.NextUInt64()));
        Assert.Equal(800, drawn.Count);
    }

    private static ulong[] Draw(RandomSource random) => [.. Enumerable.Range(0, 8).Select(_ => random.NextUInt64())];
}
