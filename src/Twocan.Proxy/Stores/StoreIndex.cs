namespace Twocan.Proxy;

/// <summary>
/// What a store keeps, by URL and by the order in which it was last used; over its limit the longest unused goes first.
/// <typeparamref name="T"/> is what a store has to know of each response besides.
/// </summary>
internal sealed class StoreIndex<T>(long limit, Action<StoreIndex<T>.Entry> gone)
{
    /// <summary>An origin that varies on what differs with every client would fill a URL's list without end.</summary>
    private const int MostVariants = 32;

    private readonly Dictionary<string, List<Entry>> _byUrl = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new(); // the longest unused first

    public long Bytes { get; private set; }

    public int Count => _byUse.Count;

    public IReadOnlyList<StoredResponse> Find(string url) =>
        _byUrl.TryGetValue(url, out var entries) ? entries.ConvertAll(entry => entry.Response) : [];

    public Entry? Find(StoredResponse response) =>
        _byUrl.TryGetValue(response.Url, out var entries)
            ? entries.Find(entry => ReferenceEquals(entry.Response, response))
            : null;

    public void Touch(Entry entry)
    {
        _byUse.Remove(entry.Place);
        _byUse.AddLast(entry.Place);
    }

    /// <summary>Takes an entry in, in the place of its URL's same variant; false, and nothing changed, when it is larger than all there is.</summary>
    public bool Add(StoredResponse response, long bytes, T more)
    {
        if (bytes > limit)
            return false;
        if (!_byUrl.TryGetValue(response.Url, out var entries))
            _byUrl.Add(response.Url, entries = []);
        var same = entries.Find(entry => entry.Response.Variant == response.Variant);
        if (same is null && entries.Count == MostVariants)
            same = entries[0];
        var added = new Entry(response, bytes, more);
        entries.Add(added);
        _byUse.AddLast(added.Place);
        Bytes += bytes;
        if (same is not null)
            Remove(same);
        while (Bytes > limit)
            Remove(_byUse.First!.Value);
        return true;
    }

    public void Remove(Entry entry)
    {
        var entries = _byUrl[entry.Response.Url];
        entries.Remove(entry);
        if (entries.Count == 0)
            _byUrl.Remove(entry.Response.Url);
        _byUse.Remove(entry.Place);
        Bytes -= entry.Bytes;
        gone(entry);
    }

    internal sealed class Entry
    {
        public Entry(StoredResponse response, long bytes, T more)
        {
            (Response, Bytes, More) = (response, bytes, more);
            Place = new(this);
        }

        public StoredResponse Response { get; }

        public long Bytes { get; }

        public T More { get; }

        public LinkedListNode<Entry> Place { get; }
    }
}
