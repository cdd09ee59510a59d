using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>How a program wants to wait for connections.</summary>
public sealed record ListenOptions
{
    /// <summary>So many connections may wait until the program takes them.</summary>
    public int Backlog { get; init; } = 128;

    /// <summary>The only ones that are let in; null is everybody. Others are refused as if nobody listened.</summary>
    public IReadOnlyList<Subnet>? Admits { get; init; }

    /// <summary>Others may listen at the same place, and share those who come: a loop on every core (SO_REUSEPORT).</summary>
    public bool SharesPort { get; init; }

    public static bool IsAdmitted(IReadOnlyList<Subnet>? admits, IpAddress address)
    {
        if (admits is null)
            return true;
        foreach (var subnet in admits)
        {
            if (subnet.Contains(address))
                return true;
        }
        return false;
    }
}
