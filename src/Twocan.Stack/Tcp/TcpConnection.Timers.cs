using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The third door: when something is to be done although nothing has happened.</summary>
public sealed partial class TcpConnection
{
    /// <summary>2 MSL in TIME-WAIT; in FIN-WAIT-2 the patience with a peer to which no program listens any more.</summary>
    private Instant _lingerUntil = Instant.Never;

    /// <summary>What the network has said of late; told to the program only if we give up (RFC 1122 §4.2.3.9).</summary>
    private SocketError _softError;
    private EventId _softErrorBecause;
    private int? _troubleAt;
    private Instant _waitingSince;

    /// <summary>Call <see cref="OnDue"/> then.</summary>
    public Instant Due =>
        Instant.Min(
            Instant.Min(Instant.Min(_retransmit.Due, _persist.Due), Instant.Min(_ack.Due, _lingerUntil)),
            Instant.Min(Instant.Min(_loss.Due, _pacer.Due), Instant.Min(_keepAlive.Due, GivesUpAt))
        );

    /// <summary>RFC 5482: the program's own limit for what stays unacknowledged.</summary>
    private Instant GivesUpAt =>
        _settings.UserTimeout > Duration.Zero && (InFlight > 0 || !_persist.IsIdle)
            ? _waitingSince + _settings.UserTimeout
            : Instant.Never;

    public void OnDue(Instant now)
    {
        if (GivesUpAt <= now)
        {
            GiveUp(now);
            return;
        }
        if (_pacer.Due <= now)
            _pacer.Stop();
        if (_ack.Due <= now)
            _ack.OnDue();
        if (_keepAlive.Due <= now && !_keepAlive.OnExpired(InFlight > 0 || _persist.IsSet, now))
        {
            GiveUp(now);
            return;
        }
        if (_persist.Due <= now)
            OnPersistTimeout(now);
        if (_loss.Due <= now)
            OnRecoveryTimer(now);
        // A probe of the tail goes in place of the timeout (RFC 8985 §7.2).
        if (_retransmit.Due <= now && !_loss.Probe.IsOwed)
            OnRetransmitTimeout(now);
        if (_lingerUntil <= now)
        {
            _lingerUntil = Instant.Never;
            Enter(
                TcpState.Closed,
                State == TcpState.TimeWait ? "2 MSL are over" : "the peer never closed",
                now,
                default
            );
        }
    }

    private void OnRecoveryTimer(Instant now)
    {
        if (_loss.OnDue(SndNxt, now))
            OnPathNews(RecoveryNews.ProbeLost, default, now);
    }

    /// <summary>RFC 6298 §5.4 to §5.7.</summary>
    private void OnRetransmitTimeout(Instant now)
    {
        var limit = State switch
        {
            TcpState.SynSent => _settings.SynRetries,
            TcpState.SynReceived => _settings.SynAckRetries,
            _ => _settings.DataRetries,
        };
        if (_retransmit.Expirations >= limit)
        {
            GiveUp(now);
            return;
        }
        _retransmit.OnExpired();
        if (!IsSynchronized)
        {
            _rtt.BackOff();
            OnSynLost(_openedBecause);
            _isSynOwed = true;
            if (_loss.Sent.IsEmpty)
                SndNxt = Iss;
            return;
        }
        _rtt.BackOff();
        // Where the window closed over what was in flight, the first octet of it probes; that is no loss (§3.8.6).
        if (SndWnd == 0)
        {
            _loss.ResendFirst();
            return;
        }
        SuspectSilence(default);
        SuspectBlackHole(default);
        _loss.OnTimeout(SndNxt, isFirst: _retransmit.Expirations == 1, now);
    }

    private void OnPersistTimeout(Instant now)
    {
        if (_persist.Unanswered >= _settings.DataRetries)
            GiveUp(now);
        else
            _persist.OnExpired();
    }

    /// <summary>
    /// RFC 6191 §2: in TIME-WAIT, a SYN that was sent later by its time stamp, or without those lies behind everything by its
    /// number. Ours then begins behind all that we have sent, too.
    /// </summary>
    internal bool MayBeReplacedBy(in TcpSegment syn, out SequenceNumber after)
    {
        after = SndMax + ushort.MaxValue;
        if (State != TcpState.TimeWait)
            return false;
        return _timestamps.IsOn && syn.HasTimestamps && syn.TimestampValue != _timestamps.Recent
            ? (int)(syn.TimestampValue - _timestamps.Recent) > 0
            : syn.Sequence > RcvNxt;
    }

    /// <summary>
    /// The same from our side: whether a new connection may be opened between these ends, so long after TIME-WAIT began. The
    /// peer tells old segments from new ones by their time stamps, and by numbers that begin behind all that we have sent.
    /// </summary>
    internal bool MayBeReopened(Duration? wait, Instant now, out FormerConnection former)
    {
        former = new(SndMax + ushort.MaxValue, _timestamps.Recent);
        return State == TcpState.TimeWait
            && _timestamps.IsOn
            && wait is { } least
            && now - (_lingerUntil - _settings.Msl * 2) >= least;
    }

    private void GiveUp(Instant now)
    {
        if (State == TcpState.SynReceived && _isPassive)
            Enter(TcpState.Closed, "nobody answers: back to LISTEN", now, default);
        else
            Fail(_softError == SocketError.Success ? SocketError.TimedOut : _softError, "nobody answers", now, default);
    }

    /// <summary>
    /// ICMP tells that a segment of ours did not get there. While we connect that is the answer, but 'unreachable' must be
    /// heard of two of our SYNs: on a bad link a router may just have lost its ARP questions (RFC 5461 §4.2). Once we are
    /// connected it is a passing trouble, or a lie, and only remembered (RFC 1122 §4.2.3.9, RFC 5927).
    /// </summary>
    public void OnNetworkError(SocketError error, SequenceNumber quoted, Instant now, EventId because = default)
    {
        if (quoted < SndUna || quoted > SndMax || State == TcpState.Closed)
            return;
        var isPassing = error is SocketError.HostUnreachable or SocketError.NetworkUnreachable;
        // Who has only data in its SYN behind it, and no program yet, is given up as easily.
        var isUnclaimed = State == TcpState.SynReceived && IsFastOpened && IsUnclaimed;
        if (isUnclaimed || (State == TcpState.SynSent && !(isPassing && IsFirstTrouble())))
            Fail(error, "ICMP: cannot get there", now, because);
        else
            (_softError, _softErrorBecause) = (error, because);
    }

    /// <summary>Our own IP knows no way to there: no use in trying again.</summary>
    public void OnNoRoute(SocketError error, Instant now, EventId because = default)
    {
        if (State == TcpState.SynSent)
            Fail(error, "no route", now, because);
        else if (State != TcpState.Closed)
            (_softError, _softErrorBecause) = (error, because);
    }

    /// <summary>Errors about one and the same flight of SYNs count once: those that waited for ARP together come back together.</summary>
    private bool IsFirstTrouble()
    {
        _troubleAt ??= _retransmit.Expirations;
        return _retransmit.Expirations <= _troubleAt + 1;
    }
}
