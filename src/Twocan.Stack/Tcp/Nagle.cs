namespace Twocan.Stack;

/// <summary>
/// Whether a segment may go now or should wait to grow: the sender's half of silly-window avoidance (RFC 9293 §3.8.6.2.1)
/// and Nagle's rule (§3.7.4). All that the program writes counts as pushed.
/// </summary>
public sealed class Nagle
{
    /// <summary>TCP_NODELAY: what is small goes at once.</summary>
    public bool NoDelay { get; set; }

    /// <param name="length">What could be sent now: as much as there is, and as the window and a segment allow.</param>
    /// <param name="available">What there is to send.</param>
    /// <param name="segmentSize">Eff.snd.MSS.</param>
    /// <param name="isIdle">Nothing is unacknowledged: SND.NXT = SND.UNA.</param>
    /// <param name="isLast">A FIN follows: nothing will come to make it grow.</param>
    /// <param name="largestWindow">Max(SND.WND).</param>
    public bool Allows(int length, int available, int segmentSize, bool isIdle, bool isLast, int largestWindow)
    {
        if (length >= segmentSize)
            return true;
        if (length == 0 || !(isIdle || NoDelay || isLast))
            return false;
        // Half a window: a peer whose whole buffer is less than two segments would never be sent anything.
        return length == available || length >= (largestWindow + 1) / 2;
    }
}
