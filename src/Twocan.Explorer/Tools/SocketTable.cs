using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>One socket of a host: the control information that it is, at one moment.</summary>
/// <param name="ReceiveQueue">Octets that the program has not fetched yet; of a listener, connections that no program has accepted yet.</param>
/// <param name="SendQueue">Octets that the peer has not acknowledged yet; of a listener, how many connections may wait.</param>
/// <param name="State">Of a TCP socket.</param>
/// <param name="Timer">The timer that goes off first.</param>
/// <param name="TimerLeft">How long it still runs.</param>
/// <param name="Program">Who made it.</param>
/// <param name="Info">Of a TCP connection.</param>
public sealed record SocketRow(
    string Protocol,
    Endpoint Local,
    Endpoint? Remote,
    TcpState? State,
    int ReceiveQueue,
    int SendQueue,
    TcpTimer Timer,
    Duration TimerLeft,
    string? Program,
    TcpInfo? Info
)
{
    /// <summary>Nobody is at the other end: it waits for whoever comes.</summary>
    public bool IsListening => Remote is null;
}

/// <summary>All sockets of a host of a world.</summary>
public static class SocketTable
{
    public static IReadOnlyList<SocketRow> Of(ProtocolStack stack) =>
        [
            .. stack.Tcp.Acceptors.Select(Row),
            .. stack.Tcp.Connections.Select(socket => Row(socket, stack.Loop.Now)),
            .. stack.Udp.Sockets.Select(Row),
        ];

    private static SocketRow Row(TcpAcceptor acceptor) =>
        new(
            NameOf("tcp", acceptor.Local),
            acceptor.Local,
            null,
            TcpState.Listen,
            acceptor.Waiting,
            acceptor.Backlog,
            TcpTimer.None,
            default,
            acceptor.Program,
            null
        );

    private static SocketRow Row(TcpSocket socket, Instant now)
    {
        var (info, (timer, due)) = (socket.Info!.Value, socket.NextTimer);
        return new(
            NameOf("tcp", socket.Local),
            socket.Local,
            socket.Remote,
            socket.State,
            info.ReceiveQueue,
            info.SendQueue,
            timer,
            timer == TcpTimer.None ? default : Duration.Max(due - now, default),
            socket.Program,
            info
        );
    }

    private static SocketRow Row(UdpSocket socket) =>
        new(
            NameOf("udp", socket.Local),
            socket.Local,
            socket.IsConnected ? socket.Remote : null,
            null,
            socket.ReceiveQueue,
            0,
            TcpTimer.None,
            default,
            socket.Program,
            null
        );

    private static string NameOf(string protocol, Endpoint local) => local.Address.IsV4 ? protocol : protocol + "6";
}
