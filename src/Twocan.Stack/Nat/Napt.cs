using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Network address and port translation (RFC 3022; behaviour by RFC 4787 for UDP, RFC 5382 for TCP, RFC 5508 for ICMP).
/// <para>
/// Theory of operation. A packet on its way out has an inside source: the first one of an endpoint makes a mapping, an outside
/// port that stands for that endpoint whomever it talks to, its own port if that is free. With each remote end
/// that it talks to goes a session. A packet on its way in is for an outside port: if a mapping has it and the filter
/// lets its sender in, the inside endpoint becomes the destination. Of an echo the identifier is the port. An ICMP error
/// is for whoever has sent the packet that it quotes, so the quoted ends lead it, and they are translated with it.
/// </para>
/// <para>
/// It is told packets with the time, rewrites them in place, and answers null, or the reason to drop them. It knows no adapter
/// and no route: <see cref="Nat"/> does.
/// </para>
/// </summary>
public sealed class Napt
{
    /// <summary>RFC 4787 REQ-3a: a port of those below stays below.</summary>
    private const int EndOfWellKnown = 1024;

    private readonly NatTable _table;
    private readonly NatFiltering _filtering;
    private readonly RandomSource _random;
    private readonly Func<IpProtocol, Port, bool> _isTaken;
    private IpAddress _outside = IpAddress.Any;

    /// <param name="settings">How it behaves.</param>
    /// <param name="random">For ports in place of those that are taken.</param>
    /// <param name="isTaken">Ports, and of ICMP identifiers, that the router itself uses.</param>
    public Napt(NatSettings settings, RandomSource random, Func<IpProtocol, Port, bool> isTaken)
    {
        _table = new(settings, Counters);
        (_filtering, _random, _isTaken) = (settings.Filtering, random, isTaken);
    }

    /// <summary>The address that stands for all of the inside. With another one, what was opened before is lost.</summary>
    public IpAddress Outside
    {
        get => _outside;
        set
        {
            if (_outside != value)
                _table.Clear();
            _outside = value;
        }
    }

    public NatCounters Counters { get; } = new();

    public IReadOnlyList<PortForward> Forwards => _table.Forwards;

    /// <summary>What stands in the table at <paramref name="now"/>, by protocol, outside port and remote end.</summary>
    public IReadOnlyList<NatRow> Rows(Instant now)
    {
        _table.Age(now);
        return _table.Rows(_outside);
    }

    /// <summary>Adds a static forward. One outside port leads to one inside endpoint, and back.</summary>
    public void Add(PortForward forward) => _table.Forward(forward);

    /// <summary>Does a mapping use this outside port, or identifier?</summary>
    public bool IsMapped(IpProtocol protocol, Port outside, Instant now)
    {
        _table.Age(now);
        return _table.FindOutside(protocol, outside) is not null;
    }

    /// <summary>Is this packet, from the inside to the outside address, for somebody who is inside too (RFC 4787 REQ-9)?</summary>
    public bool IsHairpin(Span<byte> packet, Instant now)
    {
        _table.Age(now);
        if (!NatPacket.TryRead(packet, out var view, out _) || view.Destination.Address != _outside)
            return false;
        if (view.IsIcmpError)
            return view.TryReadQuoted(out var quoted)
                && quoted.Source.Address == _outside
                && _table.FindOutside(quoted.Protocol, quoted.Source.Port) is not null;
        // Whoever pings the router's outside address means the router.
        return view.Protocol != IpProtocol.Icmp && _table.FindOutside(view.Protocol, view.Destination.Port) is not null;
    }

    /// <summary>A packet leaves the inside.</summary>
    public DropReason? Outbound(Span<byte> packet, Instant now, out AddressTranslated translated)
    {
        translated = default;
        if (!NatPacket.TryRead(packet, out var view, out var wrong))
            return wrong;
        _table.Age(now);
        if (view.IsIcmpError)
            return OutboundError(view, out translated);
        // Nobody outside could have asked for an echo; and other kinds of ICMP have nothing to know an answer by.
        if (view.Protocol == IpProtocol.Icmp && !view.IsEchoRequest)
            return DropReason.NoTranslation;
        var mapping = _table.FindInside(view.Protocol, view.Source);
        var session = mapping is null ? null : _table.Find(mapping, view.Destination);
        var isNew = session is null;
        if (session is null && TryOpen(ref mapping, view, view.Destination, now, out session) is { } refused)
            return refused;
        if (view.Protocol == IpProtocol.Tcp)
            session!.OnSegment(view.TcpFlags, outbound: true);
        _table.Touch(session!, now);
        view.SetSource(new(_outside, session!.Mapping.Outside));
        Counters.TranslatedOut++;
        translated = Tell(session, NatDirection.Outbound, isNew);
        return null;
    }

    /// <summary>A packet for the outside address arrives.</summary>
    public DropReason? Inbound(Span<byte> packet, Instant now, out AddressTranslated translated)
    {
        translated = default;
        if (!NatPacket.TryRead(packet, out var view, out var wrong))
            return wrong;
        _table.Age(now);
        if (view.IsIcmpError)
            return InboundError(view, out translated);
        if (view.IsEchoRequest || !view.IsFlow || view.Destination.Address != _outside)
            return DropReason.UnsolicitedInbound;
        if (_table.FindOutside(view.Protocol, view.Destination.Port) is not { } mapping)
            return DropReason.UnsolicitedInbound;
        var session = _table.Find(mapping, view.Source);
        var isNew = session is null;
        if (session is null)
        {
            if (!mapping.IsForward && _filtering != NatFiltering.EndpointIndependent)
                return DropReason.UnsolicitedInbound;
            if (TryOpen(ref mapping!, view, view.Source, now, out session) is { } refused)
                return refused;
        }
        // RFC 4787 REQ-6: only what the inside says keeps a hole open, or the outside could for ever. A TCP connection
        // is idle only when both are silent (RFC 5382 REQ-5).
        if (view.Protocol == IpProtocol.Tcp)
        {
            session!.OnSegment(view.TcpFlags, outbound: false);
            _table.Touch(session, now);
        }
        view.SetDestination(mapping.Inside);
        Counters.TranslatedIn++;
        translated = Tell(session!, NatDirection.Inbound, isNew);
        return null;
    }

    /// <summary>Makes a translated packet what it was before, for whoever has sent it is to be told that it could not go on.</summary>
    public void Undo(Span<byte> packet)
    {
        if (!NatPacket.TryRead(packet, out var view, out _) || !view.IsFlow)
            return;
        // A hairpinned packet was translated twice: the destination last, so it goes first.
        if (_table.FindInside(view.Protocol, view.Destination) is { } to && _table.Find(to, view.Source) is not null)
        {
            view.SetDestination(new(_outside, to.Outside));
            NatPacket.TryRead(packet, out view, out _);
        }
        if (
            view.Source.Address == _outside
            && _table.FindOutside(view.Protocol, view.Source.Port) is { } from
            && _table.Find(from, view.Destination) is not null
        )
            view.SetSource(from.Inside);
    }

    // RFC 5508 REQ-4, REQ-5, REQ-6: an error is translated by the session that it is about, and does nothing to it.
    private DropReason? OutboundError(in NatPacket error, out AddressTranslated translated)
    {
        translated = default;
        if (!error.TryReadQuoted(out var quoted))
            return DropReason.BadIcmp;
        if (
            _table.FindInside(quoted.Protocol, quoted.Destination) is not { } mapping
            || _table.Find(mapping, quoted.Source) is not { } session
        )
            return DropReason.NoTranslation;
        quoted.SetDestination(new(_outside, mapping.Outside));
        error.SetSource(new(_outside, Port.Any));
        Counters.TranslatedOut++;
        translated = Tell(session, NatDirection.Outbound, isNew: false, isError: true);
        return null;
    }

    private DropReason? InboundError(in NatPacket error, out AddressTranslated translated)
    {
        translated = default;
        if (!error.TryReadQuoted(out var quoted))
            return DropReason.BadIcmp;
        if (
            quoted.Source.Address != _outside
            || _table.FindOutside(quoted.Protocol, quoted.Source.Port) is not { } mapping
            || _table.Find(mapping, quoted.Destination) is not { } session
        )
            return DropReason.UnsolicitedInbound;
        quoted.SetSource(mapping.Inside);
        error.SetDestination(new(mapping.Inside.Address, Port.Any));
        Counters.TranslatedIn++;
        translated = Tell(session, NatDirection.Inbound, isNew: false, isError: true);
        return null;
    }

    /// <summary>A session, and for an inside endpoint that has none yet a mapping.</summary>
    private DropReason? TryOpen(
        ref NatMapping? mapping,
        in NatPacket view,
        Endpoint remote,
        Instant now,
        out NatSession? session
    )
    {
        session = null;
        // A reset ends what is not there: nothing to remember. Any other segment may belong to a connection that this
        // router knew before it was restarted, and is given the chance to go on.
        if (view.TcpFlags.Has(TcpFlags.Rst))
            return DropReason.NoTranslation;
        if (!_table.TryMakeRoom())
            return DropReason.TranslationTableFull;
        // Room may have been made by this very mapping's last session.
        if (mapping is { IsForward: false, Sessions: 0 })
            mapping = null;
        if (mapping is null)
        {
            if (!TryChoosePort(view.Protocol, view.Source.Port, out var port))
                return DropReason.TranslationTableFull;
            mapping = _table.Map(view.Protocol, view.Source, port);
        }
        session = _table.Open(mapping, remote, now);
        return null;
    }

    /// <summary>The inside's own port if it is free, else a random one (RFC 6056 §3.3.1) on the same side of 1024.</summary>
    private bool TryChoosePort(IpProtocol protocol, Port wanted, out Port port)
    {
        port = wanted;
        if (wanted != Port.Any && IsFree(protocol, wanted))
            return true;
        var isLow = protocol != IpProtocol.Icmp && wanted.Number < EndOfWellKnown;
        var (first, count) = isLow ? (1, EndOfWellKnown - 1) : (EndOfWellKnown, 65536 - EndOfWellKnown);
        var start = _random.Next(count);
        for (var i = 0; i < count; i++)
        {
            port = new((ushort)(first + (start + i) % count));
            if (IsFree(protocol, port))
                return true;
        }
        return false;
    }

    private bool IsFree(IpProtocol protocol, Port port) =>
        _table.FindOutside(protocol, port) is null && !_isTaken(protocol, port);

    private AddressTranslated Tell(NatSession session, NatDirection direction, bool isNew, bool isError = false) =>
        new(
            session.Mapping.Protocol,
            session.Mapping.Inside,
            new(_outside, session.Mapping.Outside),
            session.Remote,
            direction,
            isNew,
            session.Mapping.IsForward,
            isError
        );
}
