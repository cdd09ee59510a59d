using System.Runtime.CompilerServices;

namespace Twocan.Core.Tests;

/// <summary>Every await resumes on the loop's thread, in the same order every time, whatever the library in between does.</summary>
public class AwaitTests
{
    private readonly EventLoop _loop = EventLoop.Virtual(1);

    [Fact]
    public void An_await_resumes_on_the_loop_also_after_ConfigureAwait_false() =>
        OnLoop(async here =>
        {
            await Delay(1).ConfigureAwait(false);
            here();
            await Nested().ConfigureAwait(false);
            here();

            async Task Nested()
            {
                await _loop.YieldAsync().ConfigureAwait(false);
                here();
                await Delay(2).ConfigureAwait(false);
                here();
            }
        });

    [Fact]
    public void Task_WhenAll_and_WhenAny_resume_on_the_loop() =>
        OnLoop(async here =>
        {
            await Task.WhenAll(Delay(3), Delay(1), Task.WhenAll(Delay(2), Delay(2)));
            here();
            Assert.Equal(new Instant(3), _loop.Now);
            var slow = Delay(9);
            Assert.NotSame(slow, await Task.WhenAny(slow, Delay(1)).ConfigureAwait(false));
            here();
            Assert.Equal(new Instant(4), _loop.Now);
        });

    [Fact]
    public void Await_foreach_resumes_on_the_loop() =>
        OnLoop(async here =>
        {
            var seen = new List<int>();
            await foreach (var i in Count(5).ConfigureAwait(false))
            {
                here();
                seen.Add(i);
            }
            here();
            Assert.Equal([0, 1, 2, 3, 4], seen);
        });

    [Fact]
    public void A_task_source_completed_from_the_loop_resumes_on_it() =>
        OnLoop(async here =>
        {
            var source = new TaskCompletionSource();
            _loop.CreateTimer(() => source.SetResult()).Set(new(5));
            await source.Task;
            here();
        });

    [Fact]
    public void The_time_provider_drives_time_outs_and_delays() =>
        OnLoop(async here =>
        {
            using var timeOut = new CancellationTokenSource(TimeSpan.FromSeconds(2), _loop.TimeProvider);
            var signal = new Signal(_loop, "pc", "nothing");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await signal.WaitAsync(timeOut.Token));
            here();
            Assert.Equal(Duration.FromSeconds(2), _loop.Now - Instant.Zero);

            await Task.Delay(TimeSpan.FromSeconds(3), _loop.TimeProvider).ConfigureAwait(false);
            here();
            Assert.Equal(Duration.FromSeconds(5), _loop.Now - Instant.Zero);

            await Assert.ThrowsAsync<TimeoutException>(() =>
                Delay(1_000_000_000_000).WaitAsync(TimeSpan.FromSeconds(1), _loop.TimeProvider)
            );
            here();
            Assert.Equal(Duration.FromSeconds(6), _loop.Now - Instant.Zero);
        });

    [Fact]
    public void A_cancelled_task_wait_resumes_on_the_loop() =>
        OnLoop(async here =>
        {
            using var timeOut = new CancellationTokenSource(TimeSpan.FromSeconds(2), _loop.TimeProvider);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                new TaskCompletionSource().Task.WaitAsync(timeOut.Token)
            );
            here();
        });

    [Fact]
    public void A_periodic_timer_resumes_on_the_loop() =>
        OnLoop(async here =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2), _loop.TimeProvider);
            await timer.WaitForNextTickAsync();
            here();
        });

    [Fact]
    public void A_periodic_provider_timer_keeps_its_beat_until_it_is_changed_or_disposed()
    {
        var beats = new List<long>();
        var timer = _loop.TimeProvider.CreateTimer(
            _ => beats.Add(_loop.Now.Nanoseconds),
            null,
            TimeSpan.FromMicroseconds(1),
            TimeSpan.FromMicroseconds(2)
        );
        _loop.RunUntil(new(6_000));
        timer.Change(TimeSpan.FromMicroseconds(4), Timeout.InfiniteTimeSpan);
        _loop.RunUntil(new(20_000));
        timer.Change(TimeSpan.Zero, TimeSpan.FromMicroseconds(1));
        timer.Dispose();
        _loop.RunUntil(new(30_000));
        Assert.Equal([1_000, 3_000, 5_000, 10_000], beats);
    }

    [Fact]
    public void Those_who_wait_for_a_signal_go_on_in_the_order_in_which_they_came()
    {
        var signal = new Signal(_loop, "pc", "news");
        var story = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var me = i;
            _loop.Start(
                "waiter",
                async () =>
                {
                    await signal.WaitAsync();
                    story.Add(me);
                }
            );
        }
        _loop.RunFor(new(1));
        signal.Set();
        Assert.Empty(story);
        _loop.RunFor(new(1));
        Assert.Equal([0, 1, 2, 3, 4], story);
    }

    [Fact]
    public void A_signal_set_before_the_wait_does_not_count()
    {
        var signal = new Signal(_loop, "pc", "news");
        signal.Set();
        var wait = signal.WaitAsync();
        _loop.RunFor(new(1));
        Assert.False(wait.IsCompleted);
        signal.Set();
        _loop.RunFor(new(1));
        Assert.True(wait.IsCompletedSuccessfully);
    }

    [Fact]
    public void Cancelling_before_during_and_after_leaves_one_clear_end()
    {
        var signal = new Signal(_loop, "pc", "news");
        using var before = new CancellationTokenSource();
        before.Cancel();
        Assert.True(signal.WaitAsync(before.Token).IsCanceled);
        Assert.True(_loop.DelayAsync(new(1), before.Token).IsCanceled);

        using var first = new CancellationTokenSource();
        var cancelled = signal.WaitAsync(first.Token);
        first.Cancel();
        signal.Set(); // after the cancellation, before it has been told
        _loop.RunFor(new(1));
        Assert.True(cancelled.IsCanceled);
        Assert.ThrowsAny<OperationCanceledException>(() => cancelled.GetAwaiter().GetResult());

        using var second = new CancellationTokenSource();
        var completed = signal.WaitAsync(second.Token);
        signal.Set();
        second.Cancel(); // after the signal, before it has been told
        _loop.RunFor(new(1));
        Assert.True(completed.IsCompletedSuccessfully);
        completed.GetAwaiter().GetResult();

        using var third = new CancellationTokenSource();
        var ended = signal.WaitAsync(third.Token);
        signal.Set();
        _loop.RunFor(new(1));
        third.Cancel(); // after all is over: it must not touch whoever uses the wait next
        ended.GetAwaiter().GetResult();
        var next = signal.WaitAsync();
        _loop.RunFor(new(1));
        Assert.False(next.IsCompleted);
    }

    [Fact]
    public void The_cancellation_says_whose_token_it_was()
    {
        using var stop = new CancellationTokenSource();
        var wait = new Signal(_loop, "pc", "news").WaitAsync(stop.Token);
        stop.Cancel();
        _loop.RunFor(new(1));
        var failure = Assert.ThrowsAny<OperationCanceledException>(() => wait.GetAwaiter().GetResult());
        Assert.Equal(stop.Token, failure.CancellationToken);
    }

    [Fact]
    public void A_wait_asked_too_early_or_twice_is_an_error_and_spoils_nobody_else_s()
    {
        var signal = new Signal(_loop, "pc", "news");
        var wait = signal.WaitAsync();
        Assert.Throws<InvalidOperationException>(() => wait.GetAwaiter().GetResult());
        signal.Set();
        _loop.RunFor(new(1));
        wait.GetAwaiter().GetResult();
        var next = signal.WaitAsync();
        Assert.Throws<InvalidOperationException>(() => wait.GetAwaiter().GetResult());
        signal.Set();
        _loop.RunFor(new(1));
        next.GetAwaiter().GetResult();
    }

    [Fact]
    public void A_cancelled_delay_leaves_no_timer()
    {
        using var stop = new CancellationTokenSource();
        var delay = _loop.DelayAsync(Duration.FromSeconds(5), stop.Token);
        Assert.Equal(1, _loop.TimerCount);
        stop.Cancel();
        Assert.True(_loop.RunUntilIdle(Instant.Never));
        Assert.Equal((true, 0), (delay.IsCanceled, _loop.TimerCount));
    }

    [Fact]
    public void Waits_under_random_sets_and_cancellations_end_once_each()
    {
        var random = new RandomSource(5);
        var signals = Enumerable.Range(0, 8).Select(i => new Signal(_loop, "pc", $"{i}")).ToArray();
        var (begun, ended) = (0, 0);
        _loop.Run(async () =>
        {
            var programs = Enumerable.Range(0, 200).Select(_ => Program()).ToArray();
            var all = Task.WhenAll(programs);
            while (!all.IsCompleted)
            {
                await _loop.DelayAsync(new(random.Next(1, 20)));
                signals[random.Next(8)].Set();
            }
            await all;
        });
        Assert.Equal(200 * 50, begun);
        Assert.Equal(begun, ended);
        Assert.True(_loop.RunUntilIdle(Instant.Never));

        async Task Program()
        {
            for (var i = 0; i < 50; i++)
            {
                begun++;
                using var stop = new CancellationTokenSource(
                    new Duration(100 * random.Next(1, 5)).ToTimeSpan(),
                    _loop.TimeProvider
                );
                try
                {
                    await signals[random.Next(8)].WaitAsync(stop.Token);
                }
                catch (OperationCanceledException) { }
                ended++;
            }
        }
    }

    [Fact]
    public void A_million_awaits_one_after_the_other_do_not_grow_the_stack()
    {
        var rounds = _loop.Run(async () =>
        {
            var i = 0;
            for (; i < 1_000_000; i++)
                await _loop.YieldAsync();
            return i;
        });
        Assert.Equal(1_000_000, rounds);
    }

    [Fact]
    public void Programs_that_wake_each_other_do_not_grow_the_stack()
    {
        var (ping, pong) = (new Signal(_loop, "a", "ping"), new Signal(_loop, "b", "pong"));
        var depths = new HashSet<int>();
        _loop.Start("a", () => Play(ping, pong));
        _loop.Start("b", () => Play(pong, ping));
        _loop.Post(ping.Set);
        _loop.RunFor(new(1));
        // Not one more frame for each round; a few fewer once the method is compiled in full.
        Assert.InRange(depths.Max() - depths.Min(), 0, 10);

        async Task Play(Signal mine, Signal other)
        {
            for (var i = 0; i < 1000; i++)
            {
                await mine.WaitAsync();
                depths.Add(new System.Diagnostics.StackTrace().FrameCount);
                other.Set();
            }
        }
    }

    [Fact]
    public void A_chain_of_a_thousand_callers_resumes_on_the_loop() =>
        OnLoop(async here =>
        {
            await Deep(1000);

            async Task Deep(int depth)
            {
                if (depth == 0)
                    await _loop.YieldAsync();
                else
                    await Deep(depth - 1);
                here();
            }
        });

    private async IAsyncEnumerable<int> Count(int end, [EnumeratorCancellation] CancellationToken stop = default)
    {
        for (var i = 0; i < end; i++)
        {
            await _loop.DelayAsync(new(1), stop).ConfigureAwait(false);
            yield return i;
        }
    }

    private Task Delay(long nanoseconds) => _loop.DelayAsync(new(nanoseconds)).AsTask();

    /// <summary>Runs a program that calls <c>here()</c> wherever it must still be on the loop's thread.</summary>
    private void OnLoop(Func<Action, Task> program)
    {
        var thread = Environment.CurrentManagedThreadId;
        _loop.Run(() => program(() => Assert.Equal(thread, Environment.CurrentManagedThreadId)));
    }
}
