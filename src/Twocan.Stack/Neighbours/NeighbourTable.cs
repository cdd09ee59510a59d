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

/// <summary>What is to be asked: of the whole link, or (<paramref name="Of"/>) of the one who had the address last.</summary>
public readonly record struct NeighbourQuestion(IpAddress Target, int Attempt, MacAddress? Of, EventId Because);

/// <summary>
/// Who is where on a link, as a machine (RFC 4861 §7.3; for ARP RFC 826 and RFC 1122 §2.3.2). It is told of packets
/// (<see cref="Resolve"/>), of what neighbours say, and of signs of life from above (<see cref="Confirm"/>), and asked: is
/// there a question to send, a packet to release, a neighbour to give up. It is due when a question has not been answered, or
/// when a stale neighbour was used and nothing has confirmed it since. Two speak for it: <see cref="Arp"/> and
/// <see cref="NeighbourDiscovery"/>.
/// <para>
/// Lines age by being looked at: a table that nobody uses needs no timer. All is bounded: lines, packets a neighbour, packets
/// in all. What is pushed out comes back through <see cref="TryTakeOverflow"/>.
/// </para>
/// </summary>
public sealed class NeighbourTable
{
    public const int MaxNeighbours = 1024;
    public const int MaxWaitingEach = 64;
    public const int MaxWaitingInAll = 512;

    /// <summary>MAX_MULTICAST_SOLICIT and MAX_UNICAST_SOLICIT (RFC 4861 §10).</summary>
    public const int MaxAttempts = 3;

    /// <summary>DELAY_FIRST_PROBE_TIME.</summary>
    public static readonly Duration DelayTime = Duration.FromSeconds(5);
    public static readonly Duration ForgetTime = Duration.FromSeconds(1200);

    private readonly Dictionary<IpAddress, Neighbour> _byAddress = [];

    /// <summary>Least recently used first.</summary>
    private readonly LinkedList<Neighbour> _byUse = new();

    /// <summary>Those that are being asked, by the time to ask again.</summary>
    private readonly LinkedList<Neighbour> _asked = new();

    /// <summary>Those in DELAY, by its end.</summary>
    private readonly LinkedList<Neighbour> _delayed = new();
    private readonly Queue<Neighbour> _released = new();
    private readonly Queue<PacketBuffer> _overflow = new();
    private int _waitingInAll;

    /// <summary>How long a neighbour is trusted after it was confirmed.</summary>
    public Duration ReachableTime { get; set; } = Duration.FromSeconds(60);

    /// <summary>Between one question and the next.</summary>
    public Duration RetransTimer { get; set; } = Duration.FromSeconds(1);

    public int Count => _byAddress.Count;

    public int WaitingInAll => _waitingInAll;

    /// <summary>The lines, least recently used first.</summary>
    public IEnumerable<Neighbour> Neighbours => _byUse;

    /// <summary>When somebody has to be asked, asked again, or given up.</summary>
    public Instant Due => Instant.Min(FirstOf(_asked), FirstOf(_delayed));

    /// <summary>Is there anybody whom a sign of life would spare a question?</summary>
    public bool HasDoubts => _asked.Count + _delayed.Count > 0;

    public Neighbour? Find(IpAddress address) => _byAddress.GetValueOrDefault(address);

    /// <summary>
    /// Whether a packet may go there without a question or a thought: it is known, and was confirmed not long ago. False also
    /// for who was in the table and is no more.
    /// </summary>
    internal bool TryUse(Neighbour neighbour, Instant now)
    {
        if (neighbour.State != NeighbourState.Reachable || now - neighbour.ConfirmedAt > ReachableTime)
            return false;
        Touch(neighbour);
        return true;
    }

    /// <summary>A packet wants to go to <paramref name="address"/>. When the verdict is to wait, the table owns it from now on.</summary>
    public NeighbourVerdict Resolve(IpAddress address, PacketBuffer packet, Instant now, out Neighbour neighbour)
    {
        neighbour = Find(address) ?? Add(address, now);
        Touch(neighbour);
        if (neighbour.State is NeighbourState.Reachable or NeighbourState.Stale)
        {
            var age = now - neighbour.ConfirmedAt;
            if (age > ForgetTime)
                Enter(neighbour, NeighbourState.Incomplete, now);
            else if (age > ReachableTime || neighbour.State == NeighbourState.Stale)
                Enter(neighbour, NeighbourState.Delay, now);
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
        if (FindOrAdd(address, mayAdd, now) is not { } neighbour)
            return null;
        Know(neighbour, mac, NeighbourState.Reachable, now);
        return neighbour;
    }

    /// <summary>
    /// Somebody who asks, or a router that advertises, said where it is itself (RFC 4861 §7.2.3, §6.2.6, §6.3.4). That it hears
    /// me is not known by that. Null when nothing was learned.
    /// </summary>
    public Neighbour? HearInPassing(IpAddress address, MacAddress mac, bool mayAdd, Instant now)
    {
        if (FindOrAdd(address, mayAdd, now) is not { } neighbour)
            return null;
        if (neighbour.State != NeighbourState.Incomplete && neighbour.Mac == mac)
            return neighbour;
        Know(neighbour, mac, NeighbourState.Stale, now);
        return neighbour;
    }

    /// <summary>A neighbour advertisement (RFC 4861 §7.2.5). Null when it told nothing that may be believed.</summary>
    public Neighbour? OnAdvertisement(
        IpAddress target,
        MacAddress? mac,
        bool isSolicited,
        bool overrides,
        bool isRouter,
        Instant now
    )
    {
        if (Find(target) is not { } neighbour)
            return null;
        if (neighbour.State == NeighbourState.Incomplete)
        {
            if (mac is not { } first)
                return null;
            neighbour.IsRouter = isRouter;
            Know(neighbour, first, isSolicited ? NeighbourState.Reachable : NeighbourState.Stale, now);
            return neighbour;
        }
        var isOther = mac is { } said && said != neighbour.Mac;
        if (isOther && !overrides)
        {
            // It does not claim to know better: what I know is used on, but looked at again.
            if (neighbour.State == NeighbourState.Reachable)
                Enter(neighbour, NeighbourState.Stale, now);
            return null;
        }
        neighbour.IsRouter = isRouter;
        if (isSolicited || isOther)
            Know(neighbour, mac ?? neighbour.Mac, isSolicited ? NeighbourState.Reachable : NeighbourState.Stale, now);
        return neighbour;
    }

    /// <summary>What was sent there has come to something, as a higher layer sees: it is there (RFC 4861 §7.3.1).</summary>
    public void Confirm(IpAddress address, Instant now)
    {
        if (Find(address) is not { } neighbour || neighbour.State == NeighbourState.Incomplete)
            return;
        neighbour.ConfirmedAt = now;
        if (neighbour.State != NeighbourState.Reachable)
            Enter(neighbour, NeighbourState.Reachable, now);
    }

    /// <summary>Is there a question to send now?</summary>
    public bool TryAsk(Instant now, out NeighbourQuestion question)
    {
        question = default;
        while (_delayed.First is { } delayed && delayed.Value.AskAgainAt <= now)
            Enter(delayed.Value, NeighbourState.Probe, now);
        if (_asked.First?.Value is not { } neighbour || neighbour.AskAgainAt > now || neighbour.Attempts >= MaxAttempts)
            return false;
        neighbour.Attempts++;
        neighbour.AskAgainAt = now + RetransTimer;
        // The interval is nearly always the same for all, and then the end is the place.
        _asked.Remove(neighbour.AskNode);
        var before = _asked.Last;
        while (before is not null && before.Value.AskAgainAt > neighbour.AskAgainAt)
            before = before.Previous;
        if (before is null)
            _asked.AddFirst(neighbour.AskNode);
        else
            _asked.AddAfter(before, neighbour.AskNode);
        question = new(
            neighbour.Address,
            neighbour.Attempts,
            neighbour.State == NeighbourState.Probe ? neighbour.Mac : null,
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

    private Neighbour? FindOrAdd(IpAddress address, bool mayAdd, Instant now) =>
        Find(address) ?? (mayAdd ? Add(address, now) : null);

    /// <summary>Its MAC address is known now, and what waited for it can leave.</summary>
    private void Know(Neighbour neighbour, MacAddress mac, NeighbourState state, Instant now)
    {
        neighbour.Mac = mac;
        neighbour.ConfirmedAt = now;
        // What is released makes use of it, so a stale one is in doubt at once.
        Enter(
            neighbour,
            state == NeighbourState.Stale && neighbour.Waiting.Count > 0 ? NeighbourState.Delay : state,
            now
        );
        if (neighbour.Waiting.Count > 0)
            _released.Enqueue(neighbour);
    }

    /// <summary>The one place where a neighbour's state changes.</summary>
    private void Enter(Neighbour neighbour, NeighbourState next, Instant now)
    {
        neighbour.State = next;
        neighbour.Attempts = 0;
        neighbour.AskNode.List?.Remove(neighbour.AskNode);
        if (next == NeighbourState.Delay)
        {
            neighbour.AskAgainAt = now + DelayTime;
            _delayed.AddLast(neighbour.AskNode);
        }
        else if (next is NeighbourState.Incomplete or NeighbourState.Probe)
        {
            // Due at once, and so before all others.
            neighbour.AskAgainAt = now;
            _asked.AddFirst(neighbour.AskNode);
        }
    }

    private static Instant FirstOf(LinkedList<Neighbour> list) =>
        list.First is { } first ? first.Value.AskAgainAt : Instant.Never;

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
        // Whoever remembers it has to look for it again.
        neighbour.State = NeighbourState.Incomplete;
        _byAddress.Remove(neighbour.Address);
        _byUse.Remove(neighbour.UseNode);
        neighbour.AskNode.List?.Remove(neighbour.AskNode);
    }
}
