using Twocan.Stack;

namespace Twocan.Bench;

/// <summary>
/// How fast TCP is on bad paths, in virtual time: loss × round trip × queue × congestion control × flows, beside what the
/// algorithm's own model allows.
/// </summary>
/// <param name="svg">Where to draw it, if anywhere.</param>
/// <param name="table">Where to write all of it down.</param>
internal sealed class GridBench(string? svg, string? table) : IBench
{
    public string Name => "grid";

    public string About => "TCP on bad paths in virtual time: loss, round trip, queue, congestion control, flows";

    public static IEnumerable<GridCell> Cells =>
        from control in (string[])[Reno.NameOf, Cubic.NameOf, Bbr.NameOf]
        from flows in (int[])[1, 2, 8, 32]
        from buffer in (double[])[0.5, 1, 4]
        from loss in (double[])[0, 0.1, 1, 3, 10]
        from rtt in (double[])[1, 10, 100, 300]
        select new GridCell(control, loss, rtt, buffer, flows);

    public IEnumerable<BenchResult> Run(bool quick)
    {
        var results = new List<GridResult>();
        foreach (var cell in Cells)
        {
            if (quick && (cell.Buffer != 1 || cell.Flows is 2 or 32))
                continue;
            var result = GridRun.Of(cell, quick ? 20 : GridRun.SecondsFor(cell, least: 60));
            results.Add(result);
            yield return new(
                Name,
                $"{cell}",
                "kbit/s",
                "higher",
                result.Rate / 1e3,
                new Dictionary<string, double> { ["model"] = result.Model / 1e3 },
                AllocatedBytesPerOp: null,
                cell.Flows == 1 ? [] : [$"Jain {result.Jain:0.000}"]
            );
        }
        if (svg is not null)
            File.WriteAllText(svg, new GridPlot(results).ToSvg());
        if (table is not null)
            File.WriteAllText(table, GridTable.Write(results));
    }
}
