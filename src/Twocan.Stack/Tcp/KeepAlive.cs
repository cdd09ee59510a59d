using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Asks a peer of which nothing has been heard for long whether it is still there (RFC 9293 §3.8.4): with a segment from before the
/// window, which it must answer. Off unless the program wants it.
/// </summary>
public struct KeepAlive
{
    private Duration _idle;
    private Duration _interval;
    private int _most;
    private int _unanswered;
    private bool _isOn;

    public KeepAlive() { }

    public Instant Due { get; private set; } = Instant.Never;

    public bool IsProbeOwed { get; private set; }

    public void Configure(TcpSettings settings, Instant now)
    {
        (_idle, _interval, _most) = (settings.KeepAliveTime, settings.KeepAliveInterval, settings.KeepAliveProbes);
        _isOn = settings.KeepAlive;
        OnHeard(now);
    }

    /// <summary>The peer lives.</summary>
    public void OnHeard(Instant now)
    {
        _unanswered = 0;
        Due = _isOn ? now + _idle : Instant.Never;
    }

    /// <summary>False when it has been asked often enough.</summary>
    /// <param name="isWaiting">What is in flight asks already.</param>
    public bool OnExpired(bool isWaiting, Instant now)
    {
        if (isWaiting)
        {
            Due = now + _idle;
            return true;
        }
        if (_unanswered >= _most)
            return false;
        (IsProbeOwed, Due) = (true, now + _interval);
        _unanswered++;
        return true;
    }

    public void OnProbeSent() => IsProbeOwed = false;

    public void Stop() => (Due, IsProbeOwed) = (Instant.Never, false);
}
