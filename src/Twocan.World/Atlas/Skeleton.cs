using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// A world as one would begin to draw it. Computers with a single cable are leaves of what they are plugged into; what is
/// left is the trunk, a tree from its middle on (or from whoever is asked for). Cables that would close a circle in it
/// belong to no branch and are told at both of their ends.
/// </summary>
internal sealed class Skeleton
{
    private readonly HashSet<Node> _leaves;

    /// <param name="world">What is drawn.</param>
    /// <param name="start">Who stands at the top; null takes the middle.</param>
    public Skeleton(World world, Node? start = null)
    {
        _leaves = [.. world.Nodes.Where(node => IsLeaf(node, start))];
        var trunk = world.Nodes.Where(node => !_leaves.Contains(node)).ToList();
        var top = start is not null && _leaves.Contains(start) ? start.Ends[0].Peer : start;
        var seen = new HashSet<Node>();
        foreach (var node in trunk.OrderBy(node => node != top))
        {
            if (seen.Contains(node))
                continue;
            var island = Reach(node, seen);
            Roots.Add(Grow(node == top ? node : Middle(island)));
        }
    }

    /// <summary>The top of each part of the world that no cable joins to another.</summary>
    public List<Branch> Roots { get; } = [];

    private bool IsLeaf(Node node, Node? start)
    {
        if (node is not Host || node is Router || node.Ends.Count != 1)
            return false;
        // Two computers and a cable: one of them has to be the trunk.
        var peer = node.Ends[0].Peer;
        return peer.Ends.Count > 1
            || peer is not Host
            || peer is Router
            || (start is null ? ((Host)peer).Number < ((Host)node).Number : node != start);
    }

    private List<Node> Reach(Node from, HashSet<Node> seen)
    {
        var island = new List<Node> { from };
        seen.Add(from);
        for (var i = 0; i < island.Count; i++)
        {
            foreach (var peer in TrunkPeers(island[i]))
            {
                if (seen.Add(peer))
                    island.Add(peer);
            }
        }
        return island;
    }

    private IEnumerable<Node> TrunkPeers(Node node) =>
        node.Ends.Select(end => end.Peer).Where(peer => !_leaves.Contains(peer));

    /// <summary>From where the farthest is nearest; of several the one with the most cables.</summary>
    private Node Middle(List<Node> island)
    {
        // It takes a walk from each: who is large beyond drawing begins with its first node.
        const int most = 3000;
        return island.Count > most
            ? island[0]
            : island.OrderBy(Depth).ThenByDescending(node => node.Ends.Count).First();
    }

    private int Depth(Node from)
    {
        var depth = new Dictionary<Node, int> { [from] = 0 };
        var next = new Queue<Node>([from]);
        var most = 0;
        while (next.TryDequeue(out var node))
        {
            most = depth[node];
            foreach (var peer in TrunkPeers(node))
            {
                if (depth.TryAdd(peer, most + 1))
                    next.Enqueue(peer);
            }
        }
        return most;
    }

    /// <summary>The tree of an island, from one of its nodes on.</summary>
    public Branch Grow(Node root)
    {
        var inTree = new HashSet<Cable>();
        var top = new Branch(root, null, null);
        var branches = new List<Branch> { top };
        var seen = new HashSet<Node> { root };
        for (var i = 0; i < branches.Count; i++)
        {
            var branch = branches[i];
            foreach (var end in branch.Node.Ends)
            {
                if (_leaves.Contains(end.Peer))
                    branch.Leaves.Add(end);
                else if (seen.Add(end.Peer))
                {
                    inTree.Add(end.Cable);
                    branches.Add(new(end.Peer, end.Cable, branch));
                    branch.Children.Add(branches[^1]);
                }
                else if (!inTree.Contains(end.Cable))
                    branch.Others.Add(end);
            }
        }
        foreach (var branch in branches)
            Name(branch);
        return top;
    }

    /// <summary>The subnets of a link stand at the first of its hubs and switches.</summary>
    private static void Name(Branch branch)
    {
        if (!branch.Node.IsBridge || branch.Parent is { Node.IsBridge: true })
            return;
        branch.Subnets = SubnetsOf(Segment.Of(branch.Node).HostEnds);
    }

    /// <summary>The subnets that the hosts at these ends stand in, but for that of fe80::/10, which every link has.</summary>
    public static IReadOnlyList<Subnet> SubnetsOf(IEnumerable<CableEnd> ends) =>
        [
            .. ends.SelectMany(end => ((Host)end.Node).AdapterOn(end).Addresses)
                .Where(static address => Host.IsGlobal(address.Address))
                .Select(static address => address.Subnet)
                .Distinct(),
        ];
}

/// <summary>A node of the trunk, with what hangs from it.</summary>
internal sealed class Branch(Node node, Cable? cable, Branch? parent)
{
    public Node Node => node;

    /// <summary>The cable toward the parent; null at the top.</summary>
    public Cable? Cable => cable;

    public Branch? Parent => parent;

    public List<Branch> Children { get; } = [];

    /// <summary>Cables to computers that have no other.</summary>
    public List<CableEnd> Leaves { get; } = [];

    /// <summary>Cables to other branches, which the tree leaves out.</summary>
    public List<CableEnd> Others { get; } = [];

    /// <summary>What the link is called that begins here.</summary>
    public IReadOnlyList<Subnet> Subnets { get; set; } = [];

    /// <summary>What stands beside the cable toward the parent: what it is like, and its subnet where it is one by itself.</summary>
    public IReadOnlyList<string> CableLabels
    {
        get
        {
            if (cable is null)
                return [];
            IReadOnlyList<string> settings = [Short(cable)];
            return cable.A.IsBridge || cable.B.IsBridge
                ? settings
                : [.. settings, .. Skeleton.SubnetsOf([cable.EndA]).Select(subnet => subnet.ToString())];
        }
    }

    /// <summary>Rate and delay, and whether anything gets through at all; the rest is for who asks further.</summary>
    public static string Short(Cable cable)
    {
        var settings = cable.Settings;
        // A stub is as long as nothing, and half duplex as all of its bus: that one's length is what there is to say.
        var length = (cable.A as Bus ?? cable.B as Bus)?.Length;
        var duplex = settings.HalfDuplex && length is null ? ", half duplex" : "";
        return $"{settings.Rate}, {length ?? $"{settings.Delay}"}{duplex}{(cable.IsCut ? ", cut" : "")}";
    }
}

/// <summary>What kinds of node are called and drawn as.</summary>
internal static class NodeKind
{
    public static string Of(Node node) =>
        node is Router { Stack.Ip.Nat: not null } ? "router, NAT" : node.GetType().Name.ToLowerInvariant();
}
