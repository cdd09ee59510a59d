using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>IP packets as a NAPT sees them, made and looked at without it.</summary>
internal static class TestPacket
{
    public static byte[] Udp(string from, string to) => Udp(from, to, "hello"u8);

    public static byte[] Udp(string from, string to, ReadOnlySpan<byte> data)
    {
        var (source, destination) = (NatNet.End(from), NatNet.End(to));
        var packet = Whole(IpProtocol.Udp, source.Address, destination.Address, UdpHeader.Size + data.Length);
        data.CopyTo(packet.AsSpan(28));
        UdpHeader.Write(packet.AsSpan(20), source, destination);
        return packet;
    }

    public static byte[] Tcp(string from, string to, TcpFlags flags)
    {
        var (source, destination) = (NatNet.End(from), NatNet.End(to));
        var packet = Whole(IpProtocol.Tcp, source.Address, destination.Address, TcpHeader.MinLength);
        var segment = packet.AsSpan(20);
        BinaryPrimitives.WriteUInt16BigEndian(segment, source.Port.Number);
        BinaryPrimitives.WriteUInt16BigEndian(segment[2..], destination.Port.Number);
        (segment[12], segment[13]) = (0x50, (byte)flags);
        var checksum = TcpHeader.ComputeChecksum(source.Address, destination.Address, segment);
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], checksum);
        return packet;
    }

    public static byte[] Echo(string from, string to, IcmpType type, ushort identifier)
    {
        var packet = Whole(IpProtocol.Icmp, IpAddress.Parse(from), IpAddress.Parse(to), 16);
        packet[30] = 0x5A;
        IcmpHeader.Write(packet.AsSpan(20), type, 0, identifier, 1);
        return packet;
    }

    public static byte[] Error(string from, string to, IcmpType type, byte[] about)
    {
        var packet = Whole(IpProtocol.Icmp, IpAddress.Parse(from), IpAddress.Parse(to), 8 + about.Length);
        about.CopyTo(packet, 28);
        IcmpHeader.Write(packet.AsSpan(20), type, 0, 0, 0);
        return packet;
    }

    /// <summary><c>SOURCE > DESTINATION</c>; of ICMP the identifier stands with the asker.</summary>
    public static string Ends(byte[] packet)
    {
        Ipv4Header.TryRead(packet, out var header);
        var transport = packet.AsSpan(header.Length);
        var (from, to) = (
            BinaryPrimitives.ReadUInt16BigEndian(transport),
            BinaryPrimitives.ReadUInt16BigEndian(transport[2..])
        );
        if (header.Protocol == IpProtocol.Icmp)
        {
            IcmpHeader.TryRead(transport, out var message);
            (from, to) = message.Type switch
            {
                IcmpType.EchoRequest => (message.Identifier, (ushort)0),
                IcmpType.EchoReply => ((ushort)0, message.Identifier),
                _ => ((ushort)0, (ushort)0),
            };
        }
        return $"{header.Source}:{from} > {header.Destination}:{to}";
    }

    /// <summary>Every checksum in the packet is right, as computed anew.</summary>
    public static void AssertRight(byte[] packet)
    {
        Assert.True(Ipv4Header.TryRead(packet, out var header) && header.HasRightChecksum, "IP checksum");
        var transport = packet.AsSpan(header.Length);
        var right = header.Protocol switch
        {
            IpProtocol.Udp => UdpHeader.TryRead(transport, out var udp)
                && udp.HasRightChecksum(header.Source, header.Destination),
            IpProtocol.Tcp => TcpHeader.ComputeChecksum(header.Source, header.Destination, transport) == 0,
            _ => InternetChecksum.Of(transport) == 0,
        };
        Assert.True(right, $"{header.Protocol} checksum");
    }

    private static byte[] Whole(IpProtocol protocol, IpAddress source, IpAddress destination, int payload)
    {
        var packet = new byte[Ipv4Header.MinLength + payload];
        Ipv4Header.Write(packet, payload, 1, 64, protocol, source, destination);
        return packet;
    }
}
