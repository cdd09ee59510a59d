using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Time stamps (RFC 7323 §3 to §5). Each segment says when it was sent, and echoes what the peer's last one said. The echo
/// tells the sender which transmission was answered; the value tells the receiver an old duplicate from a new segment, also
/// where sequence numbers have wrapped in between (PAWS).
/// </summary>
/// <param name="recent">The peer's last one, where there was a connection between these ends before.</param>
public sealed class Timestamps(uint offset, uint recent = 0)
{
    /// <summary>§5.5: a value that is older than this says nothing any more: its clock may have wrapped.</summary>
    private static readonly Duration Outdated = Duration.FromSeconds(24 * 24 * 3600);

    private const long NanosecondsPerTick = 1_000_000;

    public static readonly Duration Tick = new(NanosecondsPerTick);
    private Instant _recentAt;

    /// <summary>Both SYNs had the option.</summary>
    public bool IsOn { get; private set; }

    /// <summary>TS.Recent: what the next segment of ours will echo.</summary>
    public uint Recent { get; private set; } = recent;

    /// <summary>TSval now: milliseconds from a start of its own for each pair of hosts, so that nobody learns how long we have been up.</summary>
    public uint Value(Instant now) => (uint)(now.Nanoseconds / NanosecondsPerTick) + offset;

    /// <summary>The peer's SYN had the option.</summary>
    public void Begin(uint peerValue, Instant now)
    {
        IsOn = true;
        (Recent, _recentAt) = (peerValue, now);
    }

    /// <summary>§5.3, R1: the segment was sent before one that we already have.</summary>
    public bool IsOld(uint value, Instant now) => (int)(value - Recent) < 0 && now - _recentAt <= Outdated;

    /// <summary>
    /// §4.3: only a segment that begins where our last acknowledgement ended, or before it, is echoed: of those that a
    /// delayed acknowledgement answers the first, and behind a hole the last before it.
    /// </summary>
    public void OnAcceptable(uint value, SequenceNumber sequence, SequenceNumber lastAckSent, Instant now)
    {
        if (sequence <= lastAckSent && (int)(value - Recent) >= 0)
            (Recent, _recentAt) = (value, now);
    }

    /// <summary>How long ago our clock showed <paramref name="echo"/>; null when it never did, or too long ago to tell.</summary>
    public Duration? Age(uint echo, Instant now)
    {
        var ticks = (int)(Value(now) - echo);
        return ticks < 0 ? null : new(ticks * NanosecondsPerTick);
    }
}
