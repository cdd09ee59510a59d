using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>A string between two cans, named by its ends, <c>pc--home-hub</c>.</summary>
public sealed class Cable
{
    internal Cable(World world, Node a, Node b, CableSettings settings)
    {
        Name = $"{a.Name}--{b.Name}";
        Settings = settings;
        if (settings.HalfDuplex)
        {
            var (aToB, bToA) = Share(world, a, b);
            (AToB, BToA) = (aToB, bToA);
            EndA = new(this, AToB, BToA, Attach(world, a, bToA, aToB));
            EndB = new(this, BToA, AToB, Attach(world, b, aToB, bToA));
        }
        else
        {
            AToB = new PrivateLine(world, this, a, b);
            BToA = new PrivateLine(world, this, b, a);
            EndA = new(this, AToB, BToA);
            EndB = new(this, BToA, AToB);
        }
    }

    public string Name { get; }

    /// <summary>What the cable is like when nothing is wrong with it.</summary>
    public CableSettings Settings { get; }

    /// <summary>The direction from the end that the name says first.</summary>
    public CableDirection AToB { get; }

    public CableDirection BToA { get; }

    public Node A => AToB.From;

    public Node B => AToB.To;

    /// <summary>Nothing gets through, in either direction.</summary>
    public bool IsCut => AToB.IsCut && BToA.IsCut;

    /// <summary>The faults that it suffers now, those of the first direction first, oldest first.</summary>
    public IReadOnlyList<Fault> Faults => [.. AToB.Faults.Union(BToA.Faults)];

    internal CableEnd EndA { get; }

    internal CableEnd EndB { get; }

    /// <summary>Two lines of one wire, together with all that is joined to it by hubs or a bus at either end.</summary>
    private (SharedLine AToB, SharedLine BToA) Share(World world, Node a, Node b)
    {
        var (aToB, bToA) = (new SharedLine(world, this, a, b), new SharedLine(world, this, b, a));
        var domain = a.Junction?.Domain ?? new CollisionDomain();
        domain.Add(aToB);
        domain.Add(bToA);
        if (b.Junction?.Domain is { } other)
            domain.Absorb(other);
        return (aToB, bToA);
    }

    /// <summary>Hubs and buses hand on what they hear; everybody else has a mouth of his own.</summary>
    private static Station? Attach(World world, Node node, SharedLine inward, SharedLine outward)
    {
        if (node.Junction is not { } junction)
            return new(world, outward, inward);
        junction.Plug(inward, outward);
        return null;
    }

    public override string ToString() => $"{Name} ({Settings})";
}

/// <summary>One end of a cable, as the node sees it that it is plugged into.</summary>
public sealed class CableEnd : ILink
{
    private readonly CableDirection _out;
    private readonly CableDirection _in;

    internal CableEnd(Cable cable, CableDirection outward, CableDirection inward, Station? station = null)
    {
        Cable = cable;
        Station = station;
        (_out, _in) = (outward, inward);
    }

    public Cable Cable { get; }

    public string Name => Cable.Name;

    public int Mtu => Cable.Settings.Mtu;

    /// <summary>Two machines of which each does without a wire's ways, and nobody beside them to hear it.</summary>
    public bool TakesOffload => !Cable.Settings.HalfDuplex && _out.Receiver is { TakesOffload: true };

    /// <summary>Whose end this is.</summary>
    public Node Node => _out.From;

    /// <summary>Who is at the other end.</summary>
    public Node Peer => _out.To;

    /// <summary>What goes out here: its queue, and what became of it.</summary>
    public CableDirection Outward => _out;

    /// <summary>What waits for its turn on a wire that others speak on too; null with full duplex, and in hubs and buses.</summary>
    public Station? Station { get; }

    /// <summary>Who gets the frames that come in here; null while the machine is dead.</summary>
    internal IFrameReceiver? Receiver
    {
        set => _in.Receiver = value;
    }

    public void Transmit(PacketBuffer frame) => _out.Transmit(frame);

    /// <summary>The machine that this end is plugged into has lost its power: what waited in it to be sent is gone.</summary>
    internal void PowerOff()
    {
        Receiver = null;
        _out.LoseAllWaiting();
    }
}
