namespace Twocan.Http;

/// <summary>What a request's conditions make of it (RFC 9110 §13.2.2).</summary>
internal enum Verdict
{
    Perform,

    /// <summary>304: the client has it already.</summary>
    NotModified,

    /// <summary>412: it is not what the client took it for.</summary>
    Failed,
}

internal static class Preconditions
{
    /// <summary>In the order of §13.2.2. Without a document there is nothing that could match.</summary>
    public static Verdict Of(RequestHead head, Document? document)
    {
        var fields = head.Fields;
        if ((fields.Known & KnownFields.Conditions) == KnownFields.None)
            return Verdict.Perform;
        EntityTag? tag = document is not null && EntityTag.TryParse(document.ETag, out var own) ? own : null;
        // 1 and 2. Whoever changes something wants to change what he knows.
        if (fields.Contains("If-Match"))
        {
            if (!Matches(fields.Joined("If-Match")!, one => tag is { } mine && one.IsStrongly(mine), document))
                return Verdict.Failed;
        }
        else if (document is not null && TryDate(fields, "If-Unmodified-Since", document, out var unmodified))
        {
            if (document.Modified > unmodified)
                return Verdict.Failed;
        }
        // 3 and 4. Whoever reads wants to read what he does not know; a tag says more than a date, which then does not count.
        var reads = head.Method is Methods.Get or Methods.Head;
        if (fields.Contains("If-None-Match"))
        {
            if (Matches(fields.Joined("If-None-Match")!, one => tag is { } mine && one.IsWeakly(mine), document))
                return reads ? Verdict.NotModified : Verdict.Failed;
        }
        else if (reads && document is not null && TryDate(fields, "If-Modified-Since", document, out var since))
        {
            if (document.Modified <= since)
                return Verdict.NotModified;
        }
        return Verdict.Perform;
    }

    /// <summary>5. Whether a range is to be heeded: a client that has a part of another content would glue the two together.</summary>
    public static bool HeedsRange(RequestHead head, Document document)
    {
        if (head.Fields["If-Range"] is not { } value)
            return true;
        if (EntityTag.TryParse(value, out var tag))
            return EntityTag.TryParse(document.ETag, out var mine) && tag.IsStrongly(mine);
        // §13.1.5: a date has to be exactly the one that was given out.
        return HttpDate.TryParse(value, document.Modified, out var date) && date == document.Modified;
    }

    private static bool Matches(string field, Func<EntityTag, bool> isMine, Document? document) =>
        field.Trim() == "*" ? document is not null : EntityTag.List(field).Any(isMine);

    /// <summary>A date that is none, or stands there twice, is as if it were not there (§13.1.3, §13.1.4).</summary>
    private static bool TryDate(Fields fields, string name, Document document, out DateTimeOffset date)
    {
        date = default;
        return fields.CountOf(name) == 1 && HttpDate.TryParse(fields[name], document.Modified, out date);
    }
}
