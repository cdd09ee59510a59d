namespace Twocan.Worlds;

/// <summary>Finds what a sentence speaks of. A name that is not there is told, with those that are near to it.</summary>
internal sealed class FaultTargets
{
    private readonly List<CableDirection> _directions = [];
    private readonly List<Node> _machines = [];
    private readonly List<string> _errors = [];

    public FaultTargets(World world, FaultSentence sentence)
    {
        foreach (var name in sentence.Cables)
            AddCable(world, name);
        foreach (var name in sentence.Hosts)
            AddMachine(world, name);
    }

    public IReadOnlyList<CableDirection> Directions => _directions;

    /// <summary>Hosts, routers, hubs, switches: whatever has a plug in the wall.</summary>
    public IReadOnlyList<Node> Machines => _machines;

    public IReadOnlyList<string> Errors => _errors;

    private void AddCable(World world, string name)
    {
        if (!FaultWords.IsCable(name))
        {
            AddBus(world, name);
            return;
        }
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

    /// <summary>What befalls a bus befalls whatever comes from it: on every way from one station to another that is once.</summary>
    private void AddBus(World world, string name)
    {
        if (world.Find(name) is not Bus bus)
        {
            _errors.Add(
                $"'{name}' is not a cable: a cable is named by its two ends, as in 'pc--home-hub' (or 'pc->home-hub' for one direction)"
            );
            return;
        }
        foreach (var end in bus.Ends)
            Add(end.Outward);
    }

    private void Add(CableDirection direction)
    {
        if (!_directions.Contains(direction))
            _directions.Add(direction);
    }

    private void AddMachine(World world, string name)
    {
        switch (world.Find(name))
        {
            case Bus:
                _errors.Add($"{name} is a bus, a wire that has no power to lose: write 'cut {name}'");
                break;
            case { } machine:
                _machines.Add(machine);
                break;
            default:
                var near = Nearest.Of(name, world.Nodes.Where(node => node is not Bus).Select(node => node.Name));
                _errors.Add(
                    $"there is no host '{name}'" + (near.Count > 0 ? $"; near to it: {string.Join(", ", near)}" : "")
                );
                break;
        }
    }
}
