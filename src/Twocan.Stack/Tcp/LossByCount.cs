namespace Twocan.Stack;

/// <summary>RFC 6675 §4, IsLost: a segment is lost when the peer has three later ones, or more octets than two, that lie above it.</summary>
internal static class LossByCount
{
    public static void Detect(SentQueue sent, int threshold, int segmentSize)
    {
        var (segments, octets) = (0, 0);
        var number = sent.Next - 1;
        for (; number >= sent.First && segments < threshold && octets <= (threshold - 1) * segmentSize; number--)
        {
            if (!sent[number].Is(SentMarks.Sacked))
                continue;
            segments++;
            octets += sent[number].Length;
        }
        if (segments < threshold && octets <= (threshold - 1) * segmentSize)
            return;
        // Those below have been judged already, once one is found that is lost or was resent.
        for (; number >= sent.First; number--)
        {
            ref var segment = ref sent[number];
            if ((segment.Marks & (SentMarks.Sacked | SentMarks.Lost | SentMarks.Resent)) == SentMarks.None)
                sent.MarkLost(number);
        }
    }
}
