using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What an adapter is plugged into: a cable of a world, a TAP device.</summary>
public interface ILink
{
    /// <summary>The cable's name, as a person reads it: <c>pc--home-hub</c>.</summary>
    string Name { get; }

    /// <summary>The longest packet (without the Ethernet header) that fits into a frame.</summary>
    int Mtu { get; }

    /// <summary>Takes a whole frame, from the destination address to the frame check sequence, and owns it from now on.</summary>
    void Transmit(PacketBuffer frame);
}

/// <summary>What a link delivers to: an adapter, a port of a hub or a switch.</summary>
public interface IFrameReceiver
{
    /// <summary>Takes a whole frame, frame check sequence included and not yet checked, and owns it from now on.</summary>
    void Receive(PacketBuffer frame);
}
