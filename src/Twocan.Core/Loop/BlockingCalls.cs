#pragma warning disable RS0030 // Here a thread waits, so that the loop's need not.
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Twocan.Core;

/// <summary>
/// Calls of the operating system that keep their caller waiting, such as fsync: made one after the other on a thread beside the
/// loop's, which is there as long as there is something to do. Each returns on the loop.
/// </summary>
internal sealed class BlockingCalls(EventLoop loop)
{
    private readonly ConcurrentQueue<Call> _queue = new();
    private int _waiting;

    public async ValueTask MakeAsync(Action call)
    {
        var mine = new Call(call, new(loop, "loop", "a call of the operating system to return"));
        _queue.Enqueue(mine);
        if (Interlocked.Increment(ref _waiting) == 1)
            new Thread(Work) { IsBackground = true, Name = "blocking calls" }.Start();
        while (!mine.HasReturned)
            await mine.Returned.WaitAsync();
        mine.Failure?.Throw();
    }

    private void Work()
    {
        do
        {
            _queue.TryDequeue(out var call);
            try
            {
                call!.Make();
            }
#pragma warning disable CA1031 // Whatever it was, it belongs to the one who called.
            catch (Exception failure)
            {
                call!.Failure = ExceptionDispatchInfo.Capture(failure);
            }
#pragma warning restore CA1031
            loop.PostFromOutside(call.Return);
        } while (Interlocked.Decrement(ref _waiting) > 0);
    }

    private sealed class Call(Action make, Signal returned)
    {
        public Signal Returned => returned;

        public bool HasReturned { get; private set; }

        public ExceptionDispatchInfo? Failure { get; set; }

        public void Make() => make();

        public void Return()
        {
            HasReturned = true;
            returned.Set();
        }
    }
}
