using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Spreads segments in time at the rate that the congestion control asks for, so that no queue has to swallow a window at once.</summary>
public struct Pacer
{
    private Instant _next;

    public Pacer() { }

    /// <summary>When something that wanted to go may; never, when nothing does.</summary>
    public Instant Due { get; private set; } = Instant.Never;

    /// <summary>Whether a segment may go now.</summary>
    public bool TryPass(long rate, Instant now)
    {
        Due = rate > 0 && _next > now ? _next : Instant.Never;
        return Due == Instant.Never;
    }

    public void OnSent(int octets, long rate, Instant now)
    {
        if (rate > 0)
            _next = Instant.Max(_next, now) + new Duration((long)(octets * 1e9 / rate));
    }

    public void Stop() => Due = Instant.Never;
}
