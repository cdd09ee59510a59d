using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// All segments between SND.UNA and SND.NXT, a scoreboard (RFC 6675 §3) with times: in the order of the stream, and those
/// whose fate is open also in the order in which they were last sent, as RACK needs them. It keeps count of what is where,
/// so that 'how much is in the network' is one subtraction. A segment keeps its number for as long as it is here.
/// </summary>
public sealed partial class SentQueue
{
    public const long None = -1;
    private const int FirstCapacity = 2;
    private SentSegment[] _segments = [];

    /// <summary>Nothing before this number is lost and not yet resent.</summary>
    private long _resendHint;

    public long First { get; private set; }

    /// <summary>The number that the next segment will get.</summary>
    public long Next { get; private set; }

    public int Count => (int)(Next - First);

    public bool IsEmpty => First == Next;

    /// <summary>Octets (SYN and FIN count) by their marks.</summary>
    public int Octets { get; private set; }

    public int SackedOctets { get; private set; }

    public int SackedSegments { get; private set; }

    public int LostOctets { get; private set; }

    public int ResentOctets { get; private set; }

    /// <summary>RFC 6675's pipe: what is thought to be in the network.</summary>
    public int Pipe => Octets - SackedOctets - LostOctets + ResentOctets;

    /// <summary>The one whose last transmission is longest ago, of those that are neither delivered nor held for lost.</summary>
    public long Earliest => _earliest;

    public ref SentSegment this[long number] => ref _segments[number & (_segments.Length - 1)];

    /// <summary>Where the first segment begins; <paramref name="otherwise"/> when there is none.</summary>
    public SequenceNumber StartOr(SequenceNumber otherwise) => IsEmpty ? otherwise : this[First].Start;

    public SequenceNumber EndOr(SequenceNumber otherwise) => IsEmpty ? otherwise : this[Next - 1].End;

    /// <summary>A new segment is on its way.</summary>
    public ref SentSegment Append(SequenceNumber start, SequenceNumber end, Instant now)
    {
        if (Count == _segments.Length)
            Grow();
        ref var segment = ref this[Next];
        segment = new()
        {
            Start = start,
            End = end,
            SentAt = now,
        };
        Octets += segment.Length;
        Enlist(Next++);
        return ref segment;
    }

    /// <summary>It was sent once more.</summary>
    public ref SentSegment Resent(long number, Instant now)
    {
        ref var segment = ref this[number];
        if (IsListed(segment))
            Unlist(number);
        if (segment.Is(SentMarks.Resent))
            ResentOctets -= segment.Length;
        // What was not held for lost may still be on its way, and now is twice; Lost stays, as its first transmission is.
        segment.Marks |= SentMarks.Resent | SentMarks.EverResent;
        ResentOctets += segment.Length;
        segment.SentAt = now;
        Enlist(number);
        return ref segment;
    }

    /// <summary>All octets before <paramref name="acknowledgement"/> have arrived: what is covered in part is cut.</summary>
    public bool TryAcknowledge(SequenceNumber acknowledgement, out SentSegment acknowledged)
    {
        acknowledged = default;
        if (IsEmpty || this[First].Start >= acknowledgement)
            return false;
        ref var first = ref this[First];
        acknowledged = first;
        if (first.End > acknowledgement)
        {
            Trim(ref first, acknowledgement);
            return false;
        }
        Forget(First, first);
        First++;
        _resendHint = Math.Max(_resendHint, First);
        return true;
    }

    public void MarkSacked(long number)
    {
        ref var segment = ref this[number];
        Forget(number, segment);
        // Its octets stay among all until the acknowledgement passes them.
        Octets += segment.Length;
        SackedOctets += segment.Length;
        SackedSegments++;
        segment.Marks = segment.Marks & ~(SentMarks.Lost | SentMarks.Resent) | SentMarks.Sacked;
    }

    /// <summary>Its last transmission is held for lost.</summary>
    public void MarkLost(long number)
    {
        ref var segment = ref this[number];
        if (segment.Is(SentMarks.Sacked) || segment.Is(SentMarks.Lost) && !segment.Is(SentMarks.Resent))
            return;
        Unlist(number);
        if (segment.Is(SentMarks.Resent))
            ResentOctets -= segment.Length;
        if (!segment.Is(SentMarks.Lost))
            LostOctets += segment.Length;
        segment.Marks = segment.Marks & ~SentMarks.Resent | SentMarks.Lost;
        _resendHint = Math.Min(_resendHint, number);
    }

    /// <summary>A time-out: all that is not known to have arrived is held for lost; a peer may also have thrown away what it had told us (RFC 2018 §8).</summary>
    public void MarkAllLost(bool forgetSacked)
    {
        for (var number = First; number < Next; number++)
        {
            ref var segment = ref this[number];
            if (forgetSacked && segment.Is(SentMarks.Sacked))
            {
                segment.Marks &= ~SentMarks.Sacked;
                SackedOctets -= segment.Length;
                SackedSegments--;
                Enlist(number);
            }
            MarkLost(number);
        }
    }

    /// <summary>It was not lost after all, nor anything else.</summary>
    public void ClearLost()
    {
        var open = new List<long>();
        for (var number = First; number < Next; number++)
        {
            ref var segment = ref this[number];
            LostOctets -= segment.Is(SentMarks.Lost) ? segment.Length : 0;
            segment.Marks &= ~SentMarks.Lost;
            if (IsListed(segment))
                open.Add(number);
        }
        (_earliest, _latest) = (None, None);
        foreach (var number in open.OrderBy(number => this[number].SentAt))
            Enlist(number);
    }

    /// <summary>The first that has to be sent again.</summary>
    public bool TryNextLost(out long number)
    {
        number = Next;
        if (LostOctets == 0)
            return false;
        for (number = Math.Max(_resendHint, First); number < Next; number++)
        {
            _resendHint = number;
            if ((this[number].Marks & (SentMarks.Lost | SentMarks.Resent)) == SentMarks.Lost)
                return true;
        }
        _resendHint = number;
        return false;
    }

    /// <summary>The first segment that ends behind <paramref name="sequence"/>.</summary>
    public long Find(SequenceNumber sequence)
    {
        var (low, high) = (First, Next);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this[middle].End <= sequence)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Cuts a segment in two, since so much as it has cannot be sent at once any more. Rare: what lies behind moves up.</summary>
    public void Split(long number, SequenceNumber at)
    {
        if (Count == _segments.Length)
            Grow();
        for (var i = Next; i > number; i--)
            this[i] = this[i - 1];
        Next++;
        for (var i = First; i < Next; i++)
        {
            ref var moved = ref this[i];
            moved.Earlier += moved.Earlier > number ? 1 : 0;
            moved.Later += moved.Later > number ? 1 : 0;
        }
        _earliest += _earliest > number ? 1 : 0;
        _latest += _latest > number ? 1 : 0;
        _resendHint += _resendHint > number ? 1 : 0;
        this[number].End = at;
        this[number + 1].Start = at;
        if (IsListed(this[number]))
            InsertAfter(number, number + 1);
        if (this[number].Is(SentMarks.Sacked))
            SackedSegments++;
    }

    /// <summary>Counted when somebody looks, which is seldom.</summary>
    public int CountOf(SentMarks mark)
    {
        var count = 0;
        for (var number = First; number < Next; number++)
            count += this[number].Is(mark) ? 1 : 0;
        return count;
    }

    /// <summary>Those that were sent again, and whose last transmission is thought to be on its way.</summary>
    public int CountResent()
    {
        var count = 0;
        for (var number = First; number < Next; number++)
            count += this[number].Is(SentMarks.EverResent) && IsListed(this[number]) ? 1 : 0;
        return count;
    }

    public void Clear()
    {
        (First, _resendHint) = (Next, Next);
        (_earliest, _latest) = (None, None);
        (Octets, SackedOctets, SackedSegments, LostOctets, ResentOctets) = (0, 0, 0, 0, 0);
        _segments = [];
    }

    /// <summary>Neither delivered nor held for lost without having been sent again.</summary>
    private static bool IsListed(in SentSegment segment) =>
        (segment.Marks & (SentMarks.Sacked | SentMarks.Lost | SentMarks.Resent))
            is SentMarks.None
                or SentMarks.Resent
                or (SentMarks.Lost | SentMarks.Resent);

    private void Trim(ref SentSegment segment, SequenceNumber start)
    {
        var cut = start - segment.Start;
        segment.Start = start;
        Octets -= cut;
        SackedOctets -= segment.Is(SentMarks.Sacked) ? cut : 0;
        LostOctets -= segment.Is(SentMarks.Lost) ? cut : 0;
        ResentOctets -= segment.Is(SentMarks.Resent) ? cut : 0;
    }

    private void Forget(long number, in SentSegment segment)
    {
        if (IsListed(segment))
            Unlist(number);
        Octets -= segment.Length;
        if (segment.Is(SentMarks.Sacked))
        {
            SackedOctets -= segment.Length;
            SackedSegments--;
        }
        LostOctets -= segment.Is(SentMarks.Lost) ? segment.Length : 0;
        ResentOctets -= segment.Is(SentMarks.Resent) ? segment.Length : 0;
    }

    private void Grow()
    {
        var grown = new SentSegment[Math.Max(_segments.Length * 2, FirstCapacity)];
        for (var number = First; number < Next; number++)
            grown[number & (grown.Length - 1)] = this[number];
        _segments = grown;
    }
}
