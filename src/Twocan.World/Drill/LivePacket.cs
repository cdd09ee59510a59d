using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>A packet that our stack has sent, and when.</summary>
/// <param name="Local">Our end; port 0 in ICMP.</param>
/// <param name="TransportAt">Where the header of TCP, UDP or ICMP begins.</param>
internal sealed record LivePacket(
    Instant At,
    byte[] Bytes,
    IpProtocol Protocol,
    Endpoint Local,
    Endpoint Remote,
    int TransportAt
)
{
    public ReadOnlySpan<byte> Transport => Bytes.AsSpan(TransportAt);

    public byte TypeOfService => Bytes[0] >> 4 == 4 ? Bytes[1] : (byte)(Bytes[0] << 4 | Bytes[1] >> 4);

    public byte TimeToLive => Bytes[0] >> 4 == 4 ? Bytes[8] : Bytes[7];

    /// <summary>It opens a connection.</summary>
    public bool IsFirst =>
        Protocol == IpProtocol.Tcp
        && TcpHeader.TryRead(Transport, out var header)
        && header.Flags.Has(TcpFlags.Syn)
        && !header.Flags.Has(TcpFlags.Ack);

    /// <summary>False for what scripts know nothing of: the life of neighbours and groups.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, Instant at, out LivePacket live)
    {
        live = null!;
        if (Ipv4Header.TryRead(packet, out var v4))
        {
            live = new(
                at,
                packet[..v4.TotalLength].ToArray(),
                v4.Protocol,
                new(v4.Source, 0),
                new(v4.Destination, 0),
                v4.Length
            );
        }
        else if (Ipv6Header.TryRead(packet, out var v6))
        {
            var bytes = packet[..v6.TotalLength].ToArray();
            live = new(at, bytes, v6.NextHeader, new(v6.Source, 0), new(v6.Destination, 0), Ipv6Header.Length);
        }
        else
        {
            return false;
        }
        if (live.Protocol is IpProtocol.Tcp or IpProtocol.Udp)
        {
            var ports = live.Transport;
            live = live with
            {
                Local = new(live.Local.Address, (ushort)(ports[0] << 8 | ports[1])),
                Remote = new(live.Remote.Address, (ushort)(ports[2] << 8 | ports[3])),
            };
            return true;
        }
        return live.Protocol == IpProtocol.Icmp
            || (live.Protocol == IpProtocol.IcmpV6 && Icmpv6Header.IsError((Icmpv6Type)live.Transport[0]));
    }
}
