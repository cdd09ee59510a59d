using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>Packets made by hand, and what is asked of those on a wire.</summary>
internal static class Packets
{
    public static byte[] Ip(
        IpAddress source,
        IpAddress destination,
        IpProtocol protocol,
        byte[] payload,
        byte timeToLive = 64,
        byte typeOfService = 0,
        byte[]? options = null,
        Action<byte[]>? change = null
    )
    {
        var header = 20 + (options?.Length ?? 0);
        var packet = new byte[header + payload.Length];
        payload.CopyTo(packet, header);
        Ipv4Header.Write(
            packet,
            payload.Length,
            7,
            timeToLive,
            protocol,
            source,
            destination,
            typeOfService: typeOfService,
            options: options
        );
        if (change is null)
            return packet;
        change(packet);
        (packet[10], packet[11]) = (0, 0);
        var checksum = Reference.Checksum(packet[..header]);
        (packet[10], packet[11]) = ((byte)(checksum >> 8), (byte)checksum);
        return packet;
    }

    public static byte[] Udp(IpAddress source, IpAddress destination, ushort port) =>
        UdpBetween(new(source, 4000), new(destination, port));

    public static byte[] UdpBetween(Endpoint from, Endpoint to, int data = 8)
    {
        var datagram = new byte[8 + data];
        UdpHeader.Write(datagram, from, to);
        return datagram;
    }

    /// <summary>A UDP socket that is connected, and where it is bound.</summary>
    public static DatagramSocket OpenDatagramTo(this ProtocolStack stack, IpAddress to, ushort port, out Endpoint local)
    {
        var socket = stack.OpenDatagram();
        Assert.True(socket.ConnectAsync(new(to, port)).IsCompletedSuccessfully);
        local = socket.LocalEndpoint;
        return socket;
    }

    public static byte[] Echo(int data = 8)
    {
        var message = new byte[8 + data];
        IcmpHeader.Write(message, IcmpType.EchoRequest, 0, 1, 1);
        return message;
    }

    public static byte[] Error(IcmpType type, byte code, uint rest, byte[] about)
    {
        var message = new byte[8 + about.Length];
        about.CopyTo(message, 8);
        IcmpHeader.Write(message, type, code, rest);
        return message;
    }

    /// <summary>The ICMP messages that crossed a wire, each from its type on; and that all about them is right.</summary>
    public static List<byte[]> Icmp(Wire wire)
    {
        var found = new List<byte[]>();
        foreach (var frame in wire.Frames.Where(frame => frame[12] == 8 && frame[13] == 0 && frame[14 + 9] == 1))
        {
            Reference.AssertSound(frame);
            found.Add(Whole(frame)[((frame[14] & 15) * 4)..]);
        }
        return found;
    }

    /// <summary>The packet in a frame.</summary>
    public static byte[] Whole(byte[] frame) => frame[14..(14 + frame[16] * 256 + frame[17])];
}
