using System.Globalization;
using System.Text;

namespace Twocan.Bench;

/// <summary>The whole grid as Markdown: a table for each congestion control and number of flows.</summary>
internal static class GridTable
{
    private const string Heading = """
        # The grid

        Written by `./bench grid --table docs/grid.md --svg docs/grid.svg`; [benchmarks.md](benchmarks.md#grid) says what was measured
        and what the models are. Rates are of all flows together, in kbit/s of data, over 20 Mbit/s; a queue is in round trips.

        """;

    public static string Write(IReadOnlyList<GridResult> results)
    {
        var text = new StringBuilder(Heading);
        foreach (var group in results.GroupBy(result => (result.Cell.Control, result.Cell.Flows)))
        {
            var (control, flows) = group.Key;
            var queues = group.Select(result => result.Cell.Buffer).Distinct().ToList();
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n### {control}, {flows} {(flows == 1 ? "flow" : "flows")}\n\n"
            );
            text.Append("| loss | round trip |");
            foreach (var queue in queues)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $" queue {queue} | of model |{(flows == 1 ? "" : " Jain |")}"
                );
            text.Append("\n|---|---|").Insert(text.Length, flows == 1 ? "---|---|" : "---|---|---|", queues.Count);
            foreach (var row in group.GroupBy(result => (result.Cell.Loss, result.Cell.RoundTrip)))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n| {row.Key.Loss} % | {row.Key.RoundTrip} ms |");
                foreach (var result in row)
                    text.Append(Say(result));
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Say(GridResult result) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $" {result.Rate / 1e3:0} | {result.Rate / result.Model:0.00} |{(result.Cell.Flows == 1 ? "" : $" {result.Jain:0.000} |")}"
        );
}
