using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// Where a cable leaves the world: what arrives at its end goes to the operating system's own network, and what that
/// sends comes in here. To the world it is one more machine at the end of a cable, with that cable's delay and its faults.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class Outlet : Node
{
    private readonly TapLink _link;

    internal Outlet(World world, string name, TapLink link)
        : base(world, name) => _link = link;

    private protected override IFrameReceiver MakeReceiver(CableEnd end)
    {
        _link.Receiver = new FromOutside(end);
        return new ToOutside(_link);
    }

    private sealed class ToOutside(TapLink link) : IFrameReceiver
    {
        public bool TakesOffload => link.TakesOffload;

        public void Receive(PacketBuffer frame) => link.Transmit(frame);
    }

    private sealed class FromOutside(CableEnd end) : IFrameReceiver
    {
        public bool TakesOffload => end.TakesOffload;

        public void Receive(PacketBuffer frame) => end.Transmit(frame);
    }
}
