using Twocan.Core;

namespace Twocan.Stack;

/// <summary>One segment, from what it is to say to the packet; and what follows from its having been sent.</summary>
public sealed partial class TcpConnection
{
    private Reset? _reset;

    /// <summary>PSH where the peer has all that the program has written so far.</summary>
    private TcpFlags DataFlags(int length, bool withFin)
    {
        var flags = TcpFlags.Ack;
        if (withFin)
            flags |= TcpFlags.Fin;
        return flags | (length > 0 ? TcpFlags.Psh : TcpFlags.None);
    }

    /// <param name="piece">Longer data is for the adapter to cut, into segments of so much.</param>
    private void Send(
        ref SegmentWriter writer,
        SequenceNumber sequence,
        TcpFlags flags,
        int length,
        SendReason reason,
        EventId because,
        Instant now,
        long number = SentQueue.None,
        int piece = int.MaxValue
    )
    {
        var isSyn = flags.Has(TcpFlags.Syn);
        if (flags.Has(TcpFlags.Psh) && !IsPushed(sequence + length))
            flags &= ~TcpFlags.Psh;
        // What is sent again, and what only probes, is not to be marked: it could be an attacker's (RFC 3168 §6.1.5, §6.1.6).
        var isNewData =
            length > 0
            && number == SentQueue.None
            && !isSyn
            && reason is not (SendReason.WindowProbe or SendReason.FastOpenRefused);
        if (!isSyn)
            flags |= _ecn.Take(isNewData);
        var isAck = flags.Has(TcpFlags.Ack);
        var fields = new SegmentFields(
            Local,
            Remote,
            sequence,
            isAck ? RcvNxt : default,
            flags,
            isSyn ? SynWindow : WindowToTell(),
            isSyn ? SynOptions(isAck, now) : OptionsFor(Math.Min(length, piece), now)
        );
        var data = writer.Begin(fields, length, isEcnCapable: isNewData && _ecn.IsOn, piece);
        if (length > 0)
            _send.CopyTo(isSyn ? 0 : sequence - SendStart, data);
        writer.Seal(fields, fields.Tell(_journal, length, reason, because));
        var segments = length <= piece ? 1 : (length + piece - 1) / piece;
        _counts.SegmentsOut += segments;
        if (isAck)
            OnAcknowledgementSent();
        if (length > 0)
        {
            _counts.DataSegmentsOut += segments;
            _counts.BytesSent += length;
            _counts.BytesResent += Math.Max(Math.Min(SndMax - sequence, length), 0);
            _counts.LastDataSent = now;
            _ack.OnDataSent(now);
        }
        var end = sequence + length + (isSyn ? 1 : 0) + (flags.Has(TcpFlags.Fin) ? 1 : 0);
        if (end != sequence)
            OnOctetsSent(sequence, end, isSyn, reason, number, piece, now);
    }

    /// <summary>A write of the program ends there, or a record does.</summary>
    private bool IsPushed(SequenceNumber end)
    {
        var offset = end - SendStart;
        return offset >= _send.Length ? _nagle.PushesEnd : offset > 0 && _send.IsRecordEnd(offset);
    }

    private void OnAcknowledgementSent()
    {
        _lastAckSent = RcvNxt;
        _ack.OnAcknowledgementSent();
    }

    private void OnOctetsSent(
        SequenceNumber sequence,
        SequenceNumber end,
        bool isSyn,
        SendReason reason,
        long number,
        int piece,
        Instant now
    )
    {
        var isNew = sequence >= SndMax;
        _pacer.OnSent(end - sequence, _loss.Congestion.PacingRate, now);
        if (SndMax == SndUna && _persist.IsIdle)
            _waitingSince = now;
        SndMax = SequenceNumber.Max(SndMax, end);
        if (isSyn)
        {
            _isSynResent |= !isNew;
            Retransmissions += isNew ? 0 : 1;
            _synSentAt = now;
            if (isNew)
                _firstSynAt = now;
        }
        else if (number != SentQueue.None)
        {
            Retransmissions++;
            _loss.OnResent(number, now);
            if (number == _loss.Sent.First)
                _retransmit.Restart(now, _rtt.Rto);
        }
        else if (reason == SendReason.WindowProbe && SndNxt == sequence && SndWnd <= sequence - SndUna)
        {
            return; // beyond the window: as if it had not been sent
        }
        else
        {
            Retransmissions += reason == SendReason.FastOpenRefused ? 1 : 0;
            OnNewOctetsSent(sequence, end, piece, isAgain: reason == SendReason.FastOpenRefused, now);
        }
        _retransmit.OnSent(now, _rtt.Rto);
        // Before the handshake is over it is its SYN, ACK that asks (RFC 7413 §4.2.2).
        if (IsSynchronized)
            _loss.ScheduleProbe(_retransmit.Due, isNews: true, now);
    }

    /// <summary>What was handed down in one piece is told apart by the segments that it will be cut into: so each is lost or delivered by itself.</summary>
    private void OnNewOctetsSent(SequenceNumber sequence, SequenceNumber end, int piece, bool isAgain, Instant now)
    {
        if (end - sequence > piece)
            _loss.OnBurst(end - sequence);
        for (var at = sequence; at != end; )
        {
            // A FIN goes with the last octets.
            var next = end - at - 1 > piece ? at + piece : end;
            _loss.OnSent(at, next, isLastThereIs: next == end && end - SendStart >= _send.Length, now);
            if (isAgain)
                _loss.MarkAgain();
            at = next;
        }
    }

    private void OweReset(SequenceNumber sequence, EventId because, bool isAnswer = false) =>
        _reset = new(sequence, because, isAnswer);

    /// <summary>A reset may have a time stamp (RFC 7323 §3.2): some boxes on the way let nothing through without.</summary>
    private SegmentOptions ResetOptions(Instant now) =>
        new()
        {
            HasTimestamps = _timestamps.IsOn,
            TimestampValue = _timestamps.IsOn ? _timestamps.Value(now) : 0,
            TimestampEcho = _timestamps.Recent,
        };

    private void SendReset(ref SegmentWriter writer, Reset reset, Instant now)
    {
        // An answer to an unacceptable ACK takes its number from there and acknowledges nothing (§3.10.7.3, first).
        var fields = new SegmentFields(
            Local,
            Remote,
            reset.Sequence,
            reset.IsAnswer ? default : RcvNxt,
            reset.IsAnswer ? TcpFlags.Rst : TcpFlags.Rst | TcpFlags.Ack,
            0,
            reset.IsAnswer ? default : ResetOptions(now)
        );
        _counts.SegmentsOut++;
        writer.Begin(fields, 0);
        writer.Seal(fields, fields.Tell(_journal, 0, SendReason.Reset, reset.Because));
    }

    private readonly record struct Reset(SequenceNumber Sequence, EventId Because, bool IsAnswer);
}
