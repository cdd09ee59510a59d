using Twocan.Core;
using Twocan.Dns;
using Twocan.Http;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>
/// The whole way of a page (or of several visits to it), from Enter to the last socket gone, as the journal tells it.
/// Everything here is read from the journal alone; nothing is measured or counted on the side.
/// </summary>
public sealed class Journey
{
    private readonly Dictionary<EventId, Packet> _byEvent = [];

    public required string Url { get; init; }

    /// <summary>The host that the browser runs on.</summary>
    public required string Host { get; init; }

    /// <summary>The proxy that the browser was told to ask; null for none.</summary>
    public string? Proxy { get; init; }

    public required JournalIndex Journal { get; init; }

    public required IReadOnlyList<Visit> Visits { get; init; }

    public required IReadOnlyList<Packet> Packets
    {
        get;
        init
        {
            field = value;
            _byEvent = value.ToDictionary(static packet => packet.Entry.Id);
        }
    }

    public required IReadOnlyList<Connection> Connections { get; init; }

    /// <summary>Of this machine's own network; none in a world.</summary>
    public IReadOnlyList<HostConnection> HostConnections { get; init; } = [];

    public required IReadOnlyList<Resolution> Resolutions { get; init; }

    public required Neighbourhood Neighbourhood { get; init; }

    /// <summary>When nothing was left to do: no frame on its way, no socket, no timer.</summary>
    public required Instant Settled { get; init; }

    /// <summary>What the browser has on its screen after the first visit; null where it was not told to keep that.</summary>
    public PageLoad? Screen { get; init; }

    /// <summary>On the machine's own network nobody sees the frames.</summary>
    public bool IsOnHost { get; init; }

    public bool IsWhole => Visits.All(static visit => visit.IsWhole);

    public IEnumerable<Resource> Resources => Visits.SelectMany(static visit => visit.Resources);

    /// <summary>The first thing that went wrong.</summary>
    public Failure? Failure => Visits.Select(static visit => visit.Failure).FirstOrDefault(static it => it is not null);

    /// <summary>The frame itself and all those by which it was passed on, in the order of time.</summary>
    public IEnumerable<Packet> Copies(Packet origin)
    {
        var pending = new Queue<Packet>([origin]);
        while (pending.TryDequeue(out var packet))
        {
            yield return packet;
            foreach (var copy in packet.PassedOnAs)
                pending.Enqueue(copy);
        }
    }

    /// <summary>The frame whose leaving this event is.</summary>
    public Packet? PacketAt(JournalEntry? entry) => entry is null ? null : _byEvent.GetValueOrDefault(entry.Id);

    /// <summary>The frame that an event belongs to or came with.</summary>
    public Packet? PacketOf(JournalEntry? entry) =>
        Journal.Nearest<Worlds.FrameSent>(entry) is { } sent ? _byEvent.GetValueOrDefault(sent.Id) : null;

    /// <summary>The frame with this number, counted from 1.</summary>
    public Packet? Packet(int number) => number >= 1 && number <= Packets.Count ? Packets[number - 1] : null;
}

/// <summary>Enter, pressed once.</summary>
public sealed record Visit(
    int Number,
    JournalEntry Click,
    JournalEntry End,
    IReadOnlyList<Resource> Resources,
    Failure? Failure,
    IReadOnlyList<Wait> Waits
)
{
    public bool IsWhole => Failure is null;

    public Duration Took => End.At - Click.At;

    /// <summary>The page itself: what the last redirect led to.</summary>
    public Resource? Page => Resources.LastOrDefault(static it => it.Kind == ResourceKind.Page);

    /// <summary>What the page, and what came with it, wanted besides: pictures, style sheets, scripts, frames.</summary>
    public IEnumerable<Resource> Wanted => Resources.Where(static it => it.Kind != ResourceKind.Page);

    public IEnumerable<Resource> Pictures => Resources.Where(static it => it.Kind == ResourceKind.Picture);
}

public sealed record Failure(FailureKind Kind, string Url, string Why, EventId Event);

/// <summary>Something that was asked for by its URL. <paramref name="Status"/> is zero where no answer came.</summary>
public sealed record Resource(
    string Url,
    ResourceKind Kind,
    int Status,
    string Reason,
    int Bytes,
    string ContentType,
    string Sha256,
    bool FromCache,
    string? CacheStatus,
    JournalEntry Began,
    JournalEntry? Ended
)
{
    /// <summary>The page, frame or style sheet that wants it, or the URL that led on to it; null for what was typed.</summary>
    public string? Initiator { get; init; }

    /// <summary>How it stands there: <c>&lt;img src="gazou.jpg"&gt;</c>; empty where it does not.</summary>
    public string Tag { get; init; } = "";

    /// <summary>The request message; null where it never came to one.</summary>
    public JournalEntry? Asked { get; init; }

    /// <summary>The head of the response.</summary>
    public JournalEntry? Answered { get; init; }

    public RequestSent? Request => Asked?.What as RequestSent?;

    public ResponseBegan? Response => Answered?.What as ResponseBegan?;
}

/// <summary>A name that a program wanted to know, and all that was asked for it by whomever.</summary>
public sealed record Resolution(
    string Name,
    string Type,
    JournalEntry Began,
    JournalEntry? Ended,
    string Rcode,
    IReadOnlyList<string> Answers,
    bool FromCache,
    IReadOnlyList<Query> Queries
);

/// <summary>One question to one server. <paramref name="Parent"/> is the question for whose sake it was asked.</summary>
public sealed record Query(
    JournalEntry Sent,
    string Asker,
    Endpoint Server,
    string ServerName,
    string Zone,
    string Name,
    string Type,
    int Attempt,
    JournalEntry? Received,
    string? Rcode,
    AnswerKind? Kind,
    bool FromCache,
    bool Authoritative,
    string Summary,
    Query? Parent
);

/// <summary>A TCP connection with what both its sockets went through.</summary>
public sealed record Connection(
    Endpoint Local,
    Endpoint Remote,
    string LocalHost,
    string? RemoteHost,
    int? Descriptor,
    JournalEntry Began,
    Instant? Opened,
    Instant? Closed,
    IReadOnlyList<StateStep> States
)
{
    /// <summary>When the end that connected was ESTABLISHED; null when it never was.</summary>
    public StateStep? Opening =>
        States
            .Where(static step => step is { End: End.Local, To: TcpState.Established })
            .Select(static step => (StateStep?)step)
            .FirstOrDefault();

    /// <summary>The ends as the one who accepted names them: where addresses are translated on the way, not as the caller does.</summary>
    public (Endpoint Local, Endpoint Remote)? Accepted { get; init; }

    /// <summary>A router on the way has put another address in the caller's place (NAT).</summary>
    public bool IsTranslated => Accepted is { } accepted && accepted.Remote != Local;

    /// <summary>An end by the name that its own host has for it.</summary>
    public Endpoint this[End end] => end == End.Local ? Local : Accepted?.Local ?? Remote;
}

public enum End
{
    /// <summary>Who connected.</summary>
    Local,

    /// <summary>Who accepted.</summary>
    Remote,
}

public readonly record struct StateStep(JournalEntry Entry, End End, TcpState From, TcpState To, string Why)
{
    public Instant At => Entry.At;
}

/// <summary>A frame on a cable, numbered from 1 in the order of time over all cables: the same number as in the capture.</summary>
public sealed class Packet(
    int number,
    JournalEntry entry,
    string link,
    string from,
    string to,
    ReadOnlyMemory<byte> bytes
)
{
    private readonly List<Packet> _passedOnAs = [];

    public int Number { get; } = number;

    public JournalEntry Entry { get; } = entry;

    public Instant At => Entry.At;

    public string Link { get; } = link;

    /// <summary>The node that put it on the cable.</summary>
    public string From { get; } = from;

    public string To { get; } = to;

    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public int Length => Bytes.Length;

    public Dissection Dissection => field ??= Dissector.Read(Bytes);

    /// <summary>When its last bit was at the other end; null when it never was.</summary>
    public Instant? Arrived { get; internal set; }

    /// <summary>Why the cable lost it; null when it did not.</summary>
    public string? Lost { get; internal set; }

    /// <summary>The frame that this one passes on: the same packet, one node before.</summary>
    public Packet? PassesOn
    {
        get;
        internal set
        {
            field = value;
            value?._passedOnAs.Add(this);
        }
    }

    /// <summary>The frames that pass this one on: several behind a hub.</summary>
    public IReadOnlyList<Packet> PassedOnAs => _passedOnAs;

    /// <summary>Where it was made: the first of the frames that pass one another on.</summary>
    public Packet Origin => PassesOn is null ? this : PassesOn.Origin;
}

/// <summary>Who lives at an address, and what the cables are like.</summary>
public sealed class Neighbourhood(
    IReadOnlyDictionary<IpAddress, string> hosts,
    IReadOnlyDictionary<string, LinkFacts> links
)
{
    /// <summary>That of a machine which keeps to itself what it knows of its cables.</summary>
    public static readonly Neighbourhood Unknown = new(
        new Dictionary<IpAddress, string>(),
        new Dictionary<string, LinkFacts>()
    );

    /// <summary>That of a world. Where somebody has given one address to two hosts, the first counts.</summary>
    public static Neighbourhood Of(World world)
    {
        var hosts = new Dictionary<IpAddress, string>();
        foreach (var host in world.Hosts)
        foreach (var address in host.Addresses)
            hosts.TryAdd(address.Address, host.Name);
        var links = new Dictionary<string, LinkFacts>(StringComparer.Ordinal);
        foreach (var cable in world.Cables)
            links.Add(
                cable.Name,
                new(
                    length => cable.Settings.Rate.TimeFor(length + CableDirection.Preamble),
                    to => world.Find(to) is Hub,
                    cable.Settings.HalfDuplex
                )
            );
        return new(hosts, links);
    }

    public string? HostAt(IpAddress address) => hosts.GetValueOrDefault(address);

    public LinkFacts? Link(string name) => links.TryGetValue(name, out var facts) ? facts : null;
}

/// <summary>How long so many bytes take to be put on the cable, and whether its end is a hub that does not wait for the last of them.</summary>
/// <param name="TransmissionTime">How long the bits of a frame take.</param>
/// <param name="PassesBitsOn">Whether nobody waits there for the last bit, so that it costs no time of its own.</param>
/// <param name="IsShared">Half duplex: a frame begins, and is one only when its last bit has left.</param>
public readonly record struct LinkFacts(
    Func<int, Duration> TransmissionTime,
    Func<string, bool> PassesBitsOn,
    bool IsShared
);
