using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What was heard and is believed for a while. Bounded: when it is full, what was heard first is forgotten.</summary>
internal sealed class Hearsay<TKey, TValue>(int capacity, Duration lifetime)
    where TKey : IEquatable<TKey>
{
    private readonly Dictionary<TKey, LinkedListNode<Word>> _words = [];

    /// <summary>The same, oldest first.</summary>
    private readonly LinkedList<Word> _byAge = new();

    /// <summary>With those whose time is over and whom nobody has asked for since.</summary>
    public int Count => _words.Count;

    public bool TryGet(TKey key, Instant now, [MaybeNullWhen(false)] out TValue value) =>
        TryGet(key, now, out value, out _);

    /// <param name="ends">Until when it is believed; never ends what is not there.</param>
    public bool TryGet(TKey key, Instant now, [MaybeNullWhen(false)] out TValue value, out Instant ends)
    {
        if (_words.Count > 0 && _words.TryGetValue(key, out var word) && word.Value.Ends > now)
        {
            (value, ends) = (word.Value.Value, word.Value.Ends);
            return true;
        }
        (value, ends) = (default, Instant.Never);
        return false;
    }

    public void Set(TKey key, TValue value, Instant now)
    {
        Remove(key);
        if (_words.Count == capacity)
            Remove(_byAge.First!.Value.Key);
        _words.Add(key, _byAge.AddLast(new Word(key, value, now + lifetime)));
    }

    public bool Remove(TKey key)
    {
        if (!_words.Remove(key, out var word))
            return false;
        _byAge.Remove(word);
        return true;
    }

    public void Clear()
    {
        _words.Clear();
        _byAge.Clear();
    }

    /// <summary>What is believed now, oldest first.</summary>
    public IEnumerable<(TKey Key, TValue Value, Instant Ends)> Live(Instant now) =>
        _byAge.Where(word => word.Ends > now).Select(word => (word.Key, word.Value, word.Ends));

    private readonly record struct Word(TKey Key, TValue Value, Instant Ends);
}
