using System.Buffers.Binary;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>A number for the conversation that a frame is part of: addresses, protocol and ports; of what is not IP, the MAC addresses.</summary>
public static class FlowHash
{
    private const int FragmentMask = 0x3FFF;

    public static ulong Of(ReadOnlySpan<byte> frame, ulong key)
    {
        if (!EthernetHeader.TryRead(frame, out var header))
            return key;
        var packet = frame[EthernetHeader.Length..];
        return header.Type switch
        {
            EtherType.Ipv4 when packet.Length >= 20 => OfIpv4(packet, key),
            EtherType.Ipv6 when packet.Length >= 40 => OfIpv6(packet, key),
            _ => Mix(frame[..EthernetHeader.Length], key),
        };
    }

    private static ulong OfIpv4(ReadOnlySpan<byte> packet, ulong key)
    {
        var hash = Mix(packet[12..20], key ^ packet[9]);
        // The second fragment of a datagram has no ports: none of them counts by them.
        var isFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & FragmentMask) != 0;
        return isFragment ? hash : WithPorts(packet, (packet[0] & 15) * 4, packet[9], hash);
    }

    private static ulong OfIpv6(ReadOnlySpan<byte> packet, ulong key) =>
        WithPorts(packet, 40, packet[6], Mix(packet[8..40], key ^ packet[6]));

    private static ulong WithPorts(ReadOnlySpan<byte> packet, int at, byte protocol, ulong hash) =>
        protocol is 6 or 17 && packet.Length >= at + 4 ? Mix(packet.Slice(at, 4), hash) : hash;

    private static ulong Mix(ReadOnlySpan<byte> bytes, ulong hash)
    {
        foreach (var octet in bytes)
        {
            hash = (hash ^ octet) * 0x9E37_79B9_7F4A_7C15UL;
            hash ^= hash >> 32;
        }
        return hash;
    }
}
