using System.Buffers.Binary;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// The cable that a script stands at the other end of. Packets of TCP, UDP and ICMP errors are kept for the script to look at;
/// questions for MAC addresses are answered at once, for every address, so that the script need not know of them.
/// </summary>
internal sealed class DrillLink(EventLoop loop, DrillSettings settings) : ILink
{
    private static readonly MacAddress Peer = new(0x02_00_00_00_00_02);

    public Adapter Adapter { get; set; } = null!;

    public string Name => "script";

    public int Mtu => settings.Mtu;

    /// <summary>What was sent and no line has looked at yet.</summary>
    public Queue<LivePacket> Sent { get; } = new();

    public void Transmit(PacketBuffer frame)
    {
        using (frame)
        {
            if (!EthernetHeader.TryRead(frame.Span, out var header))
                return;
            var packet = frame.Span[EthernetHeader.Length..^EthernetHeader.FcsLength];
            if (header.Type == EtherType.Arp)
                AnswerArp(packet);
            else if (!AnswerSolicitation(packet) && LivePacket.TryRead(packet, loop.Now, out var live))
                Sent.Enqueue(live);
        }
    }

    /// <summary>An IP packet arrives, now.</summary>
    public void Deliver(ReadOnlySpan<byte> packet) =>
        Deliver(packet, packet[0] >> 4 == 4 ? EtherType.Ipv4 : EtherType.Ipv6);

    private void Deliver(ReadOnlySpan<byte> packet, EtherType type)
    {
        var length = Math.Max(EthernetHeader.Length + packet.Length, EthernetHeader.MinFrameLength);
        var frame = loop.Packets.Rent(length + EthernetHeader.FcsLength);
        var bytes = frame.Append(length);
        bytes.Clear();
        EthernetHeader.Write(bytes, Adapter.Mac, Peer, type);
        packet.CopyTo(bytes[EthernetHeader.Length..]);
        var check = Crc32.Of(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.Append(EthernetHeader.FcsLength), check);
        loop.Post(_ => Adapter.Receive(frame), null);
    }

    private void AnswerArp(ReadOnlySpan<byte> packet)
    {
        if (!ArpMessage.TryRead(packet, out var asked) || asked.Operation != ArpOperation.Request)
            return;
        Span<byte> answer = stackalloc byte[ArpMessage.Length];
        new ArpMessage(ArpOperation.Reply, Peer, asked.Target, asked.SenderMac, asked.Sender).Write(answer);
        Deliver(answer, EtherType.Arp);
    }

    private bool AnswerSolicitation(ReadOnlySpan<byte> packet)
    {
        if (
            !Ipv6Header.TryRead(packet, out var header)
            || header.NextHeader != IpProtocol.IcmpV6
            || !NeighbourSolicitation.TryRead(packet[Ipv6Header.Length..header.TotalLength], out var asked)
        )
            return false;
        var answer = loop.Packets.Rent(0);
        NdMessage.WriteNeighbourAdvertisement(
            answer,
            asked.Target,
            Peer,
            isRouter: true,
            isSolicited: true,
            overrides: true
        );
        Icmpv6Header.Seal(answer.Span, asked.Target, header.Source);
        var bytes = new byte[Ipv6Header.Length + answer.Length];
        Ipv6Header.Write(bytes, answer.Length, NdMessage.HopLimit, IpProtocol.IcmpV6, asked.Target, header.Source);
        answer.Span.CopyTo(bytes.AsSpan(Ipv6Header.Length));
        answer.Dispose();
        Deliver(bytes, EtherType.Ipv6);
        return true;
    }
}
