using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// The one retransmission timer of RFC 6298 §5: set while anything is unacknowledged. It also counts how often it has
/// expired since the peer last acknowledged something, so that somebody can give up.
/// </summary>
public struct RetransmitTimer
{
    public Instant Due { get; private set; } = Instant.Never;

    public RetransmitTimer() { }

    public bool IsSet => Due != Instant.Never;

    /// <summary>Expirations without an acknowledgement in between.</summary>
    public int Expirations { get; private set; }

    /// <summary>§5.1: something was sent; a timer that runs already runs on.</summary>
    public void OnSent(Instant now, Duration rto)
    {
        if (!IsSet)
            Due = now + rto;
    }

    /// <summary>§5.2 and §5.3: new data was acknowledged; the rest gets a whole RTO again.</summary>
    public void OnAcknowledged(bool all, Instant now, Duration rto)
    {
        Expirations = 0;
        Due = all ? Instant.Never : now + rto;
    }

    /// <summary>§5.4: stops, until what is resent sets it again.</summary>
    public void OnExpired()
    {
        Expirations++;
        Stop();
    }

    /// <summary>Something was resent, so what the timer waits for begins anew.</summary>
    public void Restart(Instant now, Duration rto) => Due = now + rto;

    /// <summary>The peer lives, though it takes nothing: that is no reason to give up.</summary>
    public void OnAnswered() => Expirations = 0;

    public void Stop() => Due = Instant.Never;
}
