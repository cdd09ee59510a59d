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
        string? proxy = null,
        PageLoad? screen = null
    )
    {
        var journal = new JournalIndex(entries);
        var isOnHost = neighbourhood == Neighbourhood.Unknown;
        return new()
        {
            Url = url,
            Host = host,
            IsOnHost = isOnHost,
            Proxy = proxy,
            Screen = screen,
            Journal = journal,
            Neighbourhood = neighbourhood,
            Settled = settled,
            Visits = Visits(journal, new(journal, neighbourhood), new(journal, host)),
            Packets = PacketReader.Read(journal),
            Connections = new ConnectionReader(journal, neighbourhood).Read(),
            HostConnections = isOnHost ? HostConnectionReader.Read(journal) : [],
            Resolutions = new ResolutionReader(journal, neighbourhood).Read(),
        };
    }

    private static List<Visit> Visits(JournalIndex journal, WaitReader waits, ResourceReader resources)
    {
        var visits = new List<Visit>();
        var began = new List<JournalEntry>();
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
                case PageDone when click is not null:
                    Resource[] fetched = [.. began.Select(resources.Read)];
                    visits.Add(
                        new(
                            ((UrlEntered)click.What).Visit,
                            click,
                            entry,
                            fetched,
                            fetched.Select(FailureOf).FirstOrDefault(static it => it is not null),
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

    private static Failure? FailureOf(Resource resource) =>
        resource.Ended switch
        {
            { What: FetchFailed failed } end => new(failed.Kind, failed.Url, failed.Why, end.Id),
            { What: FetchEnded { Status: >= 400 } refused } end => new(
                FailureKind.Status,
                refused.Url,
                $"{refused.Status} {refused.Reason}",
                end.Id
            ),
            _ => null,
        };
}
