using System.Buffers.Binary;

namespace Twocan.Stack;

/// <summary>Where the headers of a segment of TCP stand in the frame that carries it: one without options of IP, and not a fragment.</summary>
internal readonly record struct SegmentPlace(bool IsV4, int Tcp, int Data, int End)
{
    public const int Ip = EthernetHeader.Length;
    private const byte PlainIpv4 = 0x45;
    private const ushort FragmentBits = 0x3FFF;

    /// <summary>Octets of data.</summary>
    public int Length => End - Data;

    public static bool TryFind(ReadOnlySpan<byte> frame, out SegmentPlace place)
    {
        place = default;
        if (!EthernetHeader.TryRead(frame, out var ethernet))
            return false;
        var packet = frame[Ip..];
        return ethernet.Type switch
        {
            EtherType.Ipv4 => packet.Length >= Ipv4Header.MinLength
                && packet[0] == PlainIpv4
                && packet[9] == (byte)IpProtocol.Tcp
                && (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & FragmentBits) == 0
                && TryFind(
                    packet,
                    Ipv4Header.MinLength,
                    BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
                    isV4: true,
                    out place
                ),
            EtherType.Ipv6 => packet.Length >= Ipv6Header.Length
                && packet[0] >> 4 == 6
                && packet[6] == (byte)IpProtocol.Tcp
                && TryFind(
                    packet,
                    Ipv6Header.Length,
                    Ipv6Header.Length + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]),
                    isV4: false,
                    out place
                ),
            _ => false,
        };
    }

    /// <summary>Both addresses and both ports, which stand side by side.</summary>
    public ReadOnlySpan<byte> FlowIn(ReadOnlySpan<byte> frame) =>
        frame[(Tcp - (IsV4 ? 2 * sizeof(uint) : 2 * 16))..(Tcp + 2 * sizeof(ushort))];

    private static bool TryFind(ReadOnlySpan<byte> packet, int tcp, int length, bool isV4, out SegmentPlace place)
    {
        place = default;
        if (length < tcp || length > packet.Length || !TcpHeader.TryRead(packet[tcp..length], out var header))
            return false;
        place = new(isV4, Ip + tcp, Ip + tcp + header.Length, Ip + length);
        return true;
    }
}
