using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// The NAPT of a router, on its way from the adapters inside to the one outside. What leaves by the outside adapter is translated
/// after its route is chosen, what comes in there before. What comes from outside and is for neither a mapping nor one of
/// the router's own sockets goes no further.
/// </summary>
public sealed class Nat
{
    private readonly ProtocolStack _stack;

    public Nat(ProtocolStack stack, Adapter outside, NatSettings? settings = null)
    {
        (_stack, Outside) = (stack, outside);
        Napt = new(settings ?? NatSettings.Default, stack.Random.Fork("nat"), IsOwnPort);
    }

    /// <summary>The adapter toward the world; all others are inside.</summary>
    public Adapter Outside { get; }

    /// <summary>What all inside hide behind; 0.0.0.0 while the adapter has no IPv4 address, or asks yet whether it is anybody else's.</summary>
    public IpAddress Address
    {
        get
        {
            // By number: each packet asks, and an enumerator would have to be made.
            for (var i = 0; i < Outside.Addresses.Count; i++)
            {
                if (Outside.Addresses[i].Address.IsV4)
                    return Outside.Addresses[i].Address;
            }
            return IpAddress.Any;
        }
    }

    public Napt Napt { get; }

    /// <summary>What stands in the table, in a fixed order.</summary>
    public IReadOnlyList<NatRow> Rows => Napt.Rows(Now);

    public bool IsMapped(IpProtocol protocol, Port port) => Napt.IsMapped(protocol, port, Now);

    /// <summary>What becomes of a packet that has just come in; not of broadcasts.</summary>
    internal enum Way
    {
        /// <summary>It is none of NAPT's.</summary>
        Untouched,

        /// <summary>It has a new destination, and is to be forwarded there.</summary>
        Translated,
        Dropped,
    }

    private Instant Now => _stack.Loop.Now;

    internal Way OnArrival(PacketBuffer packet, in Ipv4Header header, Adapter adapter, out DropReason reason)
    {
        UseAddress();
        reason = default;
        if (adapter != Outside)
            return
                header.Destination == Napt.Outside
                && Napt.IsHairpin(packet.Span, Now)
                && !(NatPacket.TryRead(packet.Span, out var view, out _) && HasSocketFor(view))
                ? Hairpin(packet, header, ref reason)
                : Way.Untouched;
        // Other addresses on the outside link are the router's; whoever out there knows one of the inside has no business with it.
        if (header.Destination != Napt.Outside)
            return Outside.Owns(header.Destination) ? Way.Untouched : Drop(DropReason.UnsolicitedInbound, out reason);
        if (!IsOutside(header.Source))
            return Drop(DropReason.BadSource, out reason);
        if (Napt.Inbound(packet.Span, Now, out var translated) is { } refused)
            return IsForRouter(packet.Span) ? Way.Untouched : Drop(refused, out reason);
        Tell(packet, translated);
        return Way.Translated;
    }

    /// <summary>A packet from inside is about to leave by the outside adapter: null, or why it may not.</summary>
    internal DropReason? OnLeaving(PacketBuffer packet, in Ipv4Header header)
    {
        UseAddress();
        if (Napt.Outside.IsAny)
            return DropReason.NoTranslation;
        // RFC 2827: what claims to come from the world does not come from here.
        if (IsOutside(header.Source))
            return DropReason.BadSource;
        if (Napt.Outbound(packet.Span, Now, out var translated) is { } refused)
            return refused;
        Tell(packet, translated);
        return null;
    }

    /// <summary>RFC 4787 REQ-9: from inside to inside by way of the outside address, so both ends are translated.</summary>
    private Way Hairpin(PacketBuffer packet, in Ipv4Header header, ref DropReason reason)
    {
        if (IsOutside(header.Source))
            return Drop(DropReason.BadSource, out reason);
        if (Napt.Outbound(packet.Span, Now, out var first) is { } refused)
            return Drop(refused, out reason);
        Tell(packet, first);
        if (Napt.Inbound(packet.Span, Now, out var second) is { } unsolicited)
            return Drop(unsolicited, out reason);
        Tell(packet, second);
        return Way.Translated;
    }

    private static Way Drop(DropReason why, out DropReason reason)
    {
        reason = why;
        return Way.Dropped;
    }

    private void Tell(PacketBuffer packet, in AddressTranslated translated)
    {
        if (_stack.Journal is { } journal)
            packet.Cause = journal.Tell(translated, packet.Cause);
    }

    /// <summary>The adapter may have been given its address only after NAPT was switched on, or another one.</summary>
    private void UseAddress() => Napt.Outside = Address;

    private bool IsOutside(IpAddress address) => _stack.Ip.TryRoute(address, out var route) && route.Adapter == Outside;

    private bool IsOwnPort(IpProtocol protocol, Port port) =>
        protocol switch
        {
            IpProtocol.Udp => _stack.Udp.Uses(new(Napt.Outside, port)),
            IpProtocol.Tcp => _stack.Tcp.Uses(new(Napt.Outside, port)),
            _ => _stack.Icmp.Uses(port.Number),
        };

    /// <summary>Is it for the router itself, though no mapping is for it?</summary>
    private bool IsForRouter(Span<byte> packet)
    {
        // A stub, a protocol without ports: what any host does with these, this one does too.
        if (!NatPacket.TryRead(packet, out var view, out _))
            return true;
        var isQuestionOrError = view.Protocol == IpProtocol.Icmp && view.IcmpType != IcmpType.EchoReply;
        return isQuestionOrError || HasSocketFor(view);
    }

    private bool HasSocketFor(in NatPacket view) =>
        view.Protocol switch
        {
            IpProtocol.Udp => _stack.Udp.Expects(view.Destination, view.Source),
            IpProtocol.Tcp => _stack.Tcp.Expects(view.Destination, view.Source),
            _ => view.IcmpType == IcmpType.EchoReply && _stack.Icmp.Uses(view.Destination.Port.Number),
        };
}
