using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>Something that cables are plugged into: a host, a router, a hub, a switch.</summary>
public abstract class Node
{
    private readonly List<CableEnd> _ends = [];

    private protected Node(World world, string name)
    {
        World = world;
        Name = name;
        Journal = world.Journal?.For(name);
    }

    public World World { get; }

    public string Name { get; }

    public HostJournal? Journal { get; }

    /// <summary>The cables that are plugged in, in the order in which they were.</summary>
    public IReadOnlyList<CableEnd> Ends => _ends;

    /// <summary>Whether it passes frames on below IP, so that all its cables are one link: a hub or a switch.</summary>
    public virtual bool IsBridge => false;

    /// <summary>Takes a cable and answers who gets the frames that come from it.</summary>
    internal IFrameReceiver Plug(CableEnd end)
    {
        _ends.Add(end);
        return MakeReceiver(end);
    }

    private protected abstract IFrameReceiver MakeReceiver(CableEnd end);

    public override string ToString() => Name;
}
