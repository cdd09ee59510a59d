using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// How long to wait for an acknowledgement (RFC 6298): the smoothed round-trip time plus room for its variation, doubled
/// each time that the wait was in vain. After such a back-off the longer RTO stays until a segment that was sent only once
/// has been timed (Karn: the acknowledgement of a resent one does not say which of them it answers).
/// </summary>
public sealed class RttEstimator(Duration initialRto, Duration minMargin, Duration maxRto)
{
    private Duration _rto = initialRto;
    private int _backOff;

    /// <summary>SRTT; zero before the first measurement.</summary>
    public Duration Smoothed { get; private set; }

    /// <summary>RTTVAR.</summary>
    public Duration Variation { get; private set; }

    public bool HasSample { get; private set; }

    public Duration Rto => Duration.Min(_rto * (1L << _backOff), maxRto);

    /// <param name="samplesPerRoundTrip">Many small steps are to go as far as one large one (RFC 7323 appendix G).</param>
    public void OnSample(Duration rtt, int samplesPerRoundTrip = 1)
    {
        var share = Math.Max(samplesPerRoundTrip, 1);
        if (HasSample)
        {
            // §2.3: the variation first, from the old SRTT. Alpha is 1/8 and beta 1/4.
            var error = Duration.Max(Smoothed - rtt, rtt - Smoothed);
            Variation += (error - Variation) / (4 * share);
            Smoothed += (rtt - Smoothed) / (8 * share);
        }
        else
        {
            (Smoothed, Variation, HasSample) = (rtt, rtt / 2, true);
        }
        _rto = Smoothed + Duration.Max(minMargin, Variation * 4);
        _backOff = 0;
    }

    /// <summary>§5.5: the timer has expired.</summary>
    public void BackOff()
    {
        if (Rto < maxRto)
            _backOff++;
    }

    /// <summary>§5.7: the handshake lost a SYN, and nothing has been timed yet.</summary>
    public void Restart(Duration rto) => (_rto, _backOff) = (rto, 0);
}
