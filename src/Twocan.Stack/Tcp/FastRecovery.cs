namespace Twocan.Stack;

/// <summary>
/// Fast retransmit and fast recovery (RFC 5681 §3.2) with NewReno's partial acknowledgements (RFC 6582): which segment to
/// resend, and by how much the window is inflated for those that the duplicates say have left the network.
/// </summary>
public sealed class FastRecovery(SequenceNumber initialSequence)
{
    private const int DuplicatesThatTellOfLoss = 3;
    private bool _hadPartial;

    /// <summary>What had been sent when the last recovery began, or the timer last expired: RFC 6582's 'recover'.</summary>
    public SequenceNumber Recover { get; private set; } = initialSequence;

    public bool IsActive { get; private set; }

    public int Duplicates { get; private set; }

    /// <summary>What to add to the congestion window; a partial acknowledgement can make it negative.</summary>
    public int Inflation { get; private set; }

    /// <summary>True when this duplicate is the one that tells of a loss: resend the first unacknowledged segment.</summary>
    public bool OnDuplicate(SequenceNumber una, SequenceNumber max, int segmentSize)
    {
        Duplicates++;
        if (IsActive)
        {
            Inflation += segmentSize;
            return false;
        }
        // RFC 6582 §3.2 step 2: duplicates of a flight that is being recovered already begin nothing new.
        if (Duplicates != DuplicatesThatTellOfLoss || una - 1 <= Recover)
            return false;
        (IsActive, _hadPartial) = (true, false);
        Recover = max - 1;
        Inflation = DuplicatesThatTellOfLoss * segmentSize;
        return true;
    }

    public RecoveryStep OnAcknowledged(SequenceNumber acknowledgement, int octets, int segmentSize)
    {
        Duplicates = 0;
        if (!IsActive)
        {
            // Pulled along, or after 2 GiB without a loss it would seem to lie ahead.
            Recover = SequenceNumber.Max(Recover, acknowledgement - 2);
            return RecoveryStep.None;
        }
        if (acknowledgement > Recover)
        {
            IsActive = false;
            Inflation = 0;
            return RecoveryStep.Full;
        }
        // RFC 6582 §3.2 step 3: deflate by what has left, add back one segment for the one that is resent.
        Inflation += (octets >= segmentSize ? segmentSize : 0) - octets;
        var step = _hadPartial ? RecoveryStep.Partial : RecoveryStep.FirstPartial;
        _hadPartial = true;
        return step;
    }

    /// <summary>RFC 6582 §4: the timer takes over; duplicates that its resending brings mean nothing.</summary>
    public void OnTimeout(SequenceNumber max)
    {
        (IsActive, Inflation, Duplicates) = (false, 0, 0);
        Recover = max - 1;
    }
}

/// <summary>What an acknowledgement of new data means to a recovery.</summary>
public enum RecoveryStep
{
    /// <summary>None is going on.</summary>
    None,

    /// <summary>The next hole shows: resend it. Only the first such step gives the retransmission timer a new start.</summary>
    FirstPartial,
    Partial,

    /// <summary>All is there that was in flight when it began.</summary>
    Full,
}
