using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What is known of a neighbour (RFC 4861 §7.3.2; ARP has taken the same states over).</summary>
public enum NeighbourState
{
    /// <summary>Asked for, not known yet; packets wait.</summary>
    Incomplete,

    /// <summary>Known, and confirmed not long ago.</summary>
    Reachable,

    /// <summary>Known, but long not confirmed; nobody minds as long as nothing is sent there.</summary>
    Stale,

    /// <summary>Used although it is stale: perhaps an answer from above confirms it before it has to be asked.</summary>
    Delay,

    /// <summary>Still used, while it is asked alone whether it is still there.</summary>
    Probe,
}

/// <summary>A line of a neighbour table, with the packets that wait for it.</summary>
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

    /// <summary>It has said that it is a router (IPv6 only).</summary>
    public bool IsRouter { get; internal set; }

    /// <summary>When it was last known for certain to be there.</summary>
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
