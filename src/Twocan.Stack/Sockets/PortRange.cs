namespace Twocan.Stack;

/// <summary>Ports from the first to the last.</summary>
public readonly record struct PortRange(ushort First, ushort Last)
{
    /// <summary>RFC 6335 §6: those that nobody can have registered.</summary>
    public static readonly PortRange Dynamic = new(EphemeralPorts.First, ushort.MaxValue);

    public int Count => Last - First + 1;
}
