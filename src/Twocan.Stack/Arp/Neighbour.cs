using Twocan.Core;

namespace Twocan.Stack;

public enum NeighbourState
{
    /// <summary>Asked for, not known yet; packets wait.</summary>
    Incomplete,

    /// <summary>Known, and confirmed not long ago.</summary>
    Reachable,

    /// <summary>Known, but long not confirmed: still used, while the neighbour is asked whether it is still there.</summary>
    Probing,
}

/// <summary>A line of the ARP cache, with the packets that wait for it.</summary>
public sealed class Neighbour
{
    internal Neighbour(IpAddress address)
    {
        Address = address;
        UseNode = new(this);
        AskNode = new(this);
    }

    public IpAddress Address { get; }

    public MacAddress Mac { get; internal set; }

    public NeighbourState State { get; internal set; }

    /// <summary>When its MAC address was last heard from itself.</summary>
    public Instant ConfirmedAt { get; internal set; }

    /// <summary>Packets that wait for the MAC address.</summary>
    public int WaitingCount => Waiting.Count;

    internal int Attempts { get; set; }

    /// <summary>The packet for which the first question was asked.</summary>
    internal EventId AskedBecause { get; set; }

    internal Instant AskAgainAt { get; set; }

    internal Queue<PacketBuffer> Waiting { get; } = new();

    internal LinkedListNode<Neighbour> UseNode { get; }

    internal LinkedListNode<Neighbour> AskNode { get; }
}
