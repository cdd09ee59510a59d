namespace Twocan.Http;

public enum FramingKind
{
    /// <summary>There is no body.</summary>
    None,

    /// <summary>So many bytes, by Content-Length.</summary>
    Length,

    /// <summary>Chunk by chunk, each with its size before it.</summary>
    Chunked,

    /// <summary>All that comes until the connection is closed.</summary>
    UntilClose,
}

/// <summary>Where a message's body ends: RFC 9112 §6.3, and stricter wherever two readers could disagree.</summary>
public readonly record struct Framing(FramingKind Kind, long Length = 0)
{
    public static readonly Framing None = new(FramingKind.None);

    internal static bool TryOfRequest(
        RequestHead head,
        MessageLimits limits,
        out Framing framing,
        out MessageError error
    )
    {
        framing = None;
        error = default;
        if ((head.Fields.Known & KnownFields.Framing) == KnownFields.None)
            return true;
        if (head.Fields.Contains("Transfer-Encoding"))
            return TryTransferCoding(head.Version, head.Fields, out framing, out error);
        if (!TryContentLength(head.Fields, isRequest: true, out var length, out error))
            return false;
        if (length is > 0)
            framing = new(FramingKind.Length, length.Value);
        if (length <= limits.Body || length is null)
            return true;
        error = new(413, "the body is too large");
        return false;
    }

    internal static bool TryOfResponse(ResponseHead head, string method, out Framing framing, out MessageError error)
    {
        framing = None;
        error = default;
        if (method == Methods.Head || StatusCodes.HasNoBody(head.Status))
            return true;
        if (method == Methods.Connect && head.Status is >= 200 and < 300)
            return true;
        if (head.Fields.Contains("Transfer-Encoding"))
            return TryTransferCoding(head.Version, head.Fields, out framing, out error);
        if (!TryContentLength(head.Fields, isRequest: false, out var length, out error))
            return false;
        framing = length is null ? new(FramingKind.UntilClose) : new(FramingKind.Length, length.Value);
        return true;
    }

    private static bool TryTransferCoding(
        HttpVersion version,
        Fields fields,
        out Framing framing,
        out MessageError error
    )
    {
        framing = new(FramingKind.Chunked);
        error = default;
        // §6.1: a sender of HTTP/1.0 cannot know chunks; with a length too, somebody on the way will read it otherwise.
        if (!version.IsAtLeast11)
            error = new(400, "an HTTP/1.0 message has a Transfer-Encoding");
        else if (fields.Contains("Content-Length"))
            error = new(400, "there is a Content-Length beside a Transfer-Encoding");
        else if (!string.Equals(fields.Joined("Transfer-Encoding"), "chunked", StringComparison.OrdinalIgnoreCase))
            error = OfUnknownCoding(fields.ListOf("Transfer-Encoding").ToList());
        return error == default;
    }

    private static MessageError OfUnknownCoding(List<string> codings) =>
        codings.FindIndex(IsChunked) == codings.Count - 1 && codings.Count > 1
            ? new(501, "the transfer coding is not known")
            : new(400, "the last transfer coding, and only the last, has to be 'chunked'");

    private static bool IsChunked(string coding) => coding.Equals("chunked", StringComparison.OrdinalIgnoreCase);

    private static bool TryContentLength(Fields fields, bool isRequest, out long? length, out MessageError error)
    {
        length = null;
        error = default;
        foreach (var field in fields)
        {
            if (!field.Is("Content-Length"))
                continue;
            // RFC 9110 §8.6: a list of one and the same number may be taken for that number; a request's is refused. So is a
            // request's that begins with a zero: by the grammar it is decimal, but not everybody on the way goes by that.
            foreach (var range in field.ValueBytes.Split((byte)','))
            {
                var digits = Grammar.TrimBlanks(field.ValueBytes[range]);
                if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                    error = new(400, "the Content-Length is not a number");
                else if (isRequest && digits.Length > 1 && digits[0] == '0')
                    error = new(400, "the Content-Length begins with a zero");
                else if (!Grammar.TryParseDecimal(digits, out var number))
                    error = new(400, "the Content-Length is beyond any number");
                else if (length is { } other && (number != other || isRequest))
                    error = new(400, "there is more than one Content-Length");
                else
                    length = number;
                if (error != default)
                    return false;
            }
        }
        return true;
    }
}
