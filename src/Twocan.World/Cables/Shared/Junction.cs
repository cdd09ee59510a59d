using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// Where half-duplex lines meet, in a hub or on a bus: what comes in by one goes out of all the others, bit by bit.
/// A hub is made of electronics: two signals that meet in it become noise on all its cables. On a bus they run through
/// each other, and only who hears both at once hears noise.
/// </summary>
internal sealed class Junction(
    Node node,
    Func<SharedLine, SharedLine, Duration> way,
    Func<string, int, HostJournal, EventId, EventId> tell,
    bool repeats
) : IListener
{
    private readonly List<(SharedLine In, SharedLine Out)> _ports = [];
    private readonly List<(Wave Wave, SharedLine Line)> _passing = [];

    /// <summary>The wire that it makes of its cables; null while none is plugged in.</summary>
    public CollisionDomain? Domain => _ports.Count > 0 ? _ports[0].In.Domain : null;

    /// <summary>Collisions that happened in a repeater.</summary>
    public long Collisions { get; private set; }

    public void Plug(SharedLine inward, SharedLine outward)
    {
        _ports.Add((inward, outward));
        inward.Listener = this;
    }

    public void OnBegin(Wave wave, SharedLine line)
    {
        if (line.Receiver is null)
            return;
        _passing.Add((wave, line));
        if (repeats && _passing.Count > 1)
            Collide(wave.Signal.Cause);
        foreach (var (inward, outward) in _ports)
        {
            if (inward != line)
                outward.Begin(wave.Signal, wave, way(line, outward));
        }
    }

    public void OnEnd(Wave wave, SharedLine line)
    {
        var isPassing = _passing.Remove((wave, line));
        var cause = wave.Cause;
        if (wave is { WasSent: true, IsLost: false })
        {
            if (isPassing && !wave.IsSpoilt)
                cause = Take(wave, line);
            else
                line.Lose(wave, wave.HasCollided ? LossReason.Collision : LossReason.HostDown);
        }
        if (isPassing)
            HandOnEnd(wave, line, cause);
    }

    /// <summary>The hub is dead: what was passing through it breaks off on the other side.</summary>
    public void PowerOff()
    {
        foreach (var (wave, line) in _passing)
        {
            wave.Spoil();
            HandOnEnd(wave, line, wave.Cause);
        }
        _passing.Clear();
    }

    private EventId Take(Wave wave, SharedLine line)
    {
        var cause = line.Arrive(wave);
        return node.Journal is { } journal ? tell(line.Cable.Name, _ports.Count - 1, journal, cause) : cause;
    }

    private void HandOnEnd(Wave wave, SharedLine line, EventId cause)
    {
        foreach (var (inward, outward) in _ports)
        {
            if (inward != line)
                outward.End(wave.Signal, wave, cause);
        }
    }

    private void Collide(EventId because)
    {
        if (_passing.Count == 2)
        {
            Collisions++;
            node.Journal?.Tell(new CollisionInHub(_passing[0].Line.Cable.Name, _passing[1].Line.Cable.Name), because);
        }
        foreach (var (wave, _) in _passing)
            wave.Collide();
    }
}
