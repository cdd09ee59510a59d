using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// What a fault does to single frames of one direction. It draws from a source of its own for every frame that leaves,
/// whatever else befalls that frame: so a fault more or less changes the luck of no other.
/// </summary>
internal sealed class Impairment(FaultSentence what, RandomSource random)
{
    private bool _isInBurst;
    private bool _hasBegun;

    public FaultSentence What => what;

    /// <summary>Whether it is of a kind that strikes single frames; the others change what the cable is like.</summary>
    public static bool IsOne(FaultKind kind) =>
        kind
            is FaultKind.BurstyLoss
                or FaultKind.Jitter
                or FaultKind.Reorder
                or FaultKind.Duplicate
                or FaultKind.Corrupt;

    public void Strike(ref Fate fate, int length)
    {
        switch (what.Kind)
        {
            case FaultKind.BurstyLoss:
                fate.IsLost |= IsNextInBurst();
                break;
            case FaultKind.Jitter:
                fate.Jitter += new Duration((long)(random.NextDouble() * what.Time.Nanoseconds));
                break;
            case FaultKind.Reorder when random.Chance(what.Share):
                fate.HeldBack += what.Time;
                break;
            case FaultKind.Duplicate:
                fate.IsDoubled |= random.Chance(what.Share);
                break;
            case FaultKind.Corrupt when random.Chance(what.Share) && length > 0:
                fate.FlippedBit = random.Next(8 * length);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Gilbert's channel: in the good state all frames arrive, in the bad one none does. A burst ends after each of its
    /// frames with probability 1/length; how often one begins follows from the share.
    /// </summary>
    private bool IsNextInBurst()
    {
        var leave = 1 / what.BurstLength;
        var enter = what.Share < 1 ? leave * what.Share / (1 - what.Share) : 1;
        // The first frame finds the channel as it is on average.
        var isBad = random.NextDouble();
        _isInBurst =
            what.Share >= 1
            || isBad
                < (
                    !_hasBegun ? what.Share
                    : _isInBurst ? 1 - leave
                    : enter
                );
        _hasBegun = true;
        return _isInBurst;
    }
}

/// <summary>What befalls one frame on its way.</summary>
internal struct Fate()
{
    public bool IsLost;
    public bool IsDoubled;

    /// <summary>Later by so much; those behind it too.</summary>
    public Duration Jitter;

    /// <summary>Later by so much; those behind it overtake.</summary>
    public Duration HeldBack;

    /// <summary>The bit that flips; -1 is none.</summary>
    public int FlippedBit = -1;
}
