using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// A LAN adapter and its driver: puts packets into frames and takes them out again. What is damaged or meant for others
/// goes no further than here.
/// </summary>
public sealed class Adapter : IFrameReceiver
{
    private readonly ProtocolStack _stack;
    private readonly List<InterfaceAddress> _addresses = [];

    internal Adapter(ProtocolStack stack, string name, MacAddress mac, ILink link)
    {
        (_stack, Name, Mac, Link) = (stack, name, mac, link);
        Arp = new Arp(stack, this);
    }

    public string Name { get; }

    public MacAddress Mac { get; }

    public ILink Link { get; }

    /// <summary>What the link takes, or less where somebody has said so (<see cref="MtuLimit"/>).</summary>
    public int Mtu => Math.Min(Link.Mtu, MtuLimit);

    /// <summary>The longest packet that the others on the link take, as DHCP may tell.</summary>
    public int MtuLimit { get; set; } = int.MaxValue;

    public Arp Arp { get; }

    public IReadOnlyList<InterfaceAddress> Addresses => _addresses;

    public long FramesSent { get; private set; }

    public long BytesSent { get; private set; }

    public long FramesReceived { get; private set; }

    public long BytesReceived { get; private set; }

    /// <summary>Gives the adapter an address, and the routing table the route to the subnet that it stands in.</summary>
    public void AddAddress(InterfaceAddress address)
    {
        _addresses.Add(address);
        _stack.Ip.AddLocal(address, this);
        _stack.Ip.Routes.Add(new(address.Subnet, this, IpAddress.Any));
    }

    /// <summary>Takes an address away again, and the route to its subnet with it.</summary>
    public void RemoveAddress(InterfaceAddress address)
    {
        if (!_addresses.Remove(address))
            return;
        _stack.Ip.RemoveLocal(address, this);
        _stack.Ip.Routes.Remove(new(address.Subnet, this, IpAddress.Any));
    }

    public bool Owns(IpAddress address)
    {
        foreach (var mine in _addresses)
        {
            if (mine.Address == address)
                return true;
        }
        return false;
    }

    /// <summary>Stands <paramref name="address"/> in one of the subnets that are reached without a router?</summary>
    public bool IsOnLink(IpAddress address)
    {
        foreach (var mine in _addresses)
        {
            if (mine.Subnet.Contains(address))
                return true;
        }
        return false;
    }

    /// <summary>Can these two reach each other here without a router?</summary>
    internal bool ShareSubnet(IpAddress a, IpAddress b)
    {
        foreach (var mine in _addresses)
        {
            if (mine.Subnet.Contains(a) && mine.Subnet.Contains(b))
                return true;
        }
        return false;
    }

    /// <summary>The address to give as mine to <paramref name="peer"/>: the one in its subnet, else the first.</summary>
    public IpAddress SourceFor(IpAddress peer)
    {
        foreach (var mine in _addresses)
        {
            if (mine.Subnet.Contains(peer))
                return mine.Address;
        }
        return _addresses.Count > 0 ? _addresses[0].Address : IpAddress.Any;
    }

    public void Receive(PacketBuffer frame)
    {
        if (_stack.IsOff)
        {
            frame.Dispose();
            return;
        }
        FramesReceived++;
        BytesReceived += frame.Length;
        var bytes = frame.Span;
        var hasRightCheck = EthernetHeader.HasRightCheck(bytes);
        if (bytes.Length < EthernetHeader.MinFrameLength + EthernetHeader.FcsLength)
        {
            Drop(frame, hasRightCheck ? DropReason.FrameTooShort : DropReason.CollisionFragment);
            return;
        }
        if (!hasRightCheck)
        {
            Drop(frame, DropReason.FrameCheckFailed);
            return;
        }
        var body = bytes[..^EthernetHeader.FcsLength];
        EthernetHeader.TryRead(body, out var header);
        var (destination, type) = (header.Destination, header.Type);
        if (destination != Mac && !destination.IsBroadcast)
        {
            Drop(frame, DropReason.NotForMe);
            return;
        }
        frame.Truncate(body.Length);
        frame.TrimStart(EthernetHeader.Length);
        switch (type)
        {
            case EtherType.Ipv4:
                _stack.Ip.Receive(frame, this, destination.IsBroadcast);
                break;
            case EtherType.Arp:
                Arp.Receive(frame);
                break;
            default:
                Drop(frame, DropReason.UnknownEtherType);
                break;
        }
    }

    /// <summary>Frames a packet and puts it on the link; owns it from now on.</summary>
    internal void Send(PacketBuffer packet, MacAddress destination, EtherType type)
    {
        var padding = Math.Max(0, EthernetHeader.MinFrameLength - EthernetHeader.Length - packet.Length);
        var frame = WithRoom(packet, EthernetHeader.Length, padding + EthernetHeader.FcsLength);
        EthernetHeader.Write(frame.Prepend(EthernetHeader.Length), destination, Mac, type);
        // A pooled buffer still holds an earlier packet's bytes: padding that is not cleared would tell them to the link.
        frame.Append(padding).Clear();
        var check = Crc32.Of(frame.Span);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.Append(EthernetHeader.FcsLength), check);
        FramesSent++;
        BytesSent += frame.Length;
        Link.Transmit(frame);
    }

    /// <summary>The same buffer where the headers fit, else a larger one: a forwarded packet may come from anywhere.</summary>
    private PacketBuffer WithRoom(PacketBuffer packet, int head, int tail)
    {
        if (packet.HeadRoom >= head && packet.TailRoom >= tail)
            return packet;
        var larger = _stack.Loop.Packets.Rent(packet.Length + tail);
        larger.Append(packet.Span);
        larger.Cause = packet.Cause;
        packet.Dispose();
        return larger;
    }

    private void Drop(PacketBuffer frame, DropReason reason)
    {
        _stack.Drop(Layer.Ethernet, reason, frame.Cause, Name);
        frame.Dispose();
    }
}
