using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What is known of a segment that is on its way.</summary>
[Flags]
public enum SentMarks : byte
{
    None = 0,

    /// <summary>The peer has it, though something before it is missing.</summary>
    Sacked = 1,

    /// <summary>Held for lost, and not sent again since.</summary>
    Lost = 2,

    /// <summary>Sent again, and that transmission is thought to be on its way.</summary>
    Resent = 4,

    /// <summary>Sent more than once at any time: who measures a round trip by it does not know which (Karn).</summary>
    EverResent = 8,

    /// <summary>The program had nothing more to send: what is measured by it says nothing of the path.</summary>
    AppLimited = 16,

    /// <summary>Longer than the path is known to take (RFC 4821): its loss says nothing of a crowded network.</summary>
    PathProbe = 32,
}

/// <summary>A segment that was sent and is not yet acknowledged, with what its acknowledgement will be measured against.</summary>
public struct SentSegment
{
    public SequenceNumber Start { get; set; }

    public SequenceNumber End { get; set; }

    /// <summary>Its last transmission.</summary>
    public Instant SentAt { get; set; }

    public SentMarks Marks { get; set; }

    /// <summary>When it was sent: how much had been delivered by then, when the last of that was, and when the first of its flight left.</summary>
    public long Delivered { get; set; }

    public Instant DeliveredAt { get; set; }

    public Instant FirstSentAt { get; set; }

    /// <summary>Neighbours in the order of time; -1 at the ends and for those that are in no order any more.</summary>
    internal long Earlier { get; set; }

    internal long Later { get; set; }

    public readonly int Length => End - Start;

    public readonly bool Is(SentMarks mark) => (Marks & mark) != SentMarks.None;
}
