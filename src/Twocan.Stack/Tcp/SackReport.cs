namespace Twocan.Stack;

/// <summary>
/// What an acknowledgement says of the octets that lie behind a hole (RFC 2018 §4): first the stretch that the latest
/// segment belongs to, then those that were reported most recently, so that each is told several times even if
/// acknowledgements are lost. In front of them, once, what came twice (RFC 2883).
/// </summary>
internal struct SackReport
{
    private long[] _recent = [];
    private int _count;
    private SackBlock? _duplicate;

    public SackReport() { }

    public readonly bool HasDuplicate => _duplicate is not null;

    /// <summary>A segment has arrived ahead of its turn; <paramref name="position"/> is its first octet in the stream.</summary>
    public void OnEarly(long position)
    {
        // Most connections never have a hole.
        if (_recent.Length == 0)
            _recent = new long[SackBlocks.Max];
        var found = Array.IndexOf(_recent, position, 0, _count);
        var last = found >= 0 ? found : Math.Min(_count, _recent.Length - 1);
        Array.Copy(_recent, 0, _recent, 1, last);
        _recent[0] = position;
        if (found < 0)
            _count = Math.Min(_count + 1, _recent.Length);
    }

    /// <summary>These octets had been there already.</summary>
    public void OnDuplicate(in SackBlock block) => _duplicate = block;

    /// <summary>The blocks to send now, at most so many; <paramref name="end"/> is the stream's position of RCV.NXT.</summary>
    public SackBlocks Take(ReassemblyQueue early, long end, SequenceNumber next, int most)
    {
        var blocks = default(SackBlocks);
        if (_duplicate is { } duplicate && most > 0)
            blocks.Add(duplicate);
        _duplicate = null;
        if (early.IsEmpty)
        {
            _count = 0;
            return blocks;
        }
        var reported = blocks.Count;
        for (var i = 0; i < _count && blocks.Count < most; i++)
            Add(ref blocks, reported, early.IndexOf(_recent[i]));
        for (var i = 0; i < early.Count && blocks.Count < most; i++)
            Add(ref blocks, reported, i);
        return blocks;

        void Add(ref SackBlocks to, int from, int index)
        {
            if (index < 0)
                return;
            var (start, stop) = early[index];
            var block = new SackBlock(next + (int)(start - end), next + (int)(stop - end));
            for (var i = from; i < to.Count; i++)
            {
                if (to[i] == block)
                    return;
            }
            to.Add(block);
        }
    }
}
