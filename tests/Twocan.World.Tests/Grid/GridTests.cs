using System.Globalization;
using Twocan.Bench;
using Twocan.Stack;

namespace Twocan.Worlds.Tests;

/// <summary>
/// Throughput and fairness on bad paths, as they were written down: virtual time makes them exact, so whatever changes them is
/// seen. <c>./bench grid</c> has all cells, and docs/grid.md what they came to.
/// </summary>
public sealed class GridTests
{
    private const int Seconds = 20;

    /// <summary>A run of 20 s has few losses in it, and a few more or less are luck.</summary>
    private const double LeastOfModel = 0.75;
    private static readonly string s_file = Path.Combine(AppContext.BaseDirectory, "Grid", "grid.txt");
    private static readonly Lazy<IReadOnlyList<GridResult>> s_results = new(() =>
        [.. Cells.Select(cell => GridRun.Of(cell, Seconds))]
    );

    private static IEnumerable<GridCell> Cells =>
        from control in (string[])[Reno.NameOf, Cubic.NameOf, Bbr.NameOf]
        from flows in (int[])[1, 8]
        from loss in (double[])[0, 1, 10]
        from rtt in (double[])[10, 100]
        select new GridCell(control, loss, rtt, Buffer: 1, flows);

    [Fact]
    public void Every_cell_is_as_it_was_written_down()
    {
        var lines = s_results.Value.Select(result =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Cell}: {result.Rate / 1e3:0} kbit/s, Jain {result.Jain:0.000}"
            )
        );
        var now = string.Join('\n', lines) + '\n';
        if (now == File.ReadAllText(s_file))
            return;
        File.WriteAllText($"{s_file}.new", now);
        Assert.Fail(
            $"Not as in tests/Twocan.World.Tests/Grid/grid.txt. If that is meant: cp {s_file}.new tests/Twocan.World.Tests/Grid/grid.txt"
        );
    }

    [Fact]
    public void No_cell_is_far_below_its_algorithms_own_model() =>
        Assert.All(
            s_results.Value,
            result =>
                Assert.True(
                    result.Rate > LeastOfModel * result.Model,
                    $"{result.Cell}: {result.Rate / result.Model:0.00}"
                )
        );

    [Fact]
    public void Flows_of_one_kind_share_a_path_without_loss_fairly() =>
        Assert.All(
            s_results.Value.Where(result => result.Cell is { Loss: 0, Flows: 8 }),
            result => Assert.True(result.Jain > 0.7, $"{result.Cell}: {result.Jain:0.000}")
        );
}
