using System.Buffers.Binary;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>Explicit congestion notification (RFC 3168) in a frame that waits: its receiver is told that a queue is too long, and tells the sender.</summary>
public static class CongestionMark
{
    private const int CongestionExperienced = 3;

    /// <summary>False when the packet's sender does not understand it, or it is no IP: it can only be dropped.</summary>
    public static bool TrySet(Span<byte> frame)
    {
        if (!EthernetHeader.TryRead(frame, out var header) || frame.Length < EthernetHeader.Length + 20)
            return false;
        var packet = frame[EthernetHeader.Length..];
        switch (header.Type)
        {
            case EtherType.Ipv4 when (packet[1] & CongestionExperienced) != 0:
                var before = BinaryPrimitives.ReadUInt16BigEndian(packet);
                packet[1] |= CongestionExperienced;
                var after = BinaryPrimitives.ReadUInt16BigEndian(packet);
                var checksum = BinaryPrimitives.ReadUInt16BigEndian(packet[10..]);
                BinaryPrimitives.WriteUInt16BigEndian(packet[10..], InternetChecksum.Update(checksum, before, after));
                break;
            case EtherType.Ipv6 when (packet[1] >> 4 & CongestionExperienced) != 0:
                packet[1] |= CongestionExperienced << 4;
                break;
            default:
                return false;
        }
        BinaryPrimitives.WriteUInt32LittleEndian(frame[^4..], Crc32.Of(frame[..^4]));
        return true;
    }
}
