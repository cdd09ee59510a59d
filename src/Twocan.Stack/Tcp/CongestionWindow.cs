namespace Twocan.Stack;

/// <summary>cwnd and ssthresh with what RFC 5681 and its kin let happen to them, for all algorithms that grow a window until something is lost.</summary>
public struct CongestionWindow()
{
    public const int Max = 1 << 30;
    private int _priorWindow;
    private int _priorThreshold;

    public int Octets { get; private set; } = 536;

    /// <summary>Arbitrarily high at first: the network, not a guess, ends the first slow start.</summary>
    public int Threshold { get; private set; } = Max;

    public int SegmentSize { get; set; } = 536;

    public readonly bool IsSlowStart => Octets < Threshold;

    public void Begin(int octets, int segmentSize) => (Octets, SegmentSize) = (octets, segmentSize);

    /// <summary>A window that was not made use of has not been tested, and does not grow (RFC 7661 §1).</summary>
    public readonly bool IsUsed(int inFlight) => IsSlowStart ? inFlight * 2L > Octets : inFlight + SegmentSize > Octets;

    public void Grow(int octets) => Octets = Math.Min(Octets + octets, Max);

    public void Set(int octets) => Octets = Math.Clamp(octets, SegmentSize, Max);

    /// <summary>Slow start ends here (RFC 9406).</summary>
    public void EndSlowStart() => Threshold = Octets;

    public void Reduce(int threshold)
    {
        (_priorWindow, _priorThreshold) = (Octets, Threshold);
        Threshold = Math.Max(threshold, 2 * SegmentSize);
        Octets = Threshold;
    }

    /// <summary>RFC 5681 §3.1: the threshold stays when the same segment is lost again.</summary>
    public void Collapse(int threshold, bool isFirst)
    {
        if (isFirst)
        {
            (_priorWindow, _priorThreshold) = (Octets, Threshold);
            Threshold = Math.Max(threshold, 2 * SegmentSize);
        }
        Octets = SegmentSize;
    }

    public void Restrain(int inFlight) => Octets = Math.Min(Threshold, Math.Max(inFlight, SegmentSize) + SegmentSize);

    /// <summary>RFC 4015 §3: as it was; what has been reached since stays.</summary>
    public void Undo()
    {
        Octets = Math.Max(Octets, _priorWindow);
        Threshold = Math.Max(Threshold, _priorThreshold);
    }

    /// <summary>RFC 2861 §3.1: half for each RTO of silence, but not less than one begins with; the threshold remembers.</summary>
    public void Decay(int timeouts, int initialWindow)
    {
        Threshold = Math.Max(Threshold, Octets / 4 * 3);
        var least = Math.Min(Octets, initialWindow);
        Octets = Math.Max(timeouts < 31 ? Octets >> timeouts : 0, least);
    }
}
