using System.Globalization;
using Twocan.Core;
using Twocan.Http;

namespace Twocan.Proxy;

/// <summary>A part of a stored whole (RFC 9111 §3.3): what a client asks for with Range need not be fetched again.</summary>
internal readonly record struct StoredRange(ByteRange? Part, byte[] Whole)
{
    /// <summary>
    /// Null when the whole is the answer: several parts are asked for, which nobody has to give (RFC 9110 §14.2), or the client has
    /// a part of something else (If-Range).
    /// </summary>
    public static StoredRange? Of(string range, string? ifRange, StoredResponse stored, Fields fields, byte[] whole)
    {
        if (stored.Status != 200 || (ifRange is not null && !IsOf(ifRange, fields)))
            return null;
        return ByteRanges.Read(range, whole.Length, out var parts) switch
        {
            RangeAnswer.Unsatisfiable => new(null, whole),
            RangeAnswer.Parts when parts.Count == 1 => new(parts[0], whole),
            _ => null,
        };
    }

    public Answer ToAnswer(Fields fields, EventId because)
    {
        if (Part is not { } part)
        {
            fields.Remove("Content-Length");
            fields.Set("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes */{Whole.Length}"));
            return new(416, fields) { BodyLength = 0, Because = because };
        }
        fields.Set("Content-Range", part.ContentRange(Whole.Length));
        return new(206, fields)
        {
            Body = new MemoryStream(Whole, (int)part.First, (int)part.Length, writable: false),
            BodyLength = part.Length,
            Because = because,
        };
    }

    /// <summary>RFC 9110 §13.1.5: by the strong comparison, or by exactly that date.</summary>
    private static bool IsOf(string ifRange, Fields fields) =>
        ifRange.StartsWith('"') ? ifRange == fields["ETag"] : ifRange == fields["Last-Modified"];
}
