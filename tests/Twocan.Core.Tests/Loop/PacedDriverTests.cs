namespace Twocan.Core.Tests;

public class PacedDriverTests
{
    private readonly PacedDriver _driver = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Without_a_pace_time_jumps()
    {
        var loop = new EventLoop(_driver, 1);
        loop.RunFor(Duration.FromSeconds(86_400));
        Assert.Equal(86_400, (loop.Now - Instant.Zero).TotalSeconds);
    }

    [Fact]
    public void At_a_pace_a_run_ends_at_the_very_instant_it_was_to_end()
    {
        var loop = new EventLoop(_driver, 1);
        _driver.Pace = 1000;
        loop.RunFor(Duration.FromSeconds(2));
        Assert.Equal(2, (loop.Now - Instant.Zero).TotalSeconds);
    }

    [Fact]
    public void What_happens_happens_at_the_same_virtual_times_at_every_pace()
    {
        Assert.Equal(Times(null), Times(500));

        static List<long> Times(double? pace)
        {
            var driver = new PacedDriver(DateTimeOffset.UnixEpoch) { Pace = pace };
            var loop = new EventLoop(driver, 7);
            var times = new List<long>();
            loop.Run(async () =>
            {
                for (var i = 0; i < 5; i++)
                {
                    await loop.DelayAsync(new Duration(loop.Random.Next(2_000_000_000)));
                    times.Add(loop.Now.Nanoseconds);
                }
            });
            return times;
        }
    }

    [Fact]
    public void A_wake_that_comes_before_the_wait_is_not_slept_through()
    {
        _driver.Pace = 1e-9;
        _driver.Wake();
        Assert.True(_driver.Wait(new(1)));
        Assert.Equal(Instant.Zero, _driver.Now);
    }

    [Fact]
    public void An_interrupt_ends_a_wait_in_real_time()
    {
        var loop = new EventLoop(_driver, 1);
        _driver.Pace = 1e-9;
        loop.Interrupt();
        Assert.Throws<OperationCanceledException>(() => loop.RunFor(Duration.FromSeconds(1)));
    }

    [Fact]
    public void A_step_runs_all_that_is_due_at_the_next_moment_and_nothing_after_it()
    {
        var loop = EventLoop.Virtual(1);
        var done = new List<string>();
        loop.CreateTimer(() => done.Add("a")).Set(new(5));
        loop.CreateTimer(() => done.Add("b")).Set(new(5));
        loop.CreateTimer(() => done.Add("c")).Set(new(6));
        Assert.True(loop.Step());
        Assert.Equal("a b at 5", $"{string.Join(' ', done)} at {loop.Now.Nanoseconds}");
        Assert.True(loop.Step());
        Assert.False(loop.Step());
    }
}
