namespace Twocan.Stack;

/// <summary>How much the network changes the order of segments.</summary>
public sealed partial class LossRecovery
{
    /// <summary>By how many segments one that was never resent came late; 3 is what every sender expects (RFC 5681).</summary>
    public int Reordering { get; private set; } = DuplicateThreshold;

    /// <summary>How many acknowledgements have shown that something came out of order.</summary>
    public int ReorderingsSeen { get; private set; }

    /// <summary>How often the peer has told us that something came twice (RFC 2883).</summary>
    public long DuplicatesReported { get; private set; }

    /// <summary>It was sent once, and comes behind what was sent later: by so many segments.</summary>
    private void MeasureReordering(in SentSegment late)
    {
        if (!late.Is(SentMarks.EverResent) && late.Start < _highestSacked)
        {
            Reordering = Math.Max(Reordering, (_highestSacked - late.Start + _segmentSize - 1) / _segmentSize);
            ReorderingsSeen += _finding.IsLate ? 0 : 1;
            _finding.IsLate = true;
        }
        _highestSacked = SequenceNumber.Max(_highestSacked, late.End);
    }

    private SequenceNumber _highestSacked;
}
