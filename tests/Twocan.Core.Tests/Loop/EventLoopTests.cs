namespace Twocan.Core.Tests;

public class EventLoopTests
{
    private readonly EventLoop _loop = EventLoop.Virtual(1, new(2020, 10, 7, 13, 0, 0, TimeSpan.Zero));
    private readonly List<string> _story = [];

    [Fact]
    public void What_is_ready_runs_in_the_order_in_which_it_became_ready()
    {
        _loop.Post(() =>
        {
            _story.Add("a");
            _loop.Post(() => _story.Add("c"));
        });
        _loop.Post(() => _story.Add("b"));
        Assert.True(_loop.RunUntilIdle(Instant.Never));
        Assert.Equal(["a", "b", "c"], _story);
    }

    [Fact]
    public void Timers_fire_by_time_and_then_by_the_order_in_which_they_were_set()
    {
        foreach (var (name, due) in new[] { ("late", 30), ("first", 10), ("second", 10), ("middle", 20) })
            _loop.CreateTimer(() => _story.Add($"{name} {_loop.Now}")).Set(new(due));
        _loop.RunUntilIdle(Instant.Never);
        Assert.Equal(["first 10 ns", "second 10 ns", "middle 20 ns", "late 30 ns"], _story);
    }

    [Fact]
    public void What_a_timer_made_ready_runs_before_the_next_timer_of_that_instant()
    {
        _loop
            .CreateTimer(() =>
            {
                _story.Add("one");
                _loop.Post(() => _story.Add("because of one"));
            })
            .Set(new(5));
        _loop.CreateTimer(() => _story.Add("two")).Set(new(5));
        _loop.RunUntilIdle(Instant.Never);
        Assert.Equal(["one", "because of one", "two"], _story);
    }

    [Fact]
    public void A_timer_set_again_moves_and_a_cancelled_one_is_silent()
    {
        var moved = _loop.CreateTimer(() => _story.Add($"moved {_loop.Now}"));
        var cancelled = _loop.CreateTimer(() => _story.Add("cancelled"));
        moved.Set(new(5));
        moved.Set(new(9));
        cancelled.Set(new(7));
        cancelled.Cancel();
        cancelled.Cancel();
        Assert.Equal((1, true, false), (_loop.TimerCount, moved.IsSet, cancelled.IsSet));
        _loop.RunUntilIdle(Instant.Never);
        Assert.Equal(["moved 9 ns"], _story);
        Assert.Equal((0, false, Instant.Never), (_loop.TimerCount, moved.IsSet, moved.Due));
    }

    [Fact]
    public void A_timer_set_into_the_past_fires_now_and_time_does_not_go_back()
    {
        _loop.RunFor(new(100));
        _loop.CreateTimer(() => _story.Add($"{_loop.Now}")).Set(new(5));
        _loop.RunUntilIdle(Instant.Never);
        Assert.Equal(["100 ns"], _story);
    }

    [Fact]
    public void A_timer_may_set_itself_again()
    {
        LoopTimer? timer = null;
        timer = _loop.CreateTimer(() =>
        {
            _story.Add($"{_loop.Now}");
            if (_story.Count < 3)
                timer!.Set(_loop.Now + new Duration(10));
        });
        timer.Set(new(10));
        _loop.RunUntilIdle(Instant.Never);
        Assert.Equal(["10 ns", "20 ns", "30 ns"], _story);
    }

    [Fact]
    public void Setting_a_timer_to_never_cancels_it()
    {
        var timer = _loop.CreateTimer(() => _story.Add("fired"));
        timer.Set(new(5));
        timer.Set(Instant.Never);
        Assert.Equal(0, _loop.TimerCount);
    }

    [Fact]
    public void The_calendar_goes_with_the_loop()
    {
        _loop.RunFor(Duration.FromSeconds(90));
        Assert.Equal(new DateTimeOffset(2020, 10, 7, 13, 1, 30, TimeSpan.Zero), _loop.UtcNow);
        Assert.Equal(_loop.UtcNow, _loop.TimeProvider.GetUtcNow());
        Assert.Equal(90_000_000_000, _loop.TimeProvider.GetTimestamp());
    }

    [Fact]
    public void RunUntil_ends_at_its_instant_whether_or_not_anything_happened()
    {
        _loop.CreateTimer(() => _story.Add("in time")).Set(new(50));
        _loop.CreateTimer(() => _story.Add("too late")).Set(new(51));
        _loop.RunUntil(new(50));
        Assert.Equal(["in time"], _story);
        Assert.Equal(new Instant(50), _loop.Now);
        _loop.RunFor(new(1));
        Assert.Equal(["in time", "too late"], _story);
        _loop.RunUntil(new(10));
        Assert.Equal(new Instant(51), _loop.Now);
    }

    [Fact]
    public void RunUntilIdle_stays_at_the_last_event_and_says_whether_rest_came_before_the_limit()
    {
        _loop.CreateTimer(() => { }).Set(new(50));
        Assert.False(_loop.RunUntilIdle(new(49)));
        Assert.Equal(Instant.Zero, _loop.Now);
        Assert.True(_loop.RunUntilIdle(new(1000)));
        Assert.Equal(new Instant(50), _loop.Now);
    }

    [Fact]
    public void Run_answers_what_the_program_answers()
    {
        var answer = _loop.Run(async () =>
        {
            await _loop.DelayAsync(Duration.FromMilliseconds(20));
            return $"after {_loop.Now}";
        });
        Assert.Equal("after 20 ms", answer);
    }

    [Fact]
    public void Run_throws_what_the_program_throws()
    {
        var failure = Assert.Throws<FormatException>(() =>
            _loop.Run(async () =>
            {
                await _loop.YieldAsync();
                throw new FormatException("bad");
            })
        );
        Assert.Equal("bad", failure.Message);
        Assert.Throws<FormatException>(() => _loop.Run(() => throw new FormatException("at once")));
    }

    [Fact]
    public void A_started_program_that_fails_ends_the_run_and_is_named()
    {
        _loop.Start(
            "web server",
            async () =>
            {
                await _loop.DelayAsync(new(5));
                throw new FormatException("bad");
            }
        );
        var failure = Assert.Throws<FormatException>(() => _loop.Run(() => _loop.DelayAsync(new(100)).AsTask()));
        Assert.Equal("web server", failure.Data["program"]);
        Assert.Equal(new Instant(5), _loop.Now);
    }

    [Fact]
    public void A_failure_that_a_timer_brought_about_is_not_lost()
    {
        _loop.Start(
            "sleeper",
            async () =>
            {
                // A source that completes inside the timer's own callback: nothing is ready afterwards.
                await Task.Delay(TimeSpan.FromMilliseconds(5), _loop.TimeProvider);
                throw new FormatException("bad");
            }
        );
        Assert.Throws<FormatException>(() => _loop.RunFor(Duration.FromSeconds(1)));
        _loop.RunFor(Duration.FromSeconds(1));
    }

    [Fact]
    public void A_started_program_that_is_cancelled_just_ends()
    {
        using var stop = new CancellationTokenSource();
        _loop.Start("server", () => _loop.DelayAsync(Duration.FromSeconds(9), stop.Token).AsTask());
        _loop.RunFor(new(5));
        stop.Cancel();
        Assert.True(_loop.RunUntilIdle(Instant.Never));
        Assert.Equal(new Instant(5), _loop.Now);
    }

    [Fact]
    public void A_program_on_the_loop_cannot_run_the_loop()
    {
        _loop.Post(() => _loop.RunFor(new(1)));
        Assert.Throws<InvalidOperationException>(() => _loop.RunUntilIdle(Instant.Never));
    }

    [Fact]
    public void A_stuck_world_says_who_waits_on_what_and_since_when()
    {
        var data = new Signal(_loop, "www", "a request on descriptor 4");
        var never = new Signal(_loop, "pc", "the response");
        _loop.Start("www", () => data.WaitAsync().AsTask());
        var report = Assert
            .Throws<LoopStuckException>(() =>
                _loop.Run(async () =>
                {
                    await _loop.DelayAsync(Duration.FromMilliseconds(7));
                    await never.WaitAsync();
                })
            )
            .Message;
        Assert.Equal(
            """
            Stuck at 7 ms: no timer is set and nothing is ready, but the program has not ended. Waiting:
              pc for the response, since 7 ms
              www for a request on descriptor 4, since 0 ns
            """,
            report
        );
    }

    [Fact]
    public void A_program_that_waits_for_nothing_of_the_loop_is_stuck_too()
    {
        var other = new TaskCompletionSource();
        var stuck = Assert.Throws<LoopStuckException>(() => _loop.Run(() => other.Task));
        Assert.Contains("not the loop's", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_report_is_cut()
    {
        var signal = new Signal(_loop, "pc", "Godot");
        for (var i = 0; i < 50; i++)
            _loop.Start("pc", () => signal.WaitAsync().AsTask());
        var stuck = Assert.Throws<LoopStuckException>(() => _loop.Run(() => signal.WaitAsync().AsTask()));
        Assert.EndsWith("and 11 more", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_wakes_itself_for_ever_is_found_out()
    {
        Action? again = null;
        again = () => _loop.Post(again!);
        _loop.Post(again);
        var stuck = Assert.Throws<LoopStuckException>(() => _loop.RunFor(new(1)));
        Assert.StartsWith("Time stands still at 0 ns", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_thread_is_sent_away_from_the_loop()
    {
        Exception? failure = null;
        _loop.Run(() =>
        {
            var stranger = new Thread(() => failure = Record.Exception(() => _loop.Post(() => { })));
            stranger.Start();
            stranger.Join();
            return Task.CompletedTask;
        });
        Assert.Contains(
            "off the loop",
            Assert.IsType<InvalidOperationException>(failure).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Another_thread_may_knock_at_the_one_door()
    {
        using var stop = new CancellationTokenSource();
        var onLoop = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
            _loop.Run(async () =>
            {
                onLoop = Environment.CurrentManagedThreadId;
                var stranger = new Thread(() => _loop.PostFromOutside(Stop));
                stranger.Start();
                while (true)
                    await _loop.DelayAsync(Duration.FromMilliseconds(1), stop.Token);
            })
        );

        void Stop()
        {
            Assert.Equal(onLoop, Environment.CurrentManagedThreadId);
            stop.Cancel();
        }
    }

    [Fact]
    public void An_interrupt_ends_one_run_and_the_loop_can_go_on()
    {
        _loop.Start(
            "busy",
            async () =>
            {
                while (true)
                    await _loop.DelayAsync(new(1));
            }
        );
        _loop.CreateTimer(_loop.Interrupt).Set(new(100));
        Assert.ThrowsAny<OperationCanceledException>(() => _loop.RunFor(Duration.FromSeconds(1)));
        Assert.InRange(_loop.Now.Nanoseconds, 100, 101);
        _loop.RunUntil(new(200));
        Assert.Equal(new Instant(200), _loop.Now);
    }

    [Fact]
    public void A_timer_that_is_set_again_and_again_allocates_nothing()
    {
        var rounds = 0;
        LoopTimer? timer = null;
        timer = _loop.CreateTimer(() =>
        {
            if (++rounds % 1000 != 0)
                timer!.Set(_loop.Now + new Duration(10));
        });
        Assert.Equal(0, AllocatedBy(() => timer.Set(_loop.Now + new Duration(10))));
        Assert.Equal(2000, rounds);
    }

    [Fact]
    public void Waiting_and_delaying_allocate_nothing_once_warm()
    {
        var signal = new Signal(_loop, "pc", "its turn");
        var set = _loop.CreateTimer(signal.Set);
        var rounds = 0;
        _loop.Start("waiter", WaitForEver);
        var allocated = AllocatedBy(() => { });
        Assert.Equal(0, allocated);
        Assert.True(rounds > 200);

        async Task WaitForEver()
        {
            while (true)
            {
                set.Set(_loop.Now + new Duration(10));
                await signal.WaitAsync();
                await _loop.DelayAsync(new(10));
                await _loop.YieldAsync();
                rounds++;
            }
        }
    }

    /// <summary>Bytes allocated by the second of two runs of 10 µs.</summary>
    private long AllocatedBy(Action begin)
    {
        begin();
        _loop.RunFor(new(10_000));
        begin();
        var before = GC.GetAllocatedBytesForCurrentThread();
        _loop.RunFor(new(10_000));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
