using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Asks a peer with a closed window whether it has opened (RFC 9293 §3.8.6.1), since the segment that said so may be lost
/// and nobody resends a pure acknowledgement. It also overrides the sender's silly-window avoidance (§3.8.6.2.1) when a
/// window stays small. The pauses double as those of the retransmission timer do.
/// </summary>
public struct PersistTimer
{
    private int _backOff;

    public PersistTimer() { }

    public Instant Due { get; private set; } = Instant.Never;

    public bool IsSet => Due != Instant.Never;

    /// <summary>It has not waited for anything yet.</summary>
    public bool IsIdle => _backOff == 0 && !IsSet;

    /// <summary>Probes that nobody has answered.</summary>
    public int Unanswered { get; private set; }

    /// <summary>It expired, and the probe has not gone out yet.</summary>
    public bool IsProbeOwed { get; private set; }

    /// <summary>Something waits for the window.</summary>
    public void OnBlocked(Instant now, Duration rto, Duration longest)
    {
        if (!IsSet && !IsProbeOwed)
            Due = now + Duration.Min(rto * (1L << _backOff), longest);
    }

    public void OnExpired()
    {
        Due = Instant.Never;
        IsProbeOwed = true;
        if (_backOff < 16)
            _backOff++;
    }

    public void OnProbeSent()
    {
        IsProbeOwed = false;
        Unanswered++;
    }

    /// <summary>The peer lives, whatever it says of its window.</summary>
    public void OnAnswered() => Unanswered = 0;

    /// <summary>The window is open, or there is nothing left to ask for.</summary>
    public void Stop()
    {
        Due = Instant.Never;
        IsProbeOwed = false;
        _backOff = 0;
        Unanswered = 0;
    }
}
