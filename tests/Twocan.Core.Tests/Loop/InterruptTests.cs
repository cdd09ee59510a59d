namespace Twocan.Core.Tests;

public class InterruptTests
{
    [Fact]
    public async Task A_loop_that_would_run_for_ever_ends_when_another_thread_interrupts_it()
    {
        var loop = EventLoop.Virtual(1);
        var running = new TaskCompletionSource();
        var interrupt = Task.Run(async () =>
        {
            await running.Task;
            loop.Interrupt();
        });
        Assert.Throws<OperationCanceledException>(() =>
            loop.Run(async () =>
            {
                while (true)
                {
                    await loop.DelayAsync(Duration.FromSeconds(1));
                    running.TrySetResult();
                }
            })
        );
        await interrupt;
    }
}
