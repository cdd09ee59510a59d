using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Nobody sends duplicates when the last segments of a flight are lost, and the retransmission timer is patient. So after
/// two round trips of silence something is sent that will be answered (RFC 8985 §7): new data, or the last segment again.
/// </summary>
public struct TailLossProbe(Duration maxAckDelay)
{
    private static readonly Duration WithoutRtt = Duration.FromSeconds(1);
    private SequenceNumber _end;
    private bool _isResend;

    public Instant Due { get; private set; } = Instant.Never;

    /// <summary>The timer has expired, and the probe has not gone out yet.</summary>
    public bool IsOwed { get; private set; }

    /// <summary>Where a round trip takes no time at all, an answer still takes some.</summary>
    private static readonly Duration Least = Duration.FromMilliseconds(2);

    /// <summary>A probe is on its way.</summary>
    public bool IsActive { get; private set; }

    /// <summary>§7.2.</summary>
    /// <param name="mayBeDelayed">Less than two full segments are in flight: the acknowledgement may wait for company.</param>
    public void Schedule(RttEstimator rtt, bool mayBeDelayed, Instant retransmitDue, Instant now)
    {
        if (IsActive || IsOwed)
            return;
        var wait = rtt.HasSample ? rtt.Smoothed * 2 + (mayBeDelayed ? maxAckDelay : Duration.Zero) : WithoutRtt;
        Due = Instant.Min(now + Duration.Max(wait, Least), retransmitDue);
    }

    public void OnExpired() => (Due, IsOwed) = (Instant.Never, true);

    public void OnSent(SequenceNumber end, bool isResend)
    {
        (IsOwed, IsActive) = (false, true);
        (_end, _isResend) = (end, isResend);
    }

    /// <summary>§7.4: true when the probe has repaired a loss that nobody else has noticed: the window must shrink all the same.</summary>
    public bool HasRepairedLoss(SequenceNumber acknowledgement, bool wasTwice, bool isPureDuplicate)
    {
        if (!IsActive || acknowledgement < _end)
            return false;
        if (!_isResend || wasTwice)
        {
            IsActive = false; // new data that arrived, or the original had arrived, too
            return false;
        }
        if (acknowledgement > _end)
        {
            IsActive = false;
            return true;
        }
        if (isPureDuplicate)
            IsActive = false; // the original had been acknowledged already: that is what the probe was answered with
        return false;
    }

    public void Stop() => (Due, IsOwed, IsActive) = (Instant.Never, false, false);

    public void Cancel() => Due = Instant.Never;
}
