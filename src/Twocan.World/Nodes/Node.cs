using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>Something that cables are plugged into: a host, a router, a hub, a switch.</summary>
public abstract class Node
{
    private readonly List<CableEnd> _ends = [];
    private readonly List<Fault> _crashes = [];

    private protected Node(World world, string name)
    {
        World = world;
        Name = name;
        Journal = world.Journal?.For(name);
    }

    public World World { get; }

    public string Name { get; }

    public HostJournal? Journal { get; }

    /// <summary>In one word, as people say it: host, router, hub, switch, bus.</summary>
    public string Kind => GetType().Name.ToLowerInvariant();

    /// <summary>False while it lies there crashed.</summary>
    public bool IsUp => _crashes.Count == 0;

    /// <summary>The cables that are plugged in, in the order in which they were.</summary>
    public IReadOnlyList<CableEnd> Ends => _ends;

    /// <summary>Whether it passes frames on below IP, so that all its cables are one link: a hub or a switch.</summary>
    public virtual bool IsBridge => false;

    /// <summary>What joins its half-duplex cables to one wire; null for who takes frames and sends them anew.</summary>
    internal virtual Junction? Junction => null;

    /// <summary>Takes a cable and answers who gets the frames that come from it.</summary>
    internal IFrameReceiver Plug(CableEnd end)
    {
        _ends.Add(end);
        return MakeReceiver(end);
    }

    internal void Suffer(Fault crash)
    {
        _crashes.Add(crash);
        if (_crashes.Count == 1)
            PowerOff();
    }

    internal void Recover(Fault crash)
    {
        if (_crashes.Remove(crash) && IsUp)
            PowerOn();
    }

    /// <summary>From one moment to the next it is silent: nothing comes out of it, and what comes to it is lost.</summary>
    private protected virtual void PowerOff()
    {
        foreach (var end in _ends)
            end.PowerOff();
        Junction?.PowerOff();
    }

    private protected virtual void PowerOn()
    {
        foreach (var end in _ends)
            end.Receiver = MakeReceiver(end);
    }

    private protected abstract IFrameReceiver MakeReceiver(CableEnd end);

    public override string ToString() => Name;
}
