using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>A socket error that came from the network, with the event that brought it: a RST, an ICMP message, a neighbour's silence.</summary>
public sealed class CausedSocketException(SocketError error, EventId because) : SocketException((int)error)
{
    public EventId Because { get; } = because;
}
