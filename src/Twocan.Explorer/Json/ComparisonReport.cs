using System.Text.Json;

namespace Twocan.Explorer;

/// <summary>Two journeys and what lies between them. Times are microseconds, counted from each one's click; null for never.</summary>
/// <param name="LaterUs">How much later the page was done with the fault.</param>
/// <param name="PartAtPacket">The first frame that is not the same in both; null where all are.</param>
public sealed record ComparisonReport(
    double LaterUs,
    int? PartAtPacket,
    IReadOnlyList<MilestoneReport> Milestones,
    int RetransmissionsHealthy,
    int RetransmissionsBroken,
    JourneyReport Healthy,
    JourneyReport Broken
)
{
    public static ComparisonReport Of(Comparison both, JourneyReport healthy, JourneyReport broken) =>
        new(
            both.Later.TotalMicroseconds,
            both.PartAt,
            [
                .. both.Milestones.Select(static stone => new MilestoneReport(
                    Snake(stone.Kind),
                    stone.Of,
                    stone.Healthy?.TotalMicroseconds,
                    stone.Broken?.TotalMicroseconds
                )),
            ],
            Comparison.Retransmissions(both.Healthy),
            Comparison.Retransmissions(both.Broken),
            healthy,
            broken
        );

    private static string Snake(MilestoneKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}

public sealed record MilestoneReport(string Milestone, string Of, double? HealthyUs, double? BrokenUs);
