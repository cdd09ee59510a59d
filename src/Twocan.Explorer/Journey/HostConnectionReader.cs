using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>A connection of this machine's own: what its program called, what TLS agreed on, what the kernel says of it.</summary>
/// <param name="Local">Null where the system did not tell.</param>
public sealed record HostConnection(
    int Descriptor,
    Endpoint? Local,
    string Remote,
    JournalEntry Began,
    Instant? Opened,
    Instant? Secured,
    Instant? Closed,
    TlsEstablished? Tls,
    HostTcpInfo? Info
);

/// <summary>Finds the connections of this machine's own network in the journal, by the calls on their descriptors.</summary>
internal static class HostConnectionReader
{
    public static IReadOnlyList<HostConnection> Read(JournalIndex journal)
    {
        var connections = new List<HostConnection>();
        var streams = new HashSet<int>();
        var open = new Dictionary<int, int>();
        void Update(int descriptor, Func<HostConnection, HostConnection> change)
        {
            if (open.TryGetValue(descriptor, out var place))
                connections[place] = change(connections[place]);
        }
        foreach (var entry in journal.Entries)
        {
            switch (entry.What)
            {
                case SocketReturned { Call: "socket" } made:
                    if (made.Arguments.Contains("SOCK_STREAM", StringComparison.Ordinal))
                        streams.Add(made.Descriptor);
                    else
                        streams.Remove(made.Descriptor);
                    break;
                case SocketCalled { Call: "connect" } call when streams.Contains(call.Descriptor):
                    open[call.Descriptor] = connections.Count;
                    connections.Add(
                        new(
                            call.Descriptor,
                            null,
                            call.Arguments[(call.Arguments.IndexOf(' ', StringComparison.Ordinal) + 1)..],
                            entry,
                            null,
                            null,
                            null,
                            null,
                            null
                        )
                    );
                    break;
                case SocketReturned { Call: "connect", Result: "0" } call:
                    Update(call.Descriptor, it => it with { Opened = entry.At });
                    break;
                case TlsEstablished tls:
                    Update(tls.Descriptor, it => it with { Secured = entry.At, Tls = tls });
                    break;
                case StockTaken stock when journal.Nearest<SocketCalled>(entry)?.What is SocketCalled close:
                    Update(
                        close.Descriptor,
                        it => it with { Local = stock.Local, Remote = $"{stock.Remote}", Info = stock.Info }
                    );
                    break;
                case SocketReturned { Call: "close" } call:
                    Update(call.Descriptor, it => it with { Closed = entry.At });
                    open.Remove(call.Descriptor);
                    break;
                default:
                    break;
            }
        }
        return connections;
    }
}
