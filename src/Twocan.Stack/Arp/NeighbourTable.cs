using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What becomes of a packet for a neighbour.</summary>
public enum NeighbourVerdict
{
    /// <summary>The MAC address is known: send it.</summary>
    Send,

    /// <summary>The table keeps the packet until the MAC address is known.</summary>
    Waits,
}

/// <summary>What ARP is to ask: of the whole link, or (<paramref name="Of"/>) of the one who had the address last.</summary>
public readonly record struct ArpQuestion(IpAddress Target, int Attempt, MacAddress? Of, EventId Because);

/// <summary>
/// The ARP cache as a machine (RFC 826, RFC 1122 §2.3.2). It is told of packets (<see cref="Resolve"/>) and of addresses
/// heard (<see cref="Hear"/>), and asked: is there a question to send, a packet to release, a neighbour to give up; it is
/// due when a question has not been answered for a second.
/// <para>
/// Lines age by being looked at: a table that nobody uses needs no timer. A line that was not confirmed for
/// a minute is used once more while its owner is asked, without a broadcast, whether it is still there (RFC 1122 §2.3.2.1, unicast poll).
/// All is bounded: lines, packets a neighbour, packets in all. What is pushed out comes back through <see cref="TryTakeOverflow"/>.
/// </para>
/// </summary>
public sealed class NeighbourTable
{
    public const int MaxNeighbours = 1024;
    public const int MaxWaitingEach = 64;
    public const int MaxWaitingInAll = 512;
    public const int MaxAttempts = 3;
    public static readonly Duration AskInterval = Duration.FromSeconds(1);
    public static readonly Duration ReachableTime = Duration.FromSeconds(60);
    public static readonly Duration ForgetTime = Duration.FromSeconds(1200);

    private readonly Dictionary<IpAddress, Neighbour> _byAddress = [];

    /// <summary>Least recently used first.</summary>
    private readonly LinkedList<Neighbour> _byUse = new();

    /// <summary>Those that are being asked, by the time to ask again: the interval is the same for all, so asking moves to the end.</summary>
    private readonly LinkedList<Neighbour> _asked = new();
    private readonly Queue<Neighbour> _released = new();
    private readonly Queue<PacketBuffer> _overflow = new();
    private int _waitingInAll;

    public int Count => _byAddress.Count;

    public int WaitingInAll => _waitingInAll;

    /// <summary>The lines, least recently used first.</summary>
    public IEnumerable<Neighbour> Neighbours => _byUse;

    /// <summary>When somebody has to be asked again or given up.</summary>
    public Instant Due => _asked.First is { } first ? first.Value.AskAgainAt : Instant.Never;

    public Neighbour? Find(IpAddress address) => _byAddress.GetValueOrDefault(address);

    /// <summary>A packet wants to go to <paramref name="address"/>. When the verdict is to wait, the table owns it from now on.</summary>
    public NeighbourVerdict Resolve(IpAddress address, PacketBuffer packet, Instant now, out Neighbour neighbour)
    {
        neighbour = Find(address) ?? Add(address, now);
        Touch(neighbour);
        if (neighbour.State == NeighbourState.Reachable)
        {
            var age = now - neighbour.ConfirmedAt;
            if (age > ForgetTime)
                Enter(neighbour, NeighbourState.Incomplete, now);
            else if (age > ReachableTime)
                Enter(neighbour, NeighbourState.Probing, now);
        }
        if (neighbour.Attempts == 0)
            neighbour.AskedBecause = packet.Cause;
        if (neighbour.State != NeighbourState.Incomplete)
            return NeighbourVerdict.Send;
        Keep(neighbour, packet);
        return NeighbourVerdict.Waits;
    }

    /// <summary>
    /// An ARP message said where an address is. RFC 826, 'packet reception': a line that exists is corrected by whatever is
    /// heard; a new one is made only of what was said to me (<paramref name="mayAdd"/>). Null when nothing was learned.
    /// </summary>
    public Neighbour? Hear(IpAddress address, MacAddress mac, bool mayAdd, Instant now)
    {
        if (Find(address) is not { } neighbour)
        {
            if (!mayAdd)
                return null;
            neighbour = Add(address, now);
        }
        neighbour.Mac = mac;
        neighbour.ConfirmedAt = now;
        Enter(neighbour, NeighbourState.Reachable, now);
        if (neighbour.Waiting.Count > 0)
            _released.Enqueue(neighbour);
        return neighbour;
    }

    /// <summary>Is there a question to send now?</summary>
    public bool TryAsk(Instant now, out ArpQuestion question)
    {
        question = default;
        if (_asked.First?.Value is not { } neighbour || neighbour.AskAgainAt > now || neighbour.Attempts >= MaxAttempts)
            return false;
        _asked.Remove(neighbour.AskNode);
        _asked.AddLast(neighbour.AskNode);
        neighbour.Attempts++;
        neighbour.AskAgainAt = now + AskInterval;
        question = new(
            neighbour.Address,
            neighbour.Attempts,
            neighbour.State == NeighbourState.Probing ? neighbour.Mac : null,
            neighbour.AskedBecause
        );
        return true;
    }

    /// <summary>Is there a packet whose neighbour is known now? Those of a neighbour come in the order in which they waited.</summary>
    public bool TryRelease([NotNullWhen(true)] out PacketBuffer? packet, out MacAddress mac)
    {
        while (_released.TryPeek(out var neighbour))
        {
            if (neighbour.Waiting.TryDequeue(out packet))
            {
                _waitingInAll--;
                mac = neighbour.Mac;
                return true;
            }
            _released.Dequeue();
        }
        (packet, mac) = (null, default);
        return false;
    }

    /// <summary>
    /// Is there a neighbour that did not answer the last question in time? It is forgotten; its packets, which the caller owns
    /// from now on, are in <see cref="Neighbour.Waiting"/>.
    /// </summary>
    internal bool TryGiveUp(Instant now, [NotNullWhen(true)] out Neighbour? neighbour)
    {
        neighbour = _asked.First?.Value;
        if (neighbour is null || neighbour.AskAgainAt > now || neighbour.Attempts < MaxAttempts)
            return false;
        _waitingInAll -= neighbour.Waiting.Count;
        Remove(neighbour);
        return true;
    }

    /// <summary>Is there a packet that had to make room? The caller owns it.</summary>
    public bool TryTakeOverflow([NotNullWhen(true)] out PacketBuffer? packet) => _overflow.TryDequeue(out packet);

    /// <summary>Forgets everybody; the packets that waited come back through <see cref="TryTakeOverflow"/>.</summary>
    public void Clear()
    {
        while (_byUse.First is { Value: var neighbour })
        {
            while (neighbour.Waiting.Count > 0)
                PushOut(neighbour);
            Remove(neighbour);
        }
    }

    private Neighbour Add(IpAddress address, Instant now)
    {
        if (_byAddress.Count == MaxNeighbours)
        {
            var oldest = _byUse.First!.Value;
            while (oldest.Waiting.Count > 0)
                PushOut(oldest);
            Remove(oldest);
        }
        var neighbour = new Neighbour(address);
        _byAddress.Add(address, neighbour);
        _byUse.AddLast(neighbour.UseNode);
        Enter(neighbour, NeighbourState.Incomplete, now);
        return neighbour;
    }

    /// <summary>The one place where a neighbour's state changes. Whoever is not reachable is asked.</summary>
    private void Enter(Neighbour neighbour, NeighbourState next, Instant now)
    {
        neighbour.State = next;
        neighbour.Attempts = 0;
        if (neighbour.AskNode.List is not null)
            _asked.Remove(neighbour.AskNode);
        if (next == NeighbourState.Reachable)
            return;
        // Due at once, and so before all others.
        neighbour.AskAgainAt = now;
        _asked.AddFirst(neighbour.AskNode);
    }

    private void Keep(Neighbour neighbour, PacketBuffer packet)
    {
        // RFC 1122 §2.3.2.2: the latest packet is the one to keep.
        if (neighbour.Waiting.Count == MaxWaitingEach)
            PushOut(neighbour);
        else if (_waitingInAll == MaxWaitingInAll)
            PushOut(LeastRecentlyUsedThatHolds());
        neighbour.Waiting.Enqueue(packet);
        _waitingInAll++;
    }

    private Neighbour LeastRecentlyUsedThatHolds()
    {
        foreach (var neighbour in _byUse)
        {
            if (neighbour.Waiting.Count > 0)
                return neighbour;
        }
        throw new InvalidOperationException("Packets wait, but for nobody.");
    }

    private void PushOut(Neighbour neighbour)
    {
        _overflow.Enqueue(neighbour.Waiting.Dequeue());
        _waitingInAll--;
    }

    private void Touch(Neighbour neighbour)
    {
        if (_byUse.Last == neighbour.UseNode)
            return;
        _byUse.Remove(neighbour.UseNode);
        _byUse.AddLast(neighbour.UseNode);
    }

    private void Remove(Neighbour neighbour)
    {
        _byAddress.Remove(neighbour.Address);
        _byUse.Remove(neighbour.UseNode);
        if (neighbour.AskNode.List is not null)
            _asked.Remove(neighbour.AskNode);
    }
}
