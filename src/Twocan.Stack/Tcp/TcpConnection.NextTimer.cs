using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What a connection waits for when it waits for time to pass.</summary>
public enum TcpTimer
{
    None,

    /// <summary>RFC 6298: what was sent is not acknowledged yet.</summary>
    Retransmit,

    /// <summary>RFC 9293 §3.8.6.1: the peer's window is shut, and shall be asked about.</summary>
    Persist,

    /// <summary>RFC 9293 §3.8.6.3: an acknowledgement waits for company.</summary>
    DelayedAck,

    /// <summary>RFC 8985: the probe of a tail, or the time to tell reordering from loss.</summary>
    Recovery,

    /// <summary>RFC 9293 §3.8.4: the peer has been silent for long.</summary>
    KeepAlive,

    /// <summary>RFC 5482: the program's own patience.</summary>
    UserTimeout,

    /// <summary>RFC 9293 §3.6: 2 MSL in TIME-WAIT, or the wait for a peer that never closes.</summary>
    Linger,
}

public sealed partial class TcpConnection
{
    /// <summary>The timer that goes off first, and when; <see cref="TcpTimer.None"/> when none is set.</summary>
    public (TcpTimer Timer, Instant Due) NextTimer
    {
        get
        {
            var due = Due;
            var timer =
                due == Instant.Never ? TcpTimer.None
                : due == _retransmit.Due ? TcpTimer.Retransmit
                : due == _persist.Due ? TcpTimer.Persist
                : due == _ack.Due ? TcpTimer.DelayedAck
                : due == _loss.Due ? TcpTimer.Recovery
                : due == _keepAlive.Due ? TcpTimer.KeepAlive
                : due == _lingerUntil ? TcpTimer.Linger
                : TcpTimer.UserTimeout;
            return (timer, due);
        }
    }
}
