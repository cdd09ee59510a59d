using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What an adapter is plugged into: a cable of a world, a TAP device.</summary>
public interface ILink
{
    /// <summary>The cable's name, as a person reads it: <c>pc--home-hub</c>.</summary>
    string Name { get; }

    /// <summary>The longest packet (without the Ethernet header) that fits into a frame.</summary>
    int Mtu { get; }

    /// <summary>
    /// Whether frames may be put on it as they are in memory: a segment of up to 64 KiB that nobody has cut yet, with its
    /// checks left out (<see cref="PacketBuffer.SegmentSize"/>, <see cref="PacketBuffer.LacksChecks"/>). So it is where no wire comes before somebody who can do with such.
    /// </summary>
    bool TakesOffload => false;

    /// <summary>Takes a whole frame, from the destination address to the frame check sequence, and owns it from now on.</summary>
    void Transmit(PacketBuffer frame);
}

/// <summary>What a link delivers to: an adapter, a port of a hub or a switch.</summary>
public interface IFrameReceiver
{
    /// <summary>Can do with frames as they were in its neighbour's memory: see <see cref="ILink.TakesOffload"/>.</summary>
    bool TakesOffload => false;

    /// <summary>Takes a whole frame, frame check sequence included and not yet checked, and owns it from now on.</summary>
    void Receive(PacketBuffer frame);
}
