using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>How a queue chooses whom to send and whom to drop.</summary>
public enum QueueKind
{
    /// <summary>First in, first out, and what finds it full is dropped.</summary>
    TailDrop,

    /// <summary>Whoever waits too long makes his sender slow down (RFC 8289).</summary>
    CoDel,

    /// <summary>A queue for each conversation, and CoDel in each (RFC 8290).</summary>
    FqCoDel,
}

/// <summary>
/// A queue in words: so many frames (<c>64</c>), so many bytes of frames (<c>64 KiB</c>), or a discipline
/// (<c>codel</c>, <c>fq-codel target 5 ms interval 100 ms limit 1000</c>).
/// </summary>
public sealed record QueueSettings
{
    public static readonly QueueSettings Default = new();

    private const int MaxFrames = 1_000_000;

    /// <summary>CoDel is to be quicker than this: it is there against those whom nothing slows down.</summary>
    private const int UsualCoDelFrames = 1000;

    private const int UsualFqCoDelFrames = 10_240;

    public QueueKind Kind { get; init; }

    /// <summary>How many frames may wait; one more is dropped.</summary>
    public int Frames { get; init; } = 256;

    /// <summary>How many bytes of frames may wait, where the queue is measured so; null where only frames are counted.</summary>
    public long? Bytes { get; init; }

    /// <summary>With CoDel: the delay that is still good.</summary>
    public Duration Target { get; init; } = CoDel.UsualTarget;

    /// <summary>With CoDel: how long it may be worse before a sender is made to slow down.</summary>
    public Duration Interval { get; init; } = CoDel.UsualInterval;

    /// <summary>The discipline's own name.</summary>
    public string Name =>
        Kind switch
        {
            QueueKind.CoDel => "codel",
            QueueKind.FqCoDel => "fq-codel",
            _ => "tail-drop",
        };

    public static bool TryParse(string text, out QueueSettings settings, [NotNullWhen(false)] out string? error)
    {
        settings = Default;
        var words = new FaultWords(text);
        switch (words.Peek)
        {
            case "codel":
                settings = settings with { Kind = QueueKind.CoDel, Frames = UsualCoDelFrames };
                return TryCoDel(words, ref settings, out error);
            case "fq-codel":
                settings = settings with { Kind = QueueKind.FqCoDel, Frames = UsualFqCoDelFrames };
                return TryCoDel(words, ref settings, out error);
            default:
                break;
        }
        if (Quantity.Split(text) is { Number.Length: > 0, Unit.Length: > 0 })
        {
            if (!Quantity.TrySize(text, out var bytes, out error))
                return false;
            settings = settings with { Frames = MaxFrames, Bytes = bytes };
            return true;
        }
        const string examples = "64', 'queue 64 KiB' or 'queue fq-codel";
        if (!Quantity.TryCount("queue", text, 1, MaxFrames, examples, out var frames, out error))
            return false;
        settings = settings with { Frames = frames };
        return true;
    }

    private static bool TryCoDel(FaultWords words, ref QueueSettings settings, [NotNullWhen(false)] out string? error)
    {
        var kind = words.Next();
        error = null;
        while (error is null && words.Next() is { } word)
        {
            switch (word)
            {
                case "target":
                    if (Quantity.TryTime(words.NextQuantity(), out var target, out error))
                        settings = settings with { Target = target };
                    break;
                case "interval":
                    if (Quantity.TryTime(words.NextQuantity(), out var interval, out error))
                        settings = settings with { Interval = interval };
                    break;
                case "limit":
                    if (Quantity.TryCount(word, words.Next() ?? "", 1, MaxFrames, "1000", out var frames, out error))
                        settings = settings with { Frames = frames };
                    break;
                default:
                    error =
                        $"'{word}' says nothing of a queue: write 'queue {kind}', and perhaps 'target 5 ms', 'interval 100 ms' and 'limit 1000' behind it";
                    break;
            }
        }
        if (error is null && settings.Target >= settings.Interval)
            error =
                $"a target of {settings.Target} needs a longer interval than {settings.Interval}: a sender has to have time to react";
        return error is null;
    }

    /// <summary>An empty queue of this kind.</summary>
    /// <param name="longestFrame">On the cable behind it.</param>
    /// <param name="random">Where what it draws comes from.</param>
    internal QueueDiscipline Make(int longestFrame, RandomSource random)
    {
        CoDel MakeCoDel() => new(Target, Interval, longestFrame);
        return Kind switch
        {
            QueueKind.CoDel => new CoDelQueue(MakeCoDel(), Frames),
            QueueKind.FqCoDel => new FqCoDelQueue(MakeCoDel, Frames, longestFrame, random.Fork("flows").NextUInt64()),
            _ => new TailDrop(Frames, Bytes),
        };
    }

    public override string ToString()
    {
        if (Kind == QueueKind.TailDrop)
            return Bytes is { } bytes ? $"{bytes} B" : $"{Frames}";
        var text = Name;
        var usual = Kind == QueueKind.CoDel ? UsualCoDelFrames : UsualFqCoDelFrames;
        if (Target != Default.Target)
            text += $" target {Target}";
        if (Interval != Default.Interval)
            text += $" interval {Interval}";
        return Frames == usual ? text : $"{text} limit {Frames}";
    }
}
