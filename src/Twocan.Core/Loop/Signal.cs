namespace Twocan.Core;

/// <summary>
/// Where programs wait for a machine: 'something you care about may have changed'. Like a condition variable, without
/// the lock: <c>while (!machine.IsReady) await signal.WaitAsync(stop);</c>. Those who wait go on from the loop's ready
/// queue, in the order in which they came.
/// </summary>
public sealed class Signal(EventLoop loop, string owner, string what)
{
    private readonly List<Wait> _waiting = [];

    /// <summary>Waits for the next <see cref="Set"/>; an earlier one does not count.</summary>
    public ValueTask WaitAsync(CancellationToken stop = default)
    {
        if (stop.IsCancellationRequested)
            return ValueTask.FromCanceled(stop);
        var wait = loop.Waits.Rent(loop, owner, what);
        _waiting.Add(wait);
        wait.Signal = this;
        return wait.Begin(stop);
    }

    /// <summary>Wakes all that wait.</summary>
    public void Set()
    {
        foreach (var wait in _waiting)
            wait.Complete();
        _waiting.Clear();
    }

    internal void Forget(Wait wait) => _waiting.Remove(wait);
}
