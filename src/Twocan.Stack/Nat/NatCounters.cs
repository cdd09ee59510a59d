namespace Twocan.Stack;

/// <summary>What a NAPT has done. What it has thrown away, <see cref="StackCounters"/> counts by reason.</summary>
public sealed class NatCounters
{
    public long TranslatedOut { get; internal set; }

    public long TranslatedIn { get; internal set; }

    /// <summary>Sessions that were entered in the table.</summary>
    public long Opened { get; internal set; }

    /// <summary>Sessions that were silent for too long.</summary>
    public long Expired { get; internal set; }

    /// <summary>Sessions that had to make room for others.</summary>
    public long Evicted { get; internal set; }

    /// <summary>Sessions for which there was no room.</summary>
    public long Refused { get; internal set; }
}
