using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>A fault of a world: it waits for its beginning, lasts, and ends by itself or when it is disposed.</summary>
public sealed class Fault : IDisposable
{
    private readonly FaultTargets _targets;
    private readonly LoopTimer _timer;
    private readonly EventLoop _loop;
    private readonly HostJournal? _journal;
    private EventId _began;
    private bool _ended;

    internal Fault(World world, FaultSentence what, FaultTargets targets)
    {
        What = what;
        _targets = targets;
        _loop = world.Loop;
        _journal = world.Journal?.For("world");
        _timer = _loop.CreateTimer(OnTimer);
        if (what.At > Duration.Zero)
            _timer.Set(_loop.Now + what.At);
        else
            Begin();
    }

    public FaultSentence What { get; }

    /// <summary>Things go wrong now.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Ends it, or lets it never begin.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        _timer.Cancel();
        if (!IsActive)
            return;
        IsActive = false;
        foreach (var direction in _targets.Directions)
            direction.Recover(this);
        _journal?.Tell(new FaultEnded(What.ToString()), _began);
        foreach (var host in _targets.Hosts)
            host.Recover(this);
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
        foreach (var host in _targets.Hosts)
            host.Suffer(this);
        if (What.For is { } span)
            _timer.Set(_loop.Now + span);
    }

    public override string ToString() => What.ToString();
}
