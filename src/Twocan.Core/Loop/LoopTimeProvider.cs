namespace Twocan.Core;

/// <summary>The loop's time for code that speaks <see cref="TimeProvider"/>: time-outs of CancellationTokenSource, Task.Delay, …</summary>
internal sealed class LoopTimeProvider(EventLoop loop) : TimeProvider
{
    public override long TimestampFrequency => 1_000_000_000;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => loop.Now.Nanoseconds;

    public override DateTimeOffset GetUtcNow() => loop.UtcNow;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ProvidedTimer(loop, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ProvidedTimer : ITimer
    {
        private readonly EventLoop _loop;
        private readonly LoopTimer _timer;
        private TimeSpan _period;

        public ProvidedTimer(EventLoop loop, TimerCallback callback, object? state)
        {
            _loop = loop;
            _timer = loop.CreateTimer(() =>
            {
                if (_period > TimeSpan.Zero)
                    _timer!.Set(loop.Now + _period);
                callback(state);
            });
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            if (dueTime < TimeSpan.Zero)
                _timer.Cancel();
            else
                _timer.Set(_loop.Now + dueTime);
            return true;
        }

        public void Dispose() => _timer.Cancel();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
