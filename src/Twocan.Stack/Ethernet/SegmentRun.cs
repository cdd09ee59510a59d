using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Segments of one flow that follow each other and differ in nothing but what has to differ. A segment that is shorter than
/// those before it, or is pushed, is the last one. What a router or the peer wanted to say with a single segment (ECN, a window, a
/// time stamp, SYN, FIN, RST, an acknowledgement without data) ends the run before it and stays a packet of its own.
/// </summary>
internal sealed class SegmentRun
{
    private const byte DontFragment = 0x40;
    private PacketBuffer _frame = null!;
    private SegmentPlace _first;
    private SequenceNumber _next;
    private int _count;

    /// <summary>Nothing can follow any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Plain data, and nothing that the receiver should know at once.</summary>
    public static bool MayBegin(PacketBuffer frame, SegmentPlace place) =>
        place.Length > 0 && frame.SegmentSize == 0 && FlagsOf(frame.Span[place.Tcp..]) == TcpFlags.Ack;

    public void Begin(PacketBuffer frame, SegmentPlace place)
    {
        (_frame, _first, _count, IsOver) = (frame, place, 1, false);
        _next = SequenceOf(frame.Span[place.Tcp..]) + place.Length;
    }

    public bool IsOfFlow(PacketBuffer frame, SegmentPlace place) =>
        place.IsV4 == _first.IsV4 && place.FlowIn(frame.Span).SequenceEqual(_first.FlowIn(_frame.Span));

    /// <summary>Owns the frame from now on. False: it does not follow, or could not be told from the others afterwards; then it is still the caller's.</summary>
    public bool TryAppend(PacketBuffer frame, SegmentPlace place, PacketPool pool)
    {
        var bytes = frame.Span;
        if (
            place.Length == 0
            || place.Length > _first.Length
            || frame.SegmentSize > 0
            || End(_frame) + place.Length - SegmentPlace.Ip > Ipv4Header.MaxPacketLength
            || SequenceOf(bytes[place.Tcp..]) != _next
            || !HasSameHeaders(bytes, place)
            || !IsRight(frame, place)
            || (_count == 1 && !IsRight(_frame, _first))
        )
            return false;
        if (_count == 1)
            MakeRoom(pool);
        _frame.Append(bytes[place.Data..place.End]);
        _count++;
        _next += place.Length;
        var isPushed = FlagsOf(bytes[place.Tcp..]).Has(TcpFlags.Psh);
        if (isPushed)
            _frame.Span[_first.Tcp + 13] |= (byte)TcpFlags.Psh;
        IsOver = isPushed || place.Length < _first.Length;
        frame.Dispose();
        return true;
    }

    /// <summary>What has come of it: one large segment, or the only one, as it was.</summary>
    public PacketBuffer End()
    {
        var frame = _frame;
        _frame = null!;
        if (_count > 1)
            Close(frame);
        return frame;
    }

    private int End(PacketBuffer frame) => _count == 1 ? _first.End : frame.Length;

    private void MakeRoom(PacketPool pool)
    {
        var large = pool.Rent(SegmentPlace.Ip + Ipv4Header.MaxPacketLength);
        large.Append(_frame.Span[.._first.End]); // padding stays behind
        large.Cause = _frame.Cause;
        _frame.Dispose();
        _frame = large;
    }

    /// <summary>Its checksums were right, each by itself; now that they are one, whoever puts them on a wire makes new ones.</summary>
    private void Close(PacketBuffer frame)
    {
        (frame.SegmentSize, frame.LacksChecks) = (_first.Length, true);
        var packet = frame.Span[SegmentPlace.Ip..];
        if (_first.IsV4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
            Ipv4Header.WriteChecksum(packet[..Ipv4Header.MinLength]);
        }
        else
            Ipv6Header.WritePayloadLength(packet, packet.Length - Ipv6Header.Length);
    }

    /// <summary>All but lengths, numbers, checksums and PSH.</summary>
    private bool HasSameHeaders(ReadOnlySpan<byte> bytes, SegmentPlace place)
    {
        if (place.Data != _first.Data)
            return false;
        ReadOnlySpan<byte> first = _frame.Span;
        // Up to the type of service, which has ECN in it, or the flow label.
        var before = SegmentPlace.Ip + (place.IsV4 ? 2 : 4);
        // Fragmentation, time to live and protocol; next header and hop limit. Behind them the addresses.
        var between = SegmentPlace.Ip + 6;
        var tcp = place.Tcp;
        return first[..before].SequenceEqual(bytes[..before])
            && first.Slice(between, place.IsV4 ? 4 : 2).SequenceEqual(bytes.Slice(between, place.IsV4 ? 4 : 2))
            && (!place.IsV4 || IsNumberedOn(bytes))
            // The acknowledgement, the length of the header.
            && first.Slice(tcp + 8, 5).SequenceEqual(bytes.Slice(tcp + 8, 5))
            && (FlagsOf(bytes[tcp..]) & ~TcpFlags.Psh) == TcpFlags.Ack
            // The window; behind the checksum what is urgent, and all options.
            && first.Slice(tcp + 14, 2).SequenceEqual(bytes.Slice(tcp + 14, 2))
            && first[(tcp + 18)..place.Data].SequenceEqual(bytes[(tcp + 18)..place.Data]);
    }

    /// <summary>The identification means something only where a packet may be cut (RFC 6864 §4.1): there it has to be found again.</summary>
    private bool IsNumberedOn(ReadOnlySpan<byte> bytes) =>
        (bytes[SegmentPlace.Ip + 6] & DontFragment) != 0
        || IdentificationOf(bytes) == (ushort)(IdentificationOf(_frame.Span) + _count);

    /// <summary>A checksum that is wrong must be found by whoever would have found it: so such a segment stays alone.</summary>
    private static bool IsRight(PacketBuffer frame, SegmentPlace place)
    {
        var packet = frame.Span[SegmentPlace.Ip..place.End];
        if (place.IsV4 && InternetChecksum.Of(packet[..Ipv4Header.MinLength]) != 0)
            return false;
        if (frame.LacksChecks)
            return true;
        var segment = packet[(place.Tcp - SegmentPlace.Ip)..];
        var sum = PacketChecks.PseudoHeader(packet, IpProtocol.Tcp, segment.Length);
        sum.Add(segment);
        return sum.Value == 0;
    }

    private static ushort IdentificationOf(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadUInt16BigEndian(frame[(SegmentPlace.Ip + 4)..]);

    private static SequenceNumber SequenceOf(ReadOnlySpan<byte> segment) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(segment[4..]));

    private static TcpFlags FlagsOf(ReadOnlySpan<byte> segment) => (TcpFlags)segment[13];
}
