namespace Twocan.Worlds.Tests;

/// <summary>Every script beside this file holds.</summary>
public class DrillScriptTests
{
    private static readonly string Directory = Path.Combine(AppContext.BaseDirectory, "Drill");

    public static TheoryData<string> Scripts =>
        [
            .. System
                .IO.Directory.EnumerateFiles(Directory, "*.pkt")
                .Select(file => Path.GetFileNameWithoutExtension(file)!)
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void The_script_holds(string name)
    {
        var report = Run(name);
        Assert.True(report.IsOk, $"{report.File}:{report.Line}: {report.Error}");
    }

    [Fact]
    public void There_are_at_least_sixty_of_them() => Assert.True(Scripts.Count >= 60);

    [Fact]
    public void The_script_that_ships_holds_over_both_families()
    {
        Assert.Null(DrillRunner.Run("example", DrillExample.Text).Error);
        var options = new[] { new DrillOption(0, "ip_version", "ipv6"), new DrillOption(0, "mtu", "1520") };
        Assert.Null(DrillRunner.Run("example", DrillExample.Text, options).Error);
    }

    [Fact]
    public void A_script_goes_the_same_way_every_time()
    {
        var (first, second) = (new List<string>(), new List<string>());
        DrillRunner.Run("example", DrillExample.Text, trace: first.Add);
        DrillRunner.Run("example", DrillExample.Text, trace: second.Add);
        Assert.NotEmpty(first);
        Assert.Equal(first, second);
    }

    private static DrillReport Run(string name) =>
        DrillRunner.Run($"{name}.pkt", File.ReadAllText(Path.Combine(Directory, $"{name}.pkt")));
}
