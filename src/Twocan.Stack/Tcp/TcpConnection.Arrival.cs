using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>SEGMENT ARRIVES: RFC 9293 §3.10.7, in its order and its words.</summary>
public sealed partial class TcpConnection
{
    private SequenceNumber _rcvEdge;
    private SequenceNumber _finSequence;
    private bool _isFinKnown;
    private EventId _finArrived;

    public SequenceNumber Irs { get; private set; }

    public SequenceNumber RcvNxt { get; private set; }

    /// <summary>RCV.WND: as the peer was told.</summary>
    public int RcvWnd => _rcvEdge - RcvNxt;

    public void OnSegment(in TcpSegment segment, Instant now)
    {
        _counts.SegmentsIn++;
        if (segment.Data.Length > 0)
            _counts.DataSegmentsIn++;
        switch (State)
        {
            case TcpState.Closed:
                return;
            case TcpState.Listen:
                OnSegmentInListen(segment, now);
                return;
            case TcpState.SynSent:
                OnSegmentInSynSent(segment, now);
                return;
        }
        // §3.10.7.4, for all other states.
        if (CheckTimestamp(segment, now) == Verdict.Drop)
            return;
        // Nearly all are just what is awaited, and need not be copied.
        if (IsWhollyWithinWindow(segment))
            OnAcceptable(segment, segment, now);
        else if (CheckSequence(segment, now, out var tailored) == Verdict.GoOn) // first
            OnAcceptable(tailored, segment, now);
    }

    /// <summary>The second step and those that follow.</summary>
    private void OnAcceptable(in TcpSegment segment, in TcpSegment arrived, Instant now)
    {
        _keepAlive.OnHeard(now);
        if (segment.Rst) // second
        {
            OnReset(segment, now);
            return;
        }
        // third: security compartments, which nobody uses
        if (segment.Syn) // fourth
        {
            OnSynInWindow(segment, now);
            return;
        }
        var lastAckSent = _lastAckSent;
        if (OnAcknowledgement(segment, arrived, now) == Verdict.Drop) // fifth
            return;
        // Only now, when its acknowledgement was believed too: a forged time stamp would shut the real peer out (RFC 7323 §5.3).
        if (_timestamps.IsOn && arrived.HasTimestamps)
            _timestamps.OnAcceptable(arrived.TimestampValue, arrived.Sequence, lastAckSent, now);
        // sixth: urgent data is read in its turn like all other (RFC 6093)
        OnData(segment, now); // seventh
        OnFin(segment, now); // eighth
    }

    /// <summary>Acceptable, and nothing of it to be cut off.</summary>
    private bool IsWhollyWithinWindow(in TcpSegment segment) =>
        !segment.Flags.Has(TcpFlags.Syn | TcpFlags.Rst) && segment.Sequence >= RcvNxt && segment.End <= _rcvEdge;

    /// <summary>First: is any of it within the window? If so, <paramref name="tailored"/> is the part that is.</summary>
    private Verdict CheckSequence(in TcpSegment arrived, Instant now, out TcpSegment tailored)
    {
        tailored = arrived;
        if (State == TcpState.SynReceived && arrived.Syn && arrived.Sequence == Irs)
        {
            // Their SYN again. Without ACK ours was lost: it goes again now, not when the timer thinks of it.
            // With ACK it is the other half of a simultaneous open, and its ACK counts.
            if (!arrived.Ack)
            {
                if (Strangers.Allows(now))
                    _isSynOwed = true;
                return Verdict.Drop;
            }
            tailored = arrived.WithoutSyn();
        }
        if (tailored.Rst)
            return tailored.Sequence >= RcvNxt && (tailored.Sequence < _rcvEdge || tailored.Sequence == RcvNxt)
                ? Verdict.GoOn
                : Verdict.Drop;
        // A segment without length may also stand at the very edge: it was sent behind a full window (§3.10.7.4 would drop it).
        var isAcceptable =
            tailored.Length == 0
                ? tailored.Sequence >= RcvNxt && tailored.Sequence <= _rcvEdge
                : tailored.Sequence < _rcvEdge && tailored.End > RcvNxt;
        if (isAcceptable)
        {
            if (tailored.Syn)
                return Verdict.GoOn;
            OnDuplicateOctets(arrived, RcvNxt);
            var isEmpty = tailored.Length == 0;
            tailored = tailored.Within(RcvNxt, _rcvEdge);
            if (tailored.Length == 0 && !isEmpty)
                _ack.OweNow(SendReason.OutOfWindow, arrived.Cause); // all that was new lies beyond a closed window
            return Verdict.GoOn;
        }
        if (tailored.Sequence == RcvNxt && RcvWnd == 0 && !tailored.Syn)
        {
            // A probe of our closed window: its data must wait, its ACK counts ('special allowance'), and so does
            // a FIN that comes alone and takes no room.
            _ack.OweNow(SendReason.OutOfWindow, arrived.Cause);
            if (tailored.Data.Length > 0)
                tailored = tailored.Within(RcvNxt, RcvNxt);
            return Verdict.GoOn;
        }
        OnDuplicateOctets(arrived, RcvNxt);
        // Two ends that hold each other's pure acknowledgements for unacceptable would answer for ever.
        if (tailored.Length > 0 || Strangers.Allows(now))
            _ack.OweNow(SendReason.OutOfWindow, arrived.Cause);
        if (State == TcpState.TimeWait && tailored.Fin)
            _lingerUntil = now + _settings.Msl * 2; // eighth: our ACK of their FIN was lost
        return IsLateAcknowledgement(tailored) ? Verdict.GoOn : Verdict.Drop;
    }

    /// <summary>
    /// Where both windows have closed over what was in flight, each end numbers its acknowledgements from where the other's
    /// window ends, which by then lies behind what the other has taken: what they say of our data counts all the same
    /// ('special allowance', §3.10.7.4), or neither would ever hear the other again.
    /// </summary>
    private bool IsLateAcknowledgement(in TcpSegment segment) =>
        segment is { Length: 0, Ack: true, Syn: false }
        && segment.Sequence < RcvNxt
        && segment.Sequence >= RcvNxt - Math.Max(_receive.Limit, ushort.MaxValue)
        && segment.Acknowledgement > SndUna;

    /// <summary>Second. Only the exact next number is believed (RFC 5961 §3.2): anything in the window can be guessed.</summary>
    private void OnReset(in TcpSegment segment, Instant now)
    {
        if (segment.Sequence != RcvNxt)
        {
            Challenge(segment.Cause, now);
            return;
        }
        switch (State)
        {
            case TcpState.SynReceived when _isPassive && !IsFastOpened:
                Enter(TcpState.Closed, "RST: back to LISTEN", now, segment.Cause);
                return;
            case TcpState.SynReceived when !_isPassive:
                Fail(SocketError.ConnectionRefused, "RST: connection refused", now, segment.Cause);
                return;
            case TcpState.TimeWait:
                Enter(TcpState.Closed, "RST", now, segment.Cause);
                return;
            case TcpState.Closing or TcpState.LastAck when _isOrphan:
                Enter(TcpState.Closed, "RST", now, segment.Cause);
                return;
            default:
                Fail(SocketError.ConnectionReset, "RST: connection reset", now, segment.Cause);
                return;
        }
    }

    /// <summary>Fourth: whoever really has lost its memory of us answers the challenge with a reset (RFC 5961 §4.2).</summary>
    private void OnSynInWindow(in TcpSegment segment, Instant now)
    {
        if (State == TcpState.SynReceived && _isPassive)
            Enter(TcpState.Closed, "SYN in the window: back to LISTEN", now, segment.Cause);
        else
            Challenge(segment.Cause, now);
    }

    /// <summary>Seventh: the segment text. It lies within the window by now.</summary>
    private void OnData(in TcpSegment segment, Instant now)
    {
        if (segment.Data.IsEmpty)
            return;
        if (State is not (TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2) || HasPeerFinished)
            return;
        if (_isOrphan)
        {
            // §3.6.1: nobody is there to read it, and the sender should know.
            // The number that the peer waits for is the one that it believes (RFC 5961 §3.2).
            OweReset(segment.Acknowledgement, segment.Cause, isAnswer: true);
            Enter(TcpState.Closed, "data after close", now, segment.Cause);
            return;
        }
        _ecn.OnData(segment.IsCongestionMarked, segment.Flags.Has(TcpFlags.Cwr));
        _counts.LastDataReceived = now;
        if (_timestamps.IsOn && _timestamps.Age(segment.TimestampEcho, now) is { } age)
        {
            _receiveTuning.OnEcho(age);
            _receiverRtt.OnEcho(age);
        }
        var data = segment.Data;
        if (_isFinKnown && segment.Sequence + data.Length > _finSequence)
            data = data[..Math.Clamp(_finSequence - segment.Sequence, 0, data.Length)];
        var hadHoles = _receive.HasHoles;
        var offset = segment.Sequence - RcvNxt;
        if (hadHoles)
            OnKnownOctets(offset, data.Length);
        if (offset > 0)
            OnEarlyData(offset);
        var grown = _receive.Store(offset, data, segment.Cause);
        if (grown == 0)
        {
            _ack.OweOneMore(segment.Cause); // RFC 5681 §4.2: out of order, tell at once
            return;
        }
        RcvNxt += grown;
        _counts.BytesReceived += grown;
        if (!_timestamps.IsOn)
            _receiverRtt.OnData(RcvNxt, RcvWnd, now);
        if (_isReadShut)
            _receive.Release();
        if (hadHoles)
            _ack.OweNow(SendReason.Acknowledge, segment.Cause); // it fills a hole: tell at once
        else
            OnDataInTurn(grown, segment.SegmentSize, segment.Cause, now);
    }

    /// <summary>Eighth. A FIN that comes early is remembered by its number until everything before it is there.</summary>
    private void OnFin(in TcpSegment segment, Instant now)
    {
        if (State is TcpState.Closed)
            return;
        if (segment.Fin && !HasPeerFinished && !_isFinKnown)
        {
            _isFinKnown = true;
            _finSequence = segment.Sequence + segment.Data.Length;
            if (_finSequence != RcvNxt)
                _ack.OweOneMore(segment.Cause);
        }
        if (!_isFinKnown || HasPeerFinished || RcvNxt != _finSequence)
            return;
        RcvNxt += 1;
        _rcvEdge = SequenceNumber.Max(_rcvEdge, RcvNxt);
        HasPeerFinished = true;
        _finArrived = segment.Cause;
        _ack.OweNow(SendReason.Acknowledge, segment.Cause);
        switch (State)
        {
            case TcpState.Established:
                Enter(TcpState.CloseWait, "FIN received", now, segment.Cause);
                break;
            case TcpState.FinWait1: // our FIN is not acknowledged: the fifth step would have gone to FIN-WAIT-2
                Enter(TcpState.Closing, "FIN received, ours is on its way", now, segment.Cause);
                break;
            case TcpState.FinWait2:
                Enter(TcpState.TimeWait, "FIN received", now, segment.Cause);
                break;
        }
    }

    /// <summary>The acknowledgement may wait: told when it begins to.</summary>
    private void OnDataInTurn(int grown, int segmentSize, EventId because, Instant now)
    {
        var wasWaiting = _ack.Due != Instant.Never;
        _ack.OnData(grown, segmentSize, now, because);
        if (!wasWaiting && _ack.Due != Instant.Never)
            _journal?.Tell(new AcknowledgementWaits(Local, Remote, grown, _ack.Due - now), because);
    }

    /// <summary>What a stranger can provoke.</summary>
    private RateLimit Strangers => _strangers ??= new(count: 10, Duration.FromSeconds(5));

    private void Challenge(EventId because, Instant now)
    {
        if (Strangers.Allows(now) && _challenges?.Allows(now) != false)
            _ack.OweNow(SendReason.ChallengeAck, because);
    }

    private enum Verdict
    {
        GoOn,
        Drop,
    }
}
