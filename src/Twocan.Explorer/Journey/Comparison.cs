using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>Something that both journeys come by, with when each of them does, counted from its click; null for never.</summary>
public readonly record struct Milestone(MilestoneKind Kind, string Of, Duration? Healthy, Duration? Broken);

public enum MilestoneKind
{
    /// <summary>The first name has an address.</summary>
    NameKnown,

    /// <summary>The first connection is ESTABLISHED.</summary>
    Connected,

    /// <summary>Something that was asked for by its URL is there.</summary>
    Arrived,

    /// <summary>The last event that the reader waited for.</summary>
    Done,

    /// <summary>No frame, no socket, no timer.</summary>
    AtRest,
}

/// <summary>Bytes of one connection, or its SYN or FIN, as often as each journey sent them.</summary>
/// <param name="Sequence">Counted from the connection's first.</param>
public sealed record Carried(
    End From,
    string Flags,
    uint Sequence,
    int Length,
    string What,
    IReadOnlyList<Segment> Healthy,
    IReadOnlyList<Segment> Broken
);

/// <summary>
/// Two journeys to the same URL in the same world from the same seed: one that nothing was done to, and one with faults.
/// Up to the first fault that matters they are the same to the byte.
/// </summary>
public sealed class Comparison(Journey healthy, Journey broken)
{
    public Journey Healthy => healthy;

    public Journey Broken => broken;

    public IReadOnlyList<Milestone> Milestones { get; } = [.. FindMilestones(healthy, broken)];

    /// <summary>The number of the first frame that is another one, leaves at another time or does not arrive; null where both are the same.</summary>
    public int? PartAt { get; } = FindParting(healthy, broken);

    /// <summary>What was sent over the first connection of each, acknowledgements alone left out.</summary>
    public IReadOnlyList<Carried> Carried { get; } = [.. Match(healthy, broken)];

    public Duration Later => Totals.Of(broken).Took - Totals.Of(healthy).Took;

    public static int Retransmissions(Journey journey) =>
        journey.Journal.Entries.Count(static entry => entry.What is SegmentSent { Reason.IsRetransmission: true });

    public static int Questions(Journey journey) =>
        journey.Resolutions.Sum(static resolution => resolution.Queries.Count);

    private static IEnumerable<Milestone> FindMilestones(Journey healthy, Journey broken)
    {
        yield return new(
            MilestoneKind.NameKnown,
            healthy.Resolutions.Concat(broken.Resolutions).FirstOrDefault()?.Name ?? "",
            NameKnown(healthy),
            NameKnown(broken)
        );
        yield return new(
            MilestoneKind.Connected,
            Main(healthy)?.Remote.ToString() ?? "",
            Since(healthy, Main(healthy)?.Opened),
            Since(broken, Main(broken)?.Opened)
        );
        foreach (
            var url in healthy.Visits[0].Resources.Concat(broken.Visits[0].Resources).Select(it => it.Url).Distinct()
        )
            yield return new(MilestoneKind.Arrived, url, Arrived(healthy, url), Arrived(broken, url));
        yield return new(MilestoneKind.Done, "", healthy.Visits[0].Took, broken.Visits[0].Took);
        yield return new(MilestoneKind.AtRest, "", Since(healthy, healthy.Settled), Since(broken, broken.Settled));
    }

    private static Duration? NameKnown(Journey journey) =>
        Since(journey, journey.Resolutions.FirstOrDefault(static it => it.Answers.Count > 0)?.Ended?.At);

    private static Duration? Arrived(Journey journey, string url) =>
        Since(journey, journey.Visits[0].Resources.FirstOrDefault(it => it.Url == url && it.Status > 0)?.Ended?.At);

    private static Duration? Since(Journey journey, Instant? at) => at - journey.Visits[0].Click.At;

    private static Connection? Main(Journey journey) =>
        journey.Connections.FirstOrDefault(connection => connection.LocalHost == journey.Host);

    private static int? FindParting(Journey healthy, Journey broken)
    {
        var both = Math.Min(healthy.Packets.Count, broken.Packets.Count);
        for (var i = 0; i < both; i++)
            if (!IsSame(healthy, healthy.Packets[i], broken, broken.Packets[i]))
                return i + 1;
        return healthy.Packets.Count == broken.Packets.Count ? null : both + 1;
    }

    private static bool IsSame(Journey healthy, Packet one, Journey broken, Packet other) =>
        Since(healthy, one.At) == Since(broken, other.At)
        && one.Link == other.Link
        && one.From == other.From
        && Since(healthy, one.Arrived) == Since(broken, other.Arrived)
        && one.Bytes.Span.SequenceEqual(other.Bytes.Span);

    private static IEnumerable<Carried> Match(Journey healthy, Journey broken)
    {
        var pairs = new List<(End From, string Kind, uint Sequence, int Length, string What, List<Segment>[] Runs)>();
        Journey[] journeys = [healthy, broken];
        for (var run = 0; run < journeys.Length; run++)
        {
            if (Main(journeys[run]) is not { } connection)
                continue;
            var trace = new SegmentTrace(journeys[run], connection);
            foreach (var segment in trace.Segments)
            {
                var kind = KindOf(segment);
                if (segment.Tcp.Length == 0 && kind.Length == 0)
                    continue;
                var sequence = trace.Sequence(segment);
                var at = pairs.FindIndex(pair =>
                    (pair.From, pair.Kind, pair.Sequence, pair.Length)
                    == (segment.From, kind, sequence, segment.Tcp.Length)
                );
                if (at < 0)
                {
                    var what = segment.Packet.Dissection.Http is null ? "" : segment.Packet.Dissection.Summary;
                    pairs.Add(
                        (
                            segment.From,
                            kind,
                            sequence,
                            segment.Tcp.Length,
                            what,
                            [
                                [],
                                [],
                            ]
                        )
                    );
                    at = pairs.Count - 1;
                }
                pairs[at].Runs[run].Add(segment);
            }
        }
        return pairs.Select(static pair => new Carried(
            pair.From,
            pair.Kind,
            pair.Sequence,
            pair.Length,
            pair.What,
            pair.Runs[0],
            pair.Runs[1]
        ));
    }

    /// <summary>The flags that make a segment worth a row, even where it carries no data.</summary>
    private static string KindOf(Segment segment) =>
        string.Join(' ', ((string[])["SYN", "FIN", "RST"]).Where(segment.Has));
}
