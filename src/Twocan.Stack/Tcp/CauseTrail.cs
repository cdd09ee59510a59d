using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Which event which octets of a stream came from, in the order of the stream. Stays empty while nobody keeps a journal:
/// all causes are none then.
/// </summary>
internal sealed class CauseTrail
{
    private readonly Queue<Stretch> _stretches = new();
    private EventId _last;

    /// <summary>The octets up to <paramref name="end"/> (from where the last stretch ended) came from <paramref name="because"/>.</summary>
    public void Extend(long end, EventId because)
    {
        if (because.IsNone && _stretches.Count == 0)
            return;
        _stretches.Enqueue(new(end, because));
        _last = because;
    }

    /// <summary>What the octet at <paramref name="position"/> came from.</summary>
    public EventId At(long position)
    {
        foreach (var stretch in _stretches)
        {
            if (position < stretch.End)
                return stretch.Because;
        }
        return _last;
    }

    public void ForgetBefore(long position)
    {
        while (_stretches.TryPeek(out var stretch) && stretch.End <= position)
            _stretches.Dequeue();
    }

    public void Clear() => _stretches.Clear();

    private readonly record struct Stretch(long End, EventId Because);
}
