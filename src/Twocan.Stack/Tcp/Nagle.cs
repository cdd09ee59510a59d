namespace Twocan.Stack;

/// <summary>
/// Whether a segment may go now or should wait to grow: the sender's half of silly-window avoidance (RFC 9293 §3.8.6.2.1)
/// and Nagle's rule (§3.7.4) with Minshall's mend: only a small segment on its way keeps the next small one back, so the
/// end of a large write does not wait for the acknowledgement of the rest of it. All that the program writes counts as pushed.
/// </summary>
public struct Nagle
{
    private SequenceNumber? _smallEnd;

    public Nagle() { }

    /// <summary>TCP_NODELAY: what is small goes at once.</summary>
    public bool NoDelay { get; set; }

    /// <summary>TCP_CORK: what is small waits until the program takes the cork out.</summary>
    public bool Cork { get; set; }

    /// <summary>It is the program that keeps back what is small.</summary>
    public bool IsCorked => Cork || _isMore;

    /// <summary>The last write said that more will follow (MSG_MORE).</summary>
    private bool _isMore;

    /// <summary>The program has asked for all that it has written so far.</summary>
    private bool _isPushed;

    /// <summary>The end of what was written is a place at which the peer's program should get it.</summary>
    public bool PushesEnd { get; private set; } = true;

    public void OnWritten(bool isMore) => (_isMore, _isPushed, PushesEnd) = (isMore, false, !isMore);

    /// <summary>Nothing more has come, or something else happened meanwhile: what waits for more need not any longer.</summary>
    public void OnSomethingHappened() => _isMore = false;

    /// <summary>The patience with a cork is over.</summary>
    public void OnTimeout() => (_isMore, PushesEnd) = (false, true);

    /// <summary>TCP_NODELAY was set: what is there goes, even from under a cork, as on Linux.</summary>
    public void Push() => (_isMore, _isPushed) = (false, true);

    /// <summary>A segment was sent that ends there.</summary>
    public void OnSent(int length, int segmentSize, SequenceNumber end)
    {
        if (length < segmentSize)
            _smallEnd = end;
    }

    /// <summary>What is acknowledged keeps nothing back, also when the numbers have come round to it again.</summary>
    public void OnAcknowledged(SequenceNumber una)
    {
        if (_smallEnd <= una)
            _smallEnd = null;
    }

    /// <param name="length">What could be sent now: as much as there is, and as the window and a segment allow.</param>
    /// <param name="available">What there is to send.</param>
    /// <param name="segmentSize">Eff.snd.MSS.</param>
    /// <param name="una">SND.UNA.</param>
    /// <param name="isIdle">Nothing is unacknowledged: SND.NXT = SND.UNA.</param>
    /// <param name="isLast">A FIN follows: nothing will come to make it grow.</param>
    /// <param name="largestWindow">Max(SND.WND).</param>
    public bool Allows(
        int length,
        int available,
        int segmentSize,
        SequenceNumber una,
        bool isIdle,
        bool isLast,
        int largestWindow
    )
    {
        if (length >= segmentSize)
            return true;
        if (length == 0)
            return false;
        if (length < available) // the window is small: half of the largest, or it would never be filled where no whole segment fits
            return length >= (largestWindow + 1) / 2 && (isIdle || NoDelay || isLast);
        if (isLast)
            return true;
        if (_isPushed)
            return true;
        if (Cork || _isMore)
            return false;
        return isIdle || NoDelay || _smallEnd is not { } end || end <= una;
    }
}
