using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Cuts a large segment of TCP into those that a wire carries (generic segmentation offload), each a packet with headers of
/// its own and all its checks: told the packet, asked for segments until there are no more. The packet stays its owner's.
/// </summary>
public ref struct Segmentation
{
    private readonly PacketBuffer _packet;
    private readonly PacketPool _pool;

    /// <summary>Where IP and TCP begin, and the data.</summary>
    private readonly int _ip;
    private readonly int _tcp;
    private readonly int _data;
    private int _done;

    /// <param name="linkHeader">The length of what stands before IP in the packet and is repeated.</param>
    public Segmentation(PacketBuffer packet, PacketPool pool, int linkHeader = 0)
    {
        (_packet, _pool, _ip, Flaw) = (
            packet,
            pool,
            linkHeader,
            !TryFindData(packet.Span, linkHeader, out _tcp, out _data)
        );
    }

    /// <summary>It is no segment of TCP after all: nothing can be made of it.</summary>
    public readonly bool Flaw { get; }

    public bool TryNext([NotNullWhen(true)] out PacketBuffer? segment)
    {
        segment = null;
        var whole = _packet.Span;
        var left = whole.Length - _data - _done;
        if (Flaw || left <= 0)
            return false;
        var length = Math.Min(_packet.SegmentSize, left);
        segment = _pool.Rent(Math.Max(_data + length, EthernetHeader.MinFrameLength) + EthernetHeader.FcsLength);
        segment.Cause = _packet.Cause;
        segment.Append(whole[.._data]);
        segment.Append(whole.Slice(_data + _done, length));
        var (isFirst, isLast) = (_done == 0, length == left);
        WriteIp(segment.Span[_ip..], number: _done / _packet.SegmentSize);
        WriteTcp(segment.Span[_tcp..], _done, isFirst, isLast);
        PacketChecks.WriteTransport(segment.Span[_ip..]);
        _done += length;
        return true;
    }

    /// <summary>The same while TCP has written it and IP has not: header and data of the longest segment.</summary>
    internal static int LongestSegment(PacketBuffer segment) =>
        segment.SegmentSize > 0 && TcpHeader.TryRead(segment.Span, out var header)
            ? Math.Min(segment.Length, header.Length + segment.SegmentSize)
            : segment.Length;

    /// <summary>How long the longest packet is that a wire will see of it.</summary>
    public static int LongestPiece(PacketBuffer packet) =>
        packet.SegmentSize > 0 && TryFindData(packet.Span, 0, out _, out var data)
            ? Math.Min(packet.Length, data + packet.SegmentSize)
            : packet.Length;

    /// <summary>How many there will be of it, or one.</summary>
    internal static int CountOf(PacketBuffer segment) =>
        segment.SegmentSize > 0 ? (segment.Length + segment.SegmentSize - 1) / segment.SegmentSize : 1;

    private static bool TryFindData(ReadOnlySpan<byte> packet, int ip, out int tcp, out int data)
    {
        data = 0;
        if (!PacketChecks.TryFindTransport(packet[ip..], out var protocol, out tcp) || protocol != IpProtocol.Tcp)
            return false;
        tcp += ip;
        if (!TcpHeader.TryRead(packet[tcp..], out var header))
            return false;
        data = tcp + header.Length;
        return true;
    }

    private static void WriteIp(Span<byte> packet, int number)
    {
        if (packet[0] >> 4 == 6)
        {
            Ipv6Header.WritePayloadLength(packet, packet.Length - Ipv6Header.Length);
            return;
        }
        // Each has a number of its own: it may be cut further on its way.
        var identification = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) + number);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], identification);
        Ipv4Header.WriteChecksum(packet[..((packet[0] & 15) * 4)]);
    }

    private static void WriteTcp(Span<byte> segment, int offset, bool isFirst, bool isLast)
    {
        var sequence = BinaryPrimitives.ReadUInt32BigEndian(segment[4..]) + (uint)offset;
        BinaryPrimitives.WriteUInt32BigEndian(segment[4..], sequence);
        var flags = (TcpFlags)segment[13];
        if (!isLast)
            flags &= ~(TcpFlags.Fin | TcpFlags.Psh);
        // RFC 3168 §6.1.2: 'the first new data packet' says that the window has shrunk.
        if (!isFirst)
            flags &= ~TcpFlags.Cwr;
        segment[13] = (byte)flags;
    }
}
