using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What stands above IP: ICMP, UDP, TCP.</summary>
public interface ITransport
{
    /// <summary>A packet for this host. IP keeps the bytes: copy what is to outlive the call.</summary>
    void OnPacket(in IpPacket packet);

    /// <summary>Somebody on the way, or the destination, could not do with a packet of ours.</summary>
    void OnError(in IcmpError error);
}

/// <summary>A packet that has reached its host.</summary>
public readonly ref struct IpPacket
{
    public required IpAddress Source { get; init; }

    public required IpAddress Destination { get; init; }

    /// <summary>It was sent to all of a subnet, or of a link.</summary>
    public bool IsBroadcast { get; init; }

    public required byte TimeToLive { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The event to name as the cause of what follows from this packet.</summary>
    public required EventId Cause { get; init; }

    /// <summary>Where it came in; null when it never left the host.</summary>
    public required Adapter? Adapter { get; init; }

    /// <summary>The number of the link on which a link-local source is to be found; 0 for all others.</summary>
    public int Scope => Adapter is not null && Source is { IsV4: false, IsLinkLocal: true } ? Adapter.Number : 0;

    /// <summary>Header and payload, as an ICMP error quotes them.</summary>
    public required ReadOnlySpan<byte> Whole { get; init; }

    /// <summary>A router on the way was so full that it would else have dropped the packet (RFC 3168 §5: CE).</summary>
    public bool IsCongestionMarked => ((Whole[0] >> 4 == 4 ? Whole[1] : Whole[1] >> 4) & 3) == 3;

    /// <summary>It comes from a neighbour's memory: its checksum was never made (<see cref="PacketBuffer.LacksChecks"/>).</summary>
    public bool LacksChecks { get; init; }

    /// <summary>How much data each of the segments has that this one stands for; zero when it is only one.</summary>
    public int SegmentSize { get; init; }

    internal IpPacket Because(EventId cause) => this with { Cause = cause };
}

/// <summary>An ICMP error about a packet that this host has sent.</summary>
public readonly ref struct IcmpError
{
    /// <summary>Who says so: a router on the way, or the destination.</summary>
    public required IpAddress From { get; init; }

    public required byte Type { get; init; }

    public required byte Code { get; init; }

    /// <summary>With 'fragmentation needed' or 'packet too big': the longest packet that the next link takes, as the router says or as we guess.</summary>
    public required ushort Mtu { get; init; }

    /// <summary>Our packet was too long for a link on its way, and must not be cut.</summary>
    public bool IsTooBig =>
        Source.IsV4
            ? (IcmpType)Type == IcmpType.DestinationUnreachable && Code == IcmpCode.FragmentationNeeded
            : (Icmpv6Type)Type == Icmpv6Type.PacketTooBig;

    /// <summary>What it means to a program.</summary>
    public SocketError Meaning =>
        Source.IsV4 ? IcmpErrors.ToSocketError(Type, Code) : IcmpErrors.OfIcmpv6((Icmpv6Type)Type, Code);

    /// <summary>Where our packet came from: an address of ours.</summary>
    public required IpAddress Source { get; init; }

    /// <summary>Where our packet was going.</summary>
    public required IpAddress Destination { get; init; }

    /// <summary>The number of the link, where the destination is known by that only.</summary>
    public int Scope
    {
        get => Destination is { IsV4: false, IsLinkLocal: true } ? field : 0;
        init;
    }

    public required IpProtocol Protocol { get; init; }

    /// <summary>The beginning of what our packet carried: at least 8 bytes, as a rule.</summary>
    public required ReadOnlySpan<byte> QuotedTransport { get; init; }

    public required EventId Cause { get; init; }
}
