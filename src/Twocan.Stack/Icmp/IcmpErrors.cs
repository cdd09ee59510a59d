using System.Net.Sockets;

namespace Twocan.Stack;

/// <summary>What an ICMP error means to a program: the errors of RFC 1122 §4.1.3.3 and §4.2.3.9, by the names that Linux gives them.</summary>
public static class IcmpErrors
{
    public static SocketError ToSocketError(byte type, byte code) =>
        ((IcmpType)type, code) switch
        {
            (IcmpType.DestinationUnreachable, 0 or 6 or 9 or 11) => SocketError.NetworkUnreachable,
            (IcmpType.DestinationUnreachable, 2) => SocketError.ProtocolOption,
            (IcmpType.DestinationUnreachable, 3) => SocketError.ConnectionRefused,
            (IcmpType.DestinationUnreachable, 4) => SocketError.MessageSize,
            (IcmpType.ParameterProblem, _) => SocketError.ProtocolOption,
            _ => SocketError.HostUnreachable,
        };
}
