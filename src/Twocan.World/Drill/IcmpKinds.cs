using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>ICMP messages by the names that packetdrill gives them, for both families: type and code, zero where there is none.</summary>
internal static class IcmpKinds
{
    private static readonly Dictionary<string, byte> Unreachable = new()
    {
        ["net_unreachable"] = IcmpCode.NetworkUnreachable,
        ["host_unreachable"] = IcmpCode.HostUnreachable,
        ["protocol_unreachable"] = IcmpCode.ProtocolUnreachable,
        ["port_unreachable"] = IcmpCode.PortUnreachable,
        ["frag_needed"] = IcmpCode.FragmentationNeeded,
        ["source_route_failed"] = IcmpCode.SourceRouteFailed,
        ["net_unknown"] = IcmpCode.NetworkUnknown,
        ["host_unknown"] = IcmpCode.HostUnknown,
        ["source_host_isolated"] = IcmpCode.HostIsolated,
        ["net_prohibited"] = IcmpCode.NetworkProhibited,
        ["host_prohibited"] = IcmpCode.HostProhibited,
        ["net_unreachable_for_tos"] = IcmpCode.NetworkUnreachableForService,
        ["host_unreachable_for_tos"] = IcmpCode.HostUnreachableForService,
        ["packet_filtered"] = IcmpCode.AdministrativelyProhibited,
        ["precedence_violation"] = IcmpCode.PrecedenceViolation,
        ["precedence_cutoff"] = IcmpCode.PrecedenceCutoff,
    };

    private static readonly Dictionary<string, byte> Unreachable6 = new()
    {
        ["no_route"] = Icmpv6Code.NoRoute,
        ["net_unreachable"] = Icmpv6Code.NoRoute,
        ["host_unreachable"] = Icmpv6Code.AddressUnreachable,
        ["admin_prohibited"] = Icmpv6Code.Prohibited,
        ["not_neighbour"] = Icmpv6Code.BeyondScope,
        ["addr_unreachable"] = Icmpv6Code.AddressUnreachable,
        ["address_unreachable"] = Icmpv6Code.AddressUnreachable,
        ["port_unreachable"] = Icmpv6Code.PortUnreachable,
    };

    public static bool TryFind(string kind, string? code, bool isV6, out byte type, out byte number)
    {
        number = 0;
        type = (kind, isV6) switch
        {
            ("unreachable", false) => (byte)IcmpType.DestinationUnreachable,
            ("unreachable", true) when code == "frag_needed" => (byte)Icmpv6Type.PacketTooBig,
            ("unreachable", true) => (byte)Icmpv6Type.DestinationUnreachable,
            ("packet_too_big", true) => (byte)Icmpv6Type.PacketTooBig,
            ("time_exceeded", false) => (byte)IcmpType.TimeExceeded,
            ("time_exceeded", true) => (byte)Icmpv6Type.TimeExceeded,
            ("parameter_problem", false) => (byte)IcmpType.ParameterProblem,
            ("parameter_problem", true) => (byte)Icmpv6Type.ParameterProblem,
            _ => 0,
        };
        if (type == 0 || code is null)
            return type != 0;
        if (isV6 && type == (byte)Icmpv6Type.PacketTooBig)
            return true;
        return kind == "unreachable" && (isV6 ? Unreachable6 : Unreachable).TryGetValue(code, out number);
    }

    /// <summary>Known of either family.</summary>
    public static bool IsKnown(string kind, string? code) =>
        TryFind(kind, code, isV6: false, out _, out _) || TryFind(kind, code, isV6: true, out _, out _);
}
