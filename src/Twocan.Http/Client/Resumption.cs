using System.Globalization;

namespace Twocan.Http;

/// <summary>What to do with a response to a request for the rest of something.</summary>
public enum ResumeVerdict
{
    /// <summary>It is the rest: behind what is there.</summary>
    Append,

    /// <summary>It is the whole, from the beginning: what is there is of another time.</summary>
    StartOver,

    /// <summary>There is no rest: what is there is the whole.</summary>
    Complete,

    /// <summary>It is neither.</summary>
    Unfit,
}

/// <summary>Asks for the rest of what is there in part (RFC 9110 §14), only if it is still of the same (§13.1.5).</summary>
/// <param name="Have">Bytes that are there.</param>
/// <param name="Validator">The entity tag, or the date, of what these are a part of; null when nobody knows.</param>
public readonly record struct Resumption(long Have, string? Validator)
{
    /// <summary>What a later request can go by: a strong entity tag, else the date; null when the server gives neither.</summary>
    public static string? ValidatorOf(Fields fields) =>
        fields["ETag"] is { } tag && tag.StartsWith('"') ? tag : fields["Last-Modified"];

    public Fields AddTo(Fields fields)
    {
        if (Have == 0)
            return fields;
        fields.Set("Range", string.Create(CultureInfo.InvariantCulture, $"bytes={Have}-"));
        if (Validator is not null)
            fields.Set("If-Range", Validator);
        return fields;
    }

    public ResumeVerdict Judge(ResponseHead head)
    {
        if (Have == 0)
            return ResumeVerdict.StartOver;
        var isRange = ContentRange.TryParse(head.Fields["Content-Range"], out var range);
        return head.Status switch
        {
            206 when isRange && range.Part?.First == Have => ResumeVerdict.Append,
            206 => ResumeVerdict.Unfit,
            416 when isRange && range.Length == Have => ResumeVerdict.Complete,
            416 => ResumeVerdict.Unfit,
            >= 200 and < 300 => ResumeVerdict.StartOver,
            _ => ResumeVerdict.Unfit,
        };
    }
}
