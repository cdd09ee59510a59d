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
    // By event number: the outermost look-up that the event belongs to, and the question for whose sake it happened.
    private readonly long[] _lookup = new long[journal.Entries.Count + 1];
    private readonly long[] _question = new long[journal.Entries.Count + 1];
    private readonly Dictionary<long, JournalEntry> _ends = [];
    private readonly Dictionary<long, JournalEntry> _responses = [];

    public IReadOnlyList<Resolution> Read()
    {
        var began = new List<JournalEntry>();
        var asked = new Dictionary<long, List<JournalEntry>>();
        foreach (var entry in journal.Entries)
        {
            Inherit(entry);
            var lookup = _lookup[entry.Id.Value];
            switch (entry.What)
            {
                case LookupBegan when lookup == entry.Id.Value:
                    began.Add(entry);
                    break;
                case QuerySent:
                    if (!asked.TryGetValue(lookup, out var queries))
                        asked.Add(lookup, queries = []);
                    queries.Add(entry);
                    break;
                case ResponseReceived response:
                    _responses.TryAdd(response.Query.Value, entry);
                    break;
                default:
                    break;
            }
        }
        return [.. began.Select(entry => Finish(entry, asked.GetValueOrDefault(entry.Id.Value) ?? []))];
    }

    private void Inherit(JournalEntry entry)
    {
        var id = entry.Id.Value;
        var (lookup, question) = (_lookup[entry.Because.Value], _question[entry.Because.Value]);
        switch (entry.What)
        {
            case LookupBegan when lookup == 0:
                lookup = id;
                break;
            case LookupEnded when lookup != 0 && journal.Entries[(int)lookup - 1].Host == entry.Host:
                // What follows (the connection, the request) follows from the answer, but is no part of the look-up.
                _ends.TryAdd(lookup, entry);
                (lookup, question) = (0, 0);
                break;
            case QuerySent:
                question = id;
                break;
            case SocketCalled { Call: "connect" } or UrlEntered:
                (lookup, question) = (0, 0);
                break;
            default:
                break;
        }
        (_lookup[id], _question[id]) = (lookup, question);
    }

    private Resolution Finish(JournalEntry began, List<JournalEntry> asked)
    {
        var lookup = (LookupBegan)began.What;
        var ended = _ends.GetValueOrDefault(began.Id.Value);
        var end = ended?.What as LookupEnded?;
        var queries = new Dictionary<long, Query>();
        foreach (var entry in asked)
            queries.Add(
                entry.Id.Value,
                Question(entry, queries.GetValueOrDefault(_question[entry.Because.Value]), asked)
            );
        return new(
            lookup.Name,
            lookup.Type,
            began,
            ended,
            end?.Rcode ?? "",
            Split(end?.Answers ?? ""),
            end?.FromCache ?? false,
            [.. queries.Values]
        );
    }

    private Query Question(JournalEntry entry, Query? parent, List<JournalEntry> asked)
    {
        var sent = (QuerySent)entry.What;
        var response = _responses.GetValueOrDefault(entry.Id.Value);
        var told = response?.What as ResponseReceived?;
        var server = sent.ServerName.Length > 0 ? sent.ServerName : neighbourhood.HostAt(sent.Server.Address) ?? "";
        // The nearest server answered without asking anybody: from its memory.
        var fromCache =
            told is { Authoritative: false }
            && sent.Zone.Length == 0
            && !asked.Exists(other => _question[other.Because.Value] == entry.Id.Value);
        return new(
            entry,
            entry.Host,
            sent.Server,
            server,
            sent.Zone,
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
        answers.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
