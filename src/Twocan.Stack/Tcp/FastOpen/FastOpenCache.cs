using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// What a client remembers of the servers that it has asked for Fast Open (RFC 7413 §4.1.3): the cookie, and how long a segment
/// the server takes, since the SYN that carries data goes out before it can say so. Bounded; what was heard first is forgotten.
/// <para>
/// Some boxes on the way throw away SYNs that look unusual. Where that happens again and again, no more are sent for a
/// while, each time twice as long (§4.1.3.1, as Linux counts). Others let such a SYN pass and nothing after it; then one
/// connection is enough.
/// </para>
/// </summary>
public sealed class FastOpenCache
{
    public const int Capacity = 1024;

    /// <summary>Servers change their keys.</summary>
    private static readonly Duration Lifetime = Duration.FromSeconds(86_400);

    private const int LossesBeforePause = 2;
    private const int LongestPause = 10;

    private readonly Hearsay<IpAddress, Memory> _memories = new(Capacity, Lifetime);

    public int Count => _memories.Count;

    /// <summary>How long the first pause is; zero for none at all (Linux's <c>tcp_fastopen_blackhole_timeout_sec</c>).</summary>
    public Duration FirstPause { get; set; } = Duration.FromSeconds(60);

    /// <summary>The cookie that this server has given, if any.</summary>
    public FastOpenCookie? CookieOf(IpAddress server, Instant now) =>
        _memories.TryGet(server, now, out var memory) ? memory.Cookie : null;

    /// <summary>SYNs with the option have been lost on the way there.</summary>
    public bool IsPaused(IpAddress server, Instant now) =>
        _memories.TryGet(server, now, out var memory) && now < memory.PausesUntil;

    /// <summary>How to open the next connection there; null for 'as always'.</summary>
    public FastOpenPlan? PlanFor(IpAddress server, FastOpenUse use, Instant now)
    {
        if (!use.HasFlag(FastOpenUse.Client))
            return null;
        _memories.TryGet(server, now, out var memory);
        if (now < memory.PausesUntil)
            return null;
        if (memory.Cookie is { } cookie)
            return new(cookie, memory.SegmentSize);
        if (use.HasFlag(FastOpenUse.ClientWithoutCookie))
            return new(null, memory.SegmentSize);
        var isExperiment = memory.Experiment == Experiment.Next;
        return new(isExperiment ? FastOpenCookie.ExperimentalRequest : FastOpenCookie.Request, 0);
    }

    /// <summary>What became of a connection that was opened by a plan.</summary>
    internal void Learn(IpAddress server, in FastOpenOutcome outcome, Instant now)
    {
        _memories.TryGet(server, now, out var memory);
        memory.SegmentSize = outcome.SegmentSize;
        if (outcome.Cookie is { } cookie)
            memory.Cookie = cookie;
        // Asked and not answered: perhaps it speaks the other option. Once is enough to find that out.
        else if (memory.Cookie is null && outcome.HasRefusedToGive)
            memory.Experiment = memory.Experiment == Experiment.NotTried ? Experiment.Next : Experiment.Failed;
        memory.Losses = outcome.WasSynLost ? memory.Losses + 1 : 0;
        memory.PausesUntil =
            memory.Losses >= LossesBeforePause ? now + PauseAfter(memory.Losses + memory.Silences) : Instant.Zero;
        _memories.Set(server, memory, now);
    }

    /// <summary>A connection fell silent as soon as the data of its SYN had been answered.</summary>
    internal void OnSilence(IpAddress server, Instant now)
    {
        _memories.TryGet(server, now, out var memory);
        memory.Silences++;
        memory.PausesUntil = now + PauseAfter(LossesBeforePause + memory.Silences);
        _memories.Set(server, memory, now);
    }

    private Duration PauseAfter(int failures) => FirstPause * (1L << Math.Min(failures, LongestPause));

    public void Clear() => _memories.Clear();

    /// <summary>Whether the option from before RFC 7413 is worth a try.</summary>
    private enum Experiment : byte
    {
        NotTried,
        Next,
        Failed,
    }

    private record struct Memory(
        FastOpenCookie? Cookie,
        int SegmentSize,
        Experiment Experiment,
        int Losses,
        int Silences,
        Instant PausesUntil
    );
}
