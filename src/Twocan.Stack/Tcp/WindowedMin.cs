using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The least of what was measured lately: within a span, to half a span exactly.</summary>
public struct WindowedMin(Duration span)
{
    private static readonly Duration Nothing = new(long.MaxValue);
    private Duration _before = Nothing;
    private Duration _now = Nothing;
    private Instant _turnsAt;

    public readonly bool HasValue => Value != Nothing;

    public readonly Duration Value => Duration.Min(_before, _now);

    public void Add(Duration value, Instant now)
    {
        if (now >= _turnsAt)
        {
            _before = now < _turnsAt + span / 2 ? _now : Nothing;
            _now = Nothing;
            _turnsAt = now + span / 2;
        }
        _now = Duration.Min(_now, value);
    }
}
