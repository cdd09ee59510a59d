using Twocan.Core;
using Twocan.Http;

namespace Twocan.Explorer;

/// <summary>Finds for each thing that the browser fetched how it came to be wanted, its request and its response.</summary>
internal sealed class ResourceReader
{
    private readonly JournalIndex _journal;
    private readonly Dictionary<EventId, JournalEntry> _ended = [];
    private readonly Dictionary<EventId, JournalEntry> _asked = [];
    private readonly Dictionary<EventId, JournalEntry> _answered = [];

    public ResourceReader(JournalIndex journal, string host)
    {
        _journal = journal;
        // A connection carries one exchange at a time: the next response on it is that of the last request.
        var open = new Dictionary<int, JournalEntry>();
        foreach (var entry in journal.Entries)
        {
            if (entry.Host != host)
                continue;
            switch (entry.What)
            {
                case FetchEnded end:
                    _ended.TryAdd(end.Began, entry);
                    break;
                case FetchFailed end:
                    _ended.TryAdd(end.Began, entry);
                    break;
                // A tunnel that a proxy is asked for is on the way to the request, and not it.
                case RequestSent request when request.Method != Methods.Connect:
                    if (journal.Nearest<FetchBegan>(entry) is { } fetch)
                        _asked[fetch.Id] = entry;
                    open[request.Descriptor] = entry;
                    break;
                case ResponseBegan response when open.Remove(response.Descriptor, out var request):
                    _answered.TryAdd(request.Id, entry);
                    break;
                default:
                    break;
            }
        }
    }

    public Resource Read(JournalEntry entry)
    {
        var began = (FetchBegan)entry.What;
        var ended = _ended.GetValueOrDefault(entry.Id);
        var asked = _asked.GetValueOrDefault(entry.Id);
        var found = _journal.Find(entry.Because);
        var end = ended?.What as FetchEnded?;
        return new(
            began.Url,
            began.Kind,
            end?.Status ?? 0,
            end?.Reason ?? "",
            end?.Bytes ?? 0,
            end?.ContentType ?? "",
            end?.Sha256 ?? "",
            end?.FromCache ?? false,
            end?.CacheStatus,
            entry,
            ended
        )
        {
            Initiator = (_journal.Nearest<FetchEnded>(found)?.What as FetchEnded?)?.Url,
            Tag = found?.What switch
            {
                PictureFound picture => picture.Tag,
                ResourceFound other => other.Tag,
                _ => "",
            },
            Asked = asked,
            Answered = asked is null ? null : _answered.GetValueOrDefault(asked.Id),
        };
    }
}
