namespace Twocan.Stack;

/// <summary>How much the network changes the order of segments.</summary>
public sealed partial class LossRecovery
{
    /// <summary>By how many segments one that was never resent came late; 3 is what every sender expects (RFC 5681).</summary>
    public int Reordering { get; private set; } = DuplicateThreshold;

    /// <summary>It was sent once, and comes behind what was sent later: by so many segments.</summary>
    private void MeasureReordering(in SentSegment late)
    {
        if (!late.Is(SentMarks.EverResent) && late.Start < _highestSacked)
            Reordering = Math.Max(Reordering, (_highestSacked - late.Start + _segmentSize - 1) / _segmentSize);
        _highestSacked = SequenceNumber.Max(_highestSacked, late.End);
    }

    private SequenceNumber _highestSacked;
}
