namespace Twocan.Core;

/// <summary>What a loop's time is, and how it waits for the next thing to happen.</summary>
public abstract class LoopDriver
{
    /// <summary>The date and time of <see cref="Instant.Zero"/>.</summary>
    public abstract DateTimeOffset Epoch { get; }

    public abstract Instant Now { get; }

    /// <summary>Its time is the machine's own, and passes while a program works.</summary>
    public virtual bool IsOfTheMachine => false;

    /// <summary>
    /// Waits until <paramref name="due"/>, or until something comes from outside. False when nothing ever can:
    /// <paramref name="due"/> is <see cref="Instant.Never"/> and there is no outside.
    /// </summary>
    public abstract bool Wait(Instant due);

    /// <summary>
    /// Takes note of what has come from outside meanwhile, without waiting. False where time stands still between events
    /// and there is nothing to look at.
    /// </summary>
    public virtual bool Look() => false;

    /// <summary>Tells those who watch something what the last wait or look has found. The loop's time is right by then.</summary>
    public virtual void Deliver() { }

    /// <summary>Ends a wait early. The only member that other threads may call.</summary>
    public virtual void Wake() { }
}

/// <summary>A world's time: it jumps to the next event, and stands still in between.</summary>
public sealed class VirtualDriver(DateTimeOffset epoch) : LoopDriver
{
    private Instant _now;

    public override DateTimeOffset Epoch { get; } = epoch;

    public override Instant Now => _now;

    public override bool Wait(Instant due)
    {
        if (due == Instant.Never)
            return false;
        _now = Instant.Max(_now, due);
        return true;
    }
}
