namespace Twocan.Core;

/// <summary>
/// Where programs wait for a machine: 'something you care about may have changed'. Like a condition variable, without
/// the lock: <c>while (!machine.IsReady) await signal.WaitAsync(stop);</c>. Those who wait go on from the loop's ready
/// queue, in the order in which they came.
/// </summary>
/// <param name="of">Whose words follow <paramref name="what"/> where somebody asks who waits for what: nobody does, mostly.</param>
public sealed class Signal(EventLoop loop, string owner, string what, object? of = null)
{
    private Wait? _first;
    private Wait? _last;
    private List<Signal>? _followers;

    /// <summary>Waits for the next <see cref="Set"/>; an earlier one does not count.</summary>
    public ValueTask WaitAsync(CancellationToken stop = default)
    {
        if (stop.IsCancellationRequested)
            return ValueTask.FromCanceled(stop);
        var wait = loop.Waits.Rent(loop, owner, what, of);
        if (_last is null)
            _first = wait;
        else
            _last.Behind = wait;
        _last = wait;
        wait.Signal = this;
        return wait.Begin(stop);
    }

    /// <summary>Wakes all that wait.</summary>
    public void Set()
    {
        var next = _first;
        (_first, _last) = (null, null);
        while (next is { } wait)
        {
            (next, wait.Behind) = (wait.Behind, null);
            wait.Complete();
        }
        if (_followers is null)
            return;
        foreach (var follower in _followers)
            follower.Set();
    }

    /// <summary>From now on <paramref name="follower"/> is set whenever this one is: so one waits for any of many.</summary>
    public void Lead(Signal follower) => (_followers ??= []).Add(follower);

    /// <summary>Ends one <see cref="Lead"/>.</summary>
    public void LeadNoMore(Signal follower) => _followers?.Remove(follower);

    internal void Forget(Wait wait)
    {
        Wait? before = null;
        for (var at = _first; at != wait; at = at.Behind)
        {
            if (at is null)
                return;
            before = at;
        }
        if (before is null)
            _first = wait.Behind;
        else
            before.Behind = wait.Behind;
        if (_last == wait)
            _last = before;
        wait.Behind = null;
    }
}
