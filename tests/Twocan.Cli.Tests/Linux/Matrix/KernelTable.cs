using System.Globalization;
using System.Text;

namespace Twocan.Cli.Tests;

/// <summary>The whole matrix as a table: what is done down, the weather across, and how many cells ended as they should.</summary>
internal sealed class KernelTable
{
    private readonly List<(string Weather, string Seconds, ILookup<string, CellResult> Results)> _columns = [];

    public void Add(Weather weather, IReadOnlyList<LabReport> reports) =>
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
        return text.Append('\n').ToString();
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
