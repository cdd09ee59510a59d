using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>Reads a journey out of a journal.</summary>
public static class JourneyReader
{
    public static Journey Read(
        string url,
        string host,
        IReadOnlyList<JournalEntry> entries,
        Neighbourhood neighbourhood,
        Instant settled,
        string? proxy = null
    )
    {
        var journal = new JournalIndex(entries);
        return new()
        {
            Url = url,
            Host = host,
            IsOnHost = neighbourhood == Neighbourhood.Unknown,
            Proxy = proxy,
            Journal = journal,
            Neighbourhood = neighbourhood,
            Settled = settled,
            Visits = Visits(journal, new(journal, neighbourhood)),
            Packets = PacketReader.Read(journal),
            Connections = new ConnectionReader(journal, neighbourhood).Read(),
            Resolutions = new ResolutionReader(journal, neighbourhood).Read(),
        };
    }

    private static List<Visit> Visits(JournalIndex journal, WaitReader waits)
    {
        var visits = new List<Visit>();
        var began = new List<JournalEntry>();
        var ended = new Dictionary<EventId, JournalEntry>();
        JournalEntry? click = null;
        foreach (var entry in journal.Entries)
        {
            switch (entry.What)
            {
                case UrlEntered:
                    click = entry;
                    began.Clear();
                    break;
                case FetchBegan:
                    began.Add(entry);
                    break;
                case FetchEnded end:
                    ended.TryAdd(end.Began, entry);
                    break;
                case FetchFailed end:
                    ended.TryAdd(end.Began, entry);
                    break;
                case PageDone when click is not null:
                    visits.Add(
                        new(
                            ((UrlEntered)click.What).Visit,
                            click,
                            entry,
                            [.. began.Select(it => Resource(it, ended.GetValueOrDefault(it.Id)))],
                            Failure(began, ended),
                            waits.Read(entry)
                        )
                    );
                    click = null;
                    break;
                default:
                    break;
            }
        }
        return visits;
    }

    private static Resource Resource(JournalEntry entry, JournalEntry? ended)
    {
        var began = (FetchBegan)entry.What;
        return ended?.What is FetchEnded end
            ? new(
                began.Url,
                began.Kind,
                end.Status,
                end.Reason,
                end.Bytes,
                end.ContentType,
                end.Sha256,
                end.FromCache,
                end.CacheStatus,
                entry,
                ended
            )
            : new(began.Url, began.Kind, 0, "", 0, "", "", false, null, entry, ended);
    }

    private static Failure? Failure(List<JournalEntry> began, Dictionary<EventId, JournalEntry> ended)
    {
        foreach (var entry in began)
        {
            var end = ended.GetValueOrDefault(entry.Id);
            if (end?.What is FetchFailed failed)
                return new(failed.Kind, failed.Url, failed.Why, end.Id);
            if (end?.What is FetchEnded { Status: >= 400 } refused)
                return new(FailureKind.Status, refused.Url, $"{refused.Status} {refused.Reason}", end.Id);
        }
        return null;
    }
}
