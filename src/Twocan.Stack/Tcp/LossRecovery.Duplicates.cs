namespace Twocan.Stack;

/// <summary>What a peer without SACK tells (RFC 5681 §3.2, RFC 6582).</summary>
public sealed partial class LossRecovery
{
    private int _duplicateOctets;
    private bool _hadPartial;

    /// <summary>Without SACK a duplicate says that a segment has left the network, but not which (RFC 5681 §3.2, RFC 6582).</summary>
    private void CountDuplicates(bool isDuplicate, int acknowledged, SequenceNumber next)
    {
        if (isDuplicate)
        {
            var most = Math.Max(Sent.Octets - _segmentSize, 0);
            _duplicateOctets = Math.Min(_duplicateOctets + _segmentSize, most);
        }
        else if (acknowledged > 0)
        {
            // One of the segments that it covers was the hole, the others had been counted.
            _duplicateOctets =
                Phase == RecoveryPhase.Recovery
                    ? Math.Max(_duplicateOctets - Math.Max(acknowledged - _segmentSize, 0), 0)
                    : 0;
            _duplicateOctets = Math.Min(_duplicateOctets, Sent.Octets);
        }
    }

    private void DetectLossByDuplicates(SequenceNumber acknowledgement, bool hasAdvanced)
    {
        if (Sent.IsEmpty)
            return;
        if (Phase == RecoveryPhase.Recovery && hasAdvanced)
        {
            // A partial acknowledgement: the next hole shows, and is resent at once (RFC 6582 §3.2 step 3).
            Sent.MarkLost(Sent.First);
            (_hadPartial, _isFirstResendOwed) = (true, true);
        }
        else if (
            Phase is RecoveryPhase.Open or RecoveryPhase.Reduced
            && _duplicateOctets >= DuplicateThreshold * _segmentSize
            // Duplicates of a flight that is being recovered already begin nothing new (§3.2 step 2).
            && acknowledgement > Recover
        )
        {
            Sent.MarkLost(Sent.First);
        }
    }
}
