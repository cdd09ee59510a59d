using System.CommandLine;
using System.Text.Json.Serialization;
using Twocan.Explorer;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>world graph</c>: the map of a world, drawn for a terminal, as SVG, for Graphviz or as numbers.</summary>
internal sealed class WorldGraph : Verb
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "A world file, or the name of one that ships (default: cyber)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _dot = new("--dot") { Description = "Write source for Graphviz" };

    private readonly Option<string?> _svg = new("--svg")
    {
        Description = "Draw an SVG picture, to the file or to where the answer goes",
        HelpName = "[FILE.svg]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public WorldGraph()
        : base(
            "graph",
            "Draw the map of a world: machines, cables, subnets",
            "twocan world graph",
            "twocan world graph star --svg",
            "twocan world graph campus --dot",
            "twocan world graph --world internet:60 --host pc"
        )
    {
        Arguments.Add(_file);
        Options.Add(_dot);
        Options.Add(_svg);
    }

    public override int Run(Invocation call)
    {
        var file = call.Get(_file) ?? call.WorldFile;
        if (file is null && call.Living is { } living)
            return Draw(living.World, WorldLibrary.Default, call);
        using var world = WorldLibrary.Load(file ?? WorldLibrary.Default);
        return Draw(world, file ?? WorldLibrary.Default, call);
    }

    private int Draw(World world, string name, Invocation call)
    {
        // Only who is asked for stands at the top; else it is who stands in the middle.
        var start = call.HasHost ? world.Find(call.Host) : null;
        if (start is null && call.HasHost)
            throw new WrongUsageException(WorldSession.NoSuchHost(call.Host, world));
        if (call.Has(_dot) && call.Has(_svg))
            throw new WrongUsageException("--dot and --svg are two pictures: ask for one of them");
        if (call.Json)
            call.Terminal.JsonLine(GraphAnswer.Of(Chart.Of(world, start)), WorldGraphJson.Default.GraphAnswer);
        else if (call.Has(_dot))
            WriteLines(call, DotAtlas.Write(world));
        else if (call.Has(_svg))
            WriteSvg(call, SvgAtlas.Draw(world, name, start));
        else
            Draw(call, world, start);
        return Exit.Done;
    }

    private void WriteSvg(Invocation call, string svg)
    {
        if (call.Get(_svg) is not { } path)
        {
            WriteLines(call, svg);
            return;
        }
        Written.To(path, svg, "the picture");
        call.Terminal.Line(call.Terminal.Say($"The picture is in {path}", $"그림을 {path}에 저장했습니다"));
    }

    private static void WriteLines(Invocation call, string text)
    {
        foreach (var line in text.TrimEnd('\n').Split('\n'))
            call.Terminal.Line(line);
    }

    private static void Draw(Invocation call, World world, Node? start)
    {
        foreach (var line in TextAtlas.Draw(world, call.Terminal.Width, start))
        {
            var text = new Text(0, line.Count);
            foreach (var (piece, ink) in line)
                text += new Text(piece, RoleOf(ink));
            call.Terminal.Line(text);
        }
    }

    private static Role RoleOf(PictureInk ink) =>
        ink switch
        {
            PictureInk.Host => Role.Host,
            PictureInk.Router => Role.Call,
            PictureInk.Bridge => Role.State,
            PictureInk.Address => Role.Address,
            PictureInk.Line or PictureInk.Label or PictureInk.Kind => Role.Faint,
            _ => Role.Plain,
        };
}

/// <summary>The answer of <c>world graph --json</c>: the map as the SVG picture lays it out, in pixels.</summary>
internal sealed record GraphAnswer(
    int Width,
    int Height,
    IReadOnlyList<GraphNode> Nodes,
    IReadOnlyList<GraphEdge> Edges
)
{
    public static GraphAnswer Of(Chart chart) =>
        new(chart.Width, chart.Height, [.. chart.Boxes.Select(GraphNode.Of)], [.. chart.Lines.Select(GraphEdge.Of)]);
}

internal sealed record GraphNode(
    string Name,
    string Kind,
    IReadOnlyList<string> Addresses,
    int X,
    int Y,
    int Width,
    int Height
)
{
    public static GraphNode Of(ChartBox box) =>
        new(
            box.Node.Name,
            box.Node.GetType().Name.ToLowerInvariant(),
            box.Node is Host host ? [.. host.Addresses.Select(address => address.ToString())] : [],
            box.X,
            box.Y,
            box.Width,
            box.Height
        );
}

internal sealed record GraphEdge(
    string Cable,
    string A,
    string B,
    long BitsPerSecond,
    double DelayUs,
    IReadOnlyList<GraphPoint> Points
)
{
    public static GraphEdge Of(ChartLine line) =>
        new(
            line.Cable.Name,
            line.Cable.A.Name,
            line.Cable.B.Name,
            line.Cable.Settings.Rate.BitsPerSecond,
            line.Cable.Settings.Delay.TotalMicroseconds,
            [.. line.Points.Select(point => new GraphPoint(point.X, point.Y))]
        );
}

internal sealed record GraphPoint(int X, int Y);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GraphAnswer))]
internal sealed partial class WorldGraphJson : JsonSerializerContext;
