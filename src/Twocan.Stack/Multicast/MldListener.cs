using Twocan.Core;

namespace Twocan.Stack;

/// <summary>A line of a report.</summary>
public readonly record struct MldRecord(MldRecordType Type, IpAddress Group);

/// <summary>
/// The listener's half of MLDv2 as a machine (RFC 3810 §6), for one adapter: told of groups and of questions, asked for
/// reports, due when one is. Only whole groups are listened to, never single sources. Of changes is told twice, since a
/// report may be lost; a question is answered at a random moment of the time that it allows.
/// </summary>
public sealed class MldListener(RandomSource random)
{
    /// <summary>§9.1, [Robustness Variable].</summary>
    private const int Transmissions = 2;

    /// <summary>§9.11, [Unsolicited Report Interval].</summary>
    private static readonly Duration RepeatInterval = Duration.FromSeconds(1);

    private readonly List<(MldRecord Record, int Left)> _changes = [];
    private Instant _changesAt = Instant.Never;
    private Instant _answerAt = Instant.Never;

    /// <summary>What is asked about; :: is everything.</summary>
    private IpAddress _asked;

    public Instant Due => Instant.Min(_changesAt, _answerAt);

    public void OnJoin(IpAddress group, Instant now) => OnChange(new(MldRecordType.ToExclude, group), now);

    public void OnLeave(IpAddress group, Instant now) => OnChange(new(MldRecordType.ToInclude, group), now);

    /// <summary>§6.2: an answer that is due sooner is enough for both questions; two questions together are about everything.</summary>
    public void OnQuery(in MldQuery query, Instant now)
    {
        var at = now + query.MaximumResponseDelay * random.NextDouble();
        _asked = _answerAt == Instant.Never || _asked == query.Group ? query.Group : IpAddress.Any6;
        _answerAt = Instant.Min(_answerAt, at);
    }

    /// <summary>Is a report to be sent now? Fills in what it says.</summary>
    /// <param name="groups">What is listened to.</param>
    public bool TryReport(Instant now, IReadOnlyList<IpAddress> groups, List<MldRecord> report)
    {
        report.Clear();
        if (_changesAt <= now)
            TakeChanges(now, report);
        else if (_answerAt <= now)
            TakeAnswer(groups, report);
        return report.Count > 0;
    }

    /// <summary>§6: of the group that everybody is in nothing is ever told, nor of groups that do not leave the host.</summary>
    public static bool IsReported(IpAddress group) =>
        group != MulticastGroups.AllNodes && MulticastGroups.ScopeOf(group) > 1;

    private void OnChange(MldRecord change, Instant now)
    {
        if (!IsReported(change.Group))
            return;
        _changes.RemoveAll(other => other.Record.Group == change.Group);
        _changes.Add((change, Transmissions));
        _changesAt = now;
    }

    private void TakeChanges(Instant now, List<MldRecord> report)
    {
        for (var i = 0; i < _changes.Count; i++)
        {
            report.Add(_changes[i].Record);
            _changes[i] = (_changes[i].Record, _changes[i].Left - 1);
        }
        _changes.RemoveAll(static change => change.Left == 0);
        _changesAt = _changes.Count > 0 ? now + RepeatInterval * random.NextDouble() : Instant.Never;
    }

    private void TakeAnswer(IReadOnlyList<IpAddress> groups, List<MldRecord> report)
    {
        foreach (var group in groups)
        {
            if (IsReported(group) && (_asked.IsAny || _asked == group))
                report.Add(new(MldRecordType.IsExclude, group));
        }
        _answerAt = Instant.Never;
    }
}
