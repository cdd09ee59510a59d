namespace Twocan.Proxy;

/// <summary>Where responses are kept. It knows no rules: what may be kept, and whether it is still good, others decide.</summary>
public interface ICacheStore
{
    /// <summary>Bytes that are kept now, heads included.</summary>
    long Bytes { get; }

    /// <summary>Responses that are kept now.</summary>
    int Count { get; }

    /// <summary>The largest body that is taken.</summary>
    long MostBodyBytes { get; }

    /// <summary>All that is stored for a URL in absolute form: one response for each variant.</summary>
    IReadOnlyList<StoredResponse> Find(string url);

    /// <summary>The body of a response that <see cref="Find"/> gave; null when it is gone or damaged (and then the response is gone too).</summary>
    byte[]? ReadBody(StoredResponse response);

    /// <summary>Keeps a response in the place of the one for the same URL and variant; false when it could not be kept.</summary>
    bool Put(StoredResponse response, byte[] body);

    /// <summary>Puts a newer head over the same body.</summary>
    bool Replace(StoredResponse old, StoredResponse fresh);

    void Remove(StoredResponse response);
}

public static class CacheStoreExtensions
{
    /// <summary>Throws away all variants of a URL; false when there was none.</summary>
    public static bool RemoveAll(this ICacheStore store, string url)
    {
        var found = store.Find(url);
        foreach (var response in found.ToArray())
            store.Remove(response);
        return found.Count > 0;
    }
}
