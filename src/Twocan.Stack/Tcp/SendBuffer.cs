using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// What the program has written and the peer has not yet acknowledged: sent octets stay here until then, since they may
/// have to be sent again. Offsets count from the first octet that is not acknowledged.
/// </summary>
public sealed class SendBuffer(int limit)
{
    private ByteRing _ring = new();
    private CauseTrail _causes;
    private long _start;
    private long _end;

    /// <summary>Where records end that must not share a segment with what follows; most programs know none.</summary>
    private Queue<long>? _records;

    public int Limit { get; set; } = limit;

    public int Length => (int)(_end - _start);

    public int Free => Math.Max(Limit - Length, 0);

    /// <summary>Memory taken at present.</summary>
    public int Capacity => _ring.Capacity;

    /// <summary>Takes as much of <paramref name="data"/> as fits, and answers how much that was.</summary>
    public int Append(ReadOnlySpan<byte> data, EventId because)
    {
        var count = Math.Min(data.Length, Free);
        if (count == 0)
            return 0;
        _ring.Reserve(_start, _end, _end + count);
        _ring.Write(_end, data[..count]);
        _end += count;
        _causes.Extend(_end, because);
        return count;
    }

    /// <summary>What is written from now on does not go in one segment with what is there.</summary>
    public void EndRecord() => (_records ??= new()).Enqueue(_end);

    /// <summary>Octets from <paramref name="offset"/> to the end of its record, or of all there is.</summary>
    public int RecordLength(int offset)
    {
        if (_records is not null)
        {
            foreach (var end in _records)
            {
                if (end > _start + offset)
                    return (int)(end - _start) - offset;
            }
        }
        return Length - offset;
    }

    public bool IsRecordEnd(int offset) => _records?.Contains(_start + offset) == true;

    public void CopyTo(int offset, Span<byte> into) => _ring.Read(_start + offset, into);

    /// <summary>The write that the octet at <paramref name="offset"/> came from.</summary>
    public EventId CauseAt(int offset) => _causes.At(_start + offset);

    /// <summary>The peer has the first <paramref name="count"/> octets: they need not be kept any longer.</summary>
    public void Acknowledge(int count)
    {
        _start += count;
        while (_records?.TryPeek(out var end) == true && end <= _start)
            _records.Dequeue();
        _causes.ForgetBefore(_start);
    }

    public void Release()
    {
        _start = _end;
        _records = null;
        _ring.Release();
        _causes.Clear();
    }
}
