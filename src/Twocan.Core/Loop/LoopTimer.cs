namespace Twocan.Core;

/// <summary>A timer of a loop, made once by its owner and set as often as needed. Setting it again moves it.</summary>
public sealed class LoopTimer
{
    private readonly EventLoop _loop;
    private readonly Action<object?> _callback;
    private readonly object? _state;

    internal LoopTimer(EventLoop loop, Action<object?> callback, object? state)
    {
        _loop = loop;
        _callback = callback;
        _state = state;
    }

    public bool IsSet => HeapIndex >= 0;

    /// <summary>When it fires; <see cref="Instant.Never"/> when it is not set.</summary>
    public Instant Due { get; internal set; } = Instant.Never;

    internal int HeapIndex { get; set; } = -1;

    /// <summary>Fires at <paramref name="due"/>, at once if that is past; <see cref="Instant.Never"/> cancels.</summary>
    public void Set(Instant due)
    {
        if (due == Instant.Never)
            Cancel();
        else
            _loop.Set(this, due);
    }

    public void Cancel()
    {
        if (IsSet)
            _loop.Cancel(this);
    }

    internal void Fire() => _callback(_state);
}

/// <summary>
/// The timers that are set, by due time and then by the order in which they were set: a heap with four children a node.
/// The place of a timer that was taken to fire stays vacant for a moment, since most that fire set one again: it then
/// goes down from there once, in place of the last one going down and the new one coming up.
/// </summary>
internal sealed class TimerHeap
{
    private const int Arity = 4;
    private Entry[] _entries = new Entry[64];
    private long _sequence;
    private int _used;
    private bool _rootIsVacant;

    public int Count => _rootIsVacant ? _used - 1 : _used;

    public Instant NextDue
    {
        get
        {
            FillRoot();
            return _used == 0 ? Instant.Never : new(_entries[0].Due);
        }
    }

    public void Set(LoopTimer timer, Instant due)
    {
        var entry = new Entry(due.Nanoseconds, _sequence++, timer);
        timer.Due = due;
        if (timer.HeapIndex >= 0)
        {
            FillRoot();
            var index = timer.HeapIndex;
            if (entry.IsBefore(_entries[index]))
                SiftUp(index, entry);
            else
                SiftDown(index, entry);
            return;
        }
        if (_rootIsVacant)
        {
            _rootIsVacant = false;
            SiftDown(0, entry);
            return;
        }
        if (_used == _entries.Length)
            Array.Resize(ref _entries, _used * 2);
        SiftUp(_used++, entry);
    }

    public void Remove(LoopTimer timer)
    {
        FillRoot();
        var index = timer.HeapIndex;
        timer.HeapIndex = -1;
        timer.Due = Instant.Never;
        var last = _entries[--_used];
        _entries[_used] = default;
        if (index == _used)
            return;
        if (index > 0 && last.IsBefore(_entries[(index - 1) / Arity]))
            SiftUp(index, last);
        else
            SiftDown(index, last);
    }

    public bool TryTake(Instant now, out LoopTimer timer)
    {
        FillRoot();
        timer = _entries[0].Timer;
        if (_used == 0 || _entries[0].Due > now.Nanoseconds)
            return false;
        timer.HeapIndex = -1;
        timer.Due = Instant.Never;
        _rootIsVacant = true;
        return true;
    }

    /// <summary>Nobody has taken the vacant place: the last one does.</summary>
    private void FillRoot()
    {
        if (!_rootIsVacant)
            return;
        _rootIsVacant = false;
        var last = _entries[--_used];
        _entries[_used] = default;
        if (_used > 0)
            SiftDown(0, last);
    }

    private void SiftUp(int index, Entry entry)
    {
        while (index > 0)
        {
            var parent = (index - 1) / Arity;
            if (!entry.IsBefore(_entries[parent]))
                break;
            Place(index, _entries[parent]);
            index = parent;
        }
        Place(index, entry);
    }

    private void SiftDown(int index, Entry entry)
    {
        while (true)
        {
            var first = index * Arity + 1;
            if (first >= _used)
                break;
            var least = first;
            var end = Math.Min(first + Arity, _used);
            for (var child = first + 1; child < end; child++)
            {
                if (_entries[child].IsBefore(_entries[least]))
                    least = child;
            }
            if (!_entries[least].IsBefore(entry))
                break;
            Place(index, _entries[least]);
            index = least;
        }
        Place(index, entry);
    }

    private void Place(int index, Entry entry)
    {
        _entries[index] = entry;
        entry.Timer.HeapIndex = index;
    }

    private readonly record struct Entry(long Due, long Sequence, LoopTimer Timer)
    {
        public bool IsBefore(in Entry other) => Due < other.Due || (Due == other.Due && Sequence < other.Sequence);
    }
}
