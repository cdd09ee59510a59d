namespace Twocan.Stack;

/// <summary>The order of time: a list through those whose fate is open, by their last transmission.</summary>
public sealed partial class SentQueue
{
    private long _earliest = None;
    private long _latest = None;

    private void Enlist(long number)
    {
        ref var segment = ref this[number];
        (segment.Earlier, segment.Later) = (_latest, None);
        if (_latest == None)
            _earliest = number;
        else
            this[_latest].Later = number;
        _latest = number;
    }

    private void InsertAfter(long number, long added)
    {
        ref var segment = ref this[added];
        (segment.Earlier, segment.Later) = (number, this[number].Later);
        if (segment.Later == None)
            _latest = added;
        else
            this[segment.Later].Earlier = added;
        this[number].Later = added;
    }

    private void Unlist(long number)
    {
        ref var segment = ref this[number];
        if (segment.Earlier == None)
            _earliest = segment.Later;
        else
            this[segment.Earlier].Later = segment.Later;
        if (segment.Later == None)
            _latest = segment.Earlier;
        else
            this[segment.Later].Earlier = segment.Earlier;
    }
}
