using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// How much the network may hold of ours at once. It is told what was acknowledged and what was lost, and answers with a
/// window; which segment to resend when is not its business.
/// </summary>
public interface ICongestionControl
{
    string Name { get; }

    /// <summary>cwnd, in octets.</summary>
    int Window { get; }

    /// <summary>ssthresh, in octets.</summary>
    int SlowStartThreshold { get; }

    /// <summary>The handshake is done.</summary>
    void OnEstablished(int segmentSize, bool synWasLost);

    /// <summary>New data was acknowledged, outside of a recovery.</summary>
    void OnAcknowledged(int octets, int inFlightBefore, Instant now);

    /// <summary>A segment is lost, as duplicate acknowledgements tell: a recovery begins.</summary>
    void OnLoss(int inFlight, Instant now);

    /// <summary>All that was in flight when the loss was found is acknowledged.</summary>
    void OnRecovered(int inFlight, Instant now);

    /// <summary>The retransmission timer has expired; <paramref name="isFirst"/> when it has not done so for this segment before.</summary>
    void OnTimeout(int inFlight, bool isFirst, Instant now);

    /// <summary>The path takes smaller segments than was thought.</summary>
    void OnSegmentSize(int segmentSize);
}
