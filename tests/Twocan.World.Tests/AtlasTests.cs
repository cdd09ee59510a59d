using System.Xml.Linq;

namespace Twocan.Worlds.Tests;

/// <summary>What maps of worlds must never do, whatever the world.</summary>
public sealed class AtlasTests
{
    public static TheoryData<string> Worlds =>
        [
            "cyber.yaml",
            "star.yaml",
            "satellite.yaml",
            "campus.yaml",
            "internet:60:4",
            "internet:200:20:7",
            "nothing",
            "one",
            "two",
            "ring",
            "islands",
            "two rings and a bridge",
        ];

    [Theory]
    [MemberData(nameof(Worlds))]
    public void On_paper_no_box_and_no_label_lies_upon_another(string name)
    {
        using var world = Make(name);
        var chart = Chart.Of(world);
        var places = chart
            .Boxes.Select(box =>
                (What: box.Node.Name, box.X, box.Y, Right: box.X + box.Width, Bottom: box.Y + box.Height)
            )
            .Concat(chart.Lines.SelectMany(LabelsOf))
            .ToList();
        Assert.All(
            places,
            place =>
                Assert.True(
                    place.X >= 0 && place.Y >= 0 && place.Right <= chart.Width && place.Bottom <= chart.Height,
                    $"{place} leaves the paper of {chart.Width} by {chart.Height}"
                )
        );
        for (var i = 0; i < places.Count; i++)
        {
            for (var j = i + 1; j < places.Count; j++)
            {
                var (a, b) = (places[i], places[j]);
                Assert.False(a.X < b.Right && b.X < a.Right && a.Y < b.Bottom && b.Y < a.Bottom, $"{a} lies upon {b}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public void On_paper_every_node_and_every_cable_is_there_once_and_a_cable_ends_at_its_boxes(string name)
    {
        using var world = Make(name);
        var chart = Chart.Of(world);
        Assert.Equal(
            world.Nodes.OrderBy(node => node.Name),
            chart.Boxes.Select(box => box.Node).OrderBy(node => node.Name)
        );
        Assert.Equal(
            world.Cables.OrderBy(cable => cable.Name),
            chart.Lines.Select(line => line.Cable).OrderBy(cable => cable.Name)
        );
        foreach (var line in chart.Lines)
        {
            var ends = chart.Boxes.Where(box => box.Node == line.Cable.A || box.Node == line.Cable.B).ToList();
            Assert.Contains(ends, box => IsAt(box, line.Points[0]));
            Assert.Contains(ends, box => IsAt(box, line.Points[^1]));
        }
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public void No_cable_runs_through_the_box_of_somebody_else(string name)
    {
        using var world = Make(name);
        var chart = Chart.Of(world);
        foreach (var line in chart.Lines)
        {
            foreach (var (from, to) in line.Points.Zip(line.Points.Skip(1)))
                Assert.DoesNotContain(chart.Boxes, box => Crosses(box, from, to));
        }
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public void The_picture_is_xml_and_the_same_every_time(string name)
    {
        using var world = Make(name);
        using var again = Make(name);
        var svg = SvgAtlas.Draw(world, name);
        Assert.Equal("svg", XDocument.Parse(svg).Root!.Name.LocalName);
        Assert.Equal(svg, SvgAtlas.Draw(again, name));
    }

    [Theory]
    [InlineData("cyber.yaml", 80)]
    [InlineData("cyber.yaml", 110)]
    [InlineData("campus.yaml", 80)]
    [InlineData("internet:60:4", 100)]
    [InlineData("two rings and a bridge", 60)]
    [InlineData("nothing", 80)]
    public void On_a_terminal_every_name_that_is_not_folded_stands_there_and_no_line_is_too_wide(string name, int width)
    {
        using var world = Make(name);
        var lines = TextAtlas.Draw(world, width).Select(line => string.Concat(line.Select(run => run.Text))).ToList();
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        var text = string.Join('\n', lines);
        foreach (var node in world.Nodes.Where(node => !node.Name.StartsWith("pc", StringComparison.Ordinal)))
            Assert.Contains($" {node.Name} ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_computers_that_differ_only_in_their_number_are_one_line_from_the_first_to_the_last()
    {
        using var world = new World();
        for (var i = 1; i <= 30; i++)
            world.Link(world.Host($"pc{i}"), world.Switch("sw"));
        var text = string.Join(
            '\n',
            TextAtlas.Draw(world, 80).Select(line => string.Concat(line.Select(run => run.Text)))
        );
        Assert.Contains("pc1 …", text, StringComparison.Ordinal);
        Assert.Contains("pc30", text, StringComparison.Ordinal);
        Assert.Contains("30 hosts", text, StringComparison.Ordinal);
        Assert.DoesNotContain("pc17", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_computer_stands_there_with_its_addresses_of_both_families_and_what_every_link_has_is_left_out()
    {
        using var world = Make("cyber.yaml");
        var wide = string.Join(
            '\n',
            TextAtlas.Draw(world, 160).Select(line => string.Concat(line.Select(run => run.Text)))
        );
        var paper = SvgAtlas.Draw(world, "cyber");
        foreach (var address in (string[])["192.0.2.226", "2001:db8:cb:2::226"])
        {
            Assert.Contains(address, wide, StringComparison.Ordinal);
            Assert.Contains(address, paper, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("fe80", wide + paper, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_asked_for_stands_at_the_top()
    {
        using var world = Make("cyber.yaml");
        foreach (var (asked, top) in new[] { ("pc", "home-hub"), ("ns.kr", "backbone-kr"), ("isp", "isp") })
        {
            var lines = TextAtlas.Draw(world, 80, world.Find(asked)).Take(2);
            Assert.Contains(lines, line => line.Any(run => run.Text.Split(' ').Contains(top)));
        }
    }

    private static IEnumerable<(string What, int X, int Y, int Right, int Bottom)> LabelsOf(ChartLine line) =>
        line.Labels.Select(label => (label.Text, label.X, label.Y, label.X + label.Width, label.Y + label.Height));

    private static bool IsAt(ChartBox box, (int X, int Y) point) =>
        point.X >= box.X && point.X <= box.X + box.Width && point.Y >= box.Y && point.Y <= box.Y + box.Height;

    private static bool Crosses(ChartBox box, (int X, int Y) from, (int X, int Y) to) =>
        Math.Min(from.X, to.X) < box.X + box.Width
        && Math.Max(from.X, to.X) > box.X
        && Math.Min(from.Y, to.Y) < box.Y + box.Height
        && Math.Max(from.Y, to.Y) > box.Y;

    private static World Make(string name)
    {
        if (name.EndsWith(".yaml", StringComparison.Ordinal))
            return WorldFile.Load(Path.Combine(CyberTests.Worlds, name), CyberTests.NoServices);
        if (InternetPlan.TryParse(name, out var plan, out _))
            return World.Generate(plan);
        var world = new World();
        string[] cables = name switch
        {
            "two" => ["a--b"],
            "ring" => ["a--b", "b--c", "c--d", "d--a"],
            "islands" => ["a--b", "c--d", "d--e", "e--c"],
            "two rings and a bridge" =>
            [
                "a--b",
                "b--c",
                "c--a",
                "c--x",
                "x--d",
                "d--e",
                "e--f",
                "f--d",
                "x--leaf",
                "e--tail",
                "tail--end",
            ],
            _ => [],
        };
        if (name == "one")
            world.Host("a");
        foreach (var cable in cables)
        {
            var ends = cable.Split("--");
            world.Link(world.Router(ends[0]), world.Router(ends[1]));
        }
        return world;
    }
}
