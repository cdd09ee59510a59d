using Twocan.Core;

namespace Twocan.Stack;

/// <summary>A segment that has arrived, as RFC 9293 §3.3.1 speaks of it: SEG.SEQ, SEG.ACK, SEG.LEN, SEG.WND and its data.</summary>
public readonly ref struct TcpSegment
{
    /// <param name="segmentSize">How much data each of those has had that it was merged from; zero when it is only one.</param>
    public TcpSegment(
        in TcpHeader header,
        ReadOnlySpan<byte> data,
        EventId cause,
        bool isMarked = false,
        int segmentSize = 0
    )
    {
        IsCongestionMarked = isMarked;
        SegmentSize = segmentSize > 0 ? segmentSize : data.Length;
        (Sequence, Acknowledgement) = (header.Sequence, header.Acknowledgement);
        (Flags, Window) = (header.Flags, header.Window);
        Options = header.Options;
        HasTimestamps = Options.TryReadTimestamps(out var value, out var echo);
        (TimestampValue, TimestampEcho) = (value, echo);
        Data = data;
        Cause = cause;
    }

    public SequenceNumber Sequence { get; private init; }

    public SequenceNumber Acknowledgement { get; }

    public TcpFlags Flags { get; private init; }

    public ushort Window { get; }

    public TcpOptions Options { get; }

    public bool HasTimestamps { get; }

    /// <summary>SEG.TSval.</summary>
    public uint TimestampValue { get; }

    /// <summary>SEG.TSecr.</summary>
    public uint TimestampEcho { get; }

    public ReadOnlySpan<byte> Data { get; private init; }

    /// <summary>The data of one segment on a wire: less than all of it, where several have come as one.</summary>
    public int SegmentSize { get; }

    /// <summary>The event that told of its arrival.</summary>
    public EventId Cause { get; }

    /// <summary>A router marked the packet that it came in (RFC 3168).</summary>
    public bool IsCongestionMarked { get; }

    public bool Syn => Flags.Has(TcpFlags.Syn);

    public bool Fin => Flags.Has(TcpFlags.Fin);

    public bool Rst => Flags.Has(TcpFlags.Rst);

    public bool Ack => Flags.Has(TcpFlags.Ack);

    /// <summary>SEG.LEN: SYN and FIN count as an octet each.</summary>
    public int Length => Data.Length + (Syn ? 1 : 0) + (Fin ? 1 : 0);

    /// <summary>The first sequence number after it.</summary>
    public SequenceNumber End => Sequence + Length;

    /// <summary>The same segment without its SYN, which is the first octet of it.</summary>
    public TcpSegment WithoutSyn() => this with { Sequence = Sequence + 1, Flags = Flags & ~TcpFlags.Syn };

    /// <summary>
    /// The part of it that lies between <paramref name="left"/> and <paramref name="right"/>: 'tailored to fit the window'
    /// (RFC 9293 §3.10.7.4), so that the steps that follow need not think of overlaps. Its SYN must be off already.
    /// </summary>
    public TcpSegment Within(SequenceNumber left, SequenceNumber right)
    {
        var tailored = this;
        if (Sequence < left)
        {
            var cut = Math.Min(left - Sequence, Data.Length);
            tailored = tailored with { Sequence = left, Data = Data[cut..] };
            // A FIN that lies before the window has been taken already.
            if (End <= left)
                tailored = tailored with { Flags = tailored.Flags & ~TcpFlags.Fin };
        }
        var room = right - tailored.Sequence;
        if (tailored.Data.Length > room)
            tailored = tailored with
            {
                Data = tailored.Data[..Math.Max(room, 0)],
                Flags = tailored.Flags & ~TcpFlags.Fin,
            };
        return tailored;
    }
}
