using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>What came of a request: a reply, an ICMP error about it, or a refusal by the host's own stack.</summary>
/// <param name="From">Who says so.</param>
/// <param name="Length">Of the ICMP message, header included.</param>
/// <param name="IsDuplicate">A reply to a request that has had one.</param>
/// <param name="Error">Null for a reply.</param>
public sealed record PingResult(
    int Sequence,
    IpAddress From,
    int Length,
    byte TimeToLive,
    Duration Time,
    bool IsDuplicate,
    PingError? Error
);

/// <summary>An error of ICMP or ICMPv6, or (type and code zero) what the host itself said.</summary>
public sealed record PingError(bool IsV4, byte Type, byte Code, string? LocalReason)
{
    public string Say(Language language) => LocalReason ?? IcmpWords.Describe(IsV4, Type, Code, language);
}

/// <summary>How it went in all.</summary>
public sealed record PingReport(IpAddress Target, IReadOnlyList<PingResult> Results, int Sent, Duration Took)
{
    private IEnumerable<double> Times =>
        Results
            .Where(result => result is { Error: null, IsDuplicate: false })
            .Select(result => result.Time.TotalMilliseconds);

    public int Received => Times.Count();

    public int Errors => Results.Count(result => result.Error is not null);

    public int Duplicates => Results.Count(result => result.IsDuplicate);

    /// <summary>Requests that nobody has said anything about.</summary>
    public int Unanswered => Sent - Results.Select(static result => result.Sequence).Distinct().Count();

    /// <summary>Requests without a reply, in hundred.</summary>
    public double LossPercent => Sent == 0 ? 0 : 100.0 * (Sent - Received) / Sent;

    public double MinMilliseconds => Times.Min();

    public double MaxMilliseconds => Times.Max();

    public double AverageMilliseconds => Times.Average();

    /// <summary>How far the times lie from their average: the root of the mean square.</summary>
    public double DeviationMilliseconds => Math.Sqrt(Times.Average(time => Math.Pow(time - AverageMilliseconds, 2)));
}
