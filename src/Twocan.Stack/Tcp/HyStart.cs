using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// HyStart++ (RFC 9406): slow start ends when the round trips of a round are longer than those of the round before, since a
/// queue has begun to build, and not only when that queue overflows. To be sure it first goes on more slowly for a few
/// rounds (Conservative Slow Start), and returns to slow start if the round trips become shorter again.
/// </summary>
public sealed class HyStart(int segmentsPerAck = HyStart.MaxSegmentsPerAck)
{
    /// <summary>§4.3, L: without pacing an acknowledgement lets out no more than so many segments at once.</summary>
    public const int MaxSegmentsPerAck = 8;

    private const int SamplesNeeded = 8;
    private const int ConservativeRounds = 5;
    private const int ConservativeDivisor = 4;
    private const int RttDivisor = 8;
    private static readonly Duration LeastThreshold = Duration.FromMilliseconds(4);
    private static readonly Duration MostThreshold = Duration.FromMilliseconds(16);
    private static readonly Duration Nothing = new(long.MaxValue);

    private long _roundEnd;
    private int _samples;
    private int _conservativeRounds;
    private Duration _before = Nothing;
    private Duration _current = Nothing;
    private Duration _baseline = Nothing;

    public bool IsConservative { get; private set; }

    /// <summary>By how much the window may grow, and whether slow start is over.</summary>
    public int OnDelivered(in AckSample ack, int segmentSize, out bool isOver)
    {
        isOver = false;
        if (ack.Rate.PriorDelivered >= _roundEnd)
            BeginRound(ack.TotalDelivered, out isOver);
        if (ack.Rate.Rtt > Duration.Zero)
        {
            _current = Duration.Min(_current, ack.Rate.Rtt);
            _samples++;
        }
        if (_samples >= SamplesNeeded && _current != Nothing && _before != Nothing)
            Judge();
        var growth = Growth(ack, segmentSize, segmentsPerAck);
        return IsConservative ? growth / ConservativeDivisor : growth;
    }

    /// <summary>By how much slow start lets the window grow. What went out in one piece may do so again.</summary>
    public static int Growth(in AckSample ack, int segmentSize, int segmentsPerAck) =>
        Math.Min(ack.NewlyAcknowledged, Math.Max(segmentsPerAck * segmentSize, ack.LargestBurst));

    public void Restart()
    {
        (_before, _current, _samples, IsConservative) = (Nothing, Nothing, 0, false);
        _roundEnd = 0;
    }

    private void BeginRound(long delivered, out bool isOver)
    {
        _roundEnd = delivered;
        (_before, _current, _samples) = (_current, Nothing, 0);
        isOver = IsConservative && ++_conservativeRounds >= ConservativeRounds;
    }

    private void Judge()
    {
        if (IsConservative)
        {
            // It was a passing trouble.
            if (_current < _baseline)
                IsConservative = false;
            return;
        }
        var threshold = Duration.Max(LeastThreshold, Duration.Min(_before / RttDivisor, MostThreshold));
        if (_current < _before + threshold)
            return;
        (_baseline, IsConservative, _conservativeRounds) = (_current, true, 0);
    }
}
