using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// What stands in front of each frame on a TAP device: what its sender has left to do (struct virtio_net_hdr, the VIRTIO
/// specification 1.2 §5.1.6, in this machine's byte order). A checksum that is left out has the sum over the pseudo-header in its field.
/// </summary>
internal static class VirtioHeader
{
    public const int Length = 10;

    private const byte NeedsChecksum = 1;
    private const byte SegmentsTcpV4 = 1;
    private const byte SegmentsTcpV6 = 4;
    private const byte HasCongestionReduced = 0x80;

    /// <summary>Takes from the frame behind it what is left to do. False: that cannot be done.</summary>
    public static bool TryTake(ReadOnlySpan<byte> header, PacketBuffer frame)
    {
        if (header[0] != NeedsChecksum)
            return header[1] == 0;
        var (start, offset) = (BitConverter.ToUInt16(header[6..]), BitConverter.ToUInt16(header[8..]));
        var isPlain =
            frame.Length > EthernetHeader.Length
            && PacketChecks.TryFindTransport(frame.Span[EthernetHeader.Length..], out var protocol, out var transport)
            && EthernetHeader.Length + transport == start
            && PacketChecks.ChecksumAt(protocol) == offset;
        frame.LacksChecks = isPlain;
        frame.SegmentSize = header[1] != 0 ? BitConverter.ToUInt16(header[4..]) : 0;
        // A VLAN's tag, or a protocol that we do not know: the kernel says where its checksum is.
        return isPlain || (header[1] == 0 && TryFinish(frame.Span, start, offset));
    }

    /// <summary>Says in front of a frame what is left to do in it, and prepares its checksum for that.</summary>
    public static void Put(PacketBuffer frame)
    {
        var (lacksChecks, size) = (frame.LacksChecks, frame.SegmentSize);
        var header = frame.Prepend(Length);
        header.Clear();
        if (!lacksChecks)
            return;
        var packet = frame.Span[(Length + EthernetHeader.Length)..];
        if (!PacketChecks.TryFindTransport(packet, out var protocol, out var transport))
            return;
        var segment = packet[transport..];
        var at = PacketChecks.ChecksumAt(protocol);
        var sum = PacketChecks.PseudoHeader(packet, protocol, segment.Length).Value;
        BinaryPrimitives.WriteUInt16BigEndian(segment[at..], (ushort)~sum);
        var start = EthernetHeader.Length + transport;
        header[0] = NeedsChecksum;
        BitConverter.TryWriteBytes(header[6..], (ushort)start);
        BitConverter.TryWriteBytes(header[8..], (ushort)at);
        if (size == 0 || !TcpHeader.TryRead(segment, out var tcp))
            return;
        header[1] = packet[0] >> 4 == 4 ? SegmentsTcpV4 : SegmentsTcpV6;
        if (tcp.Flags.Has(TcpFlags.Cwr))
            header[1] |= HasCongestionReduced;
        BitConverter.TryWriteBytes(header[2..], (ushort)(start + tcp.Length));
        BitConverter.TryWriteBytes(header[4..], (ushort)size);
    }

    private static bool TryFinish(Span<byte> frame, int start, int offset)
    {
        if (start + offset + sizeof(ushort) > frame.Length)
            return false;
        var sum = InternetChecksum.Of(frame[start..]);
        // UDP's zero says 'none' (RFC 768); where it may not be said, both zeros are right.
        BinaryPrimitives.WriteUInt16BigEndian(frame[(start + offset)..], sum == 0 ? ushort.MaxValue : sum);
        return true;
    }
}
