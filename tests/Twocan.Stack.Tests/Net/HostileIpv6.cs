using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>IPv6 frames that are right in a random number of layers and random in the rest.</summary>
internal static class HostileIpv6
{
    /// <summary>Fills a frame whose destination is written already, but for its check sequence.</summary>
    public static void Fill(Span<byte> frame, RandomSource random)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], (ushort)EtherType.Ipv6);
        var packet = frame[14..^4];
        if (packet.Length < Ipv6Header.Length + 8)
            return;
        var (source, destination) = (RandomAddress(random), RandomAddress(random));
        if (destination.IsMulticast && random.Chance(0.9))
            MulticastGroups.MacOf(destination).Write(frame);
        var length = random.Chance(0.9) ? packet.Length - Ipv6Header.Length : random.Next(300);
        Ipv6Header.Write(packet, length, RandomHopLimit(random), RandomNext(random), source, destination);
        var at = Ipv6Header.Length;
        var next = Ipv6Header.NextHeaderAt;
        while (packet.Length - at > 16 && Ipv6Extensions.IsExtension((IpProtocol)packet[next]))
        {
            // Short and plausible, mostly: padding, no segments left, a fragment of few.
            if (random.Chance(0.8))
            {
                packet.Slice(at, 8).Clear();
                (packet[at + 2], packet[at + 3]) = packet[next] switch
                {
                    (byte)IpProtocol.Fragment => ((byte)0, (byte)(random.Next(6) * 8 | random.Next(2))),
                    (byte)IpProtocol.Routing => ((byte)0, (byte)random.Next(2)),
                    _ => ((byte)1, (byte)4),
                };
                packet[at + 7] = (byte)random.Next(4);
            }
            packet[at] = (byte)RandomNext(random);
            (next, at) = (at, at + 8);
        }
        FillPayload((IpProtocol)packet[next], packet[at..], source, destination, random);
    }

    private static void FillPayload(
        IpProtocol protocol,
        Span<byte> payload,
        IpAddress source,
        IpAddress destination,
        RandomSource random
    )
    {
        if (payload.Length < 8)
            return;
        if (protocol == IpProtocol.Udp)
        {
            var port = (ushort)(random.Chance(0.5) ? 53 : random.NextUInt16());
            UdpHeader.Write(payload, new(source, random.NextUInt16()), new(destination, port));
        }
        if (protocol != IpProtocol.IcmpV6)
            return;
        byte[] types = [1, 2, 3, 4, 128, 129, 130, 131, 132, 143, 133, 134, 135, 136, 137, 134, 135, 136, 5, 200];
        var type = (Icmpv6Type)types[random.Next(types.Length)];
        if (payload.Length > 24 && random.Chance(0.8))
        {
            RandomAddress(random).Write(payload[8..]);
            if (payload.Length > 40)
                RandomAddress(random).Write(payload[24..]);
            var fixedLength =
                type == Icmpv6Type.RouterAdvertisement ? 16
                : type == Icmpv6Type.Redirect ? 40
                : 24;
            for (var at = fixedLength; at + 8 <= payload.Length; at += 8 * Math.Max(1, (int)payload[at + 1]))
                (payload[at], payload[at + 1]) = ((byte)random.Next(1, 7), (byte)(random.Chance(0.7) ? 1 : 4));
        }
        if (Icmpv6Header.IsError(type) && payload.Length > 60 && random.Chance(0.7))
            Ipv6Header.Write(payload[8..], random.Next(2000), 64, RandomNext(random), destination, source);
        var rest = random.Chance(0.5) ? (uint)random.Next(2000) : random.NextUInt32();
        var code = (byte)(random.Chance(0.8) ? 0 : random.Next(6));
        Icmpv6Header.Write(payload, type, code, rest, source, destination);
    }

    private static byte RandomHopLimit(RandomSource random) =>
        random.Chance(0.5) ? NdMessage.HopLimit : (byte)random.Next(random.Chance(0.2) ? 3 : 256);

    private static IpProtocol RandomNext(RandomSource random) =>
        random.Next(16) switch
        {
            < 6 => IpProtocol.IcmpV6,
            < 9 => IpProtocol.Udp,
            9 => IpProtocol.Tcp,
            10 => IpProtocol.HopByHop,
            11 => IpProtocol.Fragment,
            12 => IpProtocol.Routing,
            13 => IpProtocol.DestinationOptions,
            14 => IpProtocol.NoNextHeader,
            _ => (IpProtocol)random.Next(256),
        };

    private static IpAddress RandomAddress(RandomSource random) =>
        random.Next(16) switch
        {
            0 => new(random.NextUInt64(), random.NextUInt64()),
            1 => IpAddress.Any6,
            2 => IpAddress.Loopback6,
            3 => new(0, 0xFFFF_0A00_0001),
            4 => MulticastGroups.AllNodes,
            5 => MulticastGroups.AllRouters,
            6 => MulticastGroups.SolicitedNode(Net.Router6),
            7 => new(0xFE80UL << 48, random.NextUInt64()),
            8 => new(0xFE80UL << 48, 0x0000_00FF_FE00_0000UL | (uint)random.Next(256)),
            < 11 => Net.Router6,
            11 => IpAddress.Parse("2001:db8:9::1"),
            _ => new(Net.Pc6.High | (uint)random.Next(2) * 9, (uint)random.Next(256)),
        };
}
