namespace Twocan.Worlds;

/// <summary>A link as IP sees it: all that hear each other's broadcasts, over one cable or over hubs and switches.</summary>
internal sealed class Segment
{
    private readonly List<CableEnd> _hostEnds = [];
    private readonly HashSet<CableEnd> _known = [];
    private readonly HashSet<Node> _nodes = [];

    /// <summary>The cable ends in hosts and routers, in the order of the walk.</summary>
    public IReadOnlyList<CableEnd> HostEnds => _hostEnds;

    /// <summary>Everything on it, hubs and switches included.</summary>
    public IReadOnlySet<Node> Nodes => _nodes;

    /// <summary>The link that a hub or a switch is part of, or that begins at a host's end of a cable.</summary>
    public static Segment Of(Node bridge)
    {
        var segment = new Segment();
        segment.Walk(bridge);
        return segment;
    }

    public static Segment Of(CableEnd end)
    {
        var segment = new Segment();
        segment._nodes.Add(end.Node);
        segment._hostEnds.Add(end);
        segment._known.Add(end);
        segment.Step(end);
        return segment;
    }

    private void Walk(Node bridge)
    {
        _nodes.Add(bridge);
        foreach (var end in bridge.Ends)
            Step(end);
    }

    /// <summary>Along the cable to whoever is at its other end.</summary>
    private void Step(CableEnd end)
    {
        var far = end.Cable.EndA == end ? end.Cable.EndB : end.Cable.EndA;
        if (far.Node.IsBridge)
        {
            if (!_nodes.Contains(far.Node))
                Walk(far.Node);
            return;
        }
        _nodes.Add(far.Node);
        if (_known.Add(far))
            _hostEnds.Add(far);
    }
}
