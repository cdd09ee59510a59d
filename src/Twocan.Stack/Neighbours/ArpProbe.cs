using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Listens for who has an address, or wants the same one at the same time (RFC 5227 §2.1.1).</summary>
internal sealed class ArpProbe(IpAddress address)
{
    public static readonly Duration Wait = Duration.FromMilliseconds(500);

    public bool IsTaken { get; private set; }

    public void Hear(in ArpMessage message)
    {
        var isRival = message.Operation == ArpOperation.Request && message.Sender.IsAny && message.Target == address;
        if (message.Sender == address || isRival)
            IsTaken = true;
    }
}
