using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>The calls of a script: made one at a time, while its packets go on.</summary>
public sealed partial class DrillRunner
{
    private void Call(DrillCall call, Instant due)
    {
        PassUntil(due, call.Line);
        var pending = new PendingCall(call, call.Time.Returns is { } end ? due + (end - call.Time.At) : null);
        _pending = pending;
        _loop.Post(() => _ = WatchAsync(pending));
        Settle();
        Tell(DrillWords.Of(call));
        if (pending.Returns is null || pending.HasReturned)
            FinishPending();
    }

    private async Task WatchAsync(PendingCall pending)
    {
        try
        {
            pending.Outcome = await _calls.CallAsync(pending.Call);
        }
        catch (Exception failure) when (failure is DrillScriptException or DrillFailedException)
        {
            pending.Failure = failure;
        }
        pending.ReturnedAt = _loop.Now;
    }

    /// <summary>A program makes one call at a time: the one before has to come back first.</summary>
    private void FinishPending()
    {
        if (_pending is not { } pending)
            return;
        var latest = pending.Returns ?? _loop.Now;
        while (!pending.HasReturned && _loop.Now < latest + _settings.Tolerance)
            StepUntil(latest + _settings.Tolerance);
        _pending = null;
        if (pending.Failure is { } failure)
            throw failure;
        if (!pending.HasReturned)
            throw Failed(
                pending.Call,
                pending.Returns is null ? "the call blocks" : $"the call still blocks at {Show(_loop.Now)} sec"
            );
        CheckReturn(pending);
        CheckOutcome(pending.Call, pending.Outcome);
    }

    private void CheckReturn(PendingCall pending)
    {
        if (pending.Returns is not { } due)
            return;
        var off = pending.ReturnedAt - due;
        if (off > _settings.Tolerance || -off > _settings.Tolerance)
            throw new DrillFailedException(
                pending.Call.Line,
                $"timing error: expected system call return at {Show(due)} sec but happened at {Show(pending.ReturnedAt)} sec; tolerance {Show(_settings.Tolerance)} sec"
            );
    }

    private void CheckOutcome(DrillCall call, in DrillOutcome outcome)
    {
        if (call.Result is not { } expected)
            return;
        if (outcome.Result != expected)
        {
            var error = outcome.Result < 0 ? $" with errno {outcome.Error} ({Errors.WordsOf(outcome.Error)})" : "";
            throw Failed(call, $"Expected result {expected} but got {outcome.Result}{error}");
        }
        if (call.Error is { } name && Errors.NumberOf(name) is var number && number != outcome.Error)
            throw Failed(
                call,
                $"Expected errno {number} ({Errors.WordsOf(number)}) but got {outcome.Error} ({Errors.WordsOf(outcome.Error)})"
            );
    }

    /// <summary>A call that has been made.</summary>
    /// <param name="returns">When it should come back; null for 'at once'.</param>
    private sealed class PendingCall(DrillCall call, Instant? returns)
    {
        public DrillCall Call => call;

        public Instant? Returns => returns;

        public bool HasReturned => ReturnedAt != Instant.Never;

        public Instant ReturnedAt { get; set; } = Instant.Never;

        public DrillOutcome Outcome { get; set; }

        public Exception? Failure { get; set; }
    }
}
