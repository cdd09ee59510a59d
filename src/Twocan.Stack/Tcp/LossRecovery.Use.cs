namespace Twocan.Stack;

/// <summary>How far the window is made use of (RFC 7661 §4.2).</summary>
public sealed partial class LossRecovery
{
    /// <summary>The most that was in flight in this round trip: who uses the window may let it grow, even as it drains (RFC 7661 §4.2).</summary>
    private int _used;
    private SequenceNumber _usedUntil;

    private void NoteUse(SequenceNumber end)
    {
        if (Sent[Sent.First].Start < _usedUntil && Sent.Octets <= _used)
            return;
        (_used, _usedUntil) = (Sent.Octets, end);
    }
}
