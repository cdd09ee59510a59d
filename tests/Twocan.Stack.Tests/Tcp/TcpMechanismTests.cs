using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>The small parts, each alone.</summary>
public class TcpMechanismTests
{
    [Theory]
    [InlineData(1u, 2u)]
    [InlineData(0xFFFF_FFFFu, 0u)]
    [InlineData(0x8000_0001u, 0u)]
    [InlineData(0x7FFF_FFFFu, 0xFFFF_FFFEu)]
    public void A_sequence_number_lies_before_the_half_circle_ahead_of_it(uint before, uint after)
    {
        Assert.True(new SequenceNumber(before) < new SequenceNumber(after));
        Assert.True(new SequenceNumber(after) > new SequenceNumber(before));
        Assert.False(new SequenceNumber(after) <= new SequenceNumber(before));
    }

    [Fact]
    public void Unknown_options_are_passed_over_by_their_length()
    {
        byte[] options = [1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 254, 4, 0, 0, 1, 2, 4, 5, 180, 0, 0];
        Assert.Equal(1460, SegmentOptions.Read(new TcpOptions(options)).MaximumSegmentSize);
    }

    [Theory]
    [InlineData(new byte[] { 8, 0, 2, 4, 5, 180 })] // a length that would never end
    [InlineData(new byte[] { 8, 1, 2, 4, 5, 180 })]
    [InlineData(new byte[] { 8, 40, 2, 4, 5, 180 })] // beyond the header
    [InlineData(new byte[] { 0, 2, 4, 5, 180 })] // behind the end of the list
    [InlineData(new byte[] { 2 })]
    [InlineData(new byte[] { 2, 3, 5 })] // not an MSS
    public void What_follows_a_broken_option_is_not_read(byte[] options) =>
        Assert.Equal(0, SegmentOptions.Read(new TcpOptions(options)).MaximumSegmentSize);

    [Fact]
    public void Initial_sequence_numbers_differ_by_ends_and_key_and_move_with_the_clock()
    {
        var (a, b) = (Endpoint.Any with { Port = new(1) }, Endpoint.Any with { Port = new(2) });
        var source = new InitialSequence(new RandomSource(1));
        var other = new InitialSequence(new RandomSource(2));
        var first = source.For(a, b, Instant.Zero);
        Assert.Equal(first, source.For(a, b, Instant.Zero));
        Assert.NotEqual(first, source.For(b, a, Instant.Zero));
        Assert.NotEqual(first, other.For(a, b, Instant.Zero));
        // RFC 6528 §3: one tick is four microseconds.
        Assert.Equal(250_000, source.For(a, b, Instant.Zero + Duration.FromSeconds(1)) - first);
    }

    [Fact]
    public void The_keyed_hash_is_SipHash_2_4()
    {
        // The reference's own vector: key 00…0f, message 00…07.
        var hash = new SipHash(0x0706050403020100, 0x0f0e0d0c0b0a0908);
        hash.Add(0x0706050403020100);
        Assert.Equal(0x93f5f5799a932462UL, hash.Finish());
    }

    [Fact]
    public void Stretches_join_in_whatever_order_they_come()
    {
        var random = new RandomSource(9);
        for (var round = 0; round < 2_000; round++)
        {
            var queue = new ReassemblyQueue();
            var arrived = new bool[60];
            for (var i = 0; i < 12; i++)
            {
                var start = 1 + random.Next(50);
                var end = start + 1 + random.Next(9);
                long at = start;
                while (queue.TryNextGap(ref at, end, out var gapStart, out var gapEnd))
                {
                    for (var octet = gapStart; octet < gapEnd; octet++)
                        Assert.False(arrived[octet]);
                    Array.Fill(arrived, true, (int)gapStart, (int)(gapEnd - gapStart));
                }
                Assert.True(queue.TryAdd(start, end));
                Assert.All(Enumerable.Range(start, end - start), octet => Assert.True(arrived[octet]));
            }
            var expected = 1;
            while (arrived[expected])
                expected++;
            Assert.Equal(expected, queue.Join(1));
            Assert.Equal(expected, queue.Join(expected));
        }
    }

    [Fact]
    public void More_holes_than_can_be_counted_are_not_kept()
    {
        var queue = new ReassemblyQueue();
        for (var i = 0; i < ReassemblyQueue.MaxStretches; i++)
            Assert.True(queue.TryAdd(i * 2 + 1, i * 2 + 2));
        Assert.False(queue.TryAdd(10_000, 10_001));
        Assert.True(queue.TryAdd(1, 600));
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void The_first_of_two_contradicting_octets_stays()
    {
        var buffer = new ReceiveBuffer(100);
        Assert.Equal(0, buffer.Store(2, "CD"u8, default));
        Assert.Equal(4, buffer.Store(0, "abcd"u8, default));
        var into = new byte[10];
        Assert.Equal(4, buffer.Read(into, out _));
        Assert.Equal("abCD"u8, into.AsSpan(0, 4));
    }

    [Fact]
    public void A_segment_that_is_sent_again_still_knows_the_write_that_its_first_octet_came_from()
    {
        var buffer = new SendBuffer(100);
        buffer.Append(new byte[10], new EventId(1));
        buffer.Append(new byte[10], new EventId(2));
        Assert.Equal(1, buffer.CauseAt(9).Value);
        Assert.Equal(2, buffer.CauseAt(10).Value);
        buffer.Acknowledge(5);
        Assert.Equal(1, buffer.CauseAt(4).Value);
        Assert.Equal(2, buffer.CauseAt(5).Value);
    }
}
