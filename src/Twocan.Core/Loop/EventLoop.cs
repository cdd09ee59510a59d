using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Twocan.Core;

/// <summary>
/// A thread on which callbacks, timers and awaits run one after the other, in the same order every time.
/// <para>
/// Theory of operation. There are two queues: what is ready now (first in, first out) and what is due later (a heap
/// of timers, ordered by time and then by the order in which they were set). <see cref="Run"/> empties the first; only
/// then does it let the driver wait for the second. A machine's step therefore always ends before anyone who was woken
/// by it goes on, so nothing re-enters a machine and no stack grows.
/// </para>
/// <para>
/// The thread carries no <see cref="SynchronizationContext"/>: an await then resumes inline where its source completes,
/// with and without <c>ConfigureAwait(false)</c>; every source of ours completes from the ready queue. (With a context of
/// its own each <c>ConfigureAwait(false)</c> inside a library would hop to the thread pool.)
/// </para>
/// </summary>
public sealed class EventLoop
{
    /// <summary>So many callbacks without time moving on are a loop in somebody's program.</summary>
    private const int MaxCallbacksAtOneInstant = 20_000_000;

    /// <summary>In real time, somebody who is always ready must not keep the rest from being heard.</summary>
    private const int CallbacksBetweenLooks = 64;

    private readonly LoopDriver _driver;
    private readonly Queue<ReadyItem> _ready = new();
    private readonly ConcurrentQueue<Action> _outside = new();
    private readonly TimerHeap _timers = new();
    private readonly WaitList _waits = new();
    private volatile bool _hasOutside;
    private BlockingCalls? _blocking;
    private ExceptionDispatchInfo? _failure;
    private int _threadId;
    private int _callbacksAtThisInstant;
    private int _callbacksSinceLook;

    public EventLoop(LoopDriver driver, ulong seed)
    {
        _driver = driver;
        Now = driver.Now;
        Seed = seed;
        Random = new(seed);
        TimeProvider = new LoopTimeProvider(this);
    }

    /// <summary>A loop on virtual time, which begins at <paramref name="epoch"/> (1970 if not told) and jumps from event to event.</summary>
    public static EventLoop Virtual(ulong seed, DateTimeOffset? epoch = null) =>
        new(new VirtualDriver(epoch ?? DateTimeOffset.UnixEpoch), seed);

    /// <summary>What its time is, and how it waits: the virtual clock, or the operating system.</summary>
    public LoopDriver Driver => _driver;

    public Instant Now { get; private set; }

    public ulong Seed { get; }

    /// <summary>The loop's own source; whoever needs randomness forks one from it by name.</summary>
    public RandomSource Random { get; }

    public PacketPool Packets { get; } = new();

    public TimeProvider TimeProvider { get; }

    /// <summary>The calendar's date and time at <see cref="Now"/>.</summary>
    public DateTimeOffset UtcNow => ToDate(Now);

    /// <summary>Timers that are set; zero when a world has come to rest.</summary>
    public int TimerCount => _timers.Count;

    internal WaitList Waits => _waits;

    public DateTimeOffset ToDate(Instant at) => _driver.Epoch + new Duration(at.Nanoseconds).ToTimeSpan();

    /// <summary>Runs <paramref name="callback"/> after everything that is ready already.</summary>
    public void Post(Action<object?> callback, object? state)
    {
        ThrowIfOffLoop();
        _ready.Enqueue(new(callback, state));
    }

    public void Post(Action callback) => Post(static state => ((Action)state!)(), callback);

    /// <summary>
    /// The one door for other threads: <paramref name="callback"/> runs on the loop, soon. For what comes from outside
    /// the loop's world (Ctrl-C), when it comes: nothing that has to happen the same way twice goes through here.
    /// </summary>
    public void PostFromOutside(Action callback)
    {
        _outside.Enqueue(callback);
        _hasOutside = true;
        _driver.Wake();
    }

    /// <summary>
    /// Starts a program that nobody awaits: a server, a connection's conversation. If it fails, <see cref="Run"/> throws
    /// what it threw; a cancelled program just ends.
    /// </summary>
    public void Start(string name, Func<Task> program)
    {
        // It is still the one who starts it on whose behalf it runs (as of a process and its threads).
        var context = ExecutionContext.Capture();
        Post(() =>
        {
            if (context is null)
                _ = WatchAsync(name, program);
            else
                ExecutionContext.Run(context, _ => _ = WatchAsync(name, program), null);
        });
    }

    public LoopTimer CreateTimer(Action callback) => new(this, static state => ((Action)state!)(), callback);

    /// <summary>The same for those of whom there are many: a static callback needs no object of its own.</summary>
    public LoopTimer CreateTimer(Action<object?> callback, object? state) => new(this, callback, state);

    /// <summary>Goes on after everything that is ready already.</summary>
    public ValueTask YieldAsync()
    {
        var wait = _waits.Rent(this, "loop", "its turn");
        var task = wait.Begin(default);
        wait.Complete();
        return task;
    }

    public ValueTask DelayAsync(Duration delay, CancellationToken stop = default) => DelayUntilAsync(Now + delay, stop);

    public ValueTask DelayUntilAsync(Instant due, CancellationToken stop = default) =>
        stop.IsCancellationRequested
            ? ValueTask.FromCanceled(stop)
            : _waits.Rent(this, "loop", "a delay to pass").BeginUntil(due, stop);

    /// <summary>
    /// Makes a call of the operating system that keeps its caller waiting, such as fsync, while the loop goes on; what it throws
    /// is thrown here. It must touch nothing of the loop's. In a world's time it is made at once, since nothing goes on meanwhile.
    /// </summary>
    public ValueTask BlockingAsync(Action call)
    {
        if (_driver.IsOfTheMachine)
            return (_blocking ??= new(this)).MakeAsync(call);
        call();
        return default;
    }

    /// <summary>Runs until <paramref name="main"/> has ended, and throws what it or any started program threw.</summary>
    public void Run(Func<Task> main)
    {
        Task? task = null;
        Post(() => task = main());
        RunWhile(() => task is not { IsCompleted: true }, Instant.Never, mustFinish: true);
        task!.GetAwaiter().GetResult();
    }

    public T Run<T>(Func<Task<T>> main)
    {
        Task<T>? task = null;
        Run((Func<Task>)(() => task = main())); // the cast keeps it from being this very overload
        return task!.Result;
    }

    /// <summary>Runs all that happens until <paramref name="end"/>; it is then <paramref name="end"/>, whether or not anything happened.</summary>
    public void RunUntil(Instant end)
    {
        RunWhile(static () => true, end, mustFinish: false);
    }

    public void RunFor(Duration span) => RunUntil(Now + span);

    /// <summary>Runs until nothing is ready and no timer is set, or until <paramref name="limit"/>; false when the limit (or the stop) came first.</summary>
    public bool RunUntilIdle(Instant limit, CancellationToken stop = default)
    {
        RunWhile(
            () => !stop.IsCancellationRequested && (_ready.Count > 0 || _timers.Count > 0),
            limit,
            mustFinish: false,
            stayAtLastEvent: true
        );
        return _ready.Count == 0 && _timers.Count == 0;
    }

    /// <summary>Runs what is ready, or else all that is due at the next moment; false when nothing is and nothing will be.</summary>
    public bool Step()
    {
        var due = _ready.Count > 0 ? Now : _timers.NextDue;
        if (due == Instant.Never)
            return false;
        RunUntil(Instant.Max(due, Now));
        return true;
    }

    /// <summary>
    /// Ends the run that is going on, or the next one, with an <see cref="OperationCanceledException"/>: Ctrl-C. Any
    /// thread may call it.
    /// </summary>
    public void Interrupt() => PostFromOutside(static () => throw new OperationCanceledException("Interrupted."));

    /// <summary>
    /// In real time: it is later by now than when this callback began, since the operating system has been at work in it, or the
    /// callback was long. In a world's time nothing happens. Whoever tells people a time says this first.
    /// </summary>
    public Instant LookAtTheClock() => Now = Instant.Max(Now, _driver.Now);

    internal void Set(LoopTimer timer, Instant due)
    {
        ThrowIfOffLoop();
        _timers.Set(timer, due);
    }

    internal void Cancel(LoopTimer timer)
    {
        ThrowIfOffLoop();
        _timers.Remove(timer);
    }

    private void RunWhile(Func<bool> wanted, Instant end, bool mustFinish, bool stayAtLastEvent = false)
    {
        if (_threadId != 0)
            throw new InvalidOperationException(
                "The loop is running already; a program on it awaits instead of running it."
            );
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _threadId = Environment.CurrentManagedThreadId;
        _callbacksAtThisInstant = 0;
        try
        {
            while (wanted())
            {
                if (_hasOutside)
                    TakeFromOutside();
                if (_ready.TryDequeue(out var item))
                {
                    CountCallback();
                    item.Callback(item.State);
                    _failure?.Throw();
                    if (++_callbacksSinceLook >= CallbacksBetweenLooks)
                        Look();
                    continue;
                }
                var due = _timers.NextDue;
                if (due > end)
                {
                    // In real time something else may have ended the wait.
                    if (!stayAtLastEvent && Now < end && Advance(end) && Now < end)
                        continue;
                    return;
                }
                if (due > Now && !Advance(due))
                {
                    if (mustFinish)
                        throw new LoopStuckException(_waits.Report(Now));
                    return;
                }
                if (_timers.TryTake(Now, out var timer))
                    Fire(timer);
            }
        }
        finally
        {
            _failure = null;
            _threadId = 0;
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private void TakeFromOutside()
    {
        // First the flag: what comes while the queue is emptied sets it again.
        _hasOutside = false;
        while (_outside.TryDequeue(out var callback))
            Post(callback);
    }

    private bool Advance(Instant due)
    {
        if (!_driver.Wait(due))
            return false;
        Resume();
        return true;
    }

    private void Look()
    {
        _callbacksSinceLook = 0;
        if (!_driver.Look())
            return;
        Resume();
        for (var i = 0; i < CallbacksBetweenLooks && _timers.TryTake(Now, out var timer); i++)
            Fire(timer);
    }

    private void Fire(LoopTimer timer)
    {
        CountCallback();
        timer.Fire();
        _failure?.Throw();
    }

    private void Resume()
    {
        Now = _driver.Now;
        _callbacksAtThisInstant = 0;
        _callbacksSinceLook = 0;
        _driver.Deliver();
    }

    private void CountCallback()
    {
        if (++_callbacksAtThisInstant > MaxCallbacksAtOneInstant)
            throw new LoopStuckException(
                $"Time stands still at {Now}: a program wakes itself up for ever.\n{_waits.Report(Now)}"
            );
    }

    private async Task WatchAsync(string name, Func<Task> program)
    {
        try
        {
            await program();
        }
        catch (OperationCanceledException) { }
#pragma warning disable CA1031 // Whatever it was, it belongs to the one who runs the loop.
        catch (Exception failure)
        {
            failure.Data["program"] = name;
            _failure ??= ExceptionDispatchInfo.Capture(failure);
        }
#pragma warning restore CA1031
    }

    private void ThrowIfOffLoop()
    {
        if (_threadId != 0 && _threadId != Environment.CurrentManagedThreadId)
            throw new InvalidOperationException(
                "Called off the loop: some await resumed on another thread (Task.Run, Task.Yield, a semaphore or a channel do that)."
            );
    }

    private readonly record struct ReadyItem(Action<object?> Callback, object? State);
}

/// <summary>Nothing is ready, no timer is set, and the program has not ended: it waits for what cannot happen.</summary>
public sealed class LoopStuckException(string message) : InvalidOperationException(message);
