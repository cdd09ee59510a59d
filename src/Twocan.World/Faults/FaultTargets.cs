namespace Twocan.Worlds;

/// <summary>Finds what a sentence speaks of. A name that is not there is told, with those that are near to it.</summary>
internal sealed class FaultTargets
{
    private readonly List<CableDirection> _directions = [];
    private readonly List<Host> _hosts = [];
    private readonly List<string> _errors = [];

    public FaultTargets(World world, FaultSentence sentence)
    {
        foreach (var name in sentence.Cables)
            AddCable(world, name);
        foreach (var name in sentence.Hosts)
            AddHost(world, name);
    }

    public IReadOnlyList<CableDirection> Directions => _directions;

    public IReadOnlyList<Host> Hosts => _hosts;

    public IReadOnlyList<string> Errors => _errors;

    private void AddCable(World world, string name)
    {
        var arrow = name.IndexOf("->", StringComparison.Ordinal);
        var cable = world.FindCable(arrow < 0 ? name : $"{name[..arrow]}--{name[(arrow + 2)..]}");
        if (cable is null)
        {
            _errors.Add(world.NoSuchCable(name));
            return;
        }
        if (arrow < 0 || cable.A.Name == name[..arrow])
            Add(cable.AToB);
        if (arrow < 0 || cable.B.Name == name[..arrow])
            Add(cable.BToA);
    }

    private void Add(CableDirection direction)
    {
        if (!_directions.Contains(direction))
            _directions.Add(direction);
    }

    private void AddHost(World world, string name)
    {
        switch (world.Find(name))
        {
            case Host host:
                _hosts.Add(host);
                break;
            case { } node:
                _errors.Add(
                    $"{name} is a {node.GetType().Name.ToLowerInvariant()}, and only hosts and routers crash: cut its cables, as in 'cut {(node.Ends.Count > 0 ? node.Ends[0].Name : "pc--home-hub")}'"
                );
                break;
            default:
                var near = Nearest.Of(name, world.Hosts.Select(host => host.Name));
                _errors.Add(
                    $"there is no host '{name}'" + (near.Count > 0 ? $"; near to it: {string.Join(", ", near)}" : "")
                );
                break;
        }
    }
}
