using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// Flow queueing with CoDel (RFC 8290): a queue for each conversation, told apart by a hash of addresses and ports, and
/// each in turn may send a frame's worth of bytes. A conversation that has just begun, or that says little, goes first;
/// who fills the queue waits behind himself only, and CoDel keeps each queue short.
/// </summary>
/// <param name="make">An empty queue for a conversation.</param>
/// <param name="limit">How many frames may wait in all.</param>
/// <param name="quantum">How many bytes a queue may send in its turn: one long frame.</param>
/// <param name="key">What the hash begins with, so that nobody can aim at somebody else's queue.</param>
public sealed class FqCoDelQueue(Func<CoDel> make, int limit, int quantum, ulong key) : DelayControlledQueue
{
    /// <summary>RFC 8290 §4.1: two conversations share one queue when their hashes fall together.</summary>
    private const int Queues = 1024;

    private readonly Flow?[] _flows = new Flow?[Queues];
    private readonly LinkedList<Flow> _new = [];
    private readonly LinkedList<Flow> _old = [];

    public override bool TryEnqueue(PacketBuffer frame, Instant now)
    {
        var flow = _flows[FlowHash.Of(frame.Span, key) % Queues] ??= new(make());
        flow.Queue.Enqueue(frame, now);
        CountIn(frame);
        if (flow.Place.List is null)
        {
            flow.Deficit = quantum;
            _new.AddLast(flow.Place);
        }
        if (Count > limit)
            DropFromFattest();
        return true;
    }

    public override bool TryDequeue(Instant now, [NotNullWhen(true)] out PacketBuffer? frame)
    {
        frame = null;
        while ((_new.First ?? _old.First) is { } place)
        {
            var (list, flow) = (place.List!, place.Value);
            if (flow.Deficit <= 0)
            {
                flow.Deficit += quantum;
                list.Remove(place);
                _old.AddLast(place);
                continue;
            }
            if (flow.Queue.TryDequeue(now, SlowDown, out frame))
            {
                flow.Deficit -= frame.Length;
                CountOut(frame);
                return true;
            }
            list.Remove(place);
            // A new one that is empty goes through the old ones first, or by pausing it could stay new for ever (§4.2).
            if (list == _new && _old.Count > 0)
                _old.AddLast(place);
        }
        return false;
    }

    public override bool TryTakeAny([NotNullWhen(true)] out PacketBuffer? frame)
    {
        frame = null;
        while ((_new.First ?? _old.First) is { } place)
        {
            if (place.Value.Queue.TryTakeOldest(out frame))
            {
                CountOut(frame);
                return true;
            }
            place.List!.Remove(place);
        }
        return false;
    }

    /// <summary>The one who has the most bytes waiting loses the frame that has waited longest (§4.1).</summary>
    private void DropFromFattest()
    {
        CoDel? fattest = null;
        foreach (var flow in _flows)
        {
            if (flow is not null && flow.Queue.Bytes > (fattest?.Bytes ?? 0))
                fattest = flow.Queue;
        }
        if (fattest is not null && fattest.TryTakeOldest(out var frame))
            Drop(frame, LossReason.QueueFull);
    }

    private sealed class Flow
    {
        public Flow(CoDel queue) => (Queue, Place) = (queue, new(this));

        public CoDel Queue { get; }

        public int Deficit { get; set; }

        public LinkedListNode<Flow> Place { get; }
    }
}
