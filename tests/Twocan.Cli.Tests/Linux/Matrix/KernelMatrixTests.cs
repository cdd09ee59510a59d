using System.Runtime.Versioning;
using Twocan.Stack;

namespace Twocan.Cli.Tests;

/// <summary>
/// Connections between our stack and the kernel's, whatever the cable does to them: every octet in its order or an error that
/// says why, and never a hang. A few cells of the matrix in each weather; all of them with <c>./test --kernel Cli</c>.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class KernelMatrixTests
{
    /// <summary>A file for the table of the whole matrix; not set, a few cells are enough.</summary>
    private static readonly string? TableFile = Environment.GetEnvironmentVariable("TWOCAN_KERNEL");

    /// <summary>Of the whole matrix, only those.</summary>
    private static readonly CellChoice s_choice = CellChoice.Parse(
        Environment.GetEnvironmentVariable("TWOCAN_CELLS") ?? ""
    );
    private static readonly KernelTable s_table = new();

    private static IReadOnlyList<Weather> Weathers => TableFile is null ? Weather.Quick : Weather.Long;

    public static TheoryData<int, string> Names =>
        [.. Weathers.Select((weather, number) => new TheoryDataRow<int, string>(number, weather.Name))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_octet_comes_in_order_or_an_error_says_why(int number, string name)
    {
        Kernel.SkipUnlessHere("python3", "ss");
        var weather = Weathers[number];
        Assert.Equal(name, weather.Name);
        if (TableFile is null)
        {
            Check(KernelLab.Run(weather, weather.Agreement, Cells.Some(weather)), weather, weather.Agreement);
            return;
        }
        var chosen = Agreement
            .All.Select(agreement => (agreement, Cells: s_choice.Of(weather, agreement, Cells.Every(weather))))
            .Where(part => part.Cells.Count > 0)
            .ToList();
        Assert.SkipWhen(chosen.Count == 0, "no cell of it was chosen");
        // Most of it is waiting, and nearly all of it where little gets through: several worlds at a time.
        var reports = new LabReport[chosen.Count];
        Parallel.For(
            0,
            reports.Length,
            new() { MaxDegreeOfParallelism = weather.MayFail ? chosen.Count : 3 },
            which => reports[which] = KernelLab.Run(weather, chosen[which].agreement, chosen[which].Cells)
        );
        s_table.Add(weather, reports, [.. chosen.Select(part => part.agreement)]);
        File.WriteAllText(TableFile, $"{s_table}");
        foreach (var (report, part) in reports.Zip(chosen))
            Check(report, weather, part.agreement);
    }

    private static void Check(LabReport report, Weather weather, Agreement agreement)
    {
        var bad = report.Results.Where(result => result.Outcome >= Outcome.Wrong).ToList();
        Assert.True(bad.Count == 0, $"with {agreement}:\n{string.Join("\n", bad.Select(result => result.Story))}");
        Assert.Contains(report.Results, result => result.Outcome == Outcome.Whole);
        foreach (var why in report.Results.Where(result => result.Outcome == Outcome.Skipped))
            TestContext.Current.TestOutputHelper?.WriteLine($"skipped: {why.Cell}: {why.Story}");
        if (weather.Marks && agreement.Ours.Ecn == EcnUse.Ask)
            Assert.True(report.Marks > 0, "no frame was marked");
    }
}
