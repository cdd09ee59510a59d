using Twocan.Core;

namespace Twocan.Stack;

/// <summary>A line of the table, for people to look at.</summary>
public readonly record struct NatRow(
    IpProtocol Protocol,
    Endpoint Inside,
    Endpoint Outside,
    Endpoint Remote,
    NatState State,
    Instant Expires,
    bool IsForward
);

/// <summary>
/// Which outside port stands for which inside endpoint, and who talks through it.
/// <para>
/// A mapping made by traffic lives as long as one of its sessions; a session lives until it has been silent for its
/// time-out. Nothing has a timer: each time-out has a queue, and whoever looks into the table first throws away what stands
/// at the front of the queues beyond its time.
/// </para>
/// <para>
/// The table is bounded. When it is full, a session that is wanted anew takes the place of the longest silent one among
/// the TCP connections that are only opening or are closing, then among echoes, then among UDP. Established
/// TCP connections never give way (RFC 5382 REQ-5): if there are only those, the new one is refused.
/// </para>
/// </summary>
internal sealed class NatTable
{
    private readonly Dictionary<InsideKey, NatMapping> _byInside = [];
    private readonly Dictionary<(IpProtocol, Port), NatMapping> _byOutside = [];
    private readonly Dictionary<SessionKey, NatSession> _sessions = [];
    private readonly NatQueue _transitory;
    private readonly NatQueue _icmp;
    private readonly NatQueue _udp;
    private readonly NatQueue _established;
    private readonly NatQueue[] _queues;
    private readonly List<PortForward> _forwards = [];
    private readonly NatCounters _counters;
    private readonly int _capacity;

    public NatTable(NatSettings settings, NatCounters counters)
    {
        (_counters, _capacity) = (counters, settings.Capacity);
        _transitory = new(settings.TcpTransitoryTimeout);
        _icmp = new(settings.IcmpTimeout);
        _udp = new(settings.UdpTimeout);
        _established = new(settings.TcpEstablishedTimeout);
        // In the order in which they give way; the last never does.
        _queues = [_transitory, _icmp, _udp, _established];
    }

    public int Count => _sessions.Count;

    public IReadOnlyList<PortForward> Forwards => _forwards;

    public NatMapping? FindInside(IpProtocol protocol, Endpoint inside) =>
        _byInside.GetValueOrDefault(new(protocol, inside));

    public NatMapping? FindOutside(IpProtocol protocol, Port outside) =>
        _byOutside.GetValueOrDefault((protocol, outside));

    public NatSession? Find(NatMapping mapping, Endpoint remote) =>
        _sessions.GetValueOrDefault(new(mapping.Protocol, mapping.Outside, remote));

    /// <summary>A mapping that its first session is about to join.</summary>
    public NatMapping Map(IpProtocol protocol, Endpoint inside, Port outside, bool isForward = false)
    {
        var mapping = new NatMapping(protocol, inside, outside, isForward);
        _byInside.Add(new(protocol, inside), mapping);
        _byOutside.Add((protocol, outside), mapping);
        return mapping;
    }

    public void Forward(PortForward forward)
    {
        var clash = _forwards.FindIndex(other =>
            other.Protocol == forward.Protocol && (other.Outside == forward.Outside || other.Inside == forward.Inside)
        );
        if (clash >= 0)
            throw new ArgumentException($"'{forward}' clashes with '{_forwards[clash]}'.", nameof(forward));
        // What traffic has made gives way to what a person has written.
        if (FindOutside(forward.Protocol, forward.Outside) is { } there)
            Remove(there);
        if (FindInside(forward.Protocol, forward.Inside) is { } here)
            Remove(here);
        _forwards.Add(forward);
        Map(forward.Protocol, forward.Inside, forward.Outside, isForward: true);
    }

    public NatSession Open(NatMapping mapping, Endpoint remote, Instant now)
    {
        var session = new NatSession(mapping, remote);
        _sessions.Add(new(mapping.Protocol, mapping.Outside, remote), session);
        mapping.Sessions++;
        _counters.Opened++;
        QueueOf(session).Add(session, now);
        return session;
    }

    /// <summary>The session has been heard of, and its time begins again.</summary>
    public void Touch(NatSession session, Instant now)
    {
        session.Queue!.Remove(session);
        QueueOf(session).Add(session, now);
    }

    /// <summary>Room for one more session; false if none gives way.</summary>
    public bool TryMakeRoom()
    {
        if (_sessions.Count < _capacity)
            return true;
        foreach (var queue in _queues.AsSpan(0, 3))
        {
            if (queue.Oldest is { } oldest)
            {
                Remove(oldest);
                _counters.Evicted++;
                return true;
            }
        }
        _counters.Refused++;
        return false;
    }

    /// <summary>Forgets what has been silent for too long.</summary>
    public void Age(Instant now)
    {
        foreach (var queue in _queues)
        {
            while (queue.Oldest is { } oldest && oldest.Expires <= now)
            {
                Remove(oldest);
                _counters.Expired++;
            }
        }
    }

    /// <summary>Forgets all but the forwards.</summary>
    public void Clear()
    {
        foreach (var queue in _queues)
        {
            while (queue.Oldest is { } oldest)
                Remove(oldest);
        }
    }

    /// <summary>By protocol, outside port and remote end.</summary>
    public IReadOnlyList<NatRow> Rows(IpAddress outside) =>
        [
            .. _sessions
                .Values.Select(session => new NatRow(
                    session.Mapping.Protocol,
                    session.Mapping.Inside,
                    new(outside, session.Mapping.Outside),
                    session.Remote,
                    session.State,
                    session.Expires,
                    session.Mapping.IsForward
                ))
                .OrderBy(row => row.Protocol)
                .ThenBy(row => row.Outside.Port)
                .ThenBy(row => row.Remote.Address)
                .ThenBy(row => row.Remote.Port),
        ];

    private NatQueue QueueOf(NatSession session) =>
        (session.Mapping.Protocol, session.State) switch
        {
            (IpProtocol.Icmp, _) => _icmp,
            (IpProtocol.Udp, _) => _udp,
            (_, NatState.Established) => _established,
            _ => _transitory,
        };

    private void Remove(NatMapping mapping)
    {
        foreach (var queue in _queues)
        {
            for (var (session, next) = (queue.Oldest, queue.Oldest?.Newer); session is not null; session = next)
            {
                next = session.Newer;
                if (session.Mapping == mapping)
                    Remove(session);
            }
        }
    }

    private void Remove(NatSession session)
    {
        var mapping = session.Mapping;
        session.Queue!.Remove(session);
        _sessions.Remove(new(mapping.Protocol, mapping.Outside, session.Remote));
        if (--mapping.Sessions > 0 || mapping.IsForward)
            return;
        _byInside.Remove(new(mapping.Protocol, mapping.Inside));
        _byOutside.Remove((mapping.Protocol, mapping.Outside));
    }

    // Looked up for each packet; nothing depends on the order that the hashes give.
    private readonly record struct InsideKey(IpProtocol Protocol, Endpoint Inside)
    {
        public override int GetHashCode() => Hash(Protocol, Inside, 0);
    }

    private readonly record struct SessionKey(IpProtocol Protocol, Port Outside, Endpoint Remote)
    {
        public override int GetHashCode() => Hash(Protocol, Remote, Outside.Number);
    }

    private static int Hash(IpProtocol protocol, Endpoint end, ushort more)
    {
        var address = (ulong)end.Address.Bits ^ (ulong)(end.Address.Bits >> 64);
        var ports = (ulong)protocol << 32 | (ulong)more << 16 | end.Port.Number;
        return (int)((address ^ ports * 0x9E3779B97F4A7C15UL) * 0xD6E8FEB86659FD93UL >> 32);
    }
}
