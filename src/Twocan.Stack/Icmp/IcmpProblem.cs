namespace Twocan.Stack;

/// <summary>What a sender is told of its packet, where those who tell it do not care which family's numbers say so.</summary>
internal enum IcmpProblem
{
    /// <summary>The next hop does not answer.</summary>
    HostUnreachable,

    /// <summary>Nobody waits on that port.</summary>
    PortUnreachable,

    /// <summary>Not all of its fragments came.</summary>
    ReassemblyTimedOut,
}
