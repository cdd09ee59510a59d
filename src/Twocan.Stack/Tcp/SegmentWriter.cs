using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What stands in the header of a segment that is about to be sent.</summary>
public readonly record struct SegmentFields(
    Endpoint Local,
    Endpoint Remote,
    SequenceNumber Sequence,
    SequenceNumber Acknowledgement,
    TcpFlags Flags,
    ushort Window,
    SegmentOptions Options = default
)
{
    /// <summary>Tells the journal that it is sent, and answers the cause that the packet carries.</summary>
    public EventId Tell(HostJournal? journal, int length, SendReason reason, EventId because) =>
        journal?.Tell(
            new SegmentSent(Local, Remote, Sequence.Value, Acknowledgement.Value, Flags.Text, Window, length, reason),
            because
        ) ?? because;
}

/// <summary>
/// Where a machine writes the segment that it wants sent. It takes a buffer from the pool only when there is something to
/// write; who asked the machine takes the packet out and owns it.
/// </summary>
/// <param name="offloads">The adapter cuts what is too large for its link, and makes checksums.</param>
public ref struct SegmentWriter(PacketPool pool, bool offloads = false)
{
    /// <summary>What fits into one packet of IP with the longest headers that TCP has.</summary>
    private const int LargestData = Ipv4Header.MaxPacketLength - Ipv6Header.Length - TcpHeader.MaxLength;

    /// <summary>ECT(0): routers may mark the packet in place of dropping it (RFC 3168 §5).</summary>
    private const byte EcnCapable = 2;
    private PacketBuffer? _packet;

    /// <summary>What the IP header of the segment is to say.</summary>
    public byte TypeOfService { get; private set; }

    /// <summary>How much data may be sent at once to a peer who takes so much in a segment: a whole number of segments.</summary>
    public readonly int MostAtOnce(int segmentSize) =>
        offloads ? Math.Max(LargestData / segmentSize, 1) * segmentSize : segmentSize;

    /// <summary>Writes the header and answers the room for <paramref name="length"/> octets of data; then <see cref="Seal"/>.</summary>
    /// <param name="piece">Where it is more than that, it is to be cut into segments of so much.</param>
    public Span<byte> Begin(in SegmentFields fields, int length, bool isEcnCapable = false, int piece = int.MaxValue)
    {
        TypeOfService = isEcnCapable ? EcnCapable : (byte)0;
        var headerLength = TcpHeader.MinLength + fields.Options.Length;
        _packet = pool.Rent(headerLength + length);
        _packet.LacksChecks = offloads;
        _packet.SegmentSize = length > piece ? piece : 0;
        var segment = _packet.Append(headerLength + length);
        BinaryPrimitives.WriteUInt16BigEndian(segment, fields.Local.Port.Number);
        BinaryPrimitives.WriteUInt16BigEndian(segment[2..], fields.Remote.Port.Number);
        BinaryPrimitives.WriteUInt32BigEndian(segment[4..], fields.Sequence.Value);
        BinaryPrimitives.WriteUInt32BigEndian(segment[8..], fields.Acknowledgement.Value);
        segment[12] = (byte)(headerLength / 4 << 4);
        segment[13] = (byte)fields.Flags;
        BinaryPrimitives.WriteUInt16BigEndian(segment[14..], fields.Window);
        BinaryPrimitives.WriteUInt32BigEndian(segment[16..], 0);
        fields.Options.Write(segment[TcpHeader.MinLength..headerLength]);
        return segment[headerLength..];
    }

    /// <summary>Puts the checksum in, now that the data is there, and says why the segment is on its way.</summary>
    public readonly void Seal(in SegmentFields fields, EventId cause)
    {
        _packet!.Cause = cause;
        if (offloads)
            return;
        var segment = _packet.Span;
        var checksum = TcpHeader.ComputeChecksum(fields.Local.Address, fields.Remote.Address, segment);
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], checksum);
    }

    public bool TryTake([NotNullWhen(true)] out PacketBuffer? packet)
    {
        packet = _packet;
        _packet = null;
        return packet is not null;
    }
}
