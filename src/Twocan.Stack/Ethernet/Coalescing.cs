using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Puts segments of TCP that arrive one behind the other into one large one (generic receive offload): the stack above, or the
/// kernel behind a TAP device, then has one packet to think about in place of forty. What <see cref="Segmentation"/> does, undone.
/// <para>
/// Told each frame, asked for those that are ready. A frame that may be the beginning of a run is held until the next of its
/// flow comes, or until <see cref="Flush"/>: its owner calls that when all that has arrived together is told. Only what would be cut into
/// the very same segments again is put together (<see cref="SegmentRun"/>); within a flow nothing ever overtakes.
/// </para>
/// </summary>
public sealed class Coalescing(PacketPool pool)
{
    /// <summary>More that come at once go their way one by one, the oldest first.</summary>
    private const int MostFlows = 8;

    private readonly List<SegmentRun> _held = new(MostFlows);
    private readonly Stack<SegmentRun> _free = new();
    private readonly Queue<PacketBuffer> _ready = new();

    /// <summary>Something waits for more of its flow: <see cref="Flush"/> must follow.</summary>
    public bool IsHolding => _held.Count > 0;

    /// <summary>Takes a frame without its check sequence, which was right, and owns it from now on.</summary>
    public void Add(PacketBuffer frame)
    {
        if (!SegmentPlace.TryFind(frame.Span, out var place))
        {
            // A fragment, say, whose flow is not to be seen.
            Flush();
            _ready.Enqueue(frame);
            return;
        }
        var at = FindFlow(frame, place);
        if (at >= 0)
        {
            var run = _held[at];
            var isTaken = run.TryAppend(frame, place, pool);
            if (!isTaken || run.IsOver)
                Release(at);
            if (isTaken)
                return;
        }
        if (SegmentRun.MayBegin(frame, place))
            Hold(frame, place);
        else
            _ready.Enqueue(frame);
    }

    /// <summary>The next frame that waits for nothing any more.</summary>
    public bool TryTake([NotNullWhen(true)] out PacketBuffer? frame) => _ready.TryDequeue(out frame);

    /// <summary>Nothing more will come for now.</summary>
    public void Flush()
    {
        while (_held.Count > 0)
            Release(0);
    }

    private int FindFlow(PacketBuffer frame, SegmentPlace place)
    {
        for (var i = 0; i < _held.Count; i++)
        {
            if (_held[i].IsOfFlow(frame, place))
                return i;
        }
        return -1;
    }

    private void Hold(PacketBuffer frame, SegmentPlace place)
    {
        if (_held.Count == MostFlows)
            Release(0);
        var run = _free.TryPop(out var used) ? used : new SegmentRun();
        run.Begin(frame, place);
        _held.Add(run);
    }

    private void Release(int at)
    {
        var run = _held[at];
        _held.RemoveAt(at);
        _ready.Enqueue(run.End());
        _free.Push(run);
    }
}
