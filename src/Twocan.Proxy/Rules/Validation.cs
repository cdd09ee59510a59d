using Twocan.Http;

namespace Twocan.Proxy;

/// <summary>Asking the origin whether a stored response still holds (RFC 9111 §4.3), and answering the same question of a client.</summary>
public static class Validation
{
    private static readonly string[] s_conditions =
    [
        "If-None-Match",
        "If-Modified-Since",
        "If-Match",
        "If-Unmodified-Since",
        "If-Range",
    ];

    /// <summary>What a 304 must not change: they describe the stored body and not the resource (§3.2), or one connection.</summary>
    private static readonly string[] s_ofTheBody =
    [
        "Content-Length",
        "Content-Encoding",
        "Content-Range",
        "Content-Type",
    ];

    /// <summary>§4.3.1: puts the stored response's validators in the place of the client's own conditions.</summary>
    public static void MakeConditional(Fields request, StoredResponse stored)
    {
        foreach (var condition in s_conditions)
            request.Remove(condition);
        if (stored.ETag is { } tag)
            request.Add("If-None-Match", tag);
        if (stored.LastModified is { } modified)
            request.Add("If-Modified-Since", modified);
    }

    /// <summary>§4.3.2: the client has what is stored already, and 304 is all that it needs.</summary>
    public static bool IsNotModified(Fields request, StoredResponse stored, DateTimeOffset now)
    {
        if (stored.Status != 200)
            return false;
        // RFC 9110 §13.2.2: If-Modified-Since counts only where there is no If-None-Match.
        if (request.Contains("If-None-Match"))
            return request
                .ListOf("If-None-Match")
                .Any(tag => tag == "*" || (stored.ETag is { } mine && WeakTag(tag) == WeakTag(mine)));
        return HttpDate.TryParse(request["If-Modified-Since"], now, out var since)
            && HttpDate.TryParse(stored.LastModified ?? stored.Fields["Date"], now, out var modified)
            && modified <= since;
    }

    /// <summary>§4.3.4: the 304 is about this stored response.</summary>
    public static bool Confirms(ResponseHead notModified, StoredResponse stored)
    {
        if (notModified.Fields["ETag"] is { } tag)
            return stored.ETag is { } mine && WeakTag(tag) == WeakTag(mine);
        return notModified.Fields["Last-Modified"] is not { } modified || modified == stored.LastModified;
    }

    /// <summary>§4.3.5: the answer to HEAD shows that what GET stored is unchanged.</summary>
    public static bool ConfirmsByHead(ResponseHead head, StoredResponse stored)
    {
        var length = head.Fields["Content-Length"];
        return head.Status == stored.Status
            && head.Fields["ETag"] == stored.ETag
            && head.Fields["Last-Modified"] == stored.LastModified
            && (length is null || length == stored.Fields["Content-Length"]);
    }

    /// <summary>§3.2: the stored response with what the newer head says of it.</summary>
    public static StoredResponse Freshen(
        StoredResponse stored,
        ResponseHead newer,
        DateTimeOffset requestedAt,
        DateTimeOffset receivedAt
    )
    {
        var fields = stored.Fields.Clone();
        // They told of the moment at which the older response came.
        fields.Remove("Age");
        fields.Remove("Date");
        var update = HopByHop.Without(newer.Fields);
        foreach (var name in s_ofTheBody)
            update.Remove(name);
        foreach (var field in update)
            fields.Remove(field.Name);
        fields.AddAll(update);
        EnsureDate(fields, receivedAt);
        return stored with { Fields = fields, RequestedAt = requestedAt, ReceivedAt = receivedAt };
    }

    /// <summary>RFC 9110 §6.6.1: a response that came without its date gets that of its arrival.</summary>
    public static void EnsureDate(Fields fields, DateTimeOffset receivedAt)
    {
        if (!fields.Contains("Date"))
            fields.Add("Date", HttpDate.Format(receivedAt));
    }

    /// <summary>§4.4: what a successful unsafe request may have changed: its URL, and those of the same origin that the answer names.</summary>
    public static IEnumerable<string> Invalidates(string method, Url url, ResponseHead response)
    {
        if (Methods.IsSafe(method) || response.Status is < 200 or >= 400)
            yield break;
        yield return url.AbsoluteForm;
        foreach (var name in new[] { "Location", "Content-Location" })
        {
            if (Url.TryParse(response.Fields[name], url, out var other, out _) && other.IsSameOriginAs(url))
                yield return other.AbsoluteForm;
        }
    }

    /// <summary>RFC 9110 §8.8.3.2, weak comparison: the mark of a weak tag does not count.</summary>
    private static string WeakTag(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
}
