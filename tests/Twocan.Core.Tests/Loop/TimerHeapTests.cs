namespace Twocan.Core.Tests;

public class TimerHeapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_behaves_as_a_sorted_list_under_any_operations(ulong seed)
    {
        var random = new RandomSource(seed);
        var loop = EventLoop.Virtual(0);
        var heap = new TimerHeap();
        var timers = Enumerable.Range(0, 200).Select(_ => loop.CreateTimer(() => { })).ToArray();
        var model = new List<(long Due, int Set, LoopTimer Timer)>();

        for (var step = 0; step < 20_000; step++)
        {
            var timer = timers[random.Next(timers.Length)];
            switch (random.Next(5))
            {
                case 0 or 1 or 2:
                    var due = random.Next(1000);
                    model.RemoveAll(entry => entry.Timer == timer);
                    model.Add((due, step, timer));
                    heap.Set(timer, new(due));
                    Assert.Equal(new Instant(due), timer.Due);
                    break;
                case 3 when timer.IsSet:
                    Assert.Equal(1, model.RemoveAll(entry => entry.Timer == timer));
                    heap.Remove(timer);
                    Assert.Equal((false, Instant.Never), (timer.IsSet, timer.Due));
                    break;
                default:
                    var now = random.Next(200);
                    var first = model.OrderBy(entry => entry.Due).ThenBy(entry => entry.Set).FirstOrDefault();
                    var expected = first.Timer is not null && first.Due <= now;
                    Assert.Equal(expected, heap.TryTake(new(now), out var taken));
                    if (expected)
                    {
                        Assert.Same(first.Timer, taken);
                        model.Remove(first);
                    }
                    break;
            }
            Assert.Equal(model.Count, heap.Count);
            // To be asked changes the heap inside: not every time.
            if (random.Chance(0.5))
                continue;
            Assert.Equal(model.Count == 0 ? Instant.Never : new(model.Min(entry => entry.Due)), heap.NextDue);
        }
    }
}
