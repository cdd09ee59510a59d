namespace Twocan.Stack;

/// <summary>What a host's stack has done and thrown away, as <c>netstat -s</c> would count it.</summary>
public sealed class StackCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];

    public long PacketsReceived { get; internal set; }

    public long PacketsDelivered { get; internal set; }

    public long PacketsForwarded { get; internal set; }

    public long PacketsSent { get; internal set; }

    /// <summary>Pieces that packets were cut into here, own ones and forwarded ones.</summary>
    public long FragmentsSent { get; internal set; }

    public long FragmentsReceived { get; internal set; }

    public long DatagramsReassembled { get; internal set; }

    public long IcmpMessagesSent { get; internal set; }

    public long IcmpMessagesReceived { get; internal set; }

    /// <summary>ICMP errors that were not sent, because too many had been sent just before (RFC 1812 §4.3.2.8).</summary>
    public long IcmpErrorsHeldBack { get; internal set; }

    public long DatagramsSent { get; internal set; }

    public long DatagramsReceived { get; internal set; }

    public long Dropped(DropReason reason) => _dropped[(int)reason];

    internal void Count(DropReason reason) => _dropped[(int)reason]++;
}
