using System.Net.Sockets;

namespace Twocan.Sockets;

/// <summary>The operating system does not let this user do it; the message says who may, in a line.</summary>
public sealed class MissingRightException(string what) : SocketException((int)SocketError.AccessDenied)
{
    public override string Message => what;

    internal static MissingRightException ToPing() =>
        new(
            "this user may not send echo requests: be root (CAP_NET_RAW), or let the group have ping sockets: sysctl net.ipv4.ping_group_range='0 2147483647'"
        );
}
