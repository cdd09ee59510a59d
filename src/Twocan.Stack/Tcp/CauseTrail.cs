using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Which event which octets of a stream came from, in the order of the stream. Stays empty while nobody keeps a journal:
/// all causes are none then.
/// </summary>
internal struct CauseTrail
{
    private Queue<Stretch>? _stretches;
    private EventId _last;

    /// <summary>The octets up to <paramref name="end"/> (from where the last stretch ended) came from <paramref name="because"/>.</summary>
    public void Extend(long end, EventId because)
    {
        if (because.IsNone && _stretches is not { Count: > 0 })
            return;
        (_stretches ??= new()).Enqueue(new(end, because));
        _last = because;
    }

    /// <summary>What the octet at <paramref name="position"/> came from.</summary>
    public readonly EventId At(long position)
    {
        if (_stretches is null)
            return _last;
        foreach (var stretch in _stretches)
        {
            if (position < stretch.End)
                return stretch.Because;
        }
        return _last;
    }

    public readonly void ForgetBefore(long position)
    {
        while (_stretches?.TryPeek(out var stretch) == true && stretch.End <= position)
            _stretches.Dequeue();
    }

    public readonly void Clear() => _stretches?.Clear();

    private readonly record struct Stretch(long End, EventId Because);
}
