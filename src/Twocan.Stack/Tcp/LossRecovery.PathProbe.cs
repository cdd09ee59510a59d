namespace Twocan.Stack;

/// <summary>Segments that are sent to see how long a segment may be (RFC 4821): their loss says nothing of a crowded network.</summary>
public sealed partial class LossRecovery
{
    /// <summary>What was sent last is longer than the path is known to take.</summary>
    public void MarkProbe()
    {
        Sent[Sent.Next - 1].Marks |= SentMarks.PathProbe;
        WasProbeResent = false;
    }

    /// <summary>The last probe was held for lost, or sent again.</summary>
    public bool WasProbeResent { get; private set; }

    /// <summary>Of what is newly held for lost all is the probe's: then the path is too narrow for it, and not crowded.</summary>
    private bool IsOnlyProbe(int lost)
    {
        if (lost <= 0)
            return false;
        for (var number = Sent.First; number < Sent.Next; number++)
        {
            ref var segment = ref Sent[number];
            if (!segment.Is(SentMarks.PathProbe) || !segment.Is(SentMarks.Lost) || segment.Is(SentMarks.Resent))
                continue;
            segment.Marks &= ~SentMarks.PathProbe;
            (WasProbeResent, _isFirstResendOwed) = (true, true);
            return segment.Length == lost;
        }
        return false;
    }
}
