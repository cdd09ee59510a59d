namespace Twocan.Http;

/// <summary>Which of several contents a resource has (RFC 9110 §8.8.3): <c>"8a5c"</c>, or <c>W/"8a5c"</c> where it may differ in what does not matter.</summary>
public readonly record struct EntityTag(string Opaque, bool IsWeak)
{
    /// <summary>§8.8.3.2: strong comparison, for what puts parts together or overwrites; no weak tag is equal to any.</summary>
    public bool IsStrongly(EntityTag other) => !IsWeak && !other.IsWeak && Opaque == other.Opaque;

    /// <summary>Weak comparison, for who only wants to know whether to fetch again.</summary>
    public bool IsWeakly(EntityTag other) => Opaque == other.Opaque;

    /// <summary><c>[ "W/" ] DQUOTE *etagc DQUOTE</c>; no quotes within, no escapes.</summary>
    public static bool TryParse(string? text, out EntityTag tag)
    {
        tag = default;
        if (text is null)
            return false;
        var isWeak = text.StartsWith("W/", StringComparison.Ordinal);
        var quoted = isWeak ? text.AsSpan(2) : text;
        if (quoted.Length < 2 || quoted[0] != '"' || quoted[^1] != '"')
            return false;
        foreach (var c in quoted[1..^1])
        {
            if (c is '"' or <= ' ' or '\x7F')
                return false;
        }
        tag = new(quoted.ToString(), isWeak);
        return true;
    }

    /// <summary>
    /// The tags of an If-Match or If-None-Match field (§13.1.1). A backslash in a tag is a character like any other there, so
    /// the list is divided by its quotes and not as other lists are. What is no tag is passed over: it can match nothing.
    /// </summary>
    public static IEnumerable<EntityTag> List(string field)
    {
        for (var at = 0; at < field.Length; )
        {
            var begin = field.IndexOf('"', at);
            var end = begin < 0 ? -1 : field.IndexOf('"', begin + 1);
            if (end < 0)
                yield break;
            var isWeak = begin >= at + 2 && field[(begin - 2)..begin] == "W/";
            if (TryParse(field[(isWeak ? begin - 2 : begin)..(end + 1)], out var tag))
                yield return tag;
            at = end + 1;
        }
    }

    public override string ToString() => IsWeak ? $"W/{Opaque}" : Opaque;
}
