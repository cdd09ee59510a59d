using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What one acknowledgement says of the network.</summary>
public sealed partial class LossRecovery
{
    private SackBlocks _known;

    /// <summary>Of the acknowledgement that is being worked on.</summary>
    private Finding _finding;

    /// <param name="isDuplicate">It looks like one that a segment behind a hole has provoked (RFC 5681 §2).</param>
    /// <param name="isMarked">The peer says that the network has marked a packet of ours (RFC 3168).</param>
    /// <param name="canSendNew">There is data that was never sent, and room for it in the peer's window.</param>
    /// <returns>What it changed, for those who watch.</returns>
    public RecoveryNews OnAcknowledgement(
        in TcpSegment segment,
        SequenceNumber una,
        SequenceNumber next,
        bool isDuplicate,
        bool isMarked,
        bool canSendNew,
        Instant now
    )
    {
        // One that was overtaken tells of SACK blocks only.
        var acknowledgement = SequenceNumber.Max(segment.Acknowledgement, una);
        var (pipe, lost, phase) = (Pipe, Sent.LostOctets, Phase);
        var deliveredSegments = DeliveredSegments;
        var (delivered, duplicateOctets) = (_rate.Delivered, _duplicateOctets);
        var acknowledged = Math.Max(acknowledgement - una, 0);
        _finding = default;
        _rate.BeginSample();
        if (acknowledged > 0)
            Acknowledge(acknowledgement, segment.TimestampEcho, now);
        _highestSacked = SequenceNumber.Max(_highestSacked, acknowledgement);
        if (!_isSelective)
            CountDuplicates(isDuplicate, acknowledged, next);
        else if (segment.Options.MayHaveSack || !_known.IsEmpty)
            MarkSacked(
                segment.Options.ReadSack(),
                una,
                segment.Acknowledgement,
                acknowledgement,
                segment.TimestampEcho,
                now
            );
        MeasureRoundTrip(segment.TimestampEcho, acknowledged > 0, now);

        var news = RecoveryNews.None;
        var echo = _timestamps.IsOn ? segment.TimestampEcho : (uint?)null;
        if (IsSpurious(acknowledged > 0, isDuplicate, canSendNew, echo))
            news = Undo(now);
        if (Phase != RecoveryPhase.Open && IsOver(acknowledgement))
            news = End(now);
        // Pulled along, or after 2 GiB without a loss it would seem to lie ahead.
        else if (Phase == RecoveryPhase.Open)
            Recover = SequenceNumber.Max(Recover, acknowledgement - 1);
        var lostBefore = Sent.LostOctets;
        if (_isSelective && _finding.HasDelivered)
            DetectLoss(now);
        else if (!_isSelective)
            DetectLossByDuplicates(acknowledgement, acknowledged > 0);
        var isOnlyProbe = Phase == RecoveryPhase.Open && IsOnlyProbe(Sent.LostOctets - lostBefore);
        if (isOnlyProbe)
            news = RecoveryNews.ProbeLost;
        var hasLost = !isOnlyProbe && Sent.LostOctets > lostBefore;
        if (hasLost && Phase is RecoveryPhase.Open or RecoveryPhase.Reduced)
        {
            OnLossFound(next, now);
            news = RecoveryNews.LossFound;
        }
        else if (HasProbeRepaired(acknowledgement, isDuplicate) || isMarked)
        {
            news = Reduce(next, isMarked, pipe, now) ? RecoveryNews.Reduced : news;
        }
        if (isMarked)
            MarkedSegments += DeliveredSegments - deliveredSegments;
        var newlyDelivered = _isSelective
            ? (int)(_rate.Delivered - delivered)
            : Math.Max(acknowledged + _duplicateOctets - duplicateOctets, 0);
        if (Phase is RecoveryPhase.Recovery or RecoveryPhase.Reduced)
            _reduction.OnDelivered(newlyDelivered, Pipe, acknowledged > 0 && !hasLost, _segmentSize);
        var mayGrow = phase is not (RecoveryPhase.Recovery or RecoveryPhase.Reduced);
        if (mayGrow && Phase is RecoveryPhase.Open or RecoveryPhase.Loss || _congestion.RulesRecovery)
            TellCongestionControl(acknowledged, newlyDelivered, Math.Max(Sent.LostOctets - lost, 0), pipe, now);
        return news;
    }

    private void TellCongestionControl(int acknowledged, int delivered, int lost, int pipe, Instant now)
    {
        if (acknowledged == 0 && delivered == 0)
            return;
        _rate.TryTakeSample(MinRtt, now, out var rate);
        var sample = new AckSample(
            acknowledged,
            delivered,
            lost,
            pipe,
            Pipe,
            Math.Max(pipe, _used),
            _rate.Delivered,
            rate,
            _rtt.Smoothed,
            MinRtt,
            _largestBurst
        );
        _congestion.OnDelivered(sample, now);
    }

    private void Acknowledge(SequenceNumber acknowledgement, uint echo, Instant now)
    {
        var octets = Sent.Octets;
        while (Sent.TryAcknowledge(acknowledgement, out var segment))
        {
            octets = Sent.Octets;
            _finding.HasDelivered = true;
            _finding.WasResentAcknowledged |= segment.Is(SentMarks.EverResent);
            if (segment.Is(SentMarks.Sacked))
                continue;
            MeasureReordering(segment);
            OnDelivered(segment, echo, now);
        }
        if (Sent.Octets < octets)
        {
            // A part of a segment.
            _rate.OnDelivered(Sent[Sent.First], octets - Sent.Octets, now);
            _finding.HasDelivered = true;
        }
        // What was sent once and came long ago had to wait for the hole before it: how long is no round trip.
        if (_finding.WasResentAcknowledged)
            _finding.Oldest = null;
    }

    private void MarkSacked(
        in SackBlocks blocks,
        SequenceNumber una,
        SequenceNumber said,
        SequenceNumber acknowledgement,
        uint echo,
        Instant now
    )
    {
        var first = 0;
        if (!blocks.IsEmpty && IsDuplicateSack(blocks, said))
        {
            first = 1;
            // Only what we had sent in this window (RFC 3708 §2).
            if (blocks[0].Start >= una - _congestion.Window)
            {
                _finding.WasTwice = true;
                DuplicatesReported++;
                _spurious.OnDuplicateSack();
                _rack.OnDuplicateSack(acknowledgement, Sent.EndOr(acknowledgement));
            }
        }
        for (var i = first; i < blocks.Count; i++)
        {
            if (blocks[i].End > acknowledgement && !_known.Covers(blocks[i]))
                MarkSacked(blocks[i], echo, now);
        }
        _known = blocks;
    }

    private void MarkSacked(in SackBlock block, uint echo, Instant now)
    {
        if (Sent.IsEmpty || block.End > Sent.EndOr(block.Start))
            return;
        // What an earlier acknowledgement has named is marked already: its stretch is passed over as a whole.
        var number = Sent.Find(block.Start);
        while (number < Sent.Next && Sent[number].End <= block.End)
        {
            ref var segment = ref Sent[number];
            if (IsKnown(segment.Start, out var end) && Sent.Find(end) is var beyond && beyond > number)
            {
                number = beyond;
                continue;
            }
            if (segment.Start >= block.Start && !segment.Is(SentMarks.Sacked))
            {
                var copy = segment;
                MeasureReordering(segment);
                Sent.MarkSacked(number);
                _finding.HasDelivered = _finding.HasSacked = true;
                OnDelivered(copy, echo, now);
            }
            number++;
        }
    }

    private bool IsKnown(SequenceNumber start, out SequenceNumber end)
    {
        for (var i = 0; i < _known.Count; i++)
        {
            if (_known[i].Start <= start && start < _known[i].End)
            {
                end = _known[i].End;
                return true;
            }
        }
        end = start;
        return false;
    }

    /// <summary>RFC 2883 §4: the first block lies below the acknowledgement, or within the second.</summary>
    private static bool IsDuplicateSack(in SackBlocks blocks, SequenceNumber acknowledgement) =>
        blocks[0].End <= acknowledgement || (blocks.Count > 1 && blocks[1].Contains(blocks[0]));

    private void OnDelivered(in SentSegment segment, uint echo, Instant now)
    {
        _rate.OnDelivered(segment, segment.Length, now);
        DeliveredSegments++;
        LongestDelivered = Math.Max(LongestDelivered, segment.Length);
        var wasResent = segment.Is(SentMarks.EverResent);
        if (!wasResent)
        {
            _finding.Oldest ??= now - segment.SentAt;
            _finding.Newest = now - segment.SentAt;
            _finding.WasOriginalDelivered |= segment.End <= Recover;
        }
        _rack.OnDelivered(segment, wasResent && IsOfEarlier(segment, echo, now), now);
    }

    /// <summary>Whether the acknowledgement may answer an earlier transmission of it (RFC 8985 §6.2 step 2).</summary>
    private bool IsOfEarlier(in SentSegment segment, uint echo, Instant now) =>
        _timestamps.IsOn ? (int)(echo - _timestamps.Value(segment.SentAt)) < 0 : now - segment.SentAt < MinRtt;

    /// <summary>Each acknowledgement that moves SND.UNA measures; Karn's doubt about what was resent only a time stamp resolves (RFC 7323 §4).</summary>
    private void MeasureRoundTrip(uint echo, bool hasAdvanced, Instant now)
    {
        if (_finding.Newest is { } newest)
            _minRtt.Add(newest, now);
        var sample = _finding.Oldest;
        if (sample is null && hasAdvanced && _timestamps.IsOn && _finding.WasResentAcknowledged)
            sample = _timestamps.Age(echo, now);
        if (sample is { } rtt)
            _rtt.OnSample(rtt, samplesPerRoundTrip: Sent.Octets / Math.Max(2 * _segmentSize, _largestBurst));
    }

    private bool IsSpurious(bool hasAdvanced, bool isDuplicate, bool canSendNew, uint? echo)
    {
        // Without SACK originals cannot be told from resent ones in one acknowledgement.
        var original = _finding.WasOriginalDelivered && (_isSelective || !_finding.WasResentAcknowledged);
        if (_forward.OnAcknowledgement(original, hasAdvanced, isDuplicate || _finding.HasSacked, canSendNew))
            return Phase == RecoveryPhase.Loss;
        return Phase is RecoveryPhase.Recovery or RecoveryPhase.Loss
            && (_finding.WasTwice || (hasAdvanced && _finding.WasResentAcknowledged))
            && _spurious.IsProven(hasAdvanced ? echo : null);
    }

    private RecoveryNews Undo(Instant now)
    {
        _congestion.Undo(now);
        _forward.Stop();
        _spurious.Begin();
        Sent.ClearLost();
        _used = 0;
        Phase = RecoveryPhase.Open;
        return RecoveryNews.Undone;
    }

    /// <summary>
    /// All is acknowledged that had been sent when it began. What was first sent after a mark carries CWR, and until that has
    /// arrived the peer repeats what is known (RFC 3168 §6.1.2).
    /// </summary>
    private bool IsOver(SequenceNumber acknowledgement) =>
        Phase == RecoveryPhase.Reduced && !Sent.IsEmpty ? acknowledgement > Recover : acknowledgement >= Recover;

    private RecoveryNews End(Instant now)
    {
        // After a timeout the others have begun anew, and grow; who has a model of the path goes back to that.
        if (Phase == RecoveryPhase.Recovery || (Phase == RecoveryPhase.Loss && _congestion.RulesRecovery))
            // RFC 6937 §3: proportional reduction ends at ssthresh; without SACK a burst is bounded by what is in flight (RFC 6582 §3.2).
            _congestion.OnRecovered(_isSelective ? CongestionWindow.Max : Pipe, now);
        _rack.OnRecovered();
        _forward.Stop();
        _duplicateOctets = 0;
        Phase = RecoveryPhase.Open;
        return RecoveryNews.Recovered;
    }

    private bool HasProbeRepaired(SequenceNumber acknowledgement, bool isDuplicate) =>
        _probe.HasRepairedLoss(acknowledgement, _finding.WasTwice, isDuplicate && !_finding.HasSacked);

    /// <summary>The window shrinks once in a round trip, and nothing is resent.</summary>
    private bool Reduce(SequenceNumber next, bool isMarked, int pipe, Instant now)
    {
        if (Phase != RecoveryPhase.Open)
            return false;
        BeginReduction(next, isLoss: !isMarked, now, pipe);
        if (Sent.IsEmpty)
            return true;
        (Phase, Recover) = (RecoveryPhase.Reduced, next);
        return true;
    }

    private struct Finding
    {
        public bool HasDelivered;
        public bool HasSacked;
        public bool WasTwice;
        public bool WasResentAcknowledged;
        public bool WasOriginalDelivered;

        /// <summary>Something was delivered out of its order.</summary>
        public bool IsLate;

        /// <summary>Round trips of the segments that were sent only once: the one sent first, and last.</summary>
        public Duration? Oldest;
        public Duration? Newest;
    }
}
