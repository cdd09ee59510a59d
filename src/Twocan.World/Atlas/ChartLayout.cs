namespace Twocan.Worlds;

/// <summary>
/// Lays a world out. Trees are packed as <see cref="TreePacking{T}"/> does, with computers in columns below what they are
/// plugged into. Where cables close circles, the nodes on them (what is left when every dead end has been taken away,
/// again and again) stand in one row, in the order in which their cables are shortest; those cables run above the row,
/// each at a height of its own, and the trees hang below.
/// </summary>
internal sealed class ChartLayout
{
    public const int Margin = 28;
    public const int BoxHeight = 46;
    public const int LeafHeight = 36;
    public const double NameSize = 13.5;
    public const double SmallSize = 11;

    /// <summary>Where the name begins: behind the icon.</summary>
    public const int TextX = 42;
    public const int LeafTextX = 30;
    public const int LabelHeight = 14;

    private const int Port = 12;
    private const int LeafRail = 30;
    private const int LeafX = 46;
    private const int LeafGap = 12;
    private const int LeavesInAColumn = 7;
    private const int ArcHeight = 26;
    private const int PortGap = 12;
    private static readonly PackingRules Rules = new(Rail: 30, GapX: 34, GapY: 26, Port: Port, Bus: 26, Narrowness: 0);

    /// <summary>What a picture's or a tree's width may be, before its boxes say how wide it becomes.</summary>
    private static readonly List<int> Widths =
    [
        .. Enumerable.Range(0, 20).Select(step => (int)(300 * Math.Pow(1.25, step))),
    ];

    private readonly List<ChartBox> _boxes = [];
    private readonly List<ChartLine> _lines = [];
    private readonly Dictionary<Node, ChartBox> _boxOf = [];
    private readonly World _world;
    private readonly Skeleton _skeleton;

    public ChartLayout(World world, Node? start)
    {
        _world = world;
        _skeleton = new(world, start);
    }

    public Chart Chart()
    {
        var (width, height) = (0, Margin);
        foreach (var root in _skeleton.Roots)
        {
            var (right, bottom) = Island(root, height);
            (width, height) = (Math.Max(width, right), bottom + Margin);
        }
        return new(width + Margin, height, _boxes, _lines, [.. Regions()]);
    }

    private (int Right, int Bottom) Island(Branch root, int top)
    {
        var rings = Rings(root);
        if (rings.Count == 0)
            return Tree(root, top);
        // Every tree hangs from the row if the row is where the walk begins.
        return Row(Rings(_skeleton.Grow(rings[0].Node)), top);
    }

    private (int Right, int Bottom) Tree(Branch root, int top)
    {
        var box = BoxOf(root, []);
        var packing = new TreePacking<Branch>(Rules);
        var width = BestWidth(width => packing.Measure(box, width));
        return Put(box, width, Margin, top);
    }

    /// <summary>The width with which the picture looks like a page lying on its side, and has little empty paper.</summary>
    private static int BestWidth(Func<int, (int Width, int Height)> measure) =>
        Widths.MinBy(width => Ugliness(measure(width)));

    private static double Ugliness((int Width, int Height) size) =>
        Math.Abs(Math.Log(size.Width / (1.5 * size.Height))) + 0.7 * Math.Log((double)size.Width * size.Height);

    /// <summary>The same for a row of trees: each is as narrow as it can be without becoming higher than the others.</summary>
    private static List<int> BestWidths(TreePacking<Branch> packing, List<PackingBox<Branch>> boxes)
    {
        var sizes = boxes.ConvertAll(box => Widths.ConvertAll(width => packing.Measure(box, width)));
        var heights = sizes.SelectMany(forms => forms.Select(size => size.Height)).Distinct().Order();
        var best = heights
            .Where(height => sizes.TrueForAll(forms => forms.Exists(size => size.Height <= height)))
            .Select(height => sizes.ConvertAll(forms => Narrowest(forms, height)))
            .MinBy(forms =>
                Ugliness(
                    (
                        forms.Select((form, i) => sizes[i][form].Width + Rules.GapX).Sum(),
                        forms.Select((form, i) => sizes[i][form].Height).Max()
                    )
                )
            )!;
        return best.ConvertAll(form => Widths[form]);
    }

    private static int Narrowest(List<(int Width, int Height)> forms, int height) =>
        Enumerable.Range(0, forms.Count).Where(i => forms[i].Height <= height).MinBy(i => forms[i].Width);

    private (int Right, int Bottom) Row(List<Branch> rings, int top)
    {
        var isRing = rings.Select(branch => branch.Node).ToHashSet();
        var boxes = rings.ConvertAll(branch => BoxOf(branch, isRing));
        var arcs = rings
            .SelectMany(branch => branch.Node.Ends)
            .Where(end => isRing.Contains(end.Peer))
            .Select(end => end.Cable)
            .Distinct()
            .ToList();
        var packing = new TreePacking<Branch>(Rules);
        var widths = BestWidths(packing, boxes);
        var order = RingOrder.Of(
            [.. boxes.Zip(widths, (box, width) => packing.Measure(box, width).Width + Rules.GapX)],
            [.. arcs.Select(cable => (Place(rings, cable.A), Place(rings, cable.B)))]
        );
        var levels = Levels(arcs, order.ConvertAll(i => rings[i].Node));
        var rowTop = top + (levels.Values.DefaultIfEmpty(0).Max() + 1) * ArcHeight + LabelHeight;
        var (right, bottom) = (Margin, rowTop);
        foreach (var i in order)
        {
            var (blockRight, blockBottom) = Put(boxes[i], widths[i], right, rowTop);
            (right, bottom) = (blockRight + Rules.GapX, Math.Max(bottom, blockBottom));
        }
        DrawArcs(arcs, levels, rowTop);
        return (Math.Max(right - Rules.GapX, _lines.Max(line => LabelRight(line))), bottom);
    }

    private static int Place(List<Branch> rings, Node node) => rings.FindIndex(branch => branch.Node == node);

    private static int LabelRight(ChartLine line) =>
        line.Labels.Select(label => label.X + label.Width).DefaultIfEmpty(0).Max();

    /// <summary>Each arc at the lowest height at which it meets no other that it would lie upon; short ones first.</summary>
    private static Dictionary<Cable, int> Levels(List<Cable> arcs, List<Node> order)
    {
        var taken = new List<List<(int From, int To)>>();
        var levels = new Dictionary<Cable, int>();
        var spans = arcs.ConvertAll(cable =>
        {
            var (a, b) = (order.IndexOf(cable.A), order.IndexOf(cable.B));
            return (Cable: cable, From: Math.Min(a, b), To: Math.Max(a, b));
        });
        foreach (var (cable, from, to) in spans.OrderBy(span => span.To - span.From).ThenBy(span => span.From))
        {
            var level = 0;
            while (level < taken.Count && taken[level].Exists(other => other.From < to && from < other.To))
                level++;
            if (level == taken.Count)
                taken.Add([]);
            taken[level].Add((from, to));
            levels[cable] = level;
        }
        return levels;
    }

    private void DrawArcs(List<Cable> arcs, Dictionary<Cable, int> levels, int rowTop)
    {
        var portOf = new Dictionary<(Node, Cable), int>();
        foreach (var node in arcs.SelectMany(cable => new[] { cable.A, cable.B }).Distinct())
        {
            // From the left: what comes from there, lowest first; then what goes to the right, highest first.
            var mine = arcs.Where(cable => cable.A == node || cable.B == node)
                .OrderBy(cable => GoesRight(node, cable))
                .ThenBy(cable => GoesRight(node, cable) ? -levels[cable] : levels[cable])
                .ToList();
            for (var i = 0; i < mine.Count; i++)
                portOf[(node, mine[i])] = _boxOf[node].X + Port + i * PortGap;
        }
        foreach (var cable in arcs)
        {
            var (left, right) = GoesRight(cable.A, cable) ? (cable.A, cable.B) : (cable.B, cable.A);
            var (from, to) = (portOf[(left, cable)], portOf[(right, cable)]);
            var y = rowTop - (levels[cable] + 1) * ArcHeight + ArcHeight / 2;
            _lines.Add(
                new(
                    cable,
                    [(from, rowTop), (from, y), (to, y), (to, rowTop)],
                    [ChartLabel.At(Branch.Short(cable), from + 8, y - 5)]
                )
            );
        }
    }

    private bool GoesRight(Node node, Cable cable) => _boxOf[node].X < _boxOf[cable.A == node ? cable.B : cable.A].X;

    private (int Right, int Bottom) Put(PackingBox<Branch> box, int width, int x, int y)
    {
        var packing = new TreePacking<Branch>(Rules);
        packing.Add(box, width, x, y);
        foreach (var placed in packing.Boxes)
        {
            Put(placed);
            if (placed.Parent is { } parent)
                Join(placed, parent);
        }
        return (packing.Width, packing.Height);
    }

    private void Put(PackedBox<Branch> placed)
    {
        var branch = placed.Box.What;
        Keep(new(branch.Node, placed.X, placed.Y, OwnWidth(branch), BoxHeight, About(branch), false));
        var (columns, rows) = Grid(branch.Leaves.Count);
        var x = placed.X + LeafX;
        for (var column = 0; column < columns; column++)
        {
            var ends = branch.Leaves.Skip(column * rows).Take(rows).ToList();
            var width = ends.Max(LeafWidth);
            for (var row = 0; row < ends.Count; row++)
            {
                var y = placed.Y + BoxHeight + Band(branch) + row * (LeafHeight + LeafGap);
                var leaf = Keep(new(ends[row].Peer, x, y, width, LeafHeight, AboutLeaf(ends[row]), true));
                PlugIn(branch, ends[row].Cable, leaf, x - (LeafX - LeafRail));
            }
            x += width + LeafX - LeafRail + LeafGap;
        }
    }

    /// <summary>From the box down its rail; that of a later column is fed from between the box and the computers.</summary>
    private void PlugIn(Branch branch, Cable cable, ChartBox leaf, int rail)
    {
        var box = _boxOf[branch.Node];
        var (first, bottom, middle) = (box.X + LeafRail, box.Y + box.Height, leaf.Y + leaf.Height / 2);
        var isFirst = leaf.Node == branch.Leaves[0].Peer;
        _lines.Add(
            new(
                cable,
                rail == first
                    ? [(rail, bottom), (rail, middle), (leaf.X, middle)]
                    : [(first, bottom), (first, bottom + 5), (rail, bottom + 5), (rail, middle), (leaf.X, middle)],
                isFirst ? [.. LeafLabel(branch).Select(label => ChartLabel.At(label, first + 8, bottom + 18))] : []
            )
        );
    }

    private void Join(PackedBox<Branch> placed, PackedBox<Branch> parent)
    {
        var (from, to) = (parent.X + Port, placed.X + Port);
        var start = parent.Y + BoxHeight;
        var busY = placed.BusY + (placed.OnRail || from != to ? Rules.Bus / 2 : 0);
        IReadOnlyList<(int, int)> points =
            from == to ? [(from, start), (to, placed.Y)] : [(from, start), (from, busY), (to, busY), (to, placed.Y)];
        var labels = placed.Box.What.CableLabels;
        var lowest = placed.Y - 8;
        _lines.Add(
            new(
                placed.Box.What.Cable!,
                points,
                [
                    .. labels.Select(
                        (label, i) => ChartLabel.At(label, to + 8, lowest - (labels.Count - 1 - i) * LabelHeight)
                    ),
                ]
            )
        );
    }

    private ChartBox Keep(ChartBox box)
    {
        _boxes.Add(box);
        _boxOf[box.Node] = box;
        return box;
    }

    private static PackingBox<Branch> BoxOf(Branch branch, HashSet<Node> rings)
    {
        var (columns, rows) = Grid(branch.Leaves.Count);
        var width = OwnWidth(branch);
        var leaves = LeafX;
        for (var column = 0; column < columns; column++)
            leaves += branch.Leaves.Skip(column * rows).Take(rows).Max(LeafWidth) + LeafX - LeafRail + LeafGap;
        if (columns > 0)
            width = Math.Max(width, leaves - (LeafX - LeafRail + LeafGap));
        var height = BoxHeight + (rows == 0 ? 0 : Band(branch) + rows * (LeafHeight + LeafGap));
        var lead = branch.CableLabels.Count * LabelHeight + 12;
        var box = new PackingBox<Branch>(branch, [(width, height)], lead);
        foreach (var child in branch.Children.Where(child => !rings.Contains(child.Node)))
            box.Children.Add(BoxOf(child, rings));
        return box;
    }

    /// <summary>The space above the computers: what their cables are like stands there, if it is the same for all.</summary>
    private static int Band(Branch branch) => branch.Leaves.Count > 0 && LeafLabel(branch).Count > 0 ? 24 : LeafGap;

    private static IReadOnlyList<string> LeafLabel(Branch branch)
    {
        var labels = branch.Leaves.Select(end => Branch.Short(end.Cable)).Distinct().ToList();
        return labels.Count == 1 ? labels : [];
    }

    private static (int Columns, int Rows) Grid(int leaves)
    {
        var columns = (leaves + LeavesInAColumn - 1) / LeavesInAColumn;
        return (columns, columns == 0 ? 0 : (leaves + columns - 1) / columns);
    }

    private static int OwnWidth(Branch branch)
    {
        var width =
            TextX + 14 + Math.Max(TextWidth.Of(branch.Node.Name, NameSize), TextWidth.Of(About(branch), SmallSize));
        foreach (var label in branch.CableLabels)
            width = Math.Max(width, Port + 10 + TextWidth.Of(label, SmallSize));
        foreach (var label in branch.Leaves.Count > 0 ? LeafLabel(branch) : [])
            width = Math.Max(width, LeafRail + 10 + TextWidth.Of(label, SmallSize));
        return Math.Max(width, Port * 2 + PortGap * (branch.Node.Ends.Count - branch.Leaves.Count));
    }

    private static int LeafWidth(CableEnd end) =>
        LeafTextX + 10 + Math.Max(TextWidth.Of(end.Peer.Name, 12), TextWidth.Of(AboutLeaf(end), SmallSize));

    private static string About(Branch branch) =>
        string.Join(
            " · ",
            [
                NodeKind.Of(branch.Node),
                .. branch.Subnets.Select(subnet => subnet.ToString()),
                .. branch.Node is Host and not Router
                    ? ((Host)branch.Node).GlobalAddresses.Select(address => address.ToString())
                    : [],
            ]
        );

    private static string AboutLeaf(CableEnd end)
    {
        var host = (Host)end.Peer;
        return string.Join(
            " · ",
            host.GlobalAddresses.Select(one => end.Node.IsBridge ? one.Address.ToString() : one.ToString())
        );
    }

    /// <summary>The nodes on circles: what is left when dead ends are taken away until there is none.</summary>
    private static List<Branch> Rings(Branch root)
    {
        var all = new List<Branch> { root };
        for (var i = 0; i < all.Count; i++)
            all.AddRange(all[i].Children);
        var degree = all.ToDictionary(branch => branch.Node, branch => branch.Node.Ends.Count - branch.Leaves.Count);
        var ends = new Queue<Node>(all.Select(branch => branch.Node).Where(node => degree[node] <= 1));
        while (ends.TryDequeue(out var node))
        {
            degree[node] = 0;
            foreach (var peer in node.Ends.Select(end => end.Peer))
            {
                if (degree.GetValueOrDefault(peer) > 0 && --degree[peer] == 1)
                    ends.Enqueue(peer);
            }
        }
        return all.FindAll(branch => degree[branch.Node] > 1);
    }

    private IEnumerable<ChartRegion> Regions()
    {
        var lines = _lines.ToDictionary(line => line.Cable);
        var seen = new HashSet<Node>();
        var colour = 0;
        foreach (var node in _world.Nodes)
        {
            if (!node.IsBridge || !seen.Add(node))
                continue;
            var bridges = Segment.Of(node).Nodes.Where(one => one.IsBridge).ToHashSet();
            seen.UnionWith(bridges);
            var cables = _world.Cables.Where(cable => bridges.Contains(cable.A) || bridges.Contains(cable.B)).ToList();
            var members = _boxes.Where(box =>
                bridges.Contains(box.Node) || (box.IsLeaf && bridges.Contains(box.Node.Ends[0].Peer))
            );
            yield return new(colour++, [.. members], [.. cables.Select(cable => lines[cable])]);
        }
        // A computer that stands alone with its router is a link of its own. Its cable runs beside those of others.
        foreach (var box in _boxes.Where(box => box.IsLeaf && !box.Node.Ends[0].Peer.IsBridge))
            yield return new(colour++, [box], []);
    }
}
