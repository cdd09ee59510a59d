using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>A string between two cans: full duplex, named by its ends, <c>pc--home-hub</c>.</summary>
public sealed class Cable
{
    private readonly List<Fault> _faults = [];

    internal Cable(World world, Node a, Node b, CableSettings settings)
    {
        Name = $"{a.Name}--{b.Name}";
        Settings = settings;
        Now = new(settings.Rate, settings.Delay, settings.Loss, settings.Queue, settings.Mtu);
        AToB = new(world, this, a, b);
        BToA = new(world, this, b, a);
        EndA = new(this, AToB);
        EndB = new(this, BToA);
    }

    public string Name { get; }

    /// <summary>What the cable is like when nothing is wrong with it.</summary>
    public CableSettings Settings { get; }

    /// <summary>The direction from the end that the name says first.</summary>
    public CableDirection AToB { get; }

    public CableDirection BToA { get; }

    public Node A => AToB.From;

    public Node B => AToB.To;

    public bool IsCut { get; private set; }

    /// <summary>The faults that it suffers now, oldest first.</summary>
    public IReadOnlyList<Fault> Faults => _faults;

    /// <summary>What it is like at this moment, faults included.</summary>
    internal State Now { get; private set; }

    internal CableEnd EndA { get; }

    internal CableEnd EndB { get; }

    internal void Suffer(Fault fault)
    {
        _faults.Add(fault);
        Weigh();
        if (fault.What.Kind != FaultKind.Cut)
            return;
        AToB.LoseAllUnderWay();
        BToA.LoseAllUnderWay();
    }

    internal void Recover(Fault fault)
    {
        _faults.Remove(fault);
        Weigh();
    }

    /// <summary>Faults add up: delays are added, what one loss leaves the next may take, the slowest rate counts.</summary>
    private void Weigh()
    {
        var (rate, delay, kept) = (Settings.Rate, Settings.Delay, 1 - Settings.Loss);
        IsCut = false;
        foreach (var what in _faults.Select(fault => fault.What))
        {
            IsCut |= what.Kind == FaultKind.Cut;
            kept *= 1 - what.Loss;
            delay += what.Delay;
            if (what.Kind == FaultKind.Rate && what.Rate.CompareTo(rate) < 0)
                rate = what.Rate;
        }
        Now = new(rate, delay, 1 - kept, Settings.Queue, Settings.Mtu);
    }

    public override string ToString() => $"{Name} ({Settings})";

    internal readonly record struct State(BitRate Rate, Duration Delay, double Loss, int Queue, int Mtu);
}

/// <summary>One end of a cable, as the node sees it that it is plugged into.</summary>
public sealed class CableEnd : ILink
{
    private readonly CableDirection _out;

    internal CableEnd(Cable cable, CableDirection outward)
    {
        Cable = cable;
        _out = outward;
    }

    public Cable Cable { get; }

    public string Name => Cable.Name;

    public int Mtu => Cable.Settings.Mtu;

    /// <summary>Whose end this is.</summary>
    public Node Node => _out.From;

    /// <summary>Who is at the other end.</summary>
    public Node Peer => _out.To;

    public void Transmit(PacketBuffer frame) => _out.Transmit(frame);
}
