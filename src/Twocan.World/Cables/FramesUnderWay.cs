using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// Frames that have left and not yet arrived, given out in order of arrival. Those that keep their order stand in a ring,
/// which costs nothing; those that were held back, and that others may overtake, in a heap beside it.
/// </summary>
internal sealed class FramesUnderWay
{
    private readonly Queue<FrameUnderWay> _inOrder = new();
    private PriorityQueue<FrameUnderWay, (Instant Arrival, long Number)>? _heldBack;
    private long _number;

    public int Count => _inOrder.Count + (_heldBack?.Count ?? 0);

    /// <summary>When the next one arrives.</summary>
    public Instant Due => TryPeek(out var frame) ? frame.Arrival : Instant.Never;

    /// <summary>Arrives no earlier than the last that was added so.</summary>
    public void Add(in FrameUnderWay frame) => _inOrder.Enqueue(frame);

    /// <summary>Arrives whenever it says.</summary>
    public void AddHeldBack(in FrameUnderWay frame) => (_heldBack ??= new()).Enqueue(frame, (frame.Arrival, _number++));

    public bool TryPeek(out FrameUnderWay frame)
    {
        if (_heldBack is not { Count: > 0 } heldBack)
            return _inOrder.TryPeek(out frame);
        frame = heldBack.Peek();
        // Of two that arrive together the one goes first that was not held back.
        if (_inOrder.TryPeek(out var first) && first.Arrival <= frame.Arrival)
            frame = first;
        return true;
    }

    public bool TryTake(Instant now, out FrameUnderWay frame)
    {
        if (!TryPeek(out frame) || frame.Arrival > now)
            return false;
        Take();
        return true;
    }

    /// <summary>The next one, whenever it would have arrived.</summary>
    public bool TryTake(out FrameUnderWay frame) => TryTake(Instant.Never, out frame);

    private void Take()
    {
        var isHeldBack =
            _heldBack is { Count: > 0 } heldBack
            && !(_inOrder.TryPeek(out var first) && first.Arrival <= heldBack.Peek().Arrival);
        if (isHeldBack)
            _heldBack!.Dequeue();
        else
            _inOrder.Dequeue();
    }
}

internal readonly record struct FrameUnderWay(PacketBuffer Frame, Instant Arrival, bool IsLost);
