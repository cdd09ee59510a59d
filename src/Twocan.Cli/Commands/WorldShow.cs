using System.CommandLine;
using System.Text.Json.Serialization;
using Twocan.Explorer;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary><c>world show</c>: who is there, and who is plugged into whom.</summary>
internal sealed class WorldShow : Verb
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "A world file, or the name of one that ships (default: cyber)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public WorldShow()
        : base(
            "show",
            "Draw a world as it lies around me: hosts, addresses, cables, services",
            "twocan world show",
            "twocan world show cyber --host ns.kr"
        ) => Arguments.Add(_file);

    public override int Run(Invocation call)
    {
        var file = call.Get(_file) ?? call.WorldFile;
        if (file is null && call.Living is { } living)
            return Show(living.World, call);
        using var world = WorldLibrary.Load(file ?? WorldLibrary.Default);
        return Show(world, call);
    }

    private static int Show(World world, Invocation call)
    {
        if (call.Json)
        {
            call.Terminal.JsonLine(WorldAnswer.Of(world), WorldJson.Default.WorldAnswer);
            return Exit.Done;
        }
        var start = world.Find(call.Host);
        if (start is null && call.HasHost)
            throw new WrongUsageException(WorldSession.NoSuchHost(call.Host, world));
        var around = new Surroundings(call.Terminal);
        var roots = new List<TreeNode>();
        foreach (var node in world.Nodes.OrderBy(node => node != start))
        {
            if (around.IsNew(node))
                roots.Add(around.From(node));
        }
        call.Terminal.Write(new Tree(roots));
        call.Terminal.Line();
        call.Terminal.Line(
            call.Terminal.Say(
                $"{world.Nodes.Count} machines, {world.Cables.Count} cables; the clock stands at {world.Loop.UtcNow:r}",
                $"기계 {world.Nodes.Count}대, 케이블 {world.Cables.Count}개, 시각은 {world.Loop.UtcNow:r}"
            )
        );
        return Exit.Done;
    }

    /// <summary>A tree over the cables, from one node on. A cable that would close a circle is named at the node where it does.</summary>
    private sealed class Surroundings(Terminal terminal)
    {
        private readonly HashSet<Node> _seen = [];
        private readonly HashSet<Cable> _crossed = [];

        public bool IsNew(Node node) => !_seen.Contains(node);

        public TreeNode From(Node node) => From(node, null);

        private TreeNode From(Node node, Cable? cable)
        {
            _seen.Add(node);
            var children = new List<TreeNode>();
            foreach (var end in node.Ends)
            {
                if (!_crossed.Add(end.Cable))
                    continue;
                children.Add(
                    IsNew(end.Peer)
                        ? From(end.Peer, end.Cable)
                        : new TreeNode(
                            $"{terminal.Say("to", "↪"):faint} {end.Peer.Name:host}  {Together(end.Cable.Settings):faint}",
                            []
                        )
                );
            }
            return new(Say(node, cable), children);
        }

        /// <summary>A number is not parted from its unit at the end of a line.</summary>
        private static string Together(CableSettings settings) => settings.ToString().Replace(' ', Terminal.NoBreak);

        private static Text Say(Node node, Cable? cable)
        {
            Text text = $"{node.Name:host}";
            text += node switch
            {
                Router => $" {"router":faint}",
                Hub { Ends: [{ Cable.Settings.HalfDuplex: true }, ..] } => $" {"hub, half duplex":faint}",
                Hub => $" {"hub":faint}",
                Bus bus => $" {$"bus, {bus.Settings.Rate}, {bus.Length}":faint}",
                Switch => $" {"switch":faint}",
                _ => "",
            };
            if (node is Host host)
            {
                text += $"  {string.Join(", ", host.GlobalAddresses):address}";
                if (host.Programs.Count > 0)
                    text += $"  {string.Join(", ", host.Programs.Select(program => program.Name)):good}";
            }
            return cable is null ? text : text + $"  {Together(cable.Settings):faint}";
        }
    }
}

/// <summary>The answer of <c>world show --json</c>.</summary>
internal sealed record WorldAnswer(IReadOnlyList<WorldNode> Nodes, IReadOnlyList<WorldCable> Cables, string Clock)
{
    public static WorldAnswer Of(World world) =>
        new(
            [.. world.Nodes.Select(WorldNode.Of)],
            [
                .. world.Cables.Select(cable => new WorldCable(
                    cable.Name,
                    cable.A.Name,
                    cable.B.Name,
                    cable.Settings.Rate.BitsPerSecond,
                    cable.Settings.Delay.TotalMicroseconds,
                    cable.Settings.Jitter.TotalMicroseconds,
                    cable.Settings.Loss,
                    cable.Settings.Queue.Frames,
                    cable.Settings.Queue.Bytes,
                    cable.Settings.Queue.Name,
                    TargetOf(cable.Settings.Queue)?.Target.TotalMicroseconds,
                    TargetOf(cable.Settings.Queue)?.Interval.TotalMicroseconds,
                    cable.Settings.Mtu,
                    cable.Settings.HalfDuplex ? "half" : "full",
                    cable.Settings.At?.TotalMicroseconds
                )),
            ],
            world.Loop.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ")
        );

    private static QueueSettings? TargetOf(QueueSettings queue) => queue.Kind == QueueKind.TailDrop ? null : queue;
}

internal sealed record WorldNode(
    string Name,
    string Kind,
    IReadOnlyList<string> Addresses,
    IReadOnlyList<string> Gateways,
    IReadOnlyList<string> NameServers,
    IReadOnlyList<string> Services
)
{
    public static WorldNode Of(Node node) =>
        node is Host host
            ? new(
                host.Name,
                node is Router ? "router" : "host",
                [.. host.GlobalAddresses.Select(address => address.ToString())],
                [.. host.Gateways.Select(gateway => gateway.ToString())],
                [.. host.Network.NameServers.Select(server => server.ToString())],
                [.. host.Programs.Select(program => program.Name)]
            )
            : new(node.Name, node.Kind, [], [], [], []);
}

internal sealed record WorldCable(
    string Name,
    string A,
    string B,
    long BitsPerSecond,
    double DelayUs,
    double JitterUs,
    double Loss,
    int Queue,
    long? QueueBytes,
    string QueueDiscipline,
    double? QueueTargetUs,
    double? QueueIntervalUs,
    int Mtu,
    string Duplex,
    double? AtUs
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WorldAnswer))]
internal sealed partial class WorldJson : JsonSerializerContext;
