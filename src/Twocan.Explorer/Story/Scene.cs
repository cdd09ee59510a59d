using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>What every chapter of a visit's story needs: who, when, in which language.</summary>
internal sealed class Scene(Journey journey, Visit visit, Voice voice)
{
    private readonly Dictionary<Connection, SegmentTrace> _traces = [];

    public Journey Journey => journey;

    public Visit Visit => visit;

    public Voice Voice => voice;

    /// <summary>The connections of this visit, whoever made them.</summary>
    public IReadOnlyList<Connection> Connections { get; } =
    [.. journey.Connections.Where(connection => journey.Journal.Root(connection.Began) == visit.Click)];

    /// <summary>The browser's own connections.</summary>
    public IEnumerable<Connection> OwnConnections =>
        Connections.Where(connection => connection.LocalHost == journey.Host);

    /// <summary>The one that the page came over.</summary>
    public Connection? Main => OwnConnections.FirstOrDefault();

    /// <summary>The look-ups of this visit by the browser's host.</summary>
    public IEnumerable<Resolution> OwnResolutions =>
        Resolutions.Where(resolution => resolution.Began.Host == journey.Host);

    public IReadOnlyList<Resolution> Resolutions { get; } =
    [.. journey.Resolutions.Where(resolution => journey.Journal.Root(resolution.Began) == visit.Click)];

    public SegmentTrace Trace(Connection connection)
    {
        if (!_traces.TryGetValue(connection, out var trace))
            _traces.Add(connection, trace = new(journey, connection));
        return trace;
    }

    /// <summary>Milliseconds since the click.</summary>
    public string Ms(Instant at) => Voice.Milliseconds(at - visit.Click.At);

    /// <summary>The events of a kind that follow from this visit's click.</summary>
    public IEnumerable<(JournalEntry Entry, T What)> Events<T>(string? host = null)
        where T : struct, IJournalEvent
    {
        foreach (var entry in journey.Journal.Entries)
            if (
                entry.What is T what
                && (host is null || entry.Host == host)
                && journey.Journal.Root(entry) == visit.Click
            )
                yield return (entry, what);
    }

    /// <summary>The socket calls of the browser's host on a descriptor as they came back, a row each.</summary>
    public Table Calls(int descriptor, JournalEntry? from, JournalEntry? to, params ReadOnlySpan<string> names)
    {
        var rows = new List<IReadOnlyList<Text>>();
        foreach (var entry in journey.Journal.Entries)
        {
            if (entry.Id.Value < from?.Id.Value || entry.Id.Value > to?.Id.Value || entry.Host != journey.Host)
                continue;
            if (entry.What is not SocketReturned call || call.Descriptor != descriptor || !names.Contains(call.Call))
                continue;
            rows.Add([new(Ms(entry.At), Role.Time), new(call.Say(voice.Language), Role.Call)]);
        }
        return new([new("ms", Right: true), new(voice.Word("call", "호출"), Flows: true)], rows);
    }

    /// <summary>The first event after another for which something holds.</summary>
    public JournalEntry? After(JournalEntry? entry, Func<JournalEntry, bool> holds)
    {
        var journal = journey.Journal;
        for (var place = entry is null ? 0 : journal.Place(entry.Id); place < journal.Entries.Count; place++)
            if (holds(journal.Entries[place]))
                return journal.Entries[place];
        return null;
    }

    /// <summary>A frame's number as it is written in the text, to be used with --packet, --follow and --why.</summary>
    public static Text Frame(Packet? packet) => packet is null ? "" : new Text($"#{packet.Number}", Role.Faint);
}
