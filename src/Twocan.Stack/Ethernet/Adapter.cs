using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// A LAN adapter and its driver: puts packets into frames and takes them out again. What is damaged or meant for others
/// goes no further than here.
/// </summary>
public sealed class Adapter : IFrameReceiver
{
    private readonly ProtocolStack _stack;
    private readonly AddressConfiguration _addresses;
    private RouterAdvertisements? _advertisements;
    private Coalescing? _coalescing;
    private bool _isFlushDue;

    internal Adapter(ProtocolStack stack, string name, MacAddress mac, ILink link, int number)
    {
        (_stack, Name, Mac, Link, Number) = (stack, name, mac, link, number);
        Arp = new Arp(stack, this);
        Discovery = new NeighbourDiscovery(stack, this);
        Groups = new GroupMembership(stack.Ip);
        Listening = new MulticastListener(stack, this);
        _addresses = new AddressConfiguration(stack, this);
        Autoconfiguration = new Autoconfiguration(stack, this);
    }

    public string Name { get; }

    /// <summary>From 1 on, in the order in which the adapters were added: the scope identifier of what is known on this link only.</summary>
    public int Number { get; }

    public MacAddress Mac { get; }

    public ILink Link { get; }

    /// <summary>What the link takes, or less where somebody has said so (<see cref="MtuLimit"/>).</summary>
    public int Mtu => Math.Min(Link.Mtu, MtuLimit);

    /// <summary>The longest packet that the others on the link take, as DHCP may tell.</summary>
    public int MtuLimit
    {
        get;
        set
        {
            field = value;
            _stack.Ip.ForgetRoutes();
        }
    } = int.MaxValue;

    /// <summary>How long an IPv6 packet may be here: a router may have said that it is less than the link takes.</summary>
    public int Ipv6Mtu => Math.Min(Mtu, Autoconfiguration.MtuLimit);

    /// <summary>
    /// Takes segments of TCP that are too large for its link and cuts them itself, leaves checksums to the link's other end,
    /// and takes such from there: as hardware does it (TSO, LRO, checksum offload), where <see cref="ILink.TakesOffload"/>.
    /// Elsewhere the driver does the same in software, one layer below TCP (GSO), and puts together what arrives in one turn of
    /// the loop (GRO). Off, each frame is what a wire would carry.
    /// </summary>
    public bool Offload { get; set; }

    bool IFrameReceiver.TakesOffload => Offload && !_stack.IsOff;

    public Arp Arp { get; }

    public NeighbourDiscovery Discovery { get; }

    /// <summary>The groups that are listened to here.</summary>
    public GroupMembership Groups { get; }

    /// <summary>What this host has learned from routers here.</summary>
    public Autoconfiguration Autoconfiguration { get; }

    internal MulticastListener Listening { get; }

    /// <summary>Promiscuous mode: is shown every whole frame that comes by, without its FCS, also those for others. Null is off.</summary>
    public Action<ReadOnlyMemory<byte>>? Sniffer { get; set; }

    /// <summary>The addresses that are this host's.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses => _addresses.Usable;

    /// <summary>The same with their states, and those besides that are not its own yet, or cannot be.</summary>
    public IReadOnlyList<LocalAddress> Configured => _addresses.Table.Addresses;

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
    public void AddAddress(InterfaceAddress address) => Configure(address, OriginOf(address.Address), null, default);

    /// <summary>
    /// Gives the adapter an address as soon as the link has been asked and nobody has it (RFC 4862 §5.4, RFC 5227 §2.1); who has
    /// it, and what became of it, tells <see cref="Configured"/>.
    /// </summary>
    /// <param name="detection">Null is what the RFC of its family says.</param>
    public LocalAddress ClaimAddress(
        InterfaceAddress address,
        DetectionSettings? detection = null,
        EventId because = default
    ) => Configure(address, OriginOf(address.Address), detection ?? DetectionSettings.For(address.Address), because);

    /// <summary>Takes an address away, and the route to its subnet if no other address stands in that.</summary>
    public bool RemoveAddress(InterfaceAddress address) => _addresses.Remove(address);

    /// <summary>
    /// Lets the adapter find its IPv6 addresses, routers and name servers by itself (RFC 4861 §6.3, RFC 4862): first a link-local
    /// address, then what routers advertise.
    /// </summary>
    public void Autoconfigure(EventId because = default)
    {
        EnableIpv6(LinkLocalAddress, DetectionSettings.Ipv6, because);
        Autoconfiguration.Start(because);
    }

    /// <summary>An address that was asked about is this adapter's from now on.</summary>
    public event Action? AddressAcquired;

    internal void OnAcquired(LocalAddress address)
    {
        Autoconfiguration.OnAcquired(address);
        AddressAcquired?.Invoke();
    }

    /// <summary>Lets a router say on this link that it is one, and which prefixes there are. Null ends it.</summary>
    public void Advertise(AdvertisementSettings? settings)
    {
        _advertisements?.Stop();
        _advertisements = settings is null ? null : new(_stack, this, settings);
    }

    internal LocalAddress Configure(
        InterfaceAddress address,
        AddressOrigin origin,
        DetectionSettings? detection,
        EventId because,
        int dadCounter = 0
    )
    {
        if (!address.Address.IsV4)
            EnableIpv6(origin == AddressOrigin.LinkLocal ? null : LinkLocalAddress, detection, because);
        return _addresses.Add(address, origin, detection, because, dadCounter);
    }

    internal void SetLifetimes(LocalAddress address, Instant preferredUntil, Instant validUntil) =>
        _addresses.SetLifetimes(address, preferredUntil, validUntil);

    internal bool OnConflict(IpAddress address, MacAddress by, EventId because) =>
        _addresses.OnConflict(address, by, because);

    internal void OnRouterSolicitation(EventId because) => _advertisements?.OnSolicitation(because);

    /// <summary>From now on IPv6 is spoken here: with a link-local address (RFC 4291 §2.8), and an ear for what is said to all.</summary>
    /// <exception cref="ArgumentException">The link takes less than IPv6 asks of every link (RFC 8200 §5).</exception>
    private void EnableIpv6(InterfaceAddress? linkLocal, DetectionSettings? detection, EventId because)
    {
        if (HasIpv6)
            return;
        if (Mtu < Ipv6Header.LeastMtu)
            throw new ArgumentException(
                $"{Link.Name} takes packets of {Mtu} bytes, and IPv6 needs links that take {Ipv6Header.LeastMtu}."
            );
        HasIpv6 = true;
        Groups.Join(MulticastGroups.AllNodes);
        if (linkLocal is { } address)
            _addresses.Add(address, AddressOrigin.LinkLocal, detection, because);
    }

    /// <summary>Made of the MAC address, so that in a capture one is known by the other.</summary>
    private InterfaceAddress LinkLocalAddress =>
        new(
            InterfaceIdentifier.AddressIn(InterfaceIdentifier.LinkLocal, InterfaceIdentifier.Eui64(Mac)),
            InterfaceIdentifier.Bits
        );

    private static AddressOrigin OriginOf(IpAddress address) =>
        address is { IsV4: false, IsLinkLocal: true } ? AddressOrigin.LinkLocal : AddressOrigin.Static;

    public bool Owns(IpAddress address)
    {
        foreach (var mine in _addresses.Usable)
        {
            if (mine.Address == address)
                return true;
        }
        return false;
    }

    /// <summary>Stands <paramref name="address"/> in one of the subnets that are reached without a router?</summary>
    public bool IsOnLink(IpAddress address)
    {
        // Where the others are is no secret, even while it is not certain yet who I am.
        foreach (var mine in _addresses.Table.All)
        {
            if (mine.Address.Subnet.Contains(address) && mine.State != AddressState.Duplicate)
                return true;
        }
        return false;
    }

    /// <summary>Can these two reach each other here without a router?</summary>
    internal bool ShareSubnet(IpAddress a, IpAddress b)
    {
        foreach (var mine in _addresses.Usable)
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
        foreach (var mine in _addresses.Usable)
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
        Listening.PowerOff();
        _addresses.PowerOff();
        Autoconfiguration.PowerOff();
        _advertisements?.Stop();
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
        if (Sniffer is not null)
            PacketChecks.FinishFrame(frame);
        var bytes = frame.Span;
        var hasRightCheck = frame.LacksChecks || EthernetHeader.HasRightCheck(bytes);
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
        if (Offload && type is EtherType.Ipv4 or EtherType.Ipv6)
            Coalesce(frame);
        else
            Deliver(frame, type, destination);
    }

    private void Coalesce(PacketBuffer frame)
    {
        _coalescing ??= new(_stack.Loop.Packets);
        _coalescing.Add(frame);
        DeliverReady();
        if (_isFlushDue || !_coalescing.IsHolding)
            return;
        _isFlushDue = true;
        _stack.Loop.Post(static adapter => ((Adapter)adapter!).Flush(), this);
    }

    private void Flush()
    {
        _isFlushDue = false;
        _coalescing!.Flush();
        DeliverReady();
    }

    private void DeliverReady()
    {
        while (_coalescing!.TryTake(out var frame))
        {
            EthernetHeader.TryRead(frame.Span, out var header);
            if (_stack.IsOff)
                frame.Dispose();
            else
                Deliver(frame, header.Type, header.Destination);
        }
    }

    private void Deliver(PacketBuffer frame, EtherType type, MacAddress destination)
    {
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
        if ((packet.LacksChecks || packet.SegmentSize > 0) && !Link.TakesOffload)
            FinishAndSend(packet, destination, type);
        else
            SendFrame(packet, destination, type);
    }

    /// <summary>On this link there is nobody who takes it as it is: what was left to do is done here.</summary>
    private void FinishAndSend(PacketBuffer packet, MacAddress destination, EtherType type)
    {
        if (packet.SegmentSize == 0)
        {
            PacketChecks.Finish(packet);
            SendFrame(packet, destination, type);
            return;
        }
        var segments = new Segmentation(packet, _stack.Loop.Packets);
        while (segments.TryNext(out var segment))
            SendFrame(segment, destination, type);
        packet.Dispose();
    }

    private void SendFrame(PacketBuffer packet, MacAddress destination, EtherType type)
    {
        var padding = Math.Max(0, EthernetHeader.MinFrameLength - EthernetHeader.Length - packet.Length);
        var frame = WithRoom(packet, EthernetHeader.Length, padding + EthernetHeader.FcsLength);
        EthernetHeader.Write(frame.Prepend(EthernetHeader.Length), destination, Mac, type);
        EthernetHeader.CloseFrame(frame);
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
        larger.Inherit(packet);
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
