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
    private readonly List<LocalAddress> _configured = [];
    private readonly List<InterfaceAddress> _addresses = [];

    internal Adapter(ProtocolStack stack, string name, MacAddress mac, ILink link, int number)
    {
        (_stack, Name, Mac, Link, Number) = (stack, name, mac, link, number);
        Arp = new Arp(stack, this);
        Discovery = new NeighbourDiscovery(stack, this);
        Groups = new GroupMembership(stack.Ip);
    }

    public string Name { get; }

    /// <summary>From 1 on, in the order in which the adapters were added: the scope identifier of what is known on this link only.</summary>
    public int Number { get; }

    public MacAddress Mac { get; }

    public ILink Link { get; }

    /// <summary>What the link takes, or less where somebody has said so (<see cref="MtuLimit"/>).</summary>
    public int Mtu => Math.Min(Link.Mtu, MtuLimit);

    /// <summary>The longest packet that the others on the link take, as DHCP may tell.</summary>
    public int MtuLimit { get; set; } = int.MaxValue;

    /// <summary>How long an IPv6 packet may be here: a router may have said that it is less than the link takes.</summary>
    public int Ipv6Mtu => Mtu;

    public Arp Arp { get; }

    public NeighbourDiscovery Discovery { get; }

    /// <summary>The groups that are listened to here.</summary>
    public GroupMembership Groups { get; }

    /// <summary>Promiscuous mode: is shown every whole frame that comes by, without its FCS, also those for others. Null is off.</summary>
    public Action<ReadOnlyMemory<byte>>? Sniffer { get; set; }

    /// <summary>The addresses that are this host's.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses => _addresses;

    /// <summary>The same with their states, and those besides that are not its own yet, or cannot be.</summary>
    public IReadOnlyList<LocalAddress> Configured => _configured;

    /// <summary>Speaks IPv6 here: from the first IPv6 address on.</summary>
    public bool HasIpv6 { get; private set; }

    public long FramesSent { get; private set; }

    public long BytesSent { get; private set; }

    public long FramesReceived { get; private set; }

    public long BytesReceived { get; private set; }

    /// <summary>
    /// Gives the adapter an address that it has had for long, as it were: nobody is asked whether it is free. The routing
    /// table gets the route to the subnet that it stands in.
    /// </summary>
    public void AddAddress(InterfaceAddress address)
    {
        if (!address.Address.IsV4)
            EnableIpv6(hasLinkLocal: address.Address.IsLinkLocal);
        Use(
            new(
                address,
                address.Address.IsLinkLocal && !address.Address.IsV4 ? AddressOrigin.LinkLocal : AddressOrigin.Static
            )
        );
    }

    /// <summary>Takes an address away, and the route to its subnet if no other address stands in that.</summary>
    public bool RemoveAddress(InterfaceAddress address)
    {
        var index = _configured.FindIndex(mine => mine.Address == address);
        if (index < 0)
            return false;
        var removed = _configured[index];
        _configured.RemoveAt(index);
        if (removed.IsUsable)
            StopUsing(address);
        if (!address.Address.IsV4)
            Groups.Leave(MulticastGroups.SolicitedNode(address.Address));
        return true;
    }

    /// <summary>From now on IPv6 is spoken here: with a link-local address (RFC 4291 §2.8), and an ear for what is said to all.</summary>
    /// <exception cref="ArgumentException">The link takes less than IPv6 asks of every link (RFC 8200 §5).</exception>
    private void EnableIpv6(bool hasLinkLocal)
    {
        if (HasIpv6)
            return;
        if (Mtu < Ipv6Header.LeastMtu)
            throw new ArgumentException(
                $"{Link.Name} takes packets of {Mtu} bytes, and IPv6 needs links that take {Ipv6Header.LeastMtu}."
            );
        HasIpv6 = true;
        Groups.Join(MulticastGroups.AllNodes);
        if (!hasLinkLocal)
            Use(new(LinkLocalAddress, AddressOrigin.LinkLocal));
    }

    /// <summary>Made of the MAC address, so that in a capture one is known by the other.</summary>
    private InterfaceAddress LinkLocalAddress =>
        new(
            InterfaceIdentifier.AddressIn(InterfaceIdentifier.LinkLocal, InterfaceIdentifier.Eui64(Mac)),
            InterfaceIdentifier.Bits
        );

    private void Use(LocalAddress address)
    {
        address.State = AddressState.Preferred;
        _configured.Add(address);
        var (mine, subnet) = (address.Address, address.Address.Subnet);
        if (!mine.Address.IsV4)
            Groups.Join(MulticastGroups.SolicitedNode(mine.Address));
        if (!_addresses.Exists(other => other.Subnet == subnet))
            _stack.Ip.Routes.Add(new(subnet, this, IpAddress.Any));
        _addresses.Add(mine);
        _stack.Ip.AddLocal(mine, this);
    }

    private void StopUsing(InterfaceAddress address)
    {
        _addresses.Remove(address);
        _stack.Ip.RemoveLocal(address);
        if (!_addresses.Exists(other => other.Subnet == address.Subnet))
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

    /// <summary>The IPv4 address to give as mine to <paramref name="peer"/>: the one in its subnet, else the first.</summary>
    public IpAddress SourceFor(IpAddress peer)
    {
        var first = IpAddress.Any;
        foreach (var mine in _addresses)
        {
            if (!mine.Address.IsV4)
                continue;
            if (mine.Subnet.Contains(peer))
                return mine.Address;
            if (first.IsAny)
                first = mine.Address;
        }
        return first;
    }

    /// <summary>A sign of life from a neighbour, seen by a higher layer.</summary>
    internal void Confirm(IpAddress neighbour)
    {
        if (neighbour.IsV4)
            Arp.Confirm(neighbour);
        else
            Discovery.Confirm(neighbour);
    }

    internal void PowerOff()
    {
        Arp.PowerOff();
        Discovery.PowerOff();
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
        Sniffer?.Invoke(frame.Memory[..body.Length]);
        EthernetHeader.TryRead(body, out var header);
        var (destination, type) = (header.Destination, header.Type);
        if (destination != Mac && !destination.IsBroadcast && !Groups.Takes(destination))
        {
            Ignore(frame, destination);
            return;
        }
        frame.Truncate(body.Length);
        frame.TrimStart(EthernetHeader.Length);
        switch (type)
        {
            case EtherType.Ipv4:
                _stack.Ip.Receive(frame, this, destination.IsBroadcast);
                break;
            case EtherType.Ipv6 when HasIpv6:
                _stack.Ip.ReceiveV6(frame, this, destination.IsMulticast);
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

    /// <summary>Frames to others' groups are everyday life on a link: counted, but nothing to tell.</summary>
    private void Ignore(PacketBuffer frame, MacAddress destination)
    {
        if (!destination.IsMulticast)
        {
            Drop(frame, DropReason.NotForMe);
            return;
        }
        _stack.Counters.Count(DropReason.GroupNotJoined);
        frame.Dispose();
    }

    private void Drop(PacketBuffer frame, DropReason reason)
    {
        _stack.Drop(Layer.Ethernet, reason, frame.Cause, Name);
        frame.Dispose();
    }
}
