using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>SEGMENT ARRIVES before there is a connection: in LISTEN and in SYN-SENT (RFC 9293 §3.10.7.2 and §3.10.7.3).</summary>
public sealed partial class TcpConnection
{
    /// <summary>§3.10.7.2. The listener has answered resets and acknowledgements already: this is a SYN.</summary>
    private void OnSegmentInListen(in TcpSegment segment, Instant now)
    {
        _openedBecause = segment.Cause;
        OnPeerSyn(segment, now, out _);
        _isSynOwed = true;
        if (_answer.TakesData)
            TakeSynData(segment, now);
        Enter(TcpState.SynReceived, "SYN received", now, segment.Cause);
    }

    /// <summary>§3.10.7.3.</summary>
    private void OnSegmentInSynSent(in TcpSegment segment, Instant now)
    {
        // first: it must not acknowledge anything but our SYN
        if (segment.Ack && (segment.Acknowledgement <= Iss || segment.Acknowledgement > SndMax))
        {
            if (!segment.Rst)
                OweReset(segment.Acknowledgement, segment.Cause, isAnswer: true);
            return;
        }
        // As on Linux, what echoes a time stamp that none of our SYNs had is as little an answer to one.
        if (
            segment is { Ack: true, Rst: false, HasTimestamps: true, TimestampEcho: not 0 }
            && !IsEchoOfOurs(segment, now)
        )
        {
            OweReset(segment.Acknowledgement, segment.Cause, isAnswer: true);
            return;
        }
        if (segment.Rst) // second
        {
            if (segment.Ack)
                Fail(SocketError.ConnectionRefused, "RST: connection refused", now, segment.Cause);
            return;
        }
        if (!segment.Syn) // fifth
            return;
        OnPeerSyn(segment, now, out var options); // fourth
        if (!segment.Ack)
        {
            // Both ends have sent a SYN at once (§3.5, figure 8): ours goes again, now with the acknowledgement of theirs.
            Enter(TcpState.SynReceived, "SYN received, ours is on its way", now, segment.Cause);
            _openedBecause = segment.Cause;
            _retransmit.Stop();
            (_isSynOwed, SndNxt) = (true, Iss);
            return;
        }
        OnSynAcknowledged(segment.Acknowledgement, now);
        OnSynAnswered(options.FastOpen, options.MaximumSegmentSize, segment.Cause);
        Establish(segment, "SYN, ACK received", now);
        _ack.OweNow(SendReason.Acknowledge, segment.Cause);
        var rest = segment.WithoutSyn().Within(RcvNxt, _rcvEdge);
        OnData(rest, now);
        OnFin(rest, now);
    }

    private bool IsEchoOfOurs(in TcpSegment answer, Instant now) =>
        !_settings.Timestamps
        || (_timestamps.Age(answer.TimestampEcho, now) is { } age && age <= now - _firstSynAt + Timestamps.Tick);

    /// <summary>What a SYN tells, in LISTEN and SYN-SENT.</summary>
    private void OnPeerSyn(in TcpSegment segment, Instant now, out SegmentOptions options)
    {
        Irs = segment.Sequence;
        RcvNxt = Irs + 1;
        _rcvEdge = RcvNxt + Math.Min(_receive.Limit, ushort.MaxValue);
        _ecn.OnSyn(segment.Flags, isAnswer: State == TcpState.SynSent && segment.Ack, _settings.Ecn);
        options = SegmentOptions.Read(segment.Options);
        OnPeerOptions(options, now);
    }

    private void Establish(in TcpSegment segment, string why, Instant now)
    {
        if (!IsFastOpened)
            _loss.OnEstablished(SegmentSize, IsSackPermitted, synWasLost: _isSynLost, SndNxt, now);
        if (_isSynLost && !_rtt.HasSample)
            _rtt.Restart(_settings.RtoAfterLostSyn);
        SetWindow(segment);
        if (_counts.LastDataReceived == Instant.Zero)
            _counts.LastDataReceived = now;
        _keepAlive.Configure(_settings, now);
        Enter(TcpState.Established, why, now, segment.Cause);
        // The program has closed in the meantime.
        if (_isFinWanted)
            Enter(TcpState.FinWait1, "close", now, _finBecause);
    }
}
