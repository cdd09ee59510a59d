using Twocan.Core;

namespace Twocan.Http;

/// <summary>What a fetch waits for, one after the other.</summary>
public enum FetchPhase
{
    /// <summary>A name server's answer.</summary>
    Name,

    /// <summary>A connection.</summary>
    Connect,

    /// <summary>The end of the TLS handshake.</summary>
    Tls,

    /// <summary>The request's way out; it may take as long as it takes, while something moves.</summary>
    Send,

    /// <summary>The beginning of the answer.</summary>
    FirstByte,

    /// <summary>The next piece of the answer.</summary>
    Idle,
}

/// <summary>How long each phase of a fetch may take; null is as long as the layers below let it.</summary>
public sealed record FetchTimeouts
{
    public Duration? Name { get; init; }

    public Duration? Connect { get; init; }

    public Duration? Tls { get; init; } = Duration.FromSeconds(30);

    /// <summary>From the request's last byte to the answer's first.</summary>
    public Duration? FirstByte { get; init; } = Duration.FromSeconds(300);

    /// <summary>Between two pieces of the body, in either direction.</summary>
    public Duration? Idle { get; init; } = Duration.FromSeconds(300);

    /// <summary>Everything together, redirects too.</summary>
    public Duration? Total { get; init; }

    public Duration? Of(FetchPhase phase) =>
        phase switch
        {
            FetchPhase.Name => Name,
            FetchPhase.Connect => Connect,
            FetchPhase.Tls => Tls,
            FetchPhase.FirstByte => FirstByte,
            _ => Idle,
        };
}

/// <summary>
/// The time-outs of one fetch: a token that is cancelled when the phase that it is in has taken too long, when all together has,
/// or when the caller wants no more. Used again from fetch to fetch, so that waiting costs nothing.
/// </summary>
internal sealed class FetchPatience : IDisposable
{
    private readonly EventLoop _loop;
    private readonly FetchTimeouts _timeouts;
    private readonly Stack<FetchPatience> _pool;
    private readonly CancellationTokenSource _stop = new();
    private readonly LoopTimer _timer;
    private CancellationTokenRegistration _outer;
    private Instant _end;
    private Instant _phaseEnd;

    public FetchPatience(EventLoop loop, FetchTimeouts timeouts, Stack<FetchPatience> pool)
    {
        (_loop, _timeouts, _pool) = (loop, timeouts, pool);
        _timer = loop.CreateTimer(OnDue);
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>The caller's own wish to stop.</summary>
    public CancellationToken Outer { get; private set; }

    /// <summary>Why, as a sentence, when the token was cancelled because time was up.</summary>
    public string? RanOut { get; private set; }

    public FetchPhase Phase { get; private set; }

    public void Begin(CancellationToken outer)
    {
        Outer = outer;
        _end = _timeouts.Total is { } total ? _loop.Now + total : Instant.Never;
        _outer = outer.UnsafeRegister(static mine => ((FetchPatience)mine!)._stop.Cancel(), this);
        _phaseEnd = Instant.Never;
        _timer.Set(_end);
    }

    /// <summary>A phase begins, and the time of the one before is over.</summary>
    public void Enter(FetchPhase phase)
    {
        Phase = phase;
        _phaseEnd = _timeouts.Of(phase) is { } limit ? _loop.Now + limit : Instant.Never;
        // Put off and not moved: most phases end long before, and a timer that fires early looks again.
        var due = Instant.Min(_phaseEnd, _end);
        if (!_timer.IsSet || _timer.Due > due)
            _timer.Set(due);
    }

    /// <summary>Waiting in line for a connection is nobody's silence.</summary>
    public void Rest() => _phaseEnd = Instant.Never;

    /// <summary>Ends the wait, whatever it is for.</summary>
    public void Cancel() => _stop.Cancel();

    /// <summary>The fetch is over: the next may have it.</summary>
    public void Dispose()
    {
        _timer.Cancel();
        _outer.Dispose();
        _outer = default;
        if (_stop.IsCancellationRequested)
            _stop.Dispose();
        else
            _pool.Push(this);
    }

    private void OnDue()
    {
        var due = Instant.Min(_phaseEnd, _end);
        if (due > _loop.Now)
        {
            _timer.Set(due);
            return;
        }
        RanOut =
            _end <= _loop.Now
                ? $"it has not come to its end within {_timeouts.Total}"
                : $"{WhatWasMissing} within {_timeouts.Of(Phase)}";
        _stop.Cancel();
    }

    private string WhatWasMissing =>
        Phase switch
        {
            FetchPhase.Name => "no name server answered",
            FetchPhase.Connect => "nobody accepted a connection",
            FetchPhase.Tls => "the TLS handshake was not over",
            FetchPhase.Send => "nothing more of the request was taken",
            FetchPhase.FirstByte => "the server did not begin to answer",
            _ => "nothing more of the answer came",
        };
}
