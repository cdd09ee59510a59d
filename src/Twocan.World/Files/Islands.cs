namespace Twocan.Worlds;

/// <summary>Which nodes are joined by cables, directly or by way of others: a world may be of several parts.</summary>
internal sealed class Islands
{
    private readonly Dictionary<Node, int> _islandOf = [];

    public Islands(World world)
    {
        var count = 0;
        foreach (var node in world.Nodes)
        {
            if (!_islandOf.ContainsKey(node))
                Flood(node, count++);
        }
    }

    public bool Joins(Node a, Node b) => _islandOf[a] == _islandOf[b];

    private void Flood(Node from, int island)
    {
        _islandOf[from] = island;
        var next = new Queue<Node>([from]);
        while (next.TryDequeue(out var node))
        {
            foreach (var end in node.Ends)
            {
                if (_islandOf.TryAdd(end.Peer, island))
                    next.Enqueue(end.Peer);
            }
        }
    }
}
