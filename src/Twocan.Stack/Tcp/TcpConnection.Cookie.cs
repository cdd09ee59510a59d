using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The handshake in which our side keeps nothing (RFC 4987 §3.6).</summary>
public sealed partial class TcpConnection
{
    /// <summary>The SYN, ACK that a connection would send, with the cookie as its number. This one is not used any further.</summary>
    internal SegmentFields CookieFields(
        in TcpSegment syn,
        in SegmentOptions offered,
        SequenceNumber cookie,
        Instant now
    )
    {
        OnPeerSyn(syn, now, out _);
        var options = SynOptions(isAnswer: true, now);
        if (HasTimestamps)
        {
            options.TimestampValue = SynCookies.BakeTimestamp(options.TimestampValue, offered);
        }
        else
        {
            // Without time stamps there is no place for more than the segment size.
            (options.WindowScale, options.SackPermitted) = (null, false);
        }
        return new(Local, Remote, cookie, RcvNxt, TcpFlags.Syn | TcpFlags.Ack, SynWindow, options);
    }

    /// <summary>The cookie has come back: as if we had been in SYN-RECEIVED all the while.</summary>
    internal void ResumeFromCookie(in TcpSegment segment, in SegmentOptions offered, Instant now)
    {
        _openedBecause = segment.Cause;
        (_isPassive, _isSynResent) = (true, true);
        Irs = segment.Sequence - 1;
        RcvNxt = segment.Sequence;
        _rcvEdge = RcvNxt + SynWindow;
        OnPeerOptions(offered, now);
        SndNxt = SndMax = Iss + 1;
        Enter(TcpState.SynReceived, "SYN cookie came back", now, segment.Cause);
    }
}
