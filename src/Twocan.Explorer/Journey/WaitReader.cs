using Twocan.Core;
using Twocan.Dns;
using Twocan.Http;
using Twocan.Sockets;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>What a stretch of time went by with.</summary>
public enum WaitKind
{
    /// <summary>Signals run through cables: distance.</summary>
    Propagation,

    /// <summary>Bits are put on cables one after the other: rate.</summary>
    Transmission,

    /// <summary>A frame stands in line for its cable.</summary>
    Queue,

    /// <summary>A packet waits for ARP to learn the next hop's address.</summary>
    Arp,

    /// <summary>The same by neighbour discovery, for IPv6.</summary>
    NeighbourDiscovery,

    /// <summary>TCP waits to see whether something lost must be sent again.</summary>
    Retransmission,

    /// <summary>An acknowledgement is held back in the hope that data will take it along.</summary>
    DelayedAcknowledgement,

    /// <summary>Data waits until acknowledgements make room for it.</summary>
    Window,

    /// <summary>A resolver waits for an answer that does not come.</summary>
    Resolver,

    /// <summary>A server works.</summary>
    Server,

    Other,
}

/// <summary>A stretch of the way from the click to the last event: from a cause to what followed from it.</summary>
public readonly record struct Wait(WaitKind Kind, Duration Length, JournalEntry From, JournalEntry To);

/// <summary>
/// Says where the time went: climbs from the last event through its causes to the click. On that way every nanosecond
/// lies between a cause and its effect, and what kind of events these are says what it was spent with; so the parts add
/// up to the whole.
/// </summary>
internal sealed class WaitReader(JournalIndex journal, Neighbourhood neighbourhood)
{
    public IReadOnlyList<Wait> Read(JournalEntry end)
    {
        var waits = new List<Wait>();
        for (var (to, from) = (end, Before(end)); from is not null; )
        {
            if (to.At > from.At)
                Classify(from, to, waits);
            (to, from) = (from, Before(from));
        }
        waits.Reverse();
        return waits;
    }

    /// <summary>
    /// The cause of an event. A request is sent because the browser wanted something; but not before its connection stands,
    /// or is free again. Where it had to wait for that, the way leads through what it waited for.
    /// </summary>
    private JournalEntry? Before(JournalEntry entry)
    {
        var cause = journal.Find(entry.Because);
        if (entry.What is not (RequestSent or RequestFailed) || cause is null || cause.At == entry.At)
            return cause;
        for (var place = journal.Place(entry.Id) - 1; place > journal.Place(cause.Id); place--)
        {
            var earlier = journal.Entries[place - 1];
            if (earlier.Host == entry.Host && Allows(earlier.What, entry.What))
                return earlier;
        }
        return cause;
    }

    /// <summary>Whether an event is what let the client go on: its connection stands, is free again, or has failed.</summary>
    private static bool Allows(IJournalEvent what, IJournalEvent next) =>
        (what, next) switch
        {
            (SocketReturned { Call: "connect", Result: "0" } connected, RequestSent request) => connected.Descriptor
                == request.Descriptor,
            (ResponseEnded ended, RequestSent request) => ended.Descriptor == request.Descriptor,
            (SocketReturned { Result: ['-', ..] }, RequestFailed) => true,
            _ => false,
        };

    private void Classify(JournalEntry from, JournalEntry to, List<Wait> waits)
    {
        var length = to.At - from.At;
        if (from.What is FrameBegun && to.What is FrameSent)
        {
            waits.Add(new(WaitKind.Transmission, length, from, to));
            return;
        }
        if (from.What is FrameSent sent && to.What is FrameArrived)
        {
            var transmission = Duration.Min(length, TransmissionTime(sent));
            if (length > transmission)
                waits.Add(new(WaitKind.Propagation, length - transmission, from, to));
            if (transmission > Duration.Zero)
                waits.Add(new(WaitKind.Transmission, transmission, from, to));
            return;
        }
        waits.Add(new(KindOf(from, to), length, from, to));
    }

    private Duration TransmissionTime(in FrameSent sent) =>
        neighbourhood.Link(sent.Link) is { } link && !link.IsShared && !link.PassesBitsOn(sent.To)
            ? link.TransmissionTime(sent.Bytes.Length)
            : Duration.Zero;

    private WaitKind KindOf(JournalEntry from, JournalEntry to) =>
        (from.What, to.What) switch
        {
            (NeighbourQueued queued, _) => Search(queued.NextHop),
            (_, NeighbourAsked asked) => Search(asked.Target),
            (_, NeighbourLearned learned) => Search(learned.Address),
            (_, NeighbourGaveUp gaveUp) => Search(gaveUp.Target),
            (_, SegmentSent { Reason: SendReason.DelayedAcknowledge }) => WaitKind.DelayedAcknowledgement,
            (_, SegmentSent { Reason: SendReason.Data or SendReason.DataAndFin or SendReason.Fin } sent)
                when !WasRepaired(from, to, sent) => WaitKind.Window,
            (_, SegmentSent) or (_, StateChanged { To: TcpState.Closed }) => WaitKind.Retransmission,
            (_, QueryTimedOut) or (QuerySent, _) => WaitKind.Resolver,
            (RequestReceived or ResponseSent or QueryAnswered, _) => WaitKind.Server,
            (_, FrameSent or IMediumEvent) => WaitKind.Queue,
            _ => WaitKind.Other,
        };

    private static WaitKind Search(IpAddress neighbour) => neighbour.IsV4 ? WaitKind.Arp : WaitKind.NeighbourDiscovery;

    /// <summary>Whether, while data waited for its turn, earlier data of the connection had to be sent again.</summary>
    private bool WasRepaired(JournalEntry from, JournalEntry to, in SegmentSent sent)
    {
        for (var place = journal.Place(from.Id) + 1; place < journal.Place(to.Id); place++)
            if (
                journal.Entries[place - 1] is { What: SegmentSent other } entry
                && entry.Host == to.Host
                && (other.Local, other.Remote) == (sent.Local, sent.Remote)
                && other.Reason.IsRetransmission
            )
                return true;
        return false;
    }
}
