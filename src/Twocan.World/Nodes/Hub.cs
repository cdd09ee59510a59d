using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// A repeater: what comes in at one port goes out of all the others, bit by bit, so a frame does not wait until it is
/// there as a whole.
/// <para>
/// With half-duplex cables it is the classic hub: one wire in the shape of a star, with its collisions (<see cref="Worlds.Junction"/>).
/// With full-duplex cables it is what Gigabit Ethernet had in the end instead, a buffered distributor: frames that come
/// together wait at the ports by which they leave.
/// </para>
/// </summary>
public sealed class Hub : Node
{
    /// <summary>How long a bit takes through it: about 50 bit times of Fast Ethernet, as class II repeaters do.</summary>
    public static readonly Duration RepeaterDelay = new(500);

    private readonly Junction _junction;

    internal Hub(World world, string name)
        : base(world, name)
    {
        _junction = new(
            this,
            static (_, _) => RepeaterDelay,
            static (cable, others, journal, because) => journal.Tell(new HubRepeated(cable, others), because),
            repeats: true
        );
    }

    public override bool IsBridge => true;

    /// <summary>Collisions that happened in it.</summary>
    public long Collisions => _junction.Collisions;

    internal override Junction Junction => _junction;

    private protected override IFrameReceiver MakeReceiver(CableEnd end) => new HubPort(this, end);

    private void Repeat(PacketBuffer frame, CableEnd from)
    {
        var others = Ends.Count - 1;
        if (others == 0)
        {
            frame.Dispose();
            return;
        }
        frame.Cause = Journal?.Tell(new HubRepeated(from.Name, others), frame.Cause) ?? frame.Cause;
        foreach (var end in Ends)
        {
            if (end == from)
                continue;
            // The last gets the frame itself.
            end.Transmit(--others > 0 ? frame.Copy() : frame);
        }
    }

    private sealed class HubPort(Hub hub, CableEnd end) : IFrameReceiver
    {
        public void Receive(PacketBuffer frame) => hub.Repeat(frame, end);
    }
}
