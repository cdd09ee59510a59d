using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>The journal with its causes in both directions: what led to an event, and what it led to.</summary>
public sealed class JournalIndex
{
    private readonly IReadOnlyList<JournalEntry> _entries;
    private readonly long _before;
    private readonly int[] _root;
    private int[]? _firstEffect;
    private int[]? _nextEffect;

    public JournalIndex(IReadOnlyList<JournalEntry> entries)
    {
        // A copy: the world may go on, and its journal with it.
        _entries = [.. entries];
        _before = _entries.Count > 0 ? _entries[0].Id.Value - 1 : 0;
        _root = new int[_entries.Count + 1];
        // A cause is always told before what follows from it, so one pass finds the first cause of all.
        for (var place = 1; place <= _entries.Count; place++)
        {
            var cause = Place(_entries[place - 1].Because);
            _root[place] = cause == 0 ? place : _root[cause];
        }
    }

    public IReadOnlyList<JournalEntry> Entries => _entries;

    /// <summary>Where an event stands among the entries, from 1; 0 for none, and for what was before the first of them.</summary>
    public int Place(EventId id) =>
        id.Value > _before && id.Value <= _before + _entries.Count ? (int)(id.Value - _before) : 0;

    public JournalEntry? Find(EventId id) => Place(id) is > 0 and var place ? _entries[place - 1] : null;

    /// <summary>The first of all causes: the click, for whatever follows from it.</summary>
    public JournalEntry Root(JournalEntry entry) => _entries[_root[Place(entry.Id)] - 1];

    /// <summary>The event itself and its causes, one after the other, up to the first.</summary>
    public IEnumerable<JournalEntry> Climb(JournalEntry? entry)
    {
        for (; entry is not null; entry = Find(entry.Because))
            yield return entry;
    }

    /// <summary>The nearest cause (or the event itself) of that kind.</summary>
    public JournalEntry? Nearest<T>(JournalEntry? entry)
        where T : struct, IJournalEvent
    {
        for (; entry is not null; entry = Find(entry.Because))
            if (entry.What is T)
                return entry;
        return null;
    }

    /// <summary>What followed directly, in the order of time.</summary>
    public IEnumerable<JournalEntry> Effects(JournalEntry entry)
    {
        if (_firstEffect is null || _nextEffect is null)
            (_firstEffect, _nextEffect) = LinkEffects();
        for (var i = _firstEffect[Place(entry.Id)]; i != 0; i = _nextEffect[i])
            yield return _entries[i - 1];
    }

    private (int[] First, int[] Next) LinkEffects()
    {
        var first = new int[_entries.Count + 1];
        var next = new int[_entries.Count + 1];
        for (var i = _entries.Count; i > 0; i--)
        {
            var cause = Place(_entries[i - 1].Because);
            (next[i], first[cause]) = (first[cause], i);
        }
        return (first, next);
    }
}
