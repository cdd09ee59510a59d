using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Packets from a host to itself: they come back through the loop's ready queue, so that whoever sends one is done before
/// it arrives.
/// </summary>
internal sealed class Loopback(EventLoop loop, Ip ip)
{
    public const string Name = "lo";
    public const int Mtu = Ipv4Header.MaxPacketLength;
    public static readonly Subnet Subnet = new(IpAddress.Loopback, 8);
    public static readonly Subnet Subnet6 = new(IpAddress.Loopback6, 128);

    private readonly Queue<PacketBuffer> _packets = new();

    public void Send(PacketBuffer packet)
    {
        _packets.Enqueue(packet);
        loop.Post(static loopback => ((Loopback)loopback!).Deliver(), this);
    }

    private void Deliver()
    {
        var packet = _packets.Dequeue();
        if (packet.Span[0] >> 4 == 4)
            ip.Receive(packet, adapter: null, linkBroadcast: false);
        else
            ip.ReceiveV6(packet, adapter: null, linkMulticast: false);
    }
}
