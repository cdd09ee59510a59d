using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>A fault of a world: it waits for its beginning, lasts, and ends by itself or when it is disposed.</summary>
public sealed class Fault : IDisposable
{
    private readonly World _world;
    private readonly FaultTargets _targets;
    private readonly LoopTimer _timer;
    private readonly EventLoop _loop;
    private readonly HostJournal? _journal;
    private EventId _began;
    private bool _ended;

    internal Fault(World world, FaultSentence what, FaultTargets targets)
    {
        What = what;
        _world = world;
        Number = world.Announce(this);
        _targets = targets;
        _loop = world.Loop;
        _journal = world.Journal?.For("world");
        _timer = _loop.CreateTimer(OnTimer);
        if (what.At > Duration.Zero)
            _timer.Set(Next = _loop.Now + what.At);
        else
            Begin();
    }

    public FaultSentence What { get; }

    /// <summary>Counted from 1 in its world: by this people speak of it.</summary>
    public int Number { get; }

    /// <summary>When it begins or, once it has begun, ends by itself; never when it waits to be taken back.</summary>
    public Instant Next { get; private set; } = Instant.Never;

    /// <summary>The cables that suffer it, each once.</summary>
    public IEnumerable<Cable> Cables => _targets.Directions.Select(direction => direction.Cable).Distinct();

    /// <summary>Who crashes.</summary>
    public IReadOnlyList<Node> Machines => _targets.Machines;

    /// <summary>Things go wrong now.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Ends it, or lets it never begin.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        _world.Forget(this);
        _timer.Cancel();
        if (!IsActive)
            return;
        IsActive = false;
        foreach (var direction in _targets.Directions)
            direction.Recover(this);
        _journal?.Tell(new FaultEnded(What.ToString()), _began);
        foreach (var machine in _targets.Machines)
            machine.Recover(this);
    }

    private void OnTimer()
    {
        if (IsActive)
            Dispose();
        else
            Begin();
    }

    private void Begin()
    {
        IsActive = true;
        _began = _journal?.Tell(new FaultBegan(What.ToString())) ?? default;
        foreach (var direction in _targets.Directions)
            direction.Suffer(this);
        foreach (var machine in _targets.Machines)
            machine.Suffer(this);
        Next = Instant.Never;
        if (What.For is { } span)
            _timer.Set(Next = _loop.Now + span);
    }

    public override string ToString() => What.ToString();
}
