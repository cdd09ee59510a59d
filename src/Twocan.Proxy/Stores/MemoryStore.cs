namespace Twocan.Proxy;

/// <summary>Keeps responses in memory, up to so many bytes; they end with the process.</summary>
public sealed class MemoryStore : ICacheStore
{
    public const long DefaultLimit = 64 << 20;

    private readonly StoreIndex<byte[]> _index;

    public MemoryStore(long limit = DefaultLimit, long? mostBodyBytes = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        _index = new(limit, static _ => { });
        // One large object should not throw all others out.
        MostBodyBytes = mostBodyBytes ?? limit / 8;
    }

    public long Bytes => _index.Bytes;

    public int Count => _index.Count;

    public long MostBodyBytes { get; }

    public IReadOnlyList<StoredResponse> Find(string url) => _index.Find(url);

    public byte[]? ReadBody(StoredResponse response)
    {
        if (_index.Find(response) is not { } entry)
            return null;
        _index.Touch(entry);
        return entry.More;
    }

    public bool Put(StoredResponse response, byte[] body) =>
        body.Length <= MostBodyBytes && _index.Add(response, SizeOf(response) + body.Length, body);

    public bool Replace(StoredResponse old, StoredResponse fresh)
    {
        if (_index.Find(old) is not { } entry)
            return false;
        _index.Remove(entry);
        return Put(fresh, entry.More);
    }

    public void Remove(StoredResponse response)
    {
        if (_index.Find(response) is { } entry)
            _index.Remove(entry);
    }

    private static long SizeOf(StoredResponse response) => EntryFormat.WriteHead(response).Length;
}
