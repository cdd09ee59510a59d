using System.Net.Sockets;

namespace Twocan.Stack;

/// <summary>What an ICMP error means to a program: the errors of RFC 1122 §4.1.3.3 and §4.2.3.9, by the names that Linux gives them.</summary>
public static class IcmpErrors
{
    public static SocketError ToSocketError(byte type, byte code) =>
        (IcmpType)type switch
        {
            IcmpType.DestinationUnreachable => OfUnreachable(code),
            IcmpType.ParameterProblem => SocketError.ProtocolOption,
            _ => SocketError.HostUnreachable,
        };

    /// <summary>The same of ICMPv6 (RFC 4443 §3).</summary>
    public static SocketError OfIcmpv6(Icmpv6Type type, byte code) =>
        (type, code) switch
        {
            (Icmpv6Type.DestinationUnreachable, Icmpv6Code.NoRoute) => SocketError.NetworkUnreachable,
            (Icmpv6Type.DestinationUnreachable, Icmpv6Code.PortUnreachable) => SocketError.ConnectionRefused,
            (
                Icmpv6Type.DestinationUnreachable,
                Icmpv6Code.Prohibited
                    or Icmpv6Code.SourceRefused
                    or Icmpv6Code.RouteRejected
            ) => SocketError.AccessDenied,
            (Icmpv6Type.PacketTooBig, _) => SocketError.MessageSize,
            (Icmpv6Type.ParameterProblem, _) => SocketError.ProtocolOption,
            _ => SocketError.HostUnreachable,
        };

    /// <summary>
    /// Codes 0, 1 and 5 tell of routing that may be mended by itself, and TCP must not end a connection for them; 2 to 4
    /// tell of the peer itself (RFC 1122 §4.2.3.9). An unknown code is as good as 'host unreachable'.
    /// </summary>
    private static SocketError OfUnreachable(byte code) =>
        code switch
        {
            IcmpCode.NetworkUnreachable
            or IcmpCode.NetworkUnknown
            or IcmpCode.NetworkProhibited
            or IcmpCode.NetworkUnreachableForService => SocketError.NetworkUnreachable,
            IcmpCode.ProtocolUnreachable => SocketError.ProtocolOption,
            IcmpCode.PortUnreachable => SocketError.ConnectionRefused,
            IcmpCode.FragmentationNeeded => SocketError.MessageSize,
            IcmpCode.HostUnknown => SocketError.HostDown,
            _ => SocketError.HostUnreachable,
        };
}
