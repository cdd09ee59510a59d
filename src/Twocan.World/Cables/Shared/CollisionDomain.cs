using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// All half-duplex lines on which one speaker is heard: a cable, or the cables of a hub, of hubs that are plugged into
/// each other, of a bus. They are one wire: bits run over it at one rate, the slowest that any part of it has.
/// </summary>
internal sealed class CollisionDomain
{
    private readonly List<SharedLine> _lines = [];
    private CsmaCdTiming? _timing;

    public CsmaCdTiming Timing => _timing ??= new(_lines.Min(line => line.Condition.Rate));

    public void Add(SharedLine line)
    {
        _lines.Add(line);
        line.Domain = this;
        _timing = null;
    }

    /// <summary>A cable was laid between the two: from now on they are one.</summary>
    public void Absorb(CollisionDomain other)
    {
        if (other == this)
            return;
        foreach (var line in other._lines)
            Add(line);
    }

    /// <summary>A fault begins or ends that makes a part slower.</summary>
    public void RateChanged() => _timing = null;
}
