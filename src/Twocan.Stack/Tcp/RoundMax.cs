namespace Twocan.Stack;

/// <summary>The most that was measured in the last so many round trips.</summary>
public sealed class RoundMax(int rounds)
{
    private readonly (long Round, long Value)[] _best = new (long, long)[rounds];

    public long Value { get; private set; }

    public void Add(long value, long round)
    {
        ref var slot = ref _best[round % rounds];
        if (slot.Round != round)
        {
            slot = (round, value);
            // What was measured in the round whose place this takes counts no more.
            Value = 0;
            foreach (var (at, best) in _best)
                Value = at > round - rounds ? Math.Max(Value, best) : Value;
            return;
        }
        slot.Value = Math.Max(slot.Value, value);
        Value = Math.Max(Value, value);
    }
}
