using Twocan.Core;
using Twocan.Http;
using Twocan.Proxy;

namespace Twocan.Explorer;

/// <summary>A browser's own cache: the rules of RFC 9111 for one user, over any store.</summary>
internal sealed class PrivateCache(ICacheStore store, EventLoop loop)
{
    public CacheVerdict Decide(in CacheRequest request) =>
        CachePolicy.Decide(request, store.Find(request.Url), loop.UtcNow, CacheScope.Private);

    /// <summary>Answers with what is stored; false when its body is gone.</summary>
    public bool TryServe(LoadedResource resource, StoredResponse stored, CacheReason reason)
    {
        if (store.ReadBody(stored) is not { } body)
            return false;
        Fill(resource, stored, body);
        (resource.Cache, resource.CacheReason) = (CacheUse.Served, reason);
        return true;
    }

    /// <summary>The server says that what is stored still holds; false when it speaks of something else, which is then forgotten.</summary>
    public bool TryConfirm(LoadedResource resource, StoredResponse stored, ClientResponse response)
    {
        if (!Validation.Confirms(response.Head, stored) || store.ReadBody(stored) is not { } body)
        {
            store.Remove(stored);
            return false;
        }
        var (asked, came) = TimesOf(response);
        var fresh = Validation.Freshen(stored, response.Head, asked, came);
        fresh = fresh with { Selecting = StoredResponse.Select(fresh.Fields, resource.RequestFields) };
        store.Replace(stored, fresh);
        Fill(resource, fresh, body);
        (resource.Cache, resource.CacheReason) = (CacheUse.Confirmed, CacheReason.Revalidated);
        return true;
    }

    /// <summary>Keeps a response that came whole, where the rules allow it.</summary>
    public void Keep(in CacheRequest request, ClientResponse response, byte[] body)
    {
        var (asked, came) = TimesOf(response);
        var (stores, _) = CachePolicy.MayStore(request, response.Head, came, CacheScope.Private);
        if (!stores || body.Length > store.MostBodyBytes)
            return;
        var fields = HopByHop.Without(response.Fields);
        if (response.Decoded is not null)
        {
            // What is kept is what was unpacked.
            fields.Remove("Content-Encoding");
            fields.Remove("Content-Length");
        }
        Validation.EnsureDate(fields, came);
        var selecting = StoredResponse.Select(response.Fields, request.Fields);
        var head = response.Head;
        store.Put(new(request.Url, head.Status, head.Reason, fields, selecting, asked, came, body.Length), body);
    }

    private static void Fill(LoadedResource resource, StoredResponse stored, byte[] body)
    {
        (resource.Status, resource.Reason, resource.ResponseFields) = (stored.Status, stored.Reason, stored.Fields);
        (resource.Body, resource.Bytes, resource.CachedAt) = (body, body.Length, stored.ReceivedAt);
    }

    private (DateTimeOffset Asked, DateTimeOffset Came) TimesOf(ClientResponse response) =>
        (loop.ToDate(response.Timing.Sent), loop.ToDate(response.Timing.HeadArrived));
}
