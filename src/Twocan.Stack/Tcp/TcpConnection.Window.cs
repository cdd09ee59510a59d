namespace Twocan.Stack;

/// <summary>The receive window: how it opens, and what the peer is told of it (RFC 9293 §3.8.6.2.2).</summary>
public sealed partial class TcpConnection
{
    /// <summary>The right edge that the buffer would allow.</summary>
    private SequenceNumber PossibleEdge => RcvNxt + Math.Min(_receive.Free, ushort.MaxValue << OwnScale);

    /// <summary>The window in a SYN is never shifted (RFC 7323 §2.2).</summary>
    private ushort SynWindow => (ushort)Math.Min(_receive.Limit, ushort.MaxValue);

    /// <summary>Wider by so much that a segment should be sent just to say so.</summary>
    private bool IsWindowUpdateWorthwhile =>
        !HasPeerFinished
        && State is TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2
        && PossibleEdge - _rcvEdge >= LeastUpdate;

    private int LeastUpdate =>
        _settings.UpdatesDoubledWindows
            ? Math.Max(RcvWnd, _ownSegmentSize)
            : Math.Max(Math.Min(_receive.Limit / 2, 2 * _ownSegmentSize), 1);

    /// <summary>
    /// What to tell the peer now. The edge moves by a whole segment (or half a small buffer) or not at all: by crumbs it
    /// would invite segments of crumbs. It never moves back: the peer may have sent what it was allowed to.
    /// </summary>
    private ushort WindowToTell()
    {
        var possible = PossibleEdge;
        if (possible - _rcvEdge >= Math.Max(Math.Min(_receive.Limit / 2, _ownSegmentSize), 1))
            _rcvEdge = possible;
        var unit = 1 << OwnScale;
        // Rounded up, so that the edge does not move back by less than a unit (RFC 7323 §2.4), unless it has been rounded up before.
        var units = (RcvWnd + unit - 1) >> OwnScale;
        if (RcvNxt + (units << OwnScale) - possible >= unit)
            units = RcvWnd >> OwnScale;
        units = Math.Clamp(units, 0, ushort.MaxValue);
        _rcvEdge = SequenceNumber.Max(_rcvEdge, RcvNxt + (units << OwnScale));
        return (ushort)units;
    }
}
