using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What is owed becomes segments: the one place from which anything is sent.</summary>
public sealed partial class TcpConnection
{
    private SendReason? _resend;
    private Reset? _reset;
    private SequenceNumber _ownFin;
    private bool _isFinSent;
    private bool _isSynLost;
    private SequenceNumber _resendUntil;

    /// <summary>Segments that carried octets which had been sent before.</summary>
    public int Retransmissions { get; private set; }

    /// <summary>Writes the next segment that is owed; false when there is none for now.</summary>
    public bool TryTransmit(ref SegmentWriter writer, Instant now)
    {
        if (_reset is { } reset)
        {
            _reset = null;
            SendReset(ref writer, reset);
            return true;
        }
        switch (State)
        {
            case TcpState.Closed or TcpState.Listen:
                return false;
            case TcpState.SynSent:
                return TrySendSyn(ref writer, TcpFlags.Syn, SendReason.Connect, now);
            case TcpState.SynReceived:
                return TrySendSyn(ref writer, TcpFlags.Syn | TcpFlags.Ack, SendReason.AcceptConnect, now)
                    || TrySendAcknowledgement(ref writer, now);
            case TcpState.FinWait2 or TcpState.TimeWait:
                return TrySendAcknowledgement(ref writer, now);
            default:
                return TryResend(ref writer, now)
                    || TrySendNext(ref writer, now)
                    || TrySendAcknowledgement(ref writer, now);
        }
    }

    private bool TrySendSyn(ref SegmentWriter writer, TcpFlags flags, SendReason reason, Instant now)
    {
        if (SndNxt != Iss)
            return false;
        Send(ref writer, Iss, flags, 0, reason, _openedBecause, now);
        SndNxt = Iss + 1;
        return true;
    }

    /// <summary>Fast retransmit: one segment from SND.UNA on, whatever SND.NXT is.</summary>
    private bool TryResend(ref SegmentWriter writer, Instant now)
    {
        if (_resend is not { } reason)
            return false;
        _resend = null;
        var length = Math.Min(Math.Min(SegmentSize, SndWnd), Math.Min(SndMax - SndUna, _send.Length));
        var withFin = _isFinSent && length == _send.Length && length < SndMax - SndUna;
        if (length <= 0 && !withFin)
            return false;
        Send(ref writer, SndUna, DataFlags(length, withFin), length, reason, CauseAt(0, withFin), now);
        return true;
    }

    /// <summary>What comes next in the stream, new or (after a timeout) again: as the windows and Nagle allow.</summary>
    private bool TrySendNext(ref SegmentWriter writer, Instant now)
    {
        var offset = SndNxt - SendStart;
        var available = _send.Length - offset;
        var isFinWaiting = _isFinWanted && available >= 0 && !IsFinAcknowledged;
        if (available < 0 || (available == 0 && !isFinWaiting))
        {
            if (SndUna == SndNxt)
                _persist.Stop();
            return false;
        }
        var usable = SndUna + Math.Min(SndWnd, CongestionWindow) - SndNxt;
        if (_persist.IsProbeOwed)
            return SendProbe(ref writer, offset, available, usable, now);
        var room = SegmentSize - SackLength;
        var length = Math.Max(Math.Min(Math.Min(available, room), usable), 0);
        var withFin = isFinWaiting && length == available && usable > length;
        var mayGo =
            withFin
            || (length > 0 && SndNxt < SndMax && length == available)
            || _nagle.Allows(length, available, room, SndNxt == SndUna, isFinWaiting, _largestWindow);
        if (!mayGo || (length == 0 && !withFin))
        {
            if (SndNxt == SndUna)
            {
                _retransmit.Stop();
                _persist.OnBlocked(now, _rtt.Rto, _settings.MaxRto);
            }
            return false;
        }
        _persist.Stop();
        SendNext(ref writer, offset, length, withFin, now);
        return true;
    }

    /// <summary>
    /// The persist timer has expired. A window that is small but open takes what it can; one that is closed gets an octet
    /// beyond it, and SND.NXT stays, for most likely that octet will have to be sent again.
    /// </summary>
    private bool SendProbe(ref SegmentWriter writer, int offset, int available, int usable, Instant now)
    {
        _persist.OnProbeSent();
        if (usable > 0)
        {
            SendNext(
                ref writer,
                offset,
                Math.Min(Math.Min(available, SegmentSize), usable),
                withFin: available == 0,
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

    private void SendNext(ref SegmentWriter writer, int offset, int length, bool withFin, Instant now)
    {
        var end = SndNxt + length + (withFin ? 1 : 0);
        var reason = (end <= _resendUntil, withFin, length) switch
        {
            (true, _, _) => SendReason.RetransmitTimeout,
            (_, true, 0) => SendReason.Fin,
            (_, true, _) => SendReason.DataAndFin,
            _ => SendReason.Data,
        };
        if (withFin)
            OnOwnFin(now);
        Send(ref writer, SndNxt, DataFlags(length, withFin), length, reason, CauseAt(offset, length == 0), now);
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
        SequenceNumber.Max(SndUna, SequenceNumber.Min(SndMax, SndUna + SndWnd));

    private int CongestionWindow => Math.Max(_congestion.Window + _recovery.Inflation, SegmentSize);

    private EventId CauseAt(int offset, bool isFin) => isFin ? _finBecause : _send.CauseAt(offset);

    /// <summary>PSH where the peer has all that the program has written so far.</summary>
    private TcpFlags DataFlags(int length, bool withFin)
    {
        var flags = TcpFlags.Ack;
        if (withFin)
            flags |= TcpFlags.Fin;
        return flags | (length > 0 ? TcpFlags.Psh : TcpFlags.None);
    }

    private void Send(
        ref SegmentWriter writer,
        SequenceNumber sequence,
        TcpFlags flags,
        int length,
        SendReason reason,
        EventId because,
        Instant now
    )
    {
        if (flags.Has(TcpFlags.Psh) && sequence + length != SendStart + _send.Length)
            flags &= ~TcpFlags.Psh;
        var isSyn = flags.Has(TcpFlags.Syn);
        var isAck = flags.Has(TcpFlags.Ack);
        var fields = new SegmentFields(
            Local,
            Remote,
            sequence,
            isAck ? RcvNxt : default,
            flags,
            isSyn ? SynWindow : WindowToTell(),
            isSyn ? SynOptions(isAck, now) : OptionsFor(length, now)
        );
        var data = writer.Begin(fields, length);
        if (length > 0)
            _send.CopyTo(sequence - SendStart, data);
        writer.Seal(fields, fields.Tell(_journal, length, reason, because));
        if (isAck)
            OnAcknowledgementSent();
        var end = sequence + length + (isSyn ? 1 : 0) + (flags.Has(TcpFlags.Fin) ? 1 : 0);
        if (end != sequence)
            OnOctetsSent(sequence, end, reason, now);
    }

    private void OnAcknowledgementSent()
    {
        _lastAckSent = RcvNxt;
        _ack.OnAcknowledgementSent();
    }

    private void OnOctetsSent(SequenceNumber sequence, SequenceNumber end, SendReason reason, Instant now)
    {
        var isNew = sequence >= SndMax;
        SndMax = SequenceNumber.Max(SndMax, end);
        if (reason == SendReason.WindowProbe)
            return;
        if (!isNew)
        {
            Retransmissions++;
            _isTiming = false; // Karn
        }
        else if (!_isTiming)
        {
            (_isTiming, _timedEnd, _timedAt) = (true, end, now);
        }
        _retransmit.OnSent(now, _rtt.Rto);
    }

    private void OweReset(SequenceNumber sequence, EventId because, bool isAnswer = false) =>
        _reset = new(sequence, because, isAnswer);

    private void SendReset(ref SegmentWriter writer, Reset reset)
    {
        // An answer to an unacceptable ACK takes its number from there and acknowledges nothing (§3.10.7.3, first).
        var fields = new SegmentFields(
            Local,
            Remote,
            reset.Sequence,
            reset.IsAnswer ? default : RcvNxt,
            reset.IsAnswer ? TcpFlags.Rst : TcpFlags.Rst | TcpFlags.Ack,
            0
        );
        writer.Begin(fields, 0);
        writer.Seal(fields, fields.Tell(_journal, 0, SendReason.Reset, reset.Because));
    }

    private readonly record struct Reset(SequenceNumber Sequence, EventId Because, bool IsAnswer);
}
