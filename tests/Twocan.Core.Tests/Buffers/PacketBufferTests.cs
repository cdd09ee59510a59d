namespace Twocan.Core.Tests;

public class PacketBufferTests
{
    private readonly PacketPool _pool = new();

    [Fact]
    public void Headers_go_in_front_and_come_off_again()
    {
        using var packet = _pool.Rent();
        packet.Append("payload"u8);
        "TCP"u8.CopyTo(packet.Prepend(3));
        "IP"u8.CopyTo(packet.Prepend(2));
        Assert.Equal("IPTCPpayload"u8, packet.Span);
        Assert.Equal(PacketBuffer.DefaultHeadRoom - 5, packet.HeadRoom);

        packet.TrimStart(2);
        packet.TrimStart(3);
        packet.Truncate(3);
        Assert.Equal("pay"u8, packet.Span);
        Assert.Equal("pay"u8.ToArray(), packet.Memory);
        Assert.Equal(packet.Capacity, packet.HeadRoom + packet.Length + packet.TailRoom);
    }

    [Fact]
    public void It_grows_neither_beyond_its_ends_nor_backwards()
    {
        using var packet = _pool.Rent(10, 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => packet.Prepend(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => packet.Prepend(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => packet.Append(packet.TailRoom + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => packet.Append(-1));
        packet.Append("abc"u8);
        Assert.Throws<ArgumentOutOfRangeException>(() => packet.TrimStart(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => packet.TrimStart(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => packet.Truncate(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => packet.Truncate(-1));
        Assert.Equal("abc"u8, packet.Span);
    }

    [Fact]
    public void The_pool_counts_what_somebody_owns()
    {
        var (one, two) = (_pool.Rent(), _pool.Rent());
        Assert.Equal(2, _pool.Outstanding);
        one.Dispose();
        two.Dispose();
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void A_buffer_given_back_is_lent_again_clean()
    {
        var packet = _pool.Rent();
        packet.Append("old"u8);
        packet.Cause = new(7);
        packet.Dispose();
        using var again = _pool.Rent();
        Assert.Same(packet, again);
        Assert.Equal((0, EventId.None), (again.Length, again.Cause));
    }

    [Fact]
    public void Giving_back_twice_is_an_error_and_spoils_nothing()
    {
        var packet = _pool.Rent();
        packet.Dispose();
        Assert.Throws<ObjectDisposedException>(packet.Dispose);
        using var one = _pool.Rent();
        using var two = _pool.Rent();
        Assert.NotSame(one, two);
    }

    [Fact]
    public void A_buffer_that_was_given_back_cannot_be_used()
    {
        var packet = _pool.Rent();
        packet.Dispose();
        Assert.Throws<ObjectDisposedException>(() => packet.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => packet.Memory.Length);
        Assert.Throws<ObjectDisposedException>(() => packet.Prepend(1));
        Assert.Throws<ObjectDisposedException>(() => packet.Append(1));
        Assert.Throws<ObjectDisposedException>(() => packet.Copy());
    }

    [Fact]
    public void A_copy_has_the_same_bytes_cause_and_room_and_its_own_life()
    {
        var packet = _pool.Rent();
        packet.Append("frame"u8);
        packet.Cause = new(3);
        using var copy = packet.Copy();
        packet.Span[0] = (byte)'F';
        packet.Dispose();
        Assert.Equal("frame"u8, copy.Span);
        Assert.Equal((new EventId(3), PacketBuffer.DefaultHeadRoom), (copy.Cause, copy.HeadRoom));
    }

    [Fact]
    public void A_large_packet_is_made_to_measure_and_not_kept()
    {
        var large = _pool.Rent(65_535);
        Assert.Equal(65_535, large.Append(65_535).Length);
        large.Dispose();
        Assert.Equal(0, _pool.Outstanding);
        using var next = _pool.Rent();
        Assert.Equal(PacketPool.BufferSize, next.Capacity);
    }

    [Fact]
    public void A_warm_pool_allocates_nothing()
    {
        _pool.Rent().Dispose();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            _pool.Rent().Dispose();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
