using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// What the program has written and the peer has not yet acknowledged: sent octets stay here until then, since they may
/// have to be sent again. Offsets count from the first octet that is not acknowledged.
/// </summary>
public sealed class SendBuffer(int limit)
{
    private readonly ByteRing _ring = new();
    private readonly CauseTrail _causes = new();
    private long _start;
    private long _end;

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

    public void CopyTo(int offset, Span<byte> into) => _ring.Read(_start + offset, into);

    /// <summary>The write that the octet at <paramref name="offset"/> came from.</summary>
    public EventId CauseAt(int offset) => _causes.At(_start + offset);

    /// <summary>The peer has the first <paramref name="count"/> octets: they need not be kept any longer.</summary>
    public void Acknowledge(int count)
    {
        _start += count;
        _causes.ForgetBefore(_start);
    }

    public void Release()
    {
        _start = _end;
        _ring.Release();
        _causes.Clear();
    }
}
