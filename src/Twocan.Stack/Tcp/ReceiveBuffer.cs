using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// What has arrived and the program has not yet read. Octets that arrive ahead of their turn are put at their place
/// in the ring at once; they become readable when the hole before them is filled. How far ahead they may come, the
/// window decides before it lets them in here.
/// </summary>
public sealed class ReceiveBuffer(int limit)
{
    private ByteRing _ring = new();
    private readonly ReassemblyQueue _early = new();
    private CauseTrail _causes;
    private long _start;
    private long _end;

    /// <summary>How many unread octets the window allows for.</summary>
    public int Limit { get; set; } = limit;

    /// <summary>Octets that can be read.</summary>
    public int Length => (int)(_end - _start);

    public int Free => Math.Max(Limit - Length, 0);

    public bool HasHoles => !_early.IsEmpty;

    /// <summary>Stretches that wait behind a hole.</summary>
    public int StretchCount => _early.Count;

    /// <summary>Memory taken at present.</summary>
    public int Capacity => _ring.Capacity;

    /// <summary>
    /// Puts <paramref name="data"/> at <paramref name="offset"/> octets behind the last readable one, and answers by how many the
    /// readable octets have grown: zero as long as a hole is left before it.
    /// </summary>
    public int Store(int offset, ReadOnlySpan<byte> data, EventId because)
    {
        if (data.IsEmpty)
            return 0;
        var start = _end + offset;
        var end = start + data.Length;
        _ring.Reserve(_start, _early.IsEmpty ? _end : _early.End, end);
        if (_early.IsEmpty)
            _ring.Write(start, data);
        else
            FillGaps(start, data);
        if (offset > 0)
        {
            _early.TryAdd(start, end);
            return 0;
        }
        var grown = _early.IsEmpty ? end : _early.Join(end);
        var count = (int)(grown - _end);
        _end = grown;
        _causes.Extend(_end, because);
        return count;
    }

    /// <summary>Hands over what there is, and the event that made the last octet of it readable.</summary>
    public int Read(Span<byte> into, out EventId because)
    {
        because = default;
        var count = Math.Min(into.Length, Length);
        if (count == 0)
            return 0;
        _ring.Read(_start, into[..count]);
        because = _causes.At(_start + count - 1);
        _start += count;
        _causes.ForgetBefore(_start);
        return count;
    }

    public int Peek(Span<byte> into)
    {
        var count = Math.Min(into.Length, Length);
        if (count > 0)
            _ring.Read(_start, into[..count]);
        return count;
    }

    /// <summary>Where the next octet that is missing stands in the stream.</summary>
    internal long End => _end;

    /// <summary>The first part of these octets that has arrived ahead of its turn.</summary>
    internal bool TryFindEarly(int from, int to, out int start, out int end)
    {
        (start, end) = (0, 0);
        for (var i = 0; i < _early.Count && _early[i].Start < _end + to; i++)
        {
            if (_early[i].End <= _end + from)
                continue;
            start = (int)(Math.Max(_early[i].Start, _end + from) - _end);
            end = (int)(Math.Min(_early[i].End, _end + to) - _end);
            return true;
        }
        return false;
    }

    /// <summary>What an acknowledgement of <paramref name="next"/> has to say of what lies behind.</summary>
    internal SackBlocks Report(ref SackReport report, SequenceNumber next, int most) =>
        report.Take(_early, _end, next, most);

    /// <summary>Nobody will read any more.</summary>
    public void Release()
    {
        _start = _end;
        _early.Clear();
        _ring.Release();
        _causes.Clear();
    }

    private void FillGaps(long start, ReadOnlySpan<byte> data)
    {
        var at = start;
        while (_early.TryNextGap(ref at, start + data.Length, out var gapStart, out var gapEnd))
            _ring.Write(gapStart, data[(int)(gapStart - start)..(int)(gapEnd - start)]);
    }
}
