using System.Text;
using System.Threading.Tasks.Sources;

namespace Twocan.Core;

/// <summary>One program's pause: reused, so that a pause allocates nothing, and kept in a list, so that a stuck world can say who waits.</summary>
internal sealed class Wait(WaitList list) : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _registration;
    private CancellationToken _stop;
    private LoopTimer? _timer;
    private bool _done;

    public EventLoop Loop { get; set; } = null!;

    public string Owner { get; set; } = "";

    public string What { get; set; } = "";

    /// <summary>What it says belongs to <see cref="What"/>; it is only asked in a report.</summary>
    public object? Of { get; set; }

    public Instant Since { get; set; }

    public Signal? Signal { get; set; }

    /// <summary>Who waits for the same signal and came next.</summary>
    public Wait? Behind { get; set; }

    public Wait? Next { get; set; }

    public Wait? Previous { get; set; }

    /// <summary>A pause that ends by itself at <paramref name="due"/>.</summary>
    public ValueTask BeginUntil(Instant due, CancellationToken stop)
    {
        _timer ??= Loop.CreateTimer(Complete);
        _timer.Set(due);
        return Begin(stop);
    }

    public ValueTask Begin(CancellationToken stop)
    {
        _stop = stop;
        if (stop.CanBeCanceled)
            _registration = stop.UnsafeRegister(static wait => ((Wait)wait!).Cancel(), this);
        return new(this, _core.Version);
    }

    public void Complete()
    {
        if (_done)
            return;
        _done = true;
        Loop.Post(static state => ((Wait)state!).Finish(cancelled: false), this);
    }

    private void Cancel()
    {
        if (_done)
            return;
        _done = true;
        Signal?.Forget(this);
        Loop.Post(static state => ((Wait)state!).Finish(cancelled: true), this);
    }

    private void Finish(bool cancelled)
    {
        list.Remove(this);
        _timer?.Cancel();
        _registration.Dispose();
        _registration = default;
        if (cancelled)
            _core.SetException(new OperationCanceledException(_stop));
        else
            _core.SetResult(true);
    }

    public void GetResult(short token)
    {
        // Whoever asks too early, or twice, must not give back what is still, or again, in use.
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
            throw new InvalidOperationException("The wait has not ended: await it.");
        try
        {
            _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            _done = false;
            (Signal, Of) = (null, null);
            _stop = default;
            list.Return(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags & ~ValueTaskSourceOnCompletedFlags.UseSchedulingContext);
}

/// <summary>All pauses of a loop that have not ended, oldest first.</summary>
internal sealed class WaitList
{
    private const int MaxReported = 40;
    private readonly Stack<Wait> _free = new();
    private Wait? _first;
    private Wait? _last;

    public Wait Rent(EventLoop loop, string owner, string what, object? of = null)
    {
        var wait = _free.TryPop(out var pooled) ? pooled : new Wait(this);
        (wait.Loop, wait.Owner, wait.What, wait.Of, wait.Since) = (loop, owner, what, of, loop.Now);
        (wait.Previous, wait.Next) = (_last, null);
        if (_last is null)
            _first = wait;
        else
            _last.Next = wait;
        _last = wait;
        return wait;
    }

    public void Remove(Wait wait)
    {
        if (wait.Previous is null)
            _first = wait.Next;
        else
            wait.Previous.Next = wait.Next;
        if (wait.Next is null)
            _last = wait.Previous;
        else
            wait.Next.Previous = wait.Previous;
        (wait.Previous, wait.Next) = (null, null);
    }

    public void Return(Wait wait) => _free.Push(wait);

    /// <summary>Who waits, on what, since when; the newest first, since servers wait from the beginning and are rarely to blame.</summary>
    public string Report(Instant now)
    {
        var text = new StringBuilder(
            $"Stuck at {now}: no timer is set and nothing is ready, but the program has not ended. Waiting:"
        );
        var count = 0;
        for (var wait = _last; wait is not null; wait = wait.Previous)
        {
            if (count++ < MaxReported)
                text.Append($"\n  {wait.Owner} for {wait.What}{wait.Of}, since {wait.Since}");
        }
        if (count == 0)
            text.Append("\n  nobody on this loop: the program awaits something that is not the loop's");
        if (count > MaxReported)
            text.Append($"\n  and {count - MaxReported} more");
        return text.ToString();
    }
}
