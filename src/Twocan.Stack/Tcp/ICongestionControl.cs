using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// How much the network may hold of ours at once. It is told what was delivered and what was lost, and answers with a
/// window; which segment to resend when, and how to get down to a smaller window, is not its business.
/// </summary>
public interface ICongestionControl
{
    string Name { get; }

    /// <summary>cwnd, in octets.</summary>
    int Window { get; }

    /// <summary>ssthresh, in octets.</summary>
    int SlowStartThreshold { get; }

    /// <summary>Octets a second at which to spread what is sent; 0 sends as fast as the window allows.</summary>
    long PacingRate => 0;

    /// <summary>It has a window for recoveries of its own; for all others PRR (RFC 6937) finds the way down to the threshold.</summary>
    bool RulesRecovery => false;

    /// <summary>How many of its windows the send buffer should hold, so that there is always something to send.</summary>
    int WindowsToBuffer => 2;

    /// <summary>The handshake is done.</summary>
    void OnEstablished(int initialWindow, int segmentSize, Instant now);

    /// <summary>Something was delivered; in a recovery only those that rule it are told.</summary>
    void OnDelivered(in AckSample ack, Instant now);

    /// <summary>A recovery begins (RFC 5681 §3.2), or the network has marked a packet (RFC 3168): the window has to shrink.</summary>
    void OnCongestion(int inFlight, bool isLoss, Instant now);

    /// <summary>All that was in flight then is acknowledged.</summary>
    void OnRecovered(int inFlight, Instant now);

    /// <summary>The retransmission timer has expired; <paramref name="isFirst"/> when it has not done so for this segment before.</summary>
    void OnTimeout(int inFlight, bool isFirst, Instant now);

    /// <summary>Nothing was lost after all: as before the last congestion or timeout (RFC 4015).</summary>
    void Undo(Instant now);

    /// <summary>Nothing was sent for so many RTOs (RFC 2861, RFC 5681 §4.1): what was known of the network is out of date.</summary>
    void OnIdle(int timeouts, int initialWindow, Instant now);

    /// <summary>The path takes smaller segments than was thought, or longer ones.</summary>
    void OnSegmentSize(int segmentSize);
}

/// <summary>What one acknowledgement has told.</summary>
/// <param name="Acknowledged">Octets by which SND.UNA has moved.</param>
/// <param name="Delivered">Octets that are known to have arrived by now and were not before, in whatever order.</param>
/// <param name="Lost">Octets held for lost since the last one.</param>
/// <param name="InFlightBefore">What was in the network when it arrived, and what is now.</param>
/// <param name="MostInFlight">The most that was in the network within the last round trip.</param>
/// <param name="TotalDelivered">Octets delivered since the beginning.</param>
/// <param name="LargestBurst">The most that was sent in one piece, for an adapter to cut; what one segment has where there was none.</param>
public readonly record struct AckSample(
    int Acknowledged,
    int Delivered,
    int Lost,
    int InFlightBefore,
    int InFlight,
    int MostInFlight,
    long TotalDelivered,
    RateSample Rate,
    Duration SmoothedRtt,
    Duration MinRtt,
    int LargestBurst = 0
)
{
    /// <summary>
    /// Of those by which SND.UNA has moved, the octets that have arrived just now. What lay behind a hole arrived earlier: when
    /// the hole is filled, slow start must not send so much at once for it (RFC 3465 §2.3).
    /// </summary>
    public int NewlyAcknowledged => Math.Min(Acknowledged, Delivered);
}
