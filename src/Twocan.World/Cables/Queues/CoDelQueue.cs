using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>A queue that throws frames away which have waited too long, or marks those whose senders understand it.</summary>
public abstract class DelayControlledQueue : QueueDiscipline
{
    private readonly Queue<(PacketBuffer Frame, LossReason Why)> _dropped = new();

    private protected DelayControlledQueue() => SlowDown = MarkOrDrop;

    /// <summary>What <see cref="CoDel"/> calls.</summary>
    private protected Func<PacketBuffer, bool> SlowDown { get; }

    public override bool TryTakeDropped([NotNullWhen(true)] out PacketBuffer? frame, out LossReason why)
    {
        var found = _dropped.TryDequeue(out var dropped);
        (frame, why) = dropped;
        return found;
    }

    private protected void Drop(PacketBuffer frame, LossReason why)
    {
        CountOut(frame);
        _dropped.Enqueue((frame, why));
    }

    private bool MarkOrDrop(PacketBuffer frame)
    {
        if (CongestionMark.TrySet(frame.Span))
        {
            Marks++;
            return true;
        }
        Drop(frame, LossReason.QueueTooSlow);
        return false;
    }
}

/// <summary>One queue for all, with CoDel (RFC 8289).</summary>
public sealed class CoDelQueue(CoDel queue, int limit) : DelayControlledQueue
{
    public override bool TryEnqueue(PacketBuffer frame, Instant now)
    {
        if (Count >= limit)
            return false;
        queue.Enqueue(frame, now);
        CountIn(frame);
        return true;
    }

    public override bool TryDequeue(Instant now, [NotNullWhen(true)] out PacketBuffer? frame)
    {
        if (!queue.TryDequeue(now, SlowDown, out frame))
            return false;
        CountOut(frame);
        return true;
    }

    public override bool TryTakeAny([NotNullWhen(true)] out PacketBuffer? frame)
    {
        if (!queue.TryTakeOldest(out frame))
            return false;
        CountOut(frame);
        return true;
    }
}
