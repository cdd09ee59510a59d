using System.Buffers.Binary;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>Turns the packets that a script lets arrive into bytes, with true headers and checksums.</summary>
internal sealed class DrillWriter(DrillSettings settings)
{
    private const byte TimeToLive = 255;

    public byte[] Write(DrillPacket packet, DrillConversation conversation)
    {
        var transport = packet.Payload switch
        {
            DrillTcp tcp => Arriving(tcp, conversation),
            DrillUdp udp => Datagram(udp, conversation.Remote, conversation.Local),
            DrillIcmp icmp => Message(packet.Line, icmp, conversation),
            _ => throw new InvalidOperationException(),
        };
        var isMessage = packet.Payload is DrillIcmp;
        return Packet(
            packet.Ip,
            isMessage ? IcmpOf(conversation.Local) : conversation.Protocol,
            isMessage ? settings.GatewayAddress : conversation.Remote.Address,
            conversation.Local.Address,
            transport
        );
    }

    private static IpProtocol IcmpOf(Endpoint end) => end.Address.IsV4 ? IpProtocol.Icmp : IpProtocol.IcmpV6;

    private static byte[] Packet(
        in DrillIp ip,
        IpProtocol protocol,
        IpAddress source,
        IpAddress destination,
        byte[] transport
    )
    {
        var service = (byte)((ip.TypeOfService ?? 0) | (ip.Ecn ?? 0));
        var hops = ip.TimeToLive ?? TimeToLive;
        var length = source.IsV4 ? Ipv4Header.MinLength : Ipv6Header.Length;
        var bytes = new byte[length + transport.Length];
        if (source.IsV4)
            Ipv4Header.Write(bytes, transport.Length, 0, hops, protocol, source, destination, true, service);
        else
            Ipv6Header.Write(bytes, transport.Length, hops, protocol, source, destination, service);
        transport.CopyTo(bytes, length);
        return bytes;
    }

    private static byte[] Datagram(DrillUdp udp, Endpoint source, Endpoint destination)
    {
        var bytes = new byte[UdpHeader.Size + udp.Length];
        UdpHeader.Write(bytes, source, destination);
        return bytes;
    }

    private static byte[] Arriving(DrillTcp tcp, DrillConversation conversation)
    {
        var isSyn = tcp.Flags.Has(TcpFlags.Syn);
        if (isSyn)
            conversation.OnTheirSyn(tcp.Start);
        return Segment(
            tcp,
            conversation.Remote,
            conversation.Local,
            conversation.TheirOffset(isSyn),
            conversation.Offset(isSyn),
            conversation
        );
    }

    /// <param name="sequenceOffset">What the cable's numbers are ahead of the script's: of the sender's,</param>
    /// <param name="otherOffset">and of the other end's, which it acknowledges.</param>
    private static byte[] Segment(
        DrillTcp tcp,
        Endpoint source,
        Endpoint destination,
        uint sequenceOffset,
        uint otherOffset,
        DrillConversation? translation
    )
    {
        var options = (byte[])(tcp.Options ?? DrillTcpOptions.None).Bytes.Clone();
        if (translation is not null)
            Translate(options, tcp.Options ?? DrillTcpOptions.None, otherOffset, translation);
        var bytes = new byte[TcpHeader.MinLength + options.Length + tcp.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, source.Port.Number);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), destination.Port.Number);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), tcp.Start + sequenceOffset);
        var acknowledgement = tcp.Acknowledgement is { } number ? number + otherOffset : 0;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), acknowledgement);
        bytes[12] = (byte)((TcpHeader.MinLength + options.Length) / 4 << 4);
        bytes[13] = (byte)tcp.Flags;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), tcp.Window ?? 0);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(18), tcp.Urgent);
        options.CopyTo(bytes, TcpHeader.MinLength);
        var checksum = TcpHeader.ComputeChecksum(source.Address, destination.Address, bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(16), checksum);
        return bytes;
    }

    /// <summary>The peer speaks of our numbers in SACK blocks and echoes of time stamps.</summary>
    private static void Translate(byte[] bytes, DrillTcpOptions options, uint offset, DrillConversation conversation)
    {
        foreach (var at in options.SackAt)
        {
            var edge = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), edge + offset);
        }
        if (options.TimestampAt < 0)
            return;
        var echo = bytes.AsSpan(options.TimestampAt + 4);
        var script = BinaryPrimitives.ReadUInt32BigEndian(echo);
        BinaryPrimitives.WriteUInt32BigEndian(echo, script == 0 ? 0 : conversation.EchoOf(script));
    }

    /// <summary>An error quotes the beginning of what we had sent: the IP header, and eight octets of what it carried.</summary>
    private byte[] Message(int line, DrillIcmp icmp, DrillConversation conversation)
    {
        var isV4 = conversation.Local.Address.IsV4;
        if (!IcmpKinds.TryFind(icmp.Kind, icmp.Code, !isV4, out var type, out var code))
            throw new DrillScriptException(
                line,
                $"{(isV4 ? "ICMP" : "ICMPv6")} has no message '{icmp.Kind} {icmp.Code}'"
            );
        var (local, remote) = (conversation.Local, conversation.Remote);
        var quoted = icmp.Quoted switch
        {
            DrillUdp udp => Datagram(udp, local, remote),
            DrillTcp tcp => Segment(tcp, local, remote, conversation.Offset(tcp.Flags.Has(TcpFlags.Syn)), 0, null),
            _ => conversation.Protocol == IpProtocol.Udp
                ? Datagram(new(null, 0), local, remote)
                // Longer than the path takes, or nobody would believe that it was too long.
                : Segment(
                    new(null, TcpFlags.Ack, 1, (int)Math.Min(icmp.Mtu ?? 0, ushort.MaxValue / 2), null, null, 0, null),
                    local,
                    remote,
                    conversation.Offset(),
                    0,
                    null
                ),
        };
        var about = Packet(default, conversation.Protocol, local.Address, remote.Address, quoted);
        about = about[..Math.Min(about.Length, about.Length - quoted.Length + TcpHeader.MinLength)];
        var bytes = new byte[IcmpHeader.Length + about.Length];
        about.CopyTo(bytes, IcmpHeader.Length);
        if (isV4)
            IcmpHeader.Write(bytes, (IcmpType)type, code, icmp.Mtu ?? 0);
        else
            Icmpv6Header.Write(bytes, (Icmpv6Type)type, code, icmp.Mtu ?? 0, settings.GatewayAddress, local.Address);
        return bytes;
    }
}
