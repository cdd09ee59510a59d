using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// How long a connection is waited for: whatever it is that it owes, it has until one instant, and then one cancellation ends
/// all. The timer is not moved for each request; it looks again when it fires too early.
/// </summary>
internal sealed class Patience : IDisposable
{
    private readonly EventLoop _loop;
    private readonly CancellationTokenSource _source;
    private readonly LoopTimer _timer;
    private Instant _deadline = Instant.Never;

    public Patience(EventLoop loop, CancellationToken stop)
    {
        _loop = loop;
        _source = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _timer = loop.CreateTimer(OnTimer);
    }

    /// <summary>Cancelled when it is over, and when the server is stopped at once.</summary>
    public CancellationToken Token => _source.Token;

    public bool IsOver { get; private set; }

    public void Until(Instant deadline)
    {
        _deadline = deadline;
        if (deadline < _timer.Due)
            _timer.Set(deadline);
    }

    /// <summary>It is the server's turn: nothing is waited for.</summary>
    public void Rest() => _deadline = Instant.Never;

    /// <summary>Ends it now.</summary>
    public void End()
    {
        IsOver = true;
        _source.Cancel();
    }

    public void Dispose()
    {
        _timer.Cancel();
        _source.Dispose();
    }

    private void OnTimer()
    {
        if (_deadline == Instant.Never)
            return;
        if (_loop.Now < _deadline)
            _timer.Set(_deadline);
        else
            End();
    }
}
