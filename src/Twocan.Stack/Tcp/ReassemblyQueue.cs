namespace Twocan.Stack;

/// <summary>
/// Which stretches of a stream have arrived ahead of their turn: sorted, never touching each other. The octets themselves
/// lie in the receive buffer at their places already, so joining costs nothing.
/// </summary>
public sealed class ReassemblyQueue
{
    /// <summary>More holes than this are an attack, or a path so bad that resending what does not fit here changes little.</summary>
    public const int MaxStretches = 256;

    private readonly List<Stretch> _stretches = [];

    public int Count => _stretches.Count;

    public bool IsEmpty => _stretches.Count == 0;

    /// <summary>The end of the last stretch.</summary>
    public long End => _stretches[^1].End;

    /// <summary>
    /// The next part of [<paramref name="at"/>, <paramref name="end"/>) that has not arrived before, and moves <paramref name="at"/> behind
    /// it. What came first stays: a peer that says two different things about one octet is not to be believed the second time.
    /// </summary>
    public bool TryNextGap(ref long at, long end, out long gapStart, out long gapEnd)
    {
        (gapStart, gapEnd) = (at, end);
        foreach (var stretch in _stretches)
        {
            if (stretch.End <= gapStart)
                continue;
            if (stretch.Start > gapStart)
            {
                gapEnd = Math.Min(end, stretch.Start);
                break;
            }
            gapStart = stretch.End;
        }
        at = gapEnd;
        return gapStart < gapEnd;
    }

    /// <summary>Notes that [<paramref name="start"/>, <paramref name="end"/>) has arrived; false when there are too many holes to keep count of.</summary>
    public bool TryAdd(long start, long end)
    {
        var first = 0;
        while (first < _stretches.Count && _stretches[first].End < start)
            first++;
        var after = first;
        while (after < _stretches.Count && _stretches[after].Start <= end)
            after++;
        if (after == first)
        {
            if (_stretches.Count == MaxStretches)
                return false;
            _stretches.Insert(first, new(start, end));
            return true;
        }
        _stretches[first] = new(Math.Min(start, _stretches[first].Start), Math.Max(end, _stretches[after - 1].End));
        _stretches.RemoveRange(first + 1, after - first - 1);
        return true;
    }

    /// <summary>The stream has grown to <paramref name="position"/>: answers how far it reaches with what lay ready behind.</summary>
    public long Join(long position)
    {
        var joined = 0;
        while (joined < _stretches.Count && _stretches[joined].Start <= position)
            position = Math.Max(position, _stretches[joined++].End);
        _stretches.RemoveRange(0, joined);
        return position;
    }

    /// <summary>The stretch that <paramref name="position"/> lies in; -1 when it has not arrived early.</summary>
    public int IndexOf(long position)
    {
        for (var i = 0; i < _stretches.Count; i++)
        {
            if (_stretches[i].Start <= position && position < _stretches[i].End)
                return i;
        }
        return -1;
    }

    public Stretch this[int index] => _stretches[index];

    public void Clear() => _stretches.Clear();

    public readonly record struct Stretch(long Start, long End);
}
