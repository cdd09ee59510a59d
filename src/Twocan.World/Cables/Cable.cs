using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>A string between two cans: full duplex, named by its ends, <c>pc--home-hub</c>.</summary>
public sealed class Cable
{
    internal Cable(World world, Node a, Node b, CableSettings settings)
    {
        Name = $"{a.Name}--{b.Name}";
        Settings = settings;
        AToB = new(world, this, a, b);
        BToA = new(world, this, b, a);
        EndA = new(this, AToB, BToA);
        EndB = new(this, BToA, AToB);
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

    public override string ToString() => $"{Name} ({Settings})";
}

/// <summary>One end of a cable, as the node sees it that it is plugged into.</summary>
public sealed class CableEnd : ILink
{
    private readonly CableDirection _out;
    private readonly CableDirection _in;

    internal CableEnd(Cable cable, CableDirection outward, CableDirection inward)
    {
        Cable = cable;
        (_out, _in) = (outward, inward);
    }

    public Cable Cable { get; }

    public string Name => Cable.Name;

    public int Mtu => Cable.Settings.Mtu;

    /// <summary>Whose end this is.</summary>
    public Node Node => _out.From;

    /// <summary>Who is at the other end.</summary>
    public Node Peer => _out.To;

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
