using Twocan.Core;

namespace Twocan.Stack;

/// <summary>ARP on one adapter: drives the <see cref="NeighbourTable"/> with what arrives, what is to be sent, and time.</summary>
public sealed class Arp
{
    private readonly ProtocolStack _stack;
    private readonly Adapter _adapter;
    private readonly LoopTimer _timer;
    private ArpProbe? _probe;

    internal Arp(ProtocolStack stack, Adapter adapter)
    {
        (_stack, _adapter) = (stack, adapter);
        _timer = stack.Loop.CreateTimer(Run);
    }

    public NeighbourTable Neighbours { get; } = new();

    /// <summary>Sends an IP packet to a neighbour, now or when its MAC address is known; owns the packet from now on.</summary>
    internal void Send(PacketBuffer packet, IpAddress nextHop)
    {
        var cause = packet.Cause;
        var verdict = Neighbours.Resolve(nextHop, packet, _stack.Loop.Now, out var neighbour);
        if (verdict == NeighbourVerdict.Send)
            _adapter.Send(packet, neighbour.Mac, EtherType.Ipv4);
        else if (_stack.Journal is { } journal)
            packet.Cause = journal.Tell(new ArpQueued(_adapter.Name, nextHop, neighbour.WaitingCount), cause);
        Run();
    }

    /// <summary>
    /// Does anybody on the link have this address, which I would like to have? Asked from 0.0.0.0, so that nobody learns
    /// from the question (RFC 5227 §2.1.1). Twice within a second: a lease is not kept waiting for the seven that §1.1 allows.
    /// </summary>
    public async ValueTask<bool> IsTakenAsync(IpAddress address, EventId because, CancellationToken stop)
    {
        var probe = _probe = new(address);
        for (var i = 0; i < 2 && !probe.IsTaken; i++)
        {
            var asked = _stack.Journal?.Tell(new ArpAsked(_adapter.Name, address, i + 1), because) ?? because;
            Transmit(
                new(ArpOperation.Request, _adapter.Mac, IpAddress.Any, MacAddress.Zero, address),
                MacAddress.Broadcast,
                asked
            );
            await _stack.Loop.DelayAsync(ArpProbe.Wait, stop);
        }
        _probe = null;
        return probe.IsTaken;
    }

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

    /// <summary>A sender is one station with one address, and not mine: who claims mine is mistaken or lies.</summary>
    private bool IsPlausible(in ArpMessage message) =>
        !message.SenderMac.IsMulticast
        && message.SenderMac != MacAddress.Zero
        && message.SenderMac != _adapter.Mac
        && !message.Sender.IsMulticast
        && !_stack.Ip.IsBroadcast(message.Sender)
        && !_stack.Ip.IsMine(message.Sender);

    /// <summary>RFC 826, 'packet reception': correct the table, learn if I am meant, answer if I am asked.</summary>
    private void OnMessage(in ArpMessage message, EventId because)
    {
        _probe?.Hear(message);
        var forMe = _adapter.Owns(message.Target);
        // 0.0.0.0 asks without having an address yet (RFC 5227 §2.1.1), and who is not in my subnet cannot be a next hop.
        if (_adapter.IsOnLink(message.Sender))
            Hear(message, mayAdd: forMe, because);
        if (forMe && message.Operation == ArpOperation.Request)
        {
            var answered =
                _stack.Journal?.Tell(new ArpAnswered(_adapter.Name, message.Target, message.Sender), because)
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
        Run();
    }

    private void Hear(in ArpMessage message, bool mayAdd, EventId because)
    {
        var known = Neighbours.Find(message.Sender);
        var isNews = known is null || known.State == NeighbourState.Incomplete || known.Mac != message.SenderMac;
        if (Neighbours.Hear(message.Sender, message.SenderMac, mayAdd, _stack.Loop.Now) is { } learned && isNews)
        {
            _stack.Journal?.Tell(
                new ArpLearned(_adapter.Name, learned.Address, learned.Mac, learned.WaitingCount),
                because
            );
        }
    }

    /// <summary>Whoever waited for an answer waits no more.</summary>
    internal void PowerOff()
    {
        _timer.Cancel();
        Neighbours.Clear();
        while (Neighbours.TryTakeOverflow(out var packet))
            packet.Dispose();
    }

    /// <summary>Does all that the table asks for, and comes back when it is due again.</summary>
    private void Run()
    {
        var now = _stack.Loop.Now;
        while (Neighbours.TryRelease(out var packet, out var mac))
            _adapter.Send(packet, mac, EtherType.Ipv4);
        while (Neighbours.TryTakeOverflow(out var packet))
        {
            _stack.Drop(Layer.Arp, DropReason.NeighbourQueueFull, packet.Cause, _adapter.Name);
            packet.Dispose();
        }
        while (true)
        {
            if (Neighbours.TryAsk(now, out var question))
                Ask(question);
            else if (Neighbours.TryGiveUp(now, out var neighbour))
                GiveUp(neighbour);
            else
                break;
        }
        if (_timer.Due != Neighbours.Due)
            _timer.Set(Neighbours.Due);
    }

    private void Ask(in ArpQuestion question)
    {
        var asked =
            _stack.Journal?.Tell(new ArpAsked(_adapter.Name, question.Target, question.Attempt), question.Because)
            ?? question.Because;
        var request = new ArpMessage(
            ArpOperation.Request,
            _adapter.Mac,
            _adapter.SourceFor(question.Target),
            MacAddress.Zero,
            question.Target
        );
        Transmit(request, question.Of ?? MacAddress.Broadcast, asked);
    }

    private void GiveUp(Neighbour neighbour)
    {
        var gaveUp =
            _stack.Journal?.Tell(
                new ArpGaveUp(_adapter.Name, neighbour.Address, neighbour.WaitingCount),
                neighbour.AskedBecause
            ) ?? neighbour.AskedBecause;
        while (neighbour.Waiting.TryDequeue(out var packet))
        {
            _stack.Counters.Count(DropReason.NoNeighbour);
            _stack.Ip.OnHostUnreachable(packet, gaveUp);
        }
    }

    private void Transmit(in ArpMessage message, MacAddress to, EventId because)
    {
        var frame = _stack.Loop.Packets.Rent();
        frame.Cause = because;
        message.Write(frame.Append(ArpMessage.Length));
        _adapter.Send(frame, to, EtherType.Arp);
    }
}
