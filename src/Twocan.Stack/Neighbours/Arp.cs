using Twocan.Core;

namespace Twocan.Stack;

/// <summary>ARP on one adapter (RFC 826): asks for IPv4 neighbours, answers who asks, and tells the <see cref="NeighbourTable"/> what it hears.</summary>
public sealed class Arp : INeighbourSpeaker
{
    private readonly ProtocolStack _stack;
    private readonly Adapter _adapter;
    private readonly NeighbourCache _cache;

    /// <summary>An address that is looked for before it is the adapter's.</summary>
    private AddressTable? _wanted;

    internal Arp(ProtocolStack stack, Adapter adapter)
    {
        (_stack, _adapter) = (stack, adapter);
        _cache = new(stack, adapter, this);
    }

    public NeighbourTable Neighbours => _cache.Table;

    EtherType INeighbourSpeaker.Carries => EtherType.Ipv4;

    /// <summary>Sends an IP packet to a neighbour, now or when its MAC address is known; owns the packet from now on.</summary>
    internal void Send(PacketBuffer packet, Route route) => _cache.Send(packet, route);

    /// <summary>
    /// Does anybody on the link have this address, which I would like to have (RFC 5227 §2.1.1)? The machine that every address
    /// goes through, <see cref="AddressTable"/>, for one that is not the adapter's yet.
    /// </summary>
    public async ValueTask<bool> IsTakenAsync(IpAddress address, EventId because, CancellationToken stop)
    {
        var table = _wanted = new(_stack.Random.Fork($"wanted on {_adapter.Name}"));
        var wanted = table.Add(new(address, 32), AddressOrigin.Static, DetectionSettings.Return, _stack.Loop.Now);
        while (wanted.State == AddressState.Tentative)
        {
            while (table.TryStep(_stack.Loop.Now, out var step))
            {
                if (step.Kind == AddressStepKind.Probe)
                    Probe(address, TellProbed(wanted, because));
            }
            if (wanted.State == AddressState.Tentative)
                await _stack.Loop.DelayAsync(table.Due - _stack.Loop.Now, stop);
        }
        _wanted = null;
        return wanted.State == AddressState.Duplicate;
    }

    private EventId TellProbed(LocalAddress wanted, EventId because) =>
        _stack.Journal?.Tell(new AddressProbed(_adapter.Name, wanted.Address.Address, wanted.Questions), because)
        ?? because;

    /// <summary>Asks for an address that I would like to have, from nobody's, so that nobody learns from the question (RFC 5227 §2.1.1).</summary>
    internal void Probe(IpAddress address, EventId because) =>
        Transmit(
            new(ArpOperation.Request, _adapter.Mac, IpAddress.Any, MacAddress.Zero, address),
            MacAddress.Broadcast,
            because
        );

    /// <summary>Tells the link whose address this is now (RFC 5227 §2.3), so that nobody goes on speaking to who had it before.</summary>
    public void Announce(IpAddress address, EventId because) =>
        Transmit(
            new(ArpOperation.Request, _adapter.Mac, address, MacAddress.Zero, address),
            MacAddress.Broadcast,
            because
        );

    internal void Receive(PacketBuffer frame)
    {
        using (frame)
        {
            if (!ArpMessage.TryRead(frame.Span, out var message) || !IsPlausible(message))
            {
                _stack.Drop(Layer.Arp, DropReason.BadArp, frame.Cause, _adapter.Name);
                return;
            }
            OnMessage(message, frame.Cause);
        }
    }

    /// <summary>A sender is one station with one address. Who claims one of mine on another link is mistaken or lies; on this one there is a conflict.</summary>
    private bool IsPlausible(in ArpMessage message) =>
        !message.SenderMac.IsMulticast
        && message.SenderMac != MacAddress.Zero
        && message.SenderMac != _adapter.Mac
        && !message.Sender.IsMulticast
        && !_stack.Ip.IsBroadcast(message.Sender)
        && (!_stack.Ip.IsMine(message.Sender) || _adapter.Owns(message.Sender));

    /// <summary>RFC 826, 'packet reception': correct the table, learn if I am meant, answer if I am asked.</summary>
    private void OnMessage(in ArpMessage message, EventId because)
    {
        // RFC 5227 §2.1.1, §2.4: somebody has what I have or want, or wants it at the same time.
        var claimed = message is { Operation: ArpOperation.Request, Sender.IsAny: true }
            ? Tentative(message.Target)
            : message.Sender;
        _wanted?.OnConflict(claimed, _stack.Loop.Now, out _);
        if (_adapter.OnConflict(claimed, message.SenderMac, because))
            return;
        var forMe = _adapter.Owns(message.Target);
        // 0.0.0.0 asks without having an address yet (RFC 5227 §2.1.1), and who is not in my subnet cannot be a next hop.
        if (_adapter.IsOnLink(message.Sender))
            Hear(message, mayAdd: forMe, because);
        if (forMe && message.Operation == ArpOperation.Request)
        {
            var answered =
                _stack.Journal?.Tell(new NeighbourAnswered(_adapter.Name, message.Target, message.Sender), because)
                ?? because;
            var reply = new ArpMessage(
                ArpOperation.Reply,
                _adapter.Mac,
                message.Target,
                message.SenderMac,
                message.Sender
            );
            Transmit(reply, message.SenderMac, answered);
        }
        _cache.Run();
    }

    /// <summary>An address that I have is answered for, and need not be argued about.</summary>
    private IpAddress Tentative(IpAddress target) => _adapter.Owns(target) ? IpAddress.Any : target;

    private void Hear(in ArpMessage message, bool mayAdd, EventId because)
    {
        var isNews = _cache.IsNews(message.Sender, message.SenderMac);
        var learned = Neighbours.Hear(message.Sender, message.SenderMac, mayAdd, _stack.Loop.Now);
        _cache.TellIfNew(learned, isNews, because);
    }

    internal void Confirm(IpAddress nextHop)
    {
        if (!Neighbours.HasDoubts)
            return;
        Neighbours.Confirm(nextHop, _stack.Loop.Now);
        _cache.Run();
    }

    /// <summary>Whoever waited for an answer waits no more.</summary>
    internal void PowerOff() => _cache.PowerOff();

    void INeighbourSpeaker.Ask(in NeighbourQuestion question, EventId because)
    {
        var request = new ArpMessage(
            ArpOperation.Request,
            _adapter.Mac,
            _adapter.SourceFor(question.Target),
            MacAddress.Zero,
            question.Target
        );
        Transmit(request, question.Of ?? MacAddress.Broadcast, because);
    }

    void INeighbourSpeaker.OnGivenUp(Neighbour neighbour) { }

    private void Transmit(in ArpMessage message, MacAddress to, EventId because)
    {
        var frame = _stack.Loop.Packets.Rent();
        frame.Cause = because;
        message.Write(frame.Append(ArpMessage.Length));
        _adapter.Send(frame, to, EtherType.Arp);
    }
}
