using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The fifth step of SEGMENT ARRIVES: what the peer says of our octets, and of its window.</summary>
public sealed partial class TcpConnection
{
    private SequenceNumber _sndWl1;
    private SequenceNumber _sndWl2;
    private int _largestWindow;
    private Instant _synSentAt;
    private Instant _firstSynAt;

    public SequenceNumber Iss { get; }

    public SequenceNumber SndUna { get; private set; }

    public SequenceNumber SndNxt { get; private set; }

    /// <summary>The furthest that was ever sent.</summary>
    public SequenceNumber SndMax { get; private set; }

    public int SndWnd { get; private set; }

    /// <summary>FlightSize: sent and not acknowledged.</summary>
    public int InFlight => SndMax - SndUna;

    /// <summary>Where the first octet in the send buffer stands in the stream. 2 GiB after ISS that would seem to lie ahead.</summary>
    private SequenceNumber SendStart => IsSynchronized ? SndUna : SequenceNumber.Max(SndUna, Iss + 1);

    private bool IsFinAcknowledged => _isFinSent && SndUna > _ownFin;

    private Verdict OnAcknowledgement(in TcpSegment segment, in TcpSegment arrived, Instant now)
    {
        if (!segment.Ack)
            return Verdict.Drop;
        var acknowledgement = segment.Acknowledgement;
        if (State == TcpState.SynReceived)
        {
            if (acknowledgement <= SndUna || acknowledgement > SndMax)
            {
                OweReset(acknowledgement, segment.Cause, isAnswer: true);
                return Verdict.Drop;
            }
            OnSynAcknowledged(Iss + 1, now);
            Establish(segment, "ACK of our SYN received", now);
            if (SndMax == SndUna)
                return Verdict.GoOn;
            // Data had gone out with the SYN, or before its acknowledgement: what this says of it comes next.
        }
        // RFC 5961 §5: who acknowledges what was never sent, or what is long past, is not the peer that we know.
        if (acknowledgement > SndMax || acknowledgement < SndUna - _largestWindow)
        {
            Challenge(segment.Cause, now);
            return Verdict.Drop;
        }
        _counts.LastAcknowledgementReceived = now;
        _nagle.OnSomethingHappened();
        _persist.OnAnswered();
        if (SndWnd == 0)
            _retransmit.OnAnswered();
        if (acknowledgement < SndUna)
        {
            // Overtaken by another: what it says is out of date, but for what it tells of segments behind a hole.
            if (IsSackPermitted && !_loss.Sent.IsEmpty && !segment.Options.ReadSack().IsEmpty)
                TakeAcknowledgement(segment, isDuplicate: false, now);
            return Verdict.GoOn;
        }
        var isDuplicate = IsDuplicate(arrived);
        UpdateWindow(segment);
        TakeAcknowledgement(segment, isDuplicate, now);
        return IsFinAcknowledged ? OnFinAcknowledged(segment, now) : Verdict.GoOn;
    }

    private Verdict OnFinAcknowledged(in TcpSegment segment, Instant now)
    {
        switch (State)
        {
            case TcpState.FinWait1:
                Enter(TcpState.FinWait2, "ACK of our FIN received", now, segment.Cause);
                break;
            case TcpState.Closing:
                Enter(TcpState.TimeWait, "ACK of our FIN received", now, segment.Cause);
                break;
            case TcpState.LastAck:
                Enter(TcpState.Closed, "ACK of our FIN received", now, segment.Cause);
                return Verdict.Drop;
        }
        return Verdict.GoOn;
    }

    /// <summary>RFC 5681 §2: it tells nothing new, so something else made the peer send it: a segment behind a hole.</summary>
    private bool IsDuplicate(in TcpSegment arrived) =>
        arrived.Length == 0
        && arrived.Acknowledgement == SndUna
        && WindowOf(arrived) == SndWnd
        && InFlight > 0
        && !_persist.IsSet;

    /// <summary>The handshake is measured, too, unless one of its segments had to be sent again (Karn).</summary>
    private void OnSynAcknowledged(SequenceNumber acknowledgement, Instant now)
    {
        var data = acknowledgement - (Iss + 1);
        if (data > 0)
            _send.Acknowledge(Math.Min(data, _send.Length));
        _counts.BytesAcknowledged += acknowledgement - SndUna;
        _counts.LastAcknowledgementReceived = now;
        SndUna = acknowledgement;
        SndNxt = SequenceNumber.Max(SndNxt, SndUna);
        if (!_isSynResent)
            _rtt.OnSample(now - _synSentAt);
        _retransmit.OnAcknowledged(all: _loss.Sent.IsEmpty, now, _rtt.Rto);
    }

    /// <summary>SND.UNA moves: octets leave the send buffer; what the acknowledgement says of the network is the recovery's.</summary>
    private void TakeAcknowledgement(in TcpSegment segment, bool isDuplicate, Instant now)
    {
        var acknowledgement = segment.Acknowledgement;
        var hasAdvanced = acknowledgement > SndUna;
        var news = _loss.OnAcknowledgement(
            segment,
            SndUna,
            SndNxt,
            isDuplicate,
            isMarked: _ecn.IsOn && segment.Flags.Has(TcpFlags.Ece),
            canSendNew: _send.Length > SndNxt - SendStart && SndUna + SndWnd > SndNxt,
            now
        );
        if (news is RecoveryNews.Reduced or RecoveryNews.LossFound)
            _ecn.OnReduced();
        if (news is not (RecoveryNews.None or RecoveryNews.ProbeLost))
            Tell(news, segment.Cause);
        if (hasAdvanced)
        {
            var data = Math.Min(acknowledgement - SendStart, _send.Length);
            if (data > 0)
                _send.Acknowledge(data);
            // Some windows, so that the program is ahead of the network (RFC 9293 leaves it to us).
            if (_send.Limit < _settings.MaxSendBufferSize)
                _send.Limit = (int)
                    Math.Clamp(
                        (long)_loss.Window * _loss.Congestion.WindowsToBuffer,
                        _send.Limit,
                        _settings.MaxSendBufferSize
                    );
            _waitingSince = now;
            _counts.BytesAcknowledged += acknowledgement - SndUna;
            SndUna = acknowledgement;
            SndNxt = SequenceNumber.Max(SndNxt, SndUna);
            _nagle.OnAcknowledged(SndUna);
            // Octets that only probed a closed window are the persist timer's, not the retransmission timer's.
            _retransmit.OnAcknowledged(all: _loss.Sent.IsEmpty, now, _rtt.Rto);
            OnPathNews(news, segment.Cause, now);
        }
        else if (news == RecoveryNews.ProbeLost)
        {
            OnPathNews(news, segment.Cause, now);
        }
        _loss.ScheduleProbe(_retransmit.Due, hasAdvanced, now);
    }

    private void UpdateWindow(in TcpSegment segment)
    {
        // An old segment must not take back what a newer one has told: WL1 and WL2 say which is newer.
        if (segment.Sequence > _sndWl1 || (segment.Sequence == _sndWl1 && segment.Acknowledgement >= _sndWl2))
            SetWindow(segment);
    }

    private void SetWindow(in TcpSegment segment)
    {
        SndWnd = WindowOf(segment);
        (_sndWl1, _sndWl2) = (segment.Sequence, segment.Acknowledgement);
        _largestWindow = Math.Max(_largestWindow, SndWnd);
        if (SndWnd > 0 && _persist.IsSet)
            _persist.Stop();
    }
}
