using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Who asks for neighbours in the words of its family: <see cref="Arp"/> or <see cref="NeighbourDiscovery"/>.</summary>
internal interface INeighbourSpeaker
{
    /// <summary>What the packets are that wait for neighbours.</summary>
    EtherType Carries { get; }

    void Ask(in NeighbourQuestion question, EventId because);

    void OnGivenUp(Neighbour neighbour);
}

/// <summary>Drives a <see cref="NeighbourTable"/> with packets and time, and lets the speaker ask what it wants to know.</summary>
internal sealed class NeighbourCache
{
    private readonly ProtocolStack _stack;
    private readonly Adapter _adapter;
    private readonly INeighbourSpeaker _speaker;
    private readonly LoopTimer _timer;

    public NeighbourCache(ProtocolStack stack, Adapter adapter, INeighbourSpeaker speaker)
    {
        (_stack, _adapter, _speaker) = (stack, adapter, speaker);
        _timer = stack.Loop.CreateTimer(Run);
    }

    public NeighbourTable Table { get; } = new();

    /// <summary>Sends an IP packet to the next hop of a route, which remembers the neighbour; owns the packet from now on.</summary>
    public void Send(PacketBuffer packet, Route route)
    {
        if (route.Neighbour is { } known && Table.TryUse(known, _stack.Loop.Now))
            _adapter.Send(packet, known.Mac, _speaker.Carries);
        else
            route.Neighbour = Send(packet, route.NextHop);
    }

    /// <summary>Sends an IP packet to a neighbour, now or when its MAC address is known; owns the packet from now on.</summary>
    public Neighbour Send(PacketBuffer packet, IpAddress nextHop)
    {
        var cause = packet.Cause;
        var verdict = Table.Resolve(nextHop, packet, _stack.Loop.Now, out var neighbour);
        if (verdict == NeighbourVerdict.Send)
            _adapter.Send(packet, neighbour.Mac, _speaker.Carries);
        else if (_stack.Journal is { } journal)
            packet.Cause = journal.Tell(new NeighbourQueued(_adapter.Name, nextHop, neighbour.WaitingCount), cause);
        Run();
        return neighbour;
    }

    /// <summary>To be asked before the table is told: would this be news to it?</summary>
    public bool IsNews(IpAddress address, MacAddress mac) =>
        Table.Find(address) is not { } known || known.State == NeighbourState.Incomplete || known.Mac != mac;

    public void TellIfNew(Neighbour? learned, bool isNews, EventId because)
    {
        if (learned is not null && isNews)
            _stack.Journal?.Tell(
                new NeighbourLearned(_adapter.Name, learned.Address, learned.Mac, learned.WaitingCount),
                because
            );
    }

    /// <summary>Does all that the table asks for, and comes back when it is due again.</summary>
    public void Run()
    {
        var now = _stack.Loop.Now;
        while (Table.TryRelease(out var packet, out var mac))
            _adapter.Send(packet, mac, _speaker.Carries);
        while (Table.TryTakeOverflow(out var packet))
        {
            _stack.Drop(Layer.Arp, DropReason.NeighbourQueueFull, packet.Cause, _adapter.Name);
            packet.Dispose();
        }
        while (true)
        {
            if (Table.TryAsk(now, out var question))
                Ask(question);
            else if (Table.TryGiveUp(now, out var neighbour))
                GiveUp(neighbour);
            else
                break;
        }
        if (_timer.Due != Table.Due)
            _timer.Set(Table.Due);
    }

    /// <summary>Whoever waited for an answer waits no more.</summary>
    public void PowerOff()
    {
        _timer.Cancel();
        Table.Clear();
        while (Table.TryTakeOverflow(out var packet))
            packet.Dispose();
    }

    private void Ask(in NeighbourQuestion question)
    {
        var asked =
            _stack.Journal?.Tell(new NeighbourAsked(_adapter.Name, question.Target, question.Attempt), question.Because)
            ?? question.Because;
        _speaker.Ask(question, asked);
    }

    private void GiveUp(Neighbour neighbour)
    {
        var gaveUp =
            _stack.Journal?.Tell(
                new NeighbourGaveUp(_adapter.Name, neighbour.Address, neighbour.WaitingCount),
                neighbour.AskedBecause
            ) ?? neighbour.AskedBecause;
        _speaker.OnGivenUp(neighbour);
        while (neighbour.Waiting.TryDequeue(out var packet))
        {
            _stack.Counters.Count(DropReason.NoNeighbour);
            _stack.Ip.OnHostUnreachable(packet, gaveUp);
        }
    }
}
