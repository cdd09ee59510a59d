namespace Twocan.Core.Tests;

public class PacketWatchTests
{
    private readonly PacketPool _pool = new(PacketWatching.OwnersAndPlaces);

    [Fact]
    public void Use_after_giving_back_is_told_with_both_places()
    {
        var packet = _pool.Rent();
        packet.Append("abc"u8);
        GiveBack(packet);

        foreach (var use in (Action[])[() => _ = packet.Span.Length, () => packet.Append(1), () => packet.Prepend(1)])
        {
            var failure = Assert.Throws<ObjectDisposedException>(use);
            Assert.Contains(
                nameof(Use_after_giving_back_is_told_with_both_places),
                failure.Message,
                StringComparison.Ordinal
            );
            Assert.Contains(nameof(GiveBack), failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Giving_back_twice_is_told_even_when_another_has_been_taken_meanwhile()
    {
        var packet = _pool.Rent();
        GiveBack(packet);
        using var other = _pool.Rent();
        Assert.NotSame(packet, other);
        var failure = Assert.Throws<ObjectDisposedException>(packet.Dispose);
        Assert.Contains(nameof(GiveBack), failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, _pool.Outstanding);
    }

    [Fact]
    public void Of_two_owners_the_one_is_told_who_comes_second()
    {
        var packet = _pool.Rent();
        packet.Append("abc"u8);
        var (mine, yours) = (packet, packet);
        GiveBack(mine);
        // In a pool that is not watched, the next packet would be written into what the second owner still holds.
        using var next = _pool.Rent();
        next.Append("xyz"u8);
        Assert.Throws<ObjectDisposedException>(() => yours.TrimStart(1));
    }

    [Fact]
    public void Bytes_that_were_kept_from_a_buffer_are_seen_to_be_dead()
    {
        var packet = _pool.Rent();
        packet.Append("abc"u8);
        var kept = packet.Memory;
        packet.Dispose();
        Assert.Equal([0xDD, 0xDD, 0xDD], kept.ToArray());
    }

    [Fact]
    public void What_is_still_out_is_told_with_the_place_where_it_was_taken()
    {
        Assert.Equal("no packet buffer is out", _pool.DescribeOutstanding());
        using (_pool.Rent()) { }
        var leak = Leak();
        Assert.StartsWith("1 packet buffer is out\n#2:", _pool.DescribeOutstanding(), StringComparison.Ordinal);
        Assert.Contains(nameof(Leak), _pool.DescribeOutstanding(), StringComparison.Ordinal);
        leak.Dispose();
        Assert.Equal("no packet buffer is out", _pool.DescribeOutstanding());
    }

    [Fact]
    public void A_pool_that_is_not_watched_says_how_to_watch_it()
    {
        var pool = new PacketPool(PacketWatching.Off);
        using var packet = pool.Rent();
        Assert.Contains("watch the pool", pool.DescribeOutstanding(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_places_a_second_owner_is_told_all_the_same()
    {
        var pool = new PacketPool(PacketWatching.Owners);
        var packet = pool.Rent();
        packet.Dispose();
        using var next = pool.Rent();
        Assert.Throws<ObjectDisposedException>(() => packet.Append(1));
        Assert.Throws<ObjectDisposedException>(packet.Dispose);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void GiveBack(PacketBuffer packet) => packet.Dispose();

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private PacketBuffer Leak() => _pool.Rent();
}
