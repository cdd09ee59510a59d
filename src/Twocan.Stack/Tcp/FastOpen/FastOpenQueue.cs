using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// The connections of a listener that have brought data in their SYN and have not shown yet that they are there: each has cost
/// more than a SYN does, so there are at most so many (RFC 7413 §5.1). One that ends by a reset counts on for a while: else an
/// attacker with stolen cookies would have his victims' resets make room for him.
/// </summary>
internal sealed class FastOpenQueue
{
    private static readonly Duration Grudge = Duration.FromSeconds(60);
    private readonly HashSet<TcpSocket> _pending = [];

    /// <summary>Until when each of those that were reset counts.</summary>
    private readonly Queue<Instant> _reset = new();

    /// <summary>PendingFastOpenRequests.</summary>
    public int Count(Instant now)
    {
        while (_reset.TryPeek(out var until) && until <= now)
            _reset.Dequeue();
        return _pending.Count + _reset.Count;
    }

    public void Add(TcpSocket socket) => _pending.Add(socket);

    /// <summary>The handshake is over.</summary>
    public void OnEstablished(TcpSocket socket) => _pending.Remove(socket);

    /// <summary>It ended before.</summary>
    public void OnGone(TcpSocket socket, bool wasReset, Instant now)
    {
        if (_pending.Remove(socket) && wasReset)
            _reset.Enqueue(now + Grudge);
    }
}
