using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What is owed becomes segments: the one place from which anything is sent.</summary>
public sealed partial class TcpConnection
{
    private static readonly Duration CorkTimeout = Duration.FromMilliseconds(200);

    /// <summary>draft-ietf-ccwg-bbr §2.5, BBR.send_quantum: what goes at once takes no longer than this at the pacing rate.</summary>
    private static readonly Duration PacedBurst = Duration.FromMilliseconds(1);

    private SequenceNumber _ownFin;
    private bool _isFinSent;
    private bool _isSynLost;
    private bool _isSynResent;

    /// <summary>Segments that carried octets which had been sent before.</summary>
    public int Retransmissions { get; private set; }

    /// <summary>Writes the next segment that is owed; false when there is none for now.</summary>
    public bool TryTransmit(ref SegmentWriter writer, Instant now)
    {
        if (TryTransmitNext(ref writer, now))
            return true;
        _sendingTime.Enter(SendLimit, now);
        return false;
    }

    private bool TryTransmitNext(ref SegmentWriter writer, Instant now)
    {
        if (_reset is { } reset)
        {
            _reset = null;
            SendReset(ref writer, reset, now);
            return true;
        }
        switch (State)
        {
            case TcpState.Closed or TcpState.Listen:
                return false;
            case TcpState.SynSent:
                return TrySendSyn(ref writer, SynFlags, SendReason.Connect, now);
            case TcpState.SynReceived:
                return TrySendSyn(
                        ref writer,
                        TcpFlags.Syn | TcpFlags.Ack | _ecn.Accepting,
                        SendReason.AcceptConnect,
                        now
                    )
                    || (IsFastOpened && (TryResend(ref writer, now) || TrySendNext(ref writer, now)))
                    || TrySendAcknowledgement(ref writer, now);
            case TcpState.FinWait2 or TcpState.TimeWait:
                return TrySendAcknowledgement(ref writer, now);
            default:
                return TryProbeTail(ref writer, now)
                    || TryResend(ref writer, now)
                    || TrySendNext(ref writer, now)
                    || TrySendAcknowledgement(ref writer, now);
        }
    }

    /// <summary>A SYN that was lost may have been thrown away for what it asked (RFC 3168 §6.1.1.1).</summary>
    private TcpFlags SynFlags =>
        _settings.Ecn == EcnUse.Ask && !_isSynLost ? TcpFlags.Syn | EcnEcho.Asking : TcpFlags.Syn;

    private bool TrySendSyn(ref SegmentWriter writer, TcpFlags flags, SendReason reason, Instant now)
    {
        if (!_isSynOwed)
            return false;
        _isSynOwed = false;
        var length = SynDataLength;
        var because = length > 0 ? _send.CauseAt(0) : _openedBecause;
        if (State == TcpState.SynSent)
            OnFirstSynSent(length, because);
        if (SynCookie(isAnswer: State != TcpState.SynSent) is not null || length > 0)
            reason = SendReason.FastOpen;
        Send(ref writer, Iss, flags, length, reason, because, now);
        SndNxt = SequenceNumber.Max(SndNxt, Iss + 1);
        return true;
    }

    /// <summary>What is held for lost goes before anything new.</summary>
    private bool TryResend(ref SegmentWriter writer, Instant now) =>
        _loss.TryNextResend(out var number, out var reason)
        && _pacer.TryPass(_loss.Congestion.PacingRate, now)
        && TryResend(ref writer, number, reason, now);

    private bool TryResend(ref SegmentWriter writer, long number, SendReason reason, Instant now)
    {
        var sent = _loss.Sent;
        var (start, end) = (sent[number].Start, sent[number].End);
        var withFin = _isFinSent && end > _ownFin;
        var length = end - start - (withFin ? 1 : 0);
        // The window may have closed over it, the path may have become narrower.
        var room = Math.Max(SndUna + SndWnd - start, number == sent.First ? 1 : 0);
        var most = Math.Min(SegmentSize, room);
        if (length > most)
        {
            if (most <= 0)
                return false;
            sent.Split(number, start + most);
            (length, withFin) = (most, false);
        }
        var because = CauseAt(start - SendStart, withFin && length == 0);
        Send(ref writer, start, DataFlags(length, withFin), length, reason, because, now, number);
        return true;
    }

    /// <summary>RFC 8985 §7.3: something that will be answered, whatever the congestion window says.</summary>
    private bool TryProbeTail(ref SegmentWriter writer, Instant now)
    {
        if (!_loss.Probe.IsOwed)
            return false;
        var offset = SndNxt - SendStart;
        var length = Math.Min(Math.Min(_send.Length - offset, SegmentSize - SackLength), SndUna + SndWnd - SndNxt);
        var isResend = length <= 0;
        if (!isResend && !_loss.Sent.IsEmpty)
        {
            SendNext(ref writer, offset, length, withFin: false, SendReason.TailLossProbe, now);
        }
        else if (_loss.Sent.IsEmpty || !TryResend(ref writer, _loss.Sent.Next - 1, SendReason.TailLossProbe, now))
        {
            _loss.Probe.Stop();
            return false;
        }
        _loss.Probe.OnSent(SndNxt, isResend);
        _retransmit.Restart(now, _rtt.Rto);
        return true;
    }

    /// <summary>What comes next in the stream, new or (after a timeout) again: as the windows and Nagle allow.</summary>
    private bool TrySendNext(ref SegmentWriter writer, Instant now)
    {
        var offset = SndNxt - SendStart;
        var available = _send.Length - offset;
        var isFinWaiting = _isFinWanted && available >= 0 && !IsFinAcknowledged;
        var record = available > 0 ? _send.RecordLength(offset) : available;
        var isRecordEnd = record < available;
        if (available < 0 || (available == 0 && !isFinWaiting))
        {
            if (SndUna == SndNxt)
                _persist.Stop();
            return false;
        }
        if (SndNxt == SndUna)
            _loss.OnMayHaveIdled(now);
        var usable = Math.Min(SndUna + SndWnd - SndNxt, _loss.Room);
        if (_persist.IsProbeOwed)
            return SendProbe(ref writer, offset, available, usable, now);
        if (IsPathProbeNext(available, now, out var size))
            return TryProbePath(ref writer, offset, usable, size, now);
        var room = SegmentSize - SackLength;
        var length = Math.Max(Math.Min(Math.Min(record, MostAtOnce(writer, room)), usable), 0);
        // Only whole segments go together: whether a small one may go is for Nagle to say, when its turn comes.
        if (length > room && !(isRecordEnd && length == record))
            length -= length % room;
        var withFin = isFinWaiting && length == available && usable > length;
        var mayGo =
            withFin
            || (isRecordEnd && length == record && length > 0)
            || _nagle.Allows(length, available, room, SndUna, SndNxt == SndUna, isFinWaiting, _largestWindow);
        if (!mayGo || (length == 0 && !withFin))
        {
            if (available > 0)
                TellWait(length, available, room, _send.CauseAt(offset));
            if (SndNxt == SndUna)
            {
                _retransmit.Stop();
                // What a cork keeps back goes after an RTO even so, as on Linux.
                if (_persist.IsIdle)
                    _waitingSince = now;
                var isCorked = length > 0 && _nagle.IsCorked;
                _persist.OnBlocked(now, isCorked ? Duration.Max(CorkTimeout, _rtt.Rto) : _rtt.Rto, _settings.MaxRto);
            }
            return false;
        }
        if (!_pacer.TryPass(_loss.Congestion.PacingRate, now))
            return false;
        _persist.Stop();
        _waitReason = null;
        var reason = (withFin, length) switch
        {
            (_, > 0) when WasInSyn(SndNxt) => SendReason.FastOpenRefused,
            (true, 0) => SendReason.Fin,
            (true, _) => SendReason.DataAndFin,
            _ => SendReason.Data,
        };
        // What had its length from the SYN was not cut small by the program.
        if (reason != SendReason.FastOpenRefused)
            _nagle.OnSent(length, room, SndNxt + length);
        SendNext(ref writer, offset, length, withFin, reason, now, room);
        return true;
    }

    /// <summary>As much as an adapter takes in one piece, but where sending is spread in time no more than is due at once.</summary>
    private int MostAtOnce(in SegmentWriter writer, int segmentSize)
    {
        var most = writer.MostAtOnce(segmentSize);
        if (most == segmentSize || _loss.Congestion.PacingRate is not (> 0 and var rate))
            return most;
        var due = Math.Min(rate * PacedBurst.Nanoseconds / 1_000_000_000, most);
        return Math.Max((int)due / segmentSize, 2) * segmentSize;
    }

    /// <summary>
    /// The persist timer has expired. A window that is small but open takes what it can; one that is closed gets an octet
    /// beyond it, and SND.NXT stays, for most likely that octet will have to be sent again.
    /// </summary>
    private bool SendProbe(ref SegmentWriter writer, int offset, int available, int usable, Instant now)
    {
        _persist.OnProbeSent();
        _nagle.OnTimeout();
        if (usable > 0)
        {
            SendNext(
                ref writer,
                offset,
                Math.Min(Math.Min(available, SegmentSize), usable),
                withFin: available == 0,
                SendReason.WindowProbe,
                now
            );
            return true;
        }
        var length = Math.Min(available, 1);
        var withFin = length == 0;
        if (withFin)
            OnOwnFin(now);
        Send(
            ref writer,
            SndNxt,
            DataFlags(length, withFin),
            length,
            SendReason.WindowProbe,
            CauseAt(offset, withFin),
            now
        );
        _persist.OnBlocked(now, _rtt.Rto, _settings.MaxRto);
        return true;
    }

    private void SendNext(
        ref SegmentWriter writer,
        int offset,
        int length,
        bool withFin,
        SendReason reason,
        Instant now,
        int piece = int.MaxValue
    )
    {
        var end = SndNxt + length + (withFin ? 1 : 0);
        if (withFin)
            OnOwnFin(now);
        var because = CauseAt(offset, length == 0);
        Send(ref writer, SndNxt, DataFlags(length, withFin), length, reason, because, now, piece: piece);
        SndNxt = end;
    }

    /// <summary>The FIN goes out (for the first time): CLOSE-WAIT ends here (§3.10.4).</summary>
    private void OnOwnFin(Instant now)
    {
        _isFinSent = true;
        _ownFin = SendStart + _send.Length;
        if (State == TcpState.CloseWait)
            Enter(TcpState.LastAck, "FIN sent", now, _finBecause);
    }

    private bool TrySendAcknowledgement(ref SegmentWriter writer, Instant now)
    {
        if (_keepAlive.IsProbeOwed)
        {
            _keepAlive.OnProbeSent();
            Send(ref writer, SndNxt - 1, TcpFlags.Ack, 0, SendReason.KeepAlive, default, now);
            return true;
        }
        if (!_ack.TryTake(out var reason, out var because))
        {
            if (!IsWindowUpdateWorthwhile)
                return false;
            reason = SendReason.WindowUpdate;
        }
        Send(ref writer, AcknowledgementSequence, TcpFlags.Ack, 0, reason, because, now);
        return true;
    }

    /// <summary>
    /// A pure acknowledgement is sent as from the end of what was sent, unless the peer would hold that for beyond its
    /// window: after a probe, or where it has shrunk.
    /// </summary>
    private SequenceNumber AcknowledgementSequence =>
        IsSynchronized ? SequenceNumber.Max(SndUna, SequenceNumber.Min(SndMax, SndUna + SndWnd)) : SndMax;

    private EventId CauseAt(int offset, bool isFin) => isFin ? _finBecause : _send.CauseAt(offset);
}
