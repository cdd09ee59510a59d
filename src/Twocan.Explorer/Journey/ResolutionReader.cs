using Twocan.Core;
using Twocan.Dns;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>
/// Finds what was asked of whom to resolve a name. The questions that a name server asks on behalf of its client follow
/// from the client's question, so they belong to the same resolution: the outermost look-up that is among their causes.
/// </summary>
internal sealed class ResolutionReader(JournalIndex journal, Neighbourhood neighbourhood)
{
    // By an event's place: the outermost and the innermost look-up that the event belongs to, and the last question before it.
    private readonly int[] _lookup = new int[journal.Entries.Count + 1];
    private readonly int[] _inner = new int[journal.Entries.Count + 1];
    private readonly int[] _question = new int[journal.Entries.Count + 1];
    private readonly Dictionary<int, JournalEntry> _ends = [];
    private readonly Dictionary<int, JournalEntry> _responses = [];

    public IReadOnlyList<Resolution> Read()
    {
        var began = new List<JournalEntry>();
        var asked = new Dictionary<int, List<JournalEntry>>();
        foreach (var entry in journal.Entries)
        {
            Inherit(entry);
            var lookup = _lookup[journal.Place(entry.Id)];
            switch (entry.What)
            {
                case LookupBegan when lookup == journal.Place(entry.Id):
                    began.Add(entry);
                    break;
                case QuerySent:
                    if (!asked.TryGetValue(lookup, out var queries))
                        asked.Add(lookup, queries = []);
                    queries.Add(entry);
                    break;
                case ResponseReceived response:
                    _responses.TryAdd(journal.Place(response.Query), entry);
                    break;
                default:
                    break;
            }
        }
        return [.. began.Select(entry => Finish(entry, asked.GetValueOrDefault(journal.Place(entry.Id)) ?? []))];
    }

    private void Inherit(JournalEntry entry)
    {
        var id = journal.Place(entry.Id);
        var cause = journal.Place(entry.Because);
        var (lookup, inner, question) = (_lookup[cause], _inner[cause], _question[cause]);
        switch (entry.What)
        {
            case LookupBegan:
                lookup = lookup == 0 ? id : lookup;
                inner = id;
                break;
            case LookupEnded when inner != 0 && Entry(inner).Host == entry.Host:
                // What follows belongs to the look-up around this one; or (the connection, the request) to none.
                var around = journal.Place(Entry(inner).Because);
                if (inner == lookup)
                    _ends.TryAdd(lookup, entry);
                (lookup, inner, question) = (_lookup[around], _inner[around], _question[around]);
                break;
            case QuerySent:
                question = id;
                break;
            case SocketCalled { Call: "connect", Arguments: var to } when !IsToNameServer(to):
            case UrlEntered:
                (lookup, inner, question) = (0, 0, 0);
                break;
            default:
                break;
        }
        (_lookup[id], _inner[id], _question[id]) = (lookup, inner, question);
    }

    private JournalEntry Entry(int place) => journal.Entries[place - 1];

    // Resolvers connect too: to port 53, so that only their server's answers come in.
    private static bool IsToNameServer(string arguments) => arguments.EndsWith(":53", StringComparison.Ordinal);

    private Resolution Finish(JournalEntry began, List<JournalEntry> asked)
    {
        var lookup = (LookupBegan)began.What;
        var ended = _ends.GetValueOrDefault(journal.Place(began.Id));
        var end = ended?.What as LookupEnded?;
        var queries = new Dictionary<int, Query>();
        foreach (var entry in asked)
            queries.Add(journal.Place(entry.Id), Question(entry, queries.GetValueOrDefault(ParentOf(entry)), asked));
        return new(
            lookup.Name,
            lookup.Type,
            began,
            ended,
            end?.Rcode ?? "",
            end is { Rcode: "NOERROR" } ? Split(end.Value.Answers) : [],
            end?.FromCache ?? false,
            [.. queries.Values]
        );
    }

    /// <summary>The question for whose sake a question is asked: the one that its look-up was begun for.</summary>
    private int ParentOf(JournalEntry query) =>
        _inner[journal.Place(query.Id)] is > 0 and var inner ? _question[journal.Place(Entry(inner).Because)] : 0;

    private Query Question(JournalEntry entry, Query? parent, List<JournalEntry> asked)
    {
        var sent = (QuerySent)entry.What;
        var response = _responses.GetValueOrDefault(journal.Place(entry.Id));
        var told = response?.What as ResponseReceived?;
        var server = sent.ServerName.Length > 0 ? sent.ServerName : neighbourhood.HostAt(sent.Server.Address) ?? "";
        // The nearest server answered without asking anybody: from its memory.
        var fromCache =
            told is { Authoritative: false }
            && sent.Zone.Length == 0
            && !asked.Exists(other => ParentOf(other) == journal.Place(entry.Id));
        return new(
            entry,
            entry.Host,
            sent.Server,
            server,
            sent.Zone.Length > 1 ? sent.Zone.TrimEnd('.') : sent.Zone,
            sent.Name,
            sent.Type,
            sent.Attempt,
            response,
            told?.Rcode,
            told?.Kind,
            fromCache,
            told?.Authoritative ?? false,
            told?.Summary ?? "",
            parent
        );
    }

    private static string[] Split(string answers) =>
        answers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
