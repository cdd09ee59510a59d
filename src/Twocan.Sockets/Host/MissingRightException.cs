using System.Net.Sockets;

namespace Twocan.Sockets;

/// <summary>The operating system does not let this user do it; the message says who may, in a line.</summary>
public sealed class MissingRightException(string what) : SocketException((int)SocketError.AccessDenied)
{
    public override string Message => what;
}
