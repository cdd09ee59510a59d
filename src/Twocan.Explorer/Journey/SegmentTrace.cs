using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>
/// A segment from where it was made to where it got to, with the states of both sockets: the sender's as it left, the
/// receiver's once it was there.
/// </summary>
public sealed record Segment(
    Packet Packet,
    End From,
    TcpFacts Tcp,
    SendReason? Reason,
    Instant? Arrived,
    Packet? LostAs,
    TcpState LocalState,
    TcpState RemoteState
)
{
    public Instant Sent => Packet.At;

    /// <summary>Whether it left before something happened, the order within one instant included.</summary>
    public bool IsBefore(JournalEntry entry) => Packet.Entry.Id.Value < entry.Id.Value;

    public bool Has(string flag) => Tcp.Flags.Contains(flag, StringComparison.Ordinal);
}

/// <summary>The segments of one connection in the order in which they were sent.</summary>
public sealed class SegmentTrace
{
    private readonly uint?[] _initial = new uint?[2];

    public SegmentTrace(Journey journey, Connection connection)
    {
        Connection = connection;
        var segments = new List<Segment>();
        foreach (var packet in journey.Packets)
        {
            if (packet.PassesOn is not null || packet.At < connection.Began.At || packet.At > connection.Closed)
                continue;
            if (packet.Dissection.Tcp is not { } tcp || SenderOf(packet, tcp) is not { } from)
                continue;
            if (tcp.Flags.StartsWith("SYN", StringComparison.Ordinal))
                _initial[(int)from] ??= tcp.Sequence;
            segments.Add(Read(journey, packet, from, tcp));
        }
        Segments = segments;
    }

    public Connection Connection { get; }

    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>The sequence number counted from the connection's first, as people count.</summary>
    public uint Sequence(Segment segment) => segment.Tcp.Sequence - (_initial[(int)segment.From] ?? 0);

    public uint Acknowledgement(Segment segment) =>
        segment.Tcp.Acknowledgement - (_initial[1 - (int)segment.From] ?? 0);

    private Segment Read(Journey journey, Packet packet, End from, TcpFacts tcp)
    {
        var receiver = from == End.Local ? Connection.RemoteHost : Connection.LocalHost;
        Instant? arrived = null;
        Packet? lost = null;
        foreach (var copy in journey.Copies(packet))
        {
            if (copy.Lost is not null)
                lost = copy;
            else if (copy.To == receiver)
                arrived ??= copy.Arrived;
        }
        var reason = journey.Journal.Nearest<SegmentSent>(packet.Entry)?.What as SegmentSent?;
        return new(
            packet,
            from,
            tcp,
            reason?.Reason,
            arrived,
            arrived is null ? lost : null,
            from == End.Local ? Leaving(End.Local, packet) : Arriving(journey, End.Local, arrived ?? packet.At),
            from == End.Remote ? Leaving(End.Remote, packet) : Arriving(journey, End.Remote, arrived ?? packet.At)
        );
    }

    private End? SenderOf(Packet packet, in TcpFacts tcp)
    {
        var (source, destination) = (packet.Dissection.Source, packet.Dissection.Destination);
        if (Is(Connection.Local, source, tcp.SourcePort) && Is(Connection.Remote, destination, tcp.DestinationPort))
            return End.Local;
        var (own, caller) = Connection.Accepted ?? (Connection.Remote, Connection.Local);
        if (Is(own, source, tcp.SourcePort) && Is(caller, destination, tcp.DestinationPort))
            return End.Remote;
        return null;
    }

    private static bool Is(Endpoint endpoint, string address, ushort port) =>
        endpoint.Port.Number == port && endpoint.Address.ToString() == address;

    /// <summary>The sender's state as the frame leaves.</summary>
    private TcpState Leaving(End end, Packet packet) => Last(end, step => step.Entry.Id.Value < packet.Entry.Id.Value);

    /// <summary>The receiver's state once the segment is there, but before the program does anything about it.</summary>
    private TcpState Arriving(Journey journey, End end, Instant at) =>
        Last(
            end,
            step =>
                step.At < at
                || (
                    step.At == at
                    && journey
                        .Journal.Climb(step.Entry)
                        .FirstOrDefault(static entry => entry.What is SegmentReceived or SocketCalled)
                        ?.What is SegmentReceived
                )
        );

    private TcpState Last(End end, Func<StateStep, bool> isBefore)
    {
        // Who has taken part in a handshake had been listening; where nobody was, there is no socket.
        var listens = end == End.Remote && Connection.States.Any(static step => step.End == End.Remote);
        var state = listens ? TcpState.Listen : TcpState.Closed;
        foreach (var step in Connection.States)
            if (step.End == end && isBefore(step))
                state = step.To;
        return state;
    }
}
