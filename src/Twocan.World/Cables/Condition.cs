using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>What one direction of a cable is like at this moment, for every frame: its settings, and the faults that it suffers.</summary>
internal readonly record struct Condition(BitRate Rate, Duration Delay, double Loss, bool IsCut)
{
    /// <summary>Faults add up: delays are added, what one loss leaves the next may take, the slowest rate counts.</summary>
    public static Condition Of(CableSettings settings, IReadOnlyList<Fault> faults)
    {
        var (rate, delay, kept, isCut) = (settings.Rate, settings.Delay, 1 - settings.Loss, false);
        foreach (var fault in faults)
        {
            var what = fault.What;
            switch (what.Kind)
            {
                case FaultKind.Loss:
                    kept *= 1 - what.Share;
                    break;
                case FaultKind.Delay:
                    delay += what.Time;
                    break;
                case FaultKind.Rate when what.Rate.CompareTo(rate) < 0:
                    rate = what.Rate;
                    break;
                case FaultKind.Cut:
                    isCut = true;
                    break;
                default:
                    break;
            }
        }
        return new(rate, delay, 1 - kept, isCut);
    }
}
