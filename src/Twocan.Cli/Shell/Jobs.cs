using Twocan.Core;

namespace Twocan.Cli;

/// <summary>A program that runs beside others in a shell's world.</summary>
internal sealed class Job(int number, string line, string host) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public int Number => number;

    /// <summary>As it was said.</summary>
    public string Line => line;

    public string Host => host;

    public CancellationToken Stop => _stop.Token;

    public void End() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();
}

/// <summary>What a shell has let run beside its commands (<c>&amp;</c>). It goes on while time does: while a command runs.</summary>
internal sealed class Jobs(EventLoop loop)
{
    private readonly List<Job> _running = [];
    private readonly Signal _changed = new(loop, "shell", "its jobs to end");
    private int _last;

    public IReadOnlyList<Job> Running => _running;

    /// <summary>The number of the job that is started next.</summary>
    public int Next => _last + 1;

    public void Start(string line, string host, Func<CancellationToken, Task> program)
    {
        var job = new Job(++_last, line, host);
        _running.Add(job);
        loop.Start(
            line,
            async () =>
            {
                try
                {
                    await program(job.Stop);
                }
                finally
                {
                    _running.Remove(job);
                    job.Dispose();
                    _changed.Set();
                }
            }
        );
    }

    public async Task<int> WaitForAllAsync(CancellationToken stop)
    {
        while (_running.Count > 0)
            await _changed.WaitAsync(stop);
        return Exit.Done;
    }
}
