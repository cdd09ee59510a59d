using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>What the page cost: in bytes, in frames, in time.</summary>
public sealed record Totals(
    long PageBytes,
    long CarriedBytes,
    long OwnCableBytes,
    int Frames,
    int FramesLost,
    Duration Took,
    IReadOnlyDictionary<WaitKind, Duration> Time
)
{
    public static Totals Of(Journey journey)
    {
        var time = new SortedDictionary<WaitKind, Duration>();
        foreach (var wait in journey.Visits.SelectMany(static visit => visit.Waits))
            time[wait.Kind] = time.GetValueOrDefault(wait.Kind) + wait.Length;
        return new(
            journey
                .Resources.Where(static resource => resource.Status is >= 200 and < 300)
                .Sum(static resource => (long)resource.Bytes),
            journey.Packets.Sum(static packet => (long)packet.Length),
            journey
                .Packets.Where(packet => packet.From == journey.Host || packet.To == journey.Host)
                .Sum(static packet => (long)packet.Length),
            journey.Packets.Count,
            journey.Packets.Count(static packet => packet.Lost is not null),
            journey.Visits.Aggregate(Duration.Zero, static (sum, visit) => sum + visit.Took),
            time
        );
    }
}
