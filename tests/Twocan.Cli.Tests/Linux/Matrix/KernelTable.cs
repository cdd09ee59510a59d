using System.Globalization;
using System.Text;

namespace Twocan.Cli.Tests;

/// <summary>
/// The whole matrix as a table: what is done down, the weather across, and how many cells ended as they should;
/// below it the story of each that did not.
/// </summary>
internal sealed class KernelTable
{
    private readonly List<(string Weather, string Seconds, ILookup<string, CellResult> Results)> _columns = [];
    private readonly StringBuilder _notes = new();

    public void Add(Weather weather, IReadOnlyList<LabReport> reports, IReadOnlyList<Agreement> agreements)
    {
        foreach (var (report, agreement) in reports.Zip(agreements))
        {
            foreach (var result in report.Results.Where(result => result is not { Outcome: Outcome.Whole, Slow: null }))
                _notes.Append(
                    $"\n{weather}, {agreement} ({report.Dropped} frames found a full queue), {result.Outcome} in {result.Took}: {result.Story}; {result.Slow}\n"
                );
        }
        _columns.Add(
            (
                weather.Name,
                reports
                    .SelectMany(report => report.Results)
                    .Max(result => result.Took.TotalSeconds)
                    .ToString("0", CultureInfo.InvariantCulture),
                reports.SelectMany(report => report.Results).ToLookup(result => result.Cell.Name)
            )
        );
    }

    public override string ToString()
    {
        var text = new StringBuilder("| |");
        foreach (var column in _columns)
            text.Append($" {column.Weather} |");
        text.Append("\n|---|").Insert(text.Length, "---|", _columns.Count);
        foreach (var name in Cells.Every(Weather.Long[0]).Select(cell => cell.Name).Distinct())
        {
            text.Append($"\n| {name} |");
            foreach (var column in _columns)
                text.Append($" {Say([.. column.Results[name]])} |");
        }
        text.Append("\n| the longest |");
        foreach (var column in _columns)
            text.Append($" {column.Seconds} s |");
        return text.Append('\n').Append(_notes).ToString();
    }

    private static string Say(IReadOnlyList<CellResult> results)
    {
        var run = results.Where(result => result.Outcome != Outcome.Skipped).ToList();
        var (whole, failed, trying, bad) = (
            run.Count(result => result.Outcome == Outcome.Whole),
            run.Count(result => result.Outcome == Outcome.Failed),
            run.Count(result => result.Outcome == Outcome.Trying),
            run.Count(result => result.Outcome > Outcome.Skipped)
        );
        return run.Count == 0
            ? "–"
            : $"{whole}/{run.Count}"
                + (failed > 0 ? $", {failed} timed out" : "")
                + (trying > 0 ? $", {trying} still at it" : "")
                + (bad > 0 ? $", {bad} **wrong**" : "");
    }
}
