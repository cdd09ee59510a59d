using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Handshakes that are remembered by nobody (RFC 4987 §3.6): when more SYNs come than there is room for, the answer's sequence
/// number itself says, signed, what the listener would have had to keep. Only who really got the answer can send it back, and
/// then the connection is made. What else was agreed upon travels in the low bits of the time stamp.
/// </summary>
public sealed class SynCookies(RandomSource random)
{
    /// <summary>Counts minutes, nearly: an answer is believed for one to two of these.</summary>
    private static readonly Duration Period = Duration.FromSeconds(64);

    /// <summary>Three bits say the largest of these that the peer takes. The last is what is left of 9,000 octets.</summary>
    private static readonly int[] SegmentSizes = [216, 536, 1200, 1300, 1400, 1440, 1460, 8960];
    private static readonly int[] Ipv6SegmentSizes = [216, 536, 1200, 1300, 1400, 1420, 1440, 8940];

    private const int MacBits = 24;
    private const uint MacMask = (1U << MacBits) - 1;
    private const int TimestampBits = 5;
    private const byte NoScale = 15;
    private readonly ulong _key0 = random.NextUInt64();
    private readonly ulong _key1 = random.NextUInt64();
    private Instant _until;

    /// <summary>The initial sequence number that answers this SYN.</summary>
    internal SequenceNumber Bake(in ConnectionKey ends, SequenceNumber theirs, in SegmentOptions options, Instant now)
    {
        _until = now + Period * 2;
        var sizes = SizesFor(ends);
        var index = sizes.Length - 1;
        while (index > 0 && sizes[index] > Math.Max(options.MaximumSegmentSize, sizes[0]))
            index--;
        return new(Sign(ends, theirs, (uint)(now.Nanoseconds / Period.Nanoseconds) & 31, (uint)index));
    }

    /// <summary>Our time stamp, set back a little so that its low bits can say what the peer's SYN offered.</summary>
    public static uint BakeTimestamp(uint value, in SegmentOptions options)
    {
        var bits = (uint)(options.WindowScale ?? NoScale) | (options.SackPermitted ? 16U : 0);
        return (value >> TimestampBits << TimestampBits) - (1U << TimestampBits) | bits;
    }

    /// <summary>Whether an acknowledgement answers a cookie of ours: then <paramref name="options"/> are what the SYN had offered.</summary>
    internal bool TryRead(in TcpSegment segment, in ConnectionKey ends, Instant now, out SegmentOptions options)
    {
        options = default;
        if (now > _until)
            return false;
        var cookie = (segment.Acknowledgement - 1).Value;
        var (count, index) = (cookie >> 27, cookie >> MacBits & 7);
        var age = (uint)(now.Nanoseconds / Period.Nanoseconds) - count & 31;
        if (age > 1 || cookie != Sign(ends, segment.Sequence - 1, count, index))
            return false;
        options.MaximumSegmentSize = SizesFor(ends)[index];
        if (!segment.HasTimestamps)
            return true;
        options.HasTimestamps = true;
        options.TimestampValue = segment.TimestampValue;
        options.SackPermitted = (segment.TimestampEcho & 16) != 0;
        options.WindowScale = (segment.TimestampEcho & 15) is var scale && scale == NoScale ? null : (byte)scale;
        return true;
    }

    private static int[] SizesFor(in ConnectionKey ends) => ends.Local.Address.IsV4 ? SegmentSizes : Ipv6SegmentSizes;

    private uint Sign(in ConnectionKey ends, SequenceNumber theirs, uint count, uint index)
    {
        var hash = new SipHash(_key0, _key1);
        hash.Add(ends.Local.Address.High);
        hash.Add(ends.Local.Address.Low);
        hash.Add(ends.Remote.Address.High);
        hash.Add(ends.Remote.Address.Low);
        hash.Add((ulong)ends.Local.Port.Number << 16 | ends.Remote.Port.Number);
        hash.Add((ulong)theirs.Value << 32 | count << 8 | index);
        return count << 27 | index << MacBits | (uint)hash.Finish() & MacMask;
    }
}
